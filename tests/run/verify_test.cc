// Which runs are trained again, and what is said of bits that are not the same.
#include "lib/run/verify.h"

#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "lib/base/text.h"
#include "lib/result/run_result.h"
#include "lib/run/status.h"

namespace initbias {
namespace {

using testing::AllOf;
using testing::HasSubstr;

RunConfig RunOf(ModelKind model, int64_t epochs, int64_t seed) {
  RunConfig config{.model = model, .seed = seed};
  config.train.epochs = epochs;
  return config;
}

TEST(ChooseToVerifyTest, ASampleIsTheCheapestRunOfEachModel) {
  const std::vector<RunConfig> plan = {
      RunOf(ModelKind::kTransformer, 3, 1), RunOf(ModelKind::kTransformer, 2, 2),
      RunOf(ModelKind::kTransformer, 2, 3), RunOf(ModelKind::kEmbMlp, 9, 4)};
  std::vector<int64_t> seeds;
  for (const RunConfig& config : ChooseToVerify(plan, false)) {
    seeds.push_back(config.seed);
  }
  EXPECT_THAT(seeds, testing::UnorderedElementsAre(2, 4));
  EXPECT_EQ(ChooseToVerify(plan, true).size(), 4);
}

void ExpectLinesOfAtMost(size_t width, const std::string& text) {
  for (const std::string& line : Split(text, '\n')) {
    EXPECT_LE(line.size(), width) << text;
  }
}

const std::vector<NamedArray> kTensors = {{"a", {{2}, {1, 2}}}, {"b", {{1, 2}, {3, 4}}}};

TEST(CompareRunTest, TellsDataFromParameters) {
  RunResult mine{.parameters = kTensors, .data_digest = "d", .parameters_digest = "p"};
  FigureRun reference{.data_digest = "d", .parameters_digest = "p"};
  EXPECT_TRUE(CompareRun(mine, &reference, nullptr).equal);
  EXPECT_FALSE(CompareRun(mine, nullptr, nullptr).equal);
  reference.data_digest = "e";
  EXPECT_THAT(CompareRun(mine, &reference, nullptr).text, HasSubstr("other data"));
  reference = {.data_digest = "d", .parameters_digest = "q"};
  EXPECT_THAT(CompareRun(mine, &reference, nullptr).text, HasSubstr("no stored run"));
  RunResult stored = mine;
  stored.parameters_digest = "q";
  stored.parameters[0].array.values[1] = 2.5F;
  stored.provenance.cpu = "Some CPU";
  const RunComparison comparison = CompareRun(mine, &reference, &stored);
  EXPECT_FALSE(comparison.equal);
  EXPECT_THAT(comparison.text,
              AllOf(HasSubstr("first in a [2]: largest difference 0.5"), HasSubstr("on Some CPU")));
  // Of another training the tensors tell nothing.
  stored.parameters_digest = "r";
  EXPECT_THAT(CompareRun(mine, &reference, &stored).text, HasSubstr("no stored run"));
}

// The parameters alone say nothing of losses, panels and claims.
TEST(FileDifferenceTest, NamesTheFirstObjectThatDiffers) {
  const std::filesystem::path folder = testing::TempDir();
  FigureData figure{.figure = "fig", .profile = "smoke", .scale = "smoke"};
  figure.Add("A/loss", {3.0, 2.0, 1.0}, "nats");
  WriteFigureFile(folder / "a.h5", figure);
  WriteFigureFile(folder / "b.h5", figure);
  EXPECT_EQ(FileDifference(folder / "a.h5", folder / "b.h5"), "equal");
  figure.arrays.front().values[1] = 2.5;
  WriteFigureFile(folder / "b.h5", figure);
  EXPECT_THAT(
      FileDifference(folder / "a.h5", folder / "b.h5"),
      AllOf(HasSubstr("DIFFERENT: 1 of "), HasSubstr("first /panels/A/loss: 1 of 3 values")));
}

TEST(VerifyStatusTest, IsOfTheStrongestThatHolds) {
  EXPECT_EQ(VerifyStatus({}), 0);
  EXPECT_EQ(VerifyStatus({.equal = true, .comparable = true, .same_verdicts = true}), 0);
  EXPECT_EQ(VerifyStatus({.equal = false, .former = false, .same_verdicts = true}), kClaimEqual);
  EXPECT_EQ(VerifyStatus({.equal = false, .former = true, .same_verdicts = true}), kClaimEqual);
  EXPECT_EQ(VerifyStatus({.equal = false, .former = true}), kFormerRevision);
  EXPECT_EQ(VerifyStatus({.equal = false, .former = false}), kFailed);
  // Verdicts of runs on other data say nothing.
  EXPECT_EQ(
      VerifyStatus({.equal = false, .former = false, .comparable = false, .same_verdicts = true}),
      kFailed);
}

TEST(FindReferenceTest, KnowsTheNameOfTheRevisionBefore) {
  const RunConfig config = RunOf(ModelKind::kGpt2, 2, 3);
  std::vector<FigureRun> runs = {{.id = "0123456789abcdef"}};
  EXPECT_EQ(FindReference(runs, config), nullptr);
  runs.push_back({.id = FormerRunId(config)});
  EXPECT_EQ(FindReference(runs, config), &runs[1]);
  runs.push_back({.id = RunId(config)});
  EXPECT_EQ(FindReference(runs, config), &runs[2]);
  EXPECT_EQ(FindReference(runs, RunOf(ModelKind::kGpt2, 2, 4)), nullptr);
}

TEST(CompareRunTest, TellsThatTheRevisionIsAnother) {
  const RunResult mine{.config = RunOf(ModelKind::kTransformer, 2, 3), .data_digest = "d"};
  const FigureRun former{
      .id = FormerRunId(mine.config), .data_digest = "d", .parameters_digest = "p"};
  EXPECT_THAT(CompareRun(mine, &former, nullptr).text,
              AllOf(HasSubstr("revision before"), testing::Not(HasSubstr("DIFFERENT"))));
  EXPECT_TRUE(CompareRun(mine, &former, nullptr).former);
  EXPECT_FALSE(CompareRun(mine, &former, nullptr).equal);
  const FigureRun now{.id = RunId(mine.config), .data_digest = "d", .parameters_digest = "p"};
  EXPECT_THAT(CompareRun(mine, &now, nullptr).text,
              AllOf(HasSubstr("DIFFERENT"), testing::Not(HasSubstr("revision before"))));
  EXPECT_FALSE(CompareRun(mine, &now, nullptr).former);
  const FigureRun equal{.id = former.id, .data_digest = "d", .parameters_digest = ""};
  EXPECT_TRUE(CompareRun(mine, &equal, nullptr).equal)
      << "its parameters are the same all the same";
  EXPECT_TRUE(CompareRun(mine, &equal, nullptr).former);
}

// The shipped figure files have digests alone.
TEST(CompareRunTest, TellsThatTheTensorsAreNotThere) {
  RunResult mine{.config = RunOf(ModelKind::kTransformer, 2, 3), .data_digest = "d"};
  mine.parameters = {{.name = "w", .array = {.shape = {1}, .values = {1}}}};
  mine.parameters_digest = "m";
  const FigureRun reference{.id = RunId(mine.config), .data_digest = "d", .parameters_digest = "p"};
  EXPECT_TRUE(CompareRun(mine, &reference, nullptr).no_tensors);
  RunResult stored = mine;
  EXPECT_TRUE(CompareRun(mine, &reference, &stored).no_tensors) << "it has other bits, too";
  stored.parameters_digest = "p";
  EXPECT_FALSE(CompareRun(mine, &reference, &stored).no_tensors);
  mine.parameters.clear();
  EXPECT_FALSE(CompareRun(mine, &reference, nullptr).no_tensors) << "no command would tell";
  ExperimentFlags flags;
  flags.verify = "sample";
  const std::string text = NoTensorsText("fig4", flags, 300);
  EXPECT_THAT(text, AllOf(HasSubstr("one digest a run"),
                          HasSubstr("fig4 -- --profile=default --verify=sample --results=")));
  EXPECT_EQ(std::ranges::count(text, '\n'), 2) << text;
  ExpectLinesOfAtMost(80, NoTensorsText("appendix_learning_rate", flags, 80));
}

TEST(VerifyLineTest, WhatIsTooWideStandsBelow) {
  const std::string label = "transformer gamma=0.3 seed=4";
  const std::string digest = "0123456789abcdef0123456789abcdef";
  EXPECT_EQ(VerifyLine(label, 30, digest, "equal", 80),
            "  transformer gamma=0.3 seed=4   0123456789ab  equal\n");
  EXPECT_EQ(VerifyLine(label, 30, digest, "DIFFERENT: one two three", 60),
            "  transformer gamma=0.3 seed=4   0123456789ab\n      DIFFERENT: one two three\n");
  EXPECT_EQ(VerifyLine(label, 30, digest, "DIFFERENT: one two", 20),
            "  transformer\n  gamma=0.3 seed=4\n      0123456789ab \n      DIFFERENT: one\n"
            "      two\n");
  // What a comparison says at most.
  RunResult mine{.config = RunOf(ModelKind::kTransformer, 2, 3), .data_digest = "d"};
  mine.parameters = kTensors;
  const FigureRun former{
      .id = FormerRunId(mine.config), .data_digest = "d", .parameters_digest = "p"};
  RunResult stored = mine;
  stored.parameters[0].array.values[1] = 2.5F;
  stored.parameters_digest = "p";
  stored.provenance.cpu = "Intel(R) Xeon(R) Platinum 8481C CPU @ 2.70GHz";
  for (const std::string& long_label : {label, label + std::string(" a.field.of.it=1,2,3") +
                                                   " another.field=0.123 last.field=0.456"}) {
    ExpectLinesOfAtMost(80, VerifyLine(long_label, long_label.size(), digest,
                                       CompareRun(mine, &former, &stored).text, 80));
  }
}

}  // namespace
}  // namespace initbias
