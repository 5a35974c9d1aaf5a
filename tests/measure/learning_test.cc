// What is measured of losses, on curves whose answers are known.
#include "lib/measure/learning.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/measure/curves_run.h"

namespace initbias {
namespace {

TEST(GuessLevelTest, IsTheEntropyOfTheLabels) {
  const AnchorTaskConfig paper;
  EXPECT_NEAR(GuessLevel(paper, kMemorySet), std::log(100), 1e-12);
  // A sum is spread wider than its key and narrower than all of its 118 values.
  EXPECT_GT(GuessLevel(paper, kReasoningTrainSet), std::log(100));
  EXPECT_LT(GuessLevel(paper, kReasoningTrainSet), std::log(118));
  EXPECT_EQ(GuessLevel(paper, kReasoningTrainSet), GuessLevel(paper, kReasoningTestSet));
}

TEST(SpeedTest, CountsFactorsOfTwoInSteps) {
  const RunResult run = RunOf(0.8, 1, {1, 1, 1, 1, 0}, {1, 0, 0, 0, 0}, {1, 1, 0, 0, 0});
  EXPECT_NEAR(StepsToHalfGuess(run, kMemorySet), 350, 1e-9);
  EXPECT_NEAR(StepsToHalfGuess(run, kReasoningTrainSet), 50, 1e-9);
  EXPECT_NEAR(ReasoningSpeed(run), std::log2(350.0 / 150), 1e-9);  // the slower of both
  EXPECT_NEAR(TrainSpeedRatio(run), std::log2(7.0), 1e-9);
}

TEST(SpeedTest, WhatNeverGetsThereCountsWithTheRunsLength) {
  const RunResult slow = RunOf(0.8, 1, {1, 1, 1, 1, 1}, {1, 0, 0, 0, 0}, {1, 0, 0, 0, 0});
  EXPECT_NEAR(ReasoningSpeed(slow), 3, 1e-9);  // 400 over 50
  EXPECT_NEAR(TrainSpeedRatio(slow), 3, 1e-9);
  const RunResult memory = RunOf(0.8, 1, {1, 0, 0, 0, 0}, {1, 1, 1, 1, 1}, {1, 1, 1, 1, 1});
  EXPECT_NEAR(TrainSpeedRatio(memory), -3, 1e-9);
  const RunResult none = RunOf(0.8, 1, {1, 1, 1, 1, 1}, {1, 0, 0, 0, 0}, {1, 1, 1, 1, 1});
  EXPECT_TRUE(std::isnan(ReasoningSpeed(none)));
  const RunResult nothing = RunOf(0.8, 1, {1, 1, 1, 1, 1}, {1, 1, 1, 1, 1}, {1, 1, 1, 1, 1});
  EXPECT_TRUE(std::isnan(TrainSpeedRatio(nothing)));
}

TEST(PlateauLengthTest, EndsAtNineTenthsOfTheFirstLoss) {
  const RunResult run = RunOf(0.5, 4, {1, 1, 1}, {1, 1, 0.5}, {1, 1, 1});
  // A fifth of the way from 1 to 0.5.
  EXPECT_NEAR(PlateauLength(run), 120, 1e-9);
  const RunResult high = RunOf(0.3, 4, {1, 1, 1}, {4, 4, 2}, {1, 1, 1});
  EXPECT_NEAR(PlateauLength(high), 120, 1e-9) << "of its own first value, not of the guess level";
  EXPECT_TRUE(std::isnan(PlateauLength(RunOf(0.5, 4, {0, 0}, {1, 0.95}, {0, 0}))));
}

TEST(StepsToAccuracyTest, AreInterpolated) {
  RunResult run = RunOf(0.5, 4, {1, 1, 1, 1, 1}, {1, 1, 1, 1, 1}, {1, 1, 1, 1, 1});
  run.curves.back().accuracy = {0, 0.2, 0.4, 0.6, 0.8};
  EXPECT_NEAR(StepsToAccuracy(run, kReasoningTestSet, 0.5), 250, 1e-9);
  EXPECT_TRUE(std::isnan(StepsToAccuracy(run, kReasoningTestSet, 0.9)));
  EXPECT_EQ(StepsToAccuracy(run, kMemorySet, 0.5), 0) << "known from the first";
}

TEST(AreaBetweenTest, IsTheMeanLossOfMemoryMinusThatOfMaskedSequences) {
  RunResult run = RunOf(0.5, 4, {1, 1, 1}, {1, 1, 1}, {1, 1, 1});
  run.curves.front().loss = {4, 4, 2};
  run.curves.back().loss = {4, 1, 1};
  EXPECT_NEAR(MeanLoss(run, kMemorySet), 3.5, 1e-12);
  EXPECT_NEAR(AreaBetween(run), 3.5 - 1.75, 1e-12);
  EXPECT_EQ(FinalLoss(run, kMemorySet), 2);
  EXPECT_EQ(SmallestLoss(run, kMemorySet), 2);
  EXPECT_EQ(StepsToLoss(run, kMemorySet, 3), 150);
  EXPECT_TRUE(std::isinf(StepsToLoss(run, kMemorySet, 1)));
  EXPECT_EQ(FinalLoss(run, kReasoningTestSet), 1);
}

TEST(MaskedAccuracyTest, IsTheLastOnMaskedSequences) {
  RunResult run = RunOf(0.8, 4, {1, 1}, {1, 1}, {1, 1}, 0.25);
  for (LearningCurve& curve : run.curves) {
    curve.accuracy.back() = curve.group == kReasoningTestSet ? 0.75 : 0.5;
  }
  EXPECT_EQ(MaskedAccuracy(run), 0.75);
}

}  // namespace
}  // namespace initbias
