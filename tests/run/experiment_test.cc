// Seeds on the command line, what makes runs that cannot be judged, and claims from their
// declaration to a measured claim and to an entry of the registry.
#include "lib/run/experiment.h"

#include <gmock/gmock-more-matchers.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "lib/base/error.h"
#include "lib/claims/claim.h"
#include "lib/config/run_config.h"
#include "lib/measure/run_set.h"
#include "lib/result/run_result.h"
#include "lib/run/flags.h"
#include "tests/error_of.h"

namespace initbias {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

TEST(AssignmentTest, MayNameTheModelThatItIsFor) {
  const Assignment all = ParseAssignment(" train.epochs = 3");
  EXPECT_EQ(all.model, "");
  EXPECT_EQ(all.field, "train.epochs");
  EXPECT_EQ(all.text, "train.epochs = 3");
  const Assignment some = ParseAssignment("gpt2:text.tinystories=a:b=c");
  EXPECT_EQ(some.model, "gpt2");
  EXPECT_EQ(some.field, "text.tinystories");
  EXPECT_EQ(some.text, "text.tinystories=a:b=c");
  EXPECT_EQ(ParseAssignment("text.tinystories=a:b").model, "") << "a colon in the value";
  EXPECT_TRUE(IsFor(all, "", "gpt2"));
  EXPECT_FALSE(IsFor(all, "transformer", "gpt2"));
  EXPECT_TRUE(IsFor(some, "transformer", "gpt2")) << "its own model counts";
  EXPECT_FALSE(IsFor(some, "", "emb_mlp"));
}

TEST(AssignmentTest, TwoOfOneFieldAreRefusedUnlessForDifferentModels) {
  const auto refused = [](const std::vector<std::string>& overrides, const std::string& only = "") {
    try {
      CheckConflicts(overrides, only);
      return false;
    } catch (const Error&) {
      return true;
    }
  };
  EXPECT_TRUE(refused({"train.epochs=3", "train.epochs=4"}));
  EXPECT_TRUE(refused({"train.epochs=3", "train.epochs=3"}));
  EXPECT_TRUE(refused({"gpt2:train.epochs=3", "train.epochs=4"}));
  EXPECT_TRUE(refused({"train.epochs=3", "gpt2:train.epochs=4"}));
  EXPECT_FALSE(refused({"gpt2:train.epochs=3", "emb_mlp:train.epochs=4"}));
  EXPECT_FALSE(refused({"gpt2:train.epochs=3", "train.epochs=4"}, "emb_mlp"));
  EXPECT_FALSE(refused({"train.epochs=3", "train.batch_size=4"}));
  EXPECT_TRUE(refused({"nope:train.epochs=3"}));
}

TEST(SlurmFlagsTest, AreForSlurmAlone) {
  const auto error = [](const std::vector<std::string>& arguments) {
    return ErrorOf([&] { CheckSlurmFlags(arguments); });
  };
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"--slurm-time=2:00:00"},
        {"--profile=smoke", "--slurm-time", "2:00:00"},
        {"--slurm-time=1", "--slurm-pack=2", "--executor=local"},
        {"--executor", "none", "--slurm-time=1"}}) {
    EXPECT_THAT(error(arguments), HasSubstr("--slurm-time is for runs that Slurm trains: add "
                                            "--executor=slurm"));
    EXPECT_THROW(CheckSlurmFlags(arguments), UsageError);
  }
  EXPECT_NO_THROW(CheckSlurmFlags({"--executor=local", "--profile=smoke"}));
  EXPECT_NO_THROW(CheckSlurmFlags({"--slurm-time=1", "--executor=slurm"}));
  EXPECT_NO_THROW(CheckSlurmFlags({"--executor", "slurm", "--slurm-time", "1"}));
  // A task's own command.
  EXPECT_NO_THROW(CheckSlurmFlags({"--executor=slurm", "--slurm-pack=2", "--executor=local"}));
}

TEST(ParseSeedsTest, ANumberIsAsManyFromTheFirstThatJudges) {
  EXPECT_THAT(ParseSeeds("1"), ElementsAre(4));
  EXPECT_THAT(ParseSeeds("5"), ElementsAre(4, 5, 6, 7, 8));
  EXPECT_THAT(ParseSeeds(" 2 "), ElementsAre(4, 5));
  EXPECT_THAT(ParseSeeds("1000"), SizeIs(1000));
}

TEST(ParseSeedsTest, ARangeHasBothEnds) {
  EXPECT_THAT(ParseSeeds("4..8"), ElementsAre(4, 5, 6, 7, 8));
  EXPECT_THAT(ParseSeeds("1..3"), ElementsAre(1, 2, 3));
  EXPECT_THAT(ParseSeeds("7..7"), ElementsAre(7));
  EXPECT_THAT(ParseSeeds("999999 .. 1000000"), ElementsAre(999999, 1000000));
}

TEST(ParseSeedsTest, AListIsInOrderWithEachOnce) {
  EXPECT_THAT(ParseSeeds("1,7"), ElementsAre(1, 7));
  EXPECT_THAT(ParseSeeds("7, 1,7,3"), ElementsAre(1, 3, 7));
}

class WrongSeedsTest : public testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(Texts, WrongSeedsTest,
                         testing::Values("", " ", "0", "-1", "three", "1.5", "1e3", "1001", "8..4",
                                         "..", "4..", "..4", "0..3", "1..2..3", "1..2,5", "1,",
                                         ",1", "1,,2", "1,0", "1;2", "1-3", "1..1001", "1000001",
                                         "99999999999999999999"));

TEST_P(WrongSeedsTest, AreAnErrorThatQuotesThem) {
  EXPECT_THAT(ErrorOf([] { ParseSeeds(GetParam()); }), HasSubstr("'" + GetParam() + "' names no"));
}

const std::vector<int64_t> kJudging = {4, 5, 6, 7, 8};

TEST(WhyNotJudgedTest, TheSeedsThatJudgeDoAtEveryProfileButSmoke) {
  for (const Profile profile : {Profile::kDefault, Profile::kExtended, Profile::kPaper}) {
    EXPECT_EQ(WhyNotJudged(profile, {}, kJudging, kJudging), "");
  }
  EXPECT_THAT(WhyNotJudged(Profile::kSmoke, {}, kJudging, kJudging), HasSubstr("smoke"));
  EXPECT_THAT(WhyNotJudged(Profile::kSmoke, {}, {4}, {4}), HasSubstr("smoke"));
}

// A study that trains many runs a seed has fewer of them.
TEST(WhyNotJudgedTest, TheSeedsAreTheStudysOwn) {
  EXPECT_EQ(WhyNotJudged(Profile::kDefault, {}, {4, 5, 6}, {4, 5, 6}), "");
  EXPECT_EQ(WhyNotJudged(Profile::kDefault, {}, kJudging, {4, 5, 6}), "");
  EXPECT_EQ(WhyNotJudged(Profile::kDefault, {}, {4, 5}, {4, 5, 6}),
            "seeds 4, 5, 6 are registered to judge, these are 4, 5");
}

TEST(WhyNotJudgedTest, AnyReadingIsJudgedAndNoOtherOverride) {
  const auto why = [](const std::vector<std::string>& overrides) {
    return WhyNotJudged(Profile::kDefault, overrides, kJudging, kJudging);
  };
  EXPECT_EQ(why({"transformer.norm=pre"}), "");
  EXPECT_EQ(why({" transformer.bias = none", "optimizer.schedule=warmup_cosine",
                 "init.embedding_std=0.02"}),
            "");
  EXPECT_THAT(why({"train.epochs=2"}), HasSubstr("with train.epochs=2 "));
  EXPECT_THAT(why({"transformer.norm=pre", "transformer.d_ff=8"}),
              HasSubstr("with transformer.d_ff=8 "));
  EXPECT_THAT(why({"transformer.normal=1"}), HasSubstr("transformer.normal"));
}

TEST(WhyNotJudgedTest, EveryReadingFieldIsAFieldOfAConfig) {
  std::set<std::string> known;
  for (const ModelKind model : {ModelKind::kTransformer, ModelKind::kGpt2}) {
    RunConfig config{.model = model};
    config.optimizer.schedule = Schedule::kWarmupCosine;
    config.text.padded_length = 190;
    for (const Field& field : Fields(config)) {
      known.insert(field.name);
    }
  }
  for (const std::string field :
       {"transformer.norm", "transformer.bias", "optimizer.schedule", "optimizer.warmup_epochs",
        "optimizer.floor", "optimizer.warmup_multiplier", "init.output_scale", "init.embedding_std",
        "text.padded_length", "text.padding_labels"}) {
    EXPECT_EQ(WhyNotJudged(Profile::kPaper, {field + "=1"}, kJudging, kJudging), "");
    EXPECT_TRUE(known.contains(field)) << field;
  }
}

TEST(WhyNotJudgedTest, PilotSeedsAndMissingOnesAreNotJudged) {
  const auto why = [](const std::vector<int64_t>& seeds) {
    return WhyNotJudged(Profile::kDefault, {}, seeds, kJudging);
  };
  EXPECT_THAT(why({1, 2, 3}),
              AllOf(HasSubstr("seeds 4, 5, 6, 7, 8 are registered"), HasSubstr("1, 2, 3")));
  EXPECT_THAT(why({4, 5, 6, 7}), AllOf(HasSubstr("seeds 4, 5, 6, 7, 8 are registered"),
                                       HasSubstr("these are 4, 5, 6, 7")));
  EXPECT_THAT(why({4, 5, 7, 8, 9}), HasSubstr("seeds 4, 5, 6, 7, 8 are registered"));
  EXPECT_THAT(why({3, 4, 5, 6, 7, 8}), HasSubstr("pilot"));
  EXPECT_THAT(why({}), HasSubstr("seeds 4, 5, 6, 7, 8 are registered"));
  EXPECT_EQ(why({4, 5, 6, 7, 8, 9, 10}), "");
  EXPECT_EQ(why({4, 5, 6, 7, 8, 100}), "");
}

TEST(FigureNameTest, SaysWhoseRunsTheFileIsMadeOf) {
  Experiment experiment{.name = "fig"};
  const auto name = [&](const ExperimentFlags& flags) {
    return FigureName(experiment, flags, Profile::kDefault);
  };
  EXPECT_EQ(name({}), "fig");
  EXPECT_EQ(name({.seeds = "4..8"}), "fig");
  EXPECT_EQ(name({.seeds = "4..9"}), "fig.custom");
  EXPECT_EQ(name({.overrides = {"transformer.norm=pre"}}), "fig.custom");
  EXPECT_EQ(name({.unfinished = true}), "fig.unfinished");
  EXPECT_EQ(name({.model = "emb_mlp"}), "fig.emb_mlp");
  EXPECT_EQ(name({.unfinished = true, .model = "emb_mlp"}), "fig.emb_mlp.unfinished");
  EXPECT_EQ(name({.seeds = "1", .model = "emb_mlp"}), "fig.emb_mlp.custom");
  EXPECT_EQ(name({.name = "decay"}), "fig.decay");
  EXPECT_EQ(name({.unfinished = true, .name = "decay"}), "fig.decay.unfinished");
}

TEST(ScaleNameTest, EveryProfileIsAScaleOfItsOwn) {
  EXPECT_EQ(ScaleName(Profile::kSmoke), "smoke");
  EXPECT_EQ(ScaleName(Profile::kDefault), "reduced");
  EXPECT_EQ(ScaleName(Profile::kExtended), "extended");
  EXPECT_EQ(ScaleName(Profile::kPaper), "paper");
  EXPECT_THAT(kScales, ElementsAre(ScaleName(Profile::kDefault), ScaleName(Profile::kExtended),
                                   ScaleName(Profile::kPaper)));
}

// Two rates, three seeds, in no order; loss 10 * gamma + seed.
RunSet SomeRuns() {
  std::vector<RunResult> runs;
  for (const auto& [gamma, seed] : std::vector<std::pair<double, int64_t>>{
           {0.8, 6}, {0.3, 5}, {0.8, 4}, {0.3, 6}, {0.3, 4}, {0.8, 5}}) {
    RunResult run{.config = {.model = ModelKind::kEmbMlp, .seed = seed}};
    run.config.init.gamma = gamma;
    run.curves = {{"memory", {10 * gamma + static_cast<double>(seed)}, {0}}};
    runs.push_back(run);
  }
  return RunSet(std::move(runs));
}

std::vector<double> Losses(const RunSet& runs, double gamma) {
  return PerSeed(runs.Where(ModelKind::kEmbMlp, gamma),
                 [](const RunResult& run) { return run.Get("memory").loss.back(); });
}

ClaimSpec SomeSpec() {
  return {
      .id = "fig9.A",
      .statement = "γ decides",
      .place = "Section 9",
      .kind = ClaimKind::kDerived,
      .metric = "loss at 0.8",
      .expected = Between(-1, 1),
      .rule = ClaimRule::kEverySeed,
      .threshold_reason = "as wide as chance",
      .amended = "no unit",
      .registration = 2,
      .preconditions = {{"loss at 0.3", Above(6),
                         [](const RunSet& runs) { return Losses(runs, 0.3); }},
                        {"nothing", AtMost(0), [](const RunSet&) { return std::vector<double>{}; },
                         /*for_holds_only=*/true}},
      .measure = [](const RunSet& runs) { return Losses(runs, 0.8); },
      .reason = [](const RunSet& runs) { return std::to_string(runs.all().size()) + " runs"; }};
}

TEST(MeasureTest, TakesWhatIsRegisteredAndMeasuresAllOfIt) {
  const Claim claim = Measure(SomeSpec(), SomeRuns());
  EXPECT_EQ(claim.id, "fig9.A");
  EXPECT_EQ(claim.statement, "γ decides");
  EXPECT_EQ(claim.place, "Section 9");
  EXPECT_EQ(claim.kind, ClaimKind::kDerived);
  EXPECT_EQ(claim.metric, "loss at 0.8");
  EXPECT_EQ(IntervalText(claim.expected), "within -1 .. 1");
  EXPECT_EQ(claim.rule, ClaimRule::kEverySeed);
  EXPECT_EQ(claim.threshold_reason, "as wide as chance");
  EXPECT_EQ(claim.amended, "no unit");
  EXPECT_EQ(claim.registration, 2);
  EXPECT_THAT(claim.values, ElementsAre(12, 13, 14));
  EXPECT_THAT(claim.seeds, ElementsAre(4, 5, 6));
  ASSERT_THAT(claim.preconditions, SizeIs(2));
  EXPECT_EQ(claim.preconditions[0].text, "loss at 0.3");
  EXPECT_EQ(IntervalText(claim.preconditions[0].expected), "> 6");
  EXPECT_THAT(claim.preconditions[0].values, ElementsAre(7, 8, 9));
  EXPECT_THAT(claim.preconditions[1].values, IsEmpty());
  EXPECT_FALSE(claim.preconditions[0].for_holds_only);
  EXPECT_TRUE(claim.preconditions[1].for_holds_only);
  EXPECT_EQ(claim.reason, "6 runs");
  EXPECT_EQ(claim.verdict, Verdict::kNotJudged) << "judging is another step";
}

TEST(MeasureTest, AReasonIsNotNeeded) {
  ClaimSpec spec = SomeSpec();
  spec.reason = nullptr;
  spec.preconditions.clear();
  const Claim claim = Measure(spec, SomeRuns());
  EXPECT_EQ(claim.reason, "");
  EXPECT_THAT(claim.preconditions, IsEmpty());
}

TEST(RegistryTextTest, HasEveryRegisteredFieldInTheOrderOfTheClaims) {
  ClaimSpec plain{.id = "fig9.B", .expected = AtLeast(0.5)};
  const auto list = nlohmann::json::parse(RegistryText("fig9", {SomeSpec(), plain}, {4, 6}));
  ASSERT_EQ(list.size(), 2U);
  EXPECT_EQ(list[0], nlohmann::json::parse(R"text({
    "id": "fig9.A", "study": "fig9", "registration": 2, "statement": "γ decides",
    "place": "Section 9", "kind": "derived", "metric": "loss at 0.8", "rule": "every seed",
    "expected": "within -1 .. 1", "threshold_reason": "as wide as chance",
    "preconditions": ["loss at 0.3 > 6", "nothing <= 0 (without it the claim may still differ)"],
    "seeds": [4, 6], "amended": "no unit"})text"));
  EXPECT_EQ(list[1]["id"], "fig9.B");
  EXPECT_EQ(list[1]["kind"], "text");
  EXPECT_EQ(list[1]["rule"], "mean over seeds");
  EXPECT_EQ(list[1]["expected"], ">= 0.5");
  EXPECT_EQ(list[1]["preconditions"], nlohmann::json::array());
  EXPECT_EQ(list[1]["amended"], "");
  EXPECT_EQ(list[1]["registration"], 1);
  EXPECT_LT(RegistryText("fig9", {plain}, kJudging).find("\"id\""),
            RegistryText("fig9", {plain}, kJudging).find("\"amended\""));
}

TEST(RegistryTextTest, WithoutClaimsIsAnEmptyList) {
  EXPECT_EQ(RegistryText("fig2", {}, kJudging), "[]");
}

TEST(WithoutPathTest, TellsAFileByNoPlace) {
  EXPECT_EQ(WithoutPath(" text.tinystories = /home/ada/s.txt "), "text.tinystories =file");
  EXPECT_EQ(WithoutPath("gpt2:text.prontoqa=a=b.json"), "gpt2:text.prontoqa=file");
  for (const char* text : {"text.tinystories=excerpt", "text.prontoqa=generated", "train.epochs=3",
                           "text.tinystories_sequences=4", "nonsense"}) {
    EXPECT_EQ(WithoutPath(text), text);
  }
  EXPECT_EQ(WhyNotJudged(Profile::kDefault, {"text.tinystories=/home/ada/s.txt"}, {4}, {4}),
            "with text.tinystories=file these are not the runs that the claim is registered for");
}

}  // namespace
}  // namespace initbias
