// What an undecided claim is told of larger profiles, and where it stands in a figure file.
#include "lib/run/assembly.h"

#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>

#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "lib/result/run_result.h"
#include "lib/store/results.h"
#include "tests/error_of.h"

namespace initbias {
namespace {

using testing::EndsWith;
using testing::Not;

// A study of one run a seed, which trains 1, 2, 2 and `paper` epochs at the four profiles.
Experiment StudyOf(int64_t paper) {
  const auto plan = [paper](Profile profile, int64_t seed) {
    RunConfig run;
    run.seed = seed;
    run.train.epochs = profile == Profile::kSmoke ? 1 : profile == Profile::kPaper ? paper : 2;
    return std::vector<RunConfig>{run};
  };
  const auto claims = [](double met) {
    return [met] {
      const auto values = [](double value) {
        return [value](const RunSet& runs) { return std::vector(runs.all().size(), value); };
      };
      return std::vector<ClaimSpec>{
          {.id = "study.claim",
           .expected = Above(0),
           .preconditions = {{.text = "p", .expected = Above(0), .measure = values(met)}},
           .measure = values(1)}};
    };
  };
  return {.name = "study",
          .trains = false,
          .plan = plan,
          .assemble = [](const RunSet&, FigureData*) {},
          .claims = claims(0)};
}

Claim JudgedAt(const Experiment& experiment, const std::string& profile) {
  ExperimentFlags flags;
  flags.profile = profile;
  std::vector<RunResult> results;
  std::vector<RunConfig> planned;
  for (int64_t seed = 4; seed <= 8; ++seed) {
    planned.push_back(experiment.plan(Profile::kDefault, seed).front());
    results.push_back({.config = planned.back()});
  }
  return Assemble(experiment, flags, planned, RunSet(std::move(results)),
                  ResultsFolder("results", flags.profile), "")
      .claims.front();
}

// One claim about each of two models, measured on the runs of it.
Experiment StudyOfTwoModels() {
  const auto claim = [](const std::string& id, ModelKind model) {
    return ClaimSpec{.id = id, .expected = Above(0), .measure = [model](const RunSet& runs) {
                       return PerSeed(runs.Where(model, RunConfig().init.gamma),
                                      [](const RunResult&) { return 1.0; });
                     }};
  };
  return {.name = "study",
          .by_model = true,
          .trains = false,
          .plan = [](Profile, int64_t) { return std::vector<RunConfig>(1); },
          .assemble = [](const RunSet&, FigureData*) {},
          .claims =
              [claim] {
                return std::vector<ClaimSpec>{claim("study.mlp", ModelKind::kEmbMlp),
                                              claim("study.transformer", ModelKind::kTransformer)};
              }};
}

FigureData AssembleEmbMlps(const std::string& model) {
  ExperimentFlags flags;
  flags.model = model;
  std::vector<RunResult> results;
  std::vector<RunConfig> planned;
  for (int64_t seed = 4; seed <= 8; ++seed) {
    planned.push_back({.model = ModelKind::kEmbMlp, .seed = seed});
    results.push_back({.config = planned.back()});
  }
  return Assemble(StudyOfTwoModels(), flags, planned, RunSet(std::move(results)),
                  ResultsFolder("results", flags.profile), "");
}

TEST(AssembleTest, AFigureOfOneModelHasItsClaimsAlone) {
  const FigureData figure = AssembleEmbMlps("emb_mlp");
  ASSERT_EQ(figure.claims.size(), 1);
  EXPECT_EQ(figure.claims.front().id, "study.mlp");
  EXPECT_EQ(figure.claims.front().values.size(), 5);
}

TEST(AssembleTest, AFigureOfAllModelsWithoutTheRunsOfOneIsAnError) {
  EXPECT_THROW(AssembleEmbMlps(""), NoSuchRun);
}

TEST(LongerProfileTest, IsTheFirstThatTrainsForMoreSteps) {
  EXPECT_EQ(LongerProfile(StudyOf(3), Profile::kSmoke), "extended");
  EXPECT_EQ(LongerProfile(StudyOf(3), Profile::kDefault), "paper");
  EXPECT_EQ(LongerProfile(StudyOf(3), Profile::kPaper), "");
  EXPECT_EQ(LongerProfile(StudyOf(2), Profile::kDefault), "");
}

TEST(AssembleTest, AFailedPreconditionNamesTheProfileThatTrainsLonger) {
  const Claim claim = JudgedAt(StudyOf(3), "default");
  EXPECT_EQ(claim.verdict, Verdict::kUndecided);
  EXPECT_THAT(claim.why, EndsWith("; --profile=paper trains longer"));
  EXPECT_THAT(JudgedAt(StudyOf(2), "default").why, Not(EndsWith("trains longer")));
}

// Two programs that train in one folder at a time each take what the other has stored.
TEST(AssembleTest, RunsOfTwoModesMakeNoFigure) {
  Experiment experiment = StudyOf(3);
  experiment.trains = true;
  experiment.claims = nullptr;
  const auto assemble = [&](const std::string& numerics, const std::string& device,
                            const std::string& torch) {
    std::vector<RunResult> results;
    std::vector<RunConfig> planned;
    for (int64_t seed = 4; seed <= 5; ++seed) {
      planned.push_back(experiment.plan(Profile::kDefault, seed).front());
      results.push_back({.config = planned.back()});
      results.back().provenance = {
          .torch_version = "2.11.0", .device = "cpu", .numerics = "pinned"};
    }
    results.back().provenance.numerics = numerics;
    results.back().provenance.device = device;
    results.back().provenance.torch_version = torch;
    return Assemble(experiment, {}, planned, RunSet(std::move(results)),
                    ResultsFolder("results", "default"), "")
        .runs.size();
  };
  EXPECT_EQ(assemble("pinned", "cpu", "2.11.0"), 2);
  for (const auto& [numerics, device, torch] :
       {std::tuple("native", "cpu", "2.11.0"), std::tuple("pinned", "cuda:0", "2.11.0"),
        std::tuple("pinned", "cpu", "1.0.0")}) {
    EXPECT_THAT(ErrorOf([&, n = numerics, d = device, t = torch] { assemble(n, d, t); }),
                testing::AllOf(testing::HasSubstr("not to mix them"),
                               testing::HasSubstr("results/default/")));
  }
}

}  // namespace
}  // namespace initbias
