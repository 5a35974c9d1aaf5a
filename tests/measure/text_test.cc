// What is measured of runs on text, on runs made up for the purpose.
#include "lib/measure/text.h"

#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

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
  run.curves = {{"prontoqa", {8, 2, 1}, {0, 0, 0}}, {"tinystories", {8, 5, 4}, {0, 0, 0}}};
  run.probes = {{0, "unigram_entropy.prontoqa", {{1}, {4}}},
                {0, "unigram_entropy.tinystories", {{1}, {5}}},
                {0, "own_counts.prontoqa", {{3}, {90, 40, 10}}},
                {0, "own_counts.tinystories", {{3}, {60, 41, 2}}},
                {0, "own_embedding.prontoqa", {{3, 2}, {1, 0, 0, 1, -1, 0}}},
                {0, "own_embedding.tinystories", {{3, 2}, {1, 0, 1, 0, -1, 0}}},
                {2, "own_embedding.prontoqa", {{3, 2}, {1, 0, 2, 0, 0, 3}}},
                {8, "own_embedding.prontoqa", {{3, 2}, {1, 1, 2, 2, 3, 3}}}};
  return run;
}

TEST(TextTest, ContrastIsThePapers) {
  EXPECT_THAT(LossContrast(MadeUp()), ElementsAre(DoubleEq(0), DoubleEq(1.5), DoubleEq(3)));
}

TEST(TextTest, LossInUnitsOfTheEntropy) {
  EXPECT_THAT(LossByEntropy(MadeUp(), kProntoQa),
              ElementsAre(DoubleEq(2), DoubleEq(0.5), DoubleEq(0.25)));
  EXPECT_THAT(LossByEntropy(MadeUp(), kTinyStories),
              ElementsAre(DoubleEq(1.6), DoubleEq(1), DoubleEq(0.8)));
  EXPECT_DOUBLE_EQ(SmallestShareOfEntropy(MadeUp(), kTinyStories), 0.8);
}

TEST(TextTest, StepsToAShareAreLinearBetweenEvaluations) {
  EXPECT_DOUBLE_EQ(StepsToShare(MadeUp(), kProntoQa, 0.5), 4);
  EXPECT_DOUBLE_EQ(StepsToShare(MadeUp(), kTinyStories, 0.9), 6);
  EXPECT_TRUE(std::isinf(StepsToShare(MadeUp(), kTinyStories, 0.5)));
}

TEST(TextTest, SpeedIsABoundWhereTinyStoriesIsNotLearned) {
  EXPECT_DOUBLE_EQ(ProntoQaSpeed(MadeUp()), 1);  // log2(8 / 4)
  RunResult never = MadeUp();
  never.curves[0].loss = {8, 7, 6};
  EXPECT_TRUE(std::isnan(ProntoQaSpeed(never)));
}

TEST(TextTest, RatesAreComparedWhereTinyStoriesIsAsFar) {
  RunResult run = MadeUp();
  run.curves[1].loss.back() =
      3;  // 0.75 of the entropy is passed at 5/8 of the way from step 4 to 8
  EXPECT_NEAR(ContrastAt(run, 0.75), 1.5 + 0.625 * 0.5, 1e-9);
  EXPECT_NEAR(LeadAt(run, 0.75), 1 - (0.5 - 0.625 * 0.25) / 0.75, 1e-9);
  RunResult never = MadeUp();
  never.curves[1].loss = {8, 7, 6};
  EXPECT_TRUE(std::isnan(ContrastAt(never, 0.75)));
  EXPECT_TRUE(std::isnan(LeadAt(never, 0.75)));
}

TEST(TextTest, LeadIsTheTrapezoidalMean) {
  // -0.2, 0.5, 0.6875 at steps 0, 4, 8.
  EXPECT_NEAR(LeadByEntropy(MadeUp()), (-0.2 / 2 + 0.5 + 0.6875 / 2) / 2, 1e-12);
}

TEST(TextTest, AnswerAccuracyIsTheTrapezoidalMean) {
  RunResult run = MadeUp();
  run.curves.push_back({"answer_hops3", {1, 1, 1}, {0.5, 0.25, 0.75}});
  EXPECT_DOUBLE_EQ(MeanAnswerAccuracy(run, 3), (0.25 + 0.25 + 0.375) / 2);
}

TEST(TextTest, AnswersByChanceCountsTheEvaluations) {
  RunResult run = MadeUp();
  run.config.text.hops = {3};
  run.config.text.answer_samples = 4;
  run.config.train.eval_samples = 100;
  run.curves.push_back({"answer_hops3", {1, 1, 1}, {0.5, 1, 0.75}});
  EXPECT_NEAR(AnswersByChance(run), 3.0 / 16, 1e-12);
  run.curves.back().accuracy = {0.25, 0.25, 0.25};
  EXPECT_DOUBLE_EQ(AnswersByChance(run), 1);  // a probability all the same
}

TEST(TextTest, CosinesOfTheSnapshotNearestToTheShare) {
  const Matrix early = TokenCosines(MadeUp(), kProntoQa, 0.25);
  ASSERT_EQ(early.rows, 3);
  EXPECT_DOUBLE_EQ(early(0, 1), 1);
  EXPECT_DOUBLE_EQ(early(0, 2), 0);
  EXPECT_THAT(
      AtSnapshots(MadeUp(), [](const RunResult& run,
                               double share) { return MeanTokenCosine(run, kProntoQa, share); }),
      ElementsAre(DoubleEq(-1.0 / 3), DoubleEq(1.0 / 3), testing::DoubleNear(1, 1e-12)));
}

TEST(TextTest, TheDateIsWherePrOntoQaIsHalfLearned) {
  EXPECT_EQ(HalfLearnedStep(MadeUp()), 4);
  EXPECT_DOUBLE_EQ(HalfLearnedShare(MadeUp()), 0.5);
  RunResult never = MadeUp();
  never.curves[0].loss = {8, 7, 6};
  EXPECT_EQ(HalfLearnedStep(never), -1);
  EXPECT_DOUBLE_EQ(HalfLearnedShare(never), 1);
}

TEST(TextTest, MatchedDifferenceIsTinyStoriesMinusProntoQa) {
  // The first two of each: cosine 0 in PrOntoQA, 1 in TinyStories.
  EXPECT_DOUBLE_EQ(MatchedDifference(MadeUp(), 0, 1.5), 1);
  RunResult apart = MadeUp();
  apart.probes[2].array.values = {9000, 4000, 1000};
  EXPECT_TRUE(std::isnan(MatchedDifference(apart, 0, 1.5)));
}

}  // namespace
}  // namespace initbias
