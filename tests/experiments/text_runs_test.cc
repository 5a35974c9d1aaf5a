// What figures 1 and 7 measure, on runs made up for the purpose.
#include "experiments/text_runs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "experiments/base_runs.h"

namespace initbias {
namespace {

using testing::DoubleEq;
using testing::ElementsAre;

RunResult MadeUp() {
  RunResult run{.config = {.model = ModelKind::kGpt2}};
  run.config.text.prontoqa_sequences = 2;
  run.config.text.tinystories_sequences = 2;
  run.config.train.batch_size = 1;
  run.config.train.epochs = 2;  // 8 steps
  run.step = {0, 4, 8};
  run.series = {{"prontoqa", {8, 2, 1}, {0, 0, 0}}, {"tinystories", {8, 5, 4}, {0, 0, 0}}};
  run.probes = {{0, "unigram_entropy.prontoqa", {{1}, {4}}},
                {0, "unigram_entropy.tinystories", {{1}, {5}}},
                {0, "own_embedding.prontoqa", {{3, 2}, {1, 0, 0, 1, -1, 0}}},
                {2, "own_embedding.prontoqa", {{3, 2}, {1, 0, 2, 0, 0, 3}}},
                {8, "own_embedding.prontoqa", {{3, 2}, {1, 1, 2, 2, 3, 3}}}};
  return run;
}

TEST(TextRunsTest, ContrastIsThePapers) {
  EXPECT_THAT(LossContrast(MadeUp()), ElementsAre(DoubleEq(0), DoubleEq(1.5), DoubleEq(3)));
  EXPECT_DOUBLE_EQ(MeanLossContrast(MadeUp()), 2.25);  // without the one before training
}

TEST(TextRunsTest, LossInUnitsOfTheEntropy) {
  EXPECT_THAT(LossByEntropy(MadeUp(), kProntoQa),
              ElementsAre(DoubleEq(2), DoubleEq(0.5), DoubleEq(0.25)));
  EXPECT_THAT(LossByEntropy(MadeUp(), kTinyStories),
              ElementsAre(DoubleEq(1.6), DoubleEq(1), DoubleEq(0.8)));
}

TEST(TextRunsTest, CosinesOfTheSnapshotNearestToTheShare) {
  const Matrix early = TokenCosines(MadeUp(), kProntoQa, 0.25);
  ASSERT_EQ(early.rows, 3);
  EXPECT_DOUBLE_EQ(early(0, 1), 1);
  EXPECT_DOUBLE_EQ(early(0, 2), 0);
  EXPECT_THAT(MeanTokenCosines(MadeUp(), kProntoQa),
              ElementsAre(DoubleEq(-1.0 / 3), DoubleEq(1.0 / 3), testing::DoubleNear(1, 1e-12)));
}

TEST(TextRunsTest, LeadsAreRelativeAndOfTheRightSign) {
  // (0 + 3 / 5 + 3 / 4) / 3, and of losses over entropies (-0.4 / 2 + 0.5 / 1 + 0.55 / 0.8) / 3.
  EXPECT_NEAR(TextLead(MadeUp()), (0.6 + 0.75) / 3, 1e-12);
  EXPECT_NEAR(TextLeadByEntropy(MadeUp()), (-0.2 + 0.5 + 0.6875) / 3, 1e-12);
  EXPECT_DOUBLE_EQ(FinalLossContrast(MadeUp()), 3);
}

TEST(TextRunsTest, AnswerAccuracyIsTheMeanOverTraining) {
  RunResult run = MadeUp();
  run.series.push_back({"answer_hops3", {1, 1, 1}, {0.5, 0.25, 0.75}});
  EXPECT_DOUBLE_EQ(MeanAnswerAccuracy(run, 3), 0.5);
}

TEST(TextRunsTest, EarlyCosineIsThatOfAQuarterOfTheTraining) {
  EXPECT_DOUBLE_EQ(EarlyTokenCosine(MadeUp(), kProntoQa), 1.0 / 3);  // step 2 of 8
}

// dL at the end: 3 at gamma = 0.3, 5 at 0.5 and `last` at 0.8.
double SmallerOfSteps(double last) {
  std::vector<RunResult> all;
  for (const auto& [gamma, contrast] : {std::pair(0.8, last), {0.3, 3.0}, {0.5, 5.0}}) {
    RunResult run = MadeUp();
    run.config.init.gamma = gamma;
    run.series[1].loss.back() = 1 + contrast;  // beside PrOntoQA's 1
    all.push_back(std::move(run));
  }
  return SmallerStep(RunSet(std::move(all)), FinalLossContrast).at(0);
}

TEST(TextRunsTest, SmallerStepIsPositiveWhereTheMetricRisesThroughout) {
  EXPECT_DOUBLE_EQ(SmallerOfSteps(8), 2);
  EXPECT_DOUBLE_EQ(SmallerOfSteps(5.5), 0.5);
  EXPECT_DOUBLE_EQ(SmallerOfSteps(4), -1);
}

TEST(TextRunsTest, ThePlanHasEachRateOnce) {
  std::vector<double> gammas;
  for (const RunConfig& run : TextRunsOfAllRates(Profile::kDefault, 2)) {
    EXPECT_EQ(run.seed, 2);
    gammas.push_back(run.init.gamma);
  }
  EXPECT_THAT(gammas, ElementsAre(0.3, 0.5, 0.8));
}

}  // namespace
}  // namespace initbias
