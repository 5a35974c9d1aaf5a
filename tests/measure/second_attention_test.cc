// What is measured of the second attention module, on probes whose answers are known.
#include "lib/measure/second_attention.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/error_of.h"
#include "tests/measure/curves_run.h"

namespace initbias {
namespace {

constexpr float kNone = std::numeric_limits<float>::quiet_NaN();

// A run of 8 steps with the probes, the last at its end.
RunResult SomeRun() {
  RunResult run = RunOf(0.8, 1, {1, 1}, {1, 0}, {1, 0});
  run.config.task.samples = 2;
  run.config.task.masked = {};
  run.config.train.batch_size = 2;
  run.config.train.epochs = 8;
  return run;
}

TEST(ByOffsetTest, IsTheMeanOverTheKeysPlaces) {
  // Keys at 0 and 1, three positions.
  const std::vector<float> rows = {0.5, 0.25, 0.125,  //
                                   1,   0.75, 0.0625};
  const std::vector<double> means = ByOffset(rows, 2, 3);
  ASSERT_EQ(means.size(), 4);  // -1, 0, 1, 2
  EXPECT_EQ(means[0], 1);
  EXPECT_EQ(means[1], (0.5 + 0.75) / 2);
  EXPECT_EQ(means[2], (0.25 + 0.0625) / 2);
  EXPECT_EQ(means[3], 0.125);
}

TEST(ByOffsetTest, PlacesWithoutAKeyAreLeftOut) {
  const std::vector<float> rows = {kNone, kNone, kNone,  //
                                   1,     0.75,  0.0625};
  const std::vector<double> means = ByOffset(rows, 2, 3);
  EXPECT_EQ(means[1], 0.75);
  EXPECT_TRUE(std::isnan(means[3]));
}

TEST(SecondAttentionTest, AttentionIsThatOnTheTokenAfterTheKey) {
  RunResult run = SomeRun();
  run.probes = {{0, "attention_by_key.layer1", {{2, 3}, {0, 0, 0, 0, 0, 0}}},
                {8, "attention_by_key.layer1", {{2, 3}, {0.5, 0.25, 0.125, 1, 0.75, 0.0625}}}};
  EXPECT_EQ(AttentionAfterKey(run, 1, 0), (0.5 + 0.75) / 2);
  EXPECT_EQ(AttentionAfterKey(run, 1, 1), (0.25 + 0.0625) / 2);
  EXPECT_EQ(AttentionAfterKey(run, 1, -1), 1);
  EXPECT_EQ(AttentionAfterKey(run, 0, 0), 0);
}

TEST(SecondAttentionTest, WhatFollowsTheKeyLessWhatStays) {
  RunResult run = SomeRun();
  // Right, follows, stays: of memory and of reasoning sequences.
  run.probes = {{8, "key_patch.layer1", {{2, 3}, {0.9f, 0.25f, 0.5f, 0.8f, 0.75f, 0.125f}}}};
  EXPECT_EQ(MemoryFollows(run, 1), -0.25);
  EXPECT_EQ(ReasoningFollows(run, 1), 0.625);
}

TEST(SecondAttentionTest, TheShareOfTheReasoningAccuracyThatShufflingCosts) {
  RunResult run = SomeRun();
  // Loss and accuracy of memory, reasoning and masked sequences.
  run.probes = {{8, "accuracy.clean", {{3, 2}, {9, 0.1f, 9, 0.5f, 9, 0.3f}}},
                {8, "accuracy.shuffled_positions", {{3, 2}, {9, 0.2f, 9, 0.125f, 9, 0.4f}}}};
  EXPECT_EQ(ProbedAccuracy(run, "accuracy.clean", 1), 0.5);
  EXPECT_EQ(ShufflingAccuracyDrop(run), 0.75);
  run.curves.erase(run.curves.begin() + 1);
  EXPECT_EQ(ErrorOf([&] { (void)ShufflingAccuracyDrop(run); }),
            "the run has no reasoning sequences");
}

}  // namespace
}  // namespace initbias
