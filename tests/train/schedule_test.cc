// The learning rate of every update, by values worked out by hand. PyTorch's are in
// tests/oracle/schedule_oracle_test.cc.
#include "lib/train/schedule.h"

#include <gtest/gtest.h>

namespace initbias {
namespace {

// 20 epochs of 3 steps, the first 5 of them a rise from 0.001 to 0.01, the rest a fall to 0.0001.
RunConfig WarmupCosine() {
  RunConfig config{.model = ModelKind::kGpt2};
  config.text.prontoqa_sequences = 2;
  config.text.tinystories_sequences = 1;
  config.train.batch_size = 1;
  config.train.epochs = 20;
  config.optimizer.learning_rate = 1e-3;
  config.optimizer.schedule = Schedule::kWarmupCosine;
  config.optimizer.warmup_epochs = 5;
  config.optimizer.warmup_multiplier = 10;
  config.optimizer.floor = 1e-4;
  return config;
}

// Exactly: these runs have the bits that they had before there were schedules.
TEST(LearningRateAtTest, AConstantRateIsAsItIsSet) {
  RunConfig config = WarmupCosine();
  config.optimizer.schedule = Schedule::kConstant;
  for (const int64_t step : {0, 1, 14, 15, 59}) {
    EXPECT_EQ(LearningRateAt(config, step), 1e-3) << step;
  }
}

TEST(LearningRateAtTest, RisesOnALine) {
  const RunConfig config = WarmupCosine();
  EXPECT_EQ(LearningRateAt(config, 0), 1e-3);
  EXPECT_DOUBLE_EQ(LearningRateAt(config, 5), 4e-3);
  EXPECT_DOUBLE_EQ(LearningRateAt(config, 10), 7e-3);
  EXPECT_DOUBLE_EQ(LearningRateAt(config, 14), 9.4e-3);
}

// 44 steps from the peak to the last one; at the half of them the rate is half way, at a quarter
// and three quarters (1 + sqrt(1/2)) / 2 and (1 - sqrt(1/2)) / 2 of the way up.
TEST(LearningRateAtTest, FallsOnHalfACosineToTheFloorOfTheLastStep) {
  const RunConfig config = WarmupCosine();
  EXPECT_EQ(LearningRateAt(config, 15), 1e-2);
  EXPECT_NEAR(LearningRateAt(config, 15 + 11), 1e-4 + 9.9e-3 * 0.853553390593274, 2e-9);
  EXPECT_NEAR(LearningRateAt(config, 15 + 22), 1e-4 + 9.9e-3 * 0.5, 2e-9);
  EXPECT_NEAR(LearningRateAt(config, 15 + 33), 1e-4 + 9.9e-3 * 0.146446609406726, 2e-9);
  EXPECT_EQ(LearningRateAt(config, 59), 1e-4);
  for (int64_t step = 16; step < 60; ++step) {
    EXPECT_LT(LearningRateAt(config, step), LearningRateAt(config, step - 1)) << step;
  }
}

// 1.5 epochs are 4.5 steps: no step has the peak.
TEST(LearningRateAtTest, AWarmupMayEndWithinAStep) {
  RunConfig config = WarmupCosine();
  config.optimizer.warmup_epochs = 1.5;
  EXPECT_DOUBLE_EQ(LearningRateAt(config, 4), 1e-3 * (1 + 9 * (4 / 4.5)));
  EXPECT_LT(LearningRateAt(config, 5), 1e-2);
  EXPECT_GT(LearningRateAt(config, 5), 9.99e-3);
  EXPECT_EQ(LearningRateAt(config, 59), 1e-4);
}

// By the defaults, which are a run of the group's repository: 1e-5, 1e-4, 1e-5.
TEST(LearningRateAtTest, HoldsForMillionsOfSteps) {
  RunConfig config;
  config.optimizer.schedule = Schedule::kWarmupCosine;
  ASSERT_EQ(TotalSteps(config), 1'980'000);
  EXPECT_EQ(LearningRateAt(config, 0), 1e-5);
  EXPECT_DOUBLE_EQ(LearningRateAt(config, 49'500), 5.5e-5);
  EXPECT_DOUBLE_EQ(LearningRateAt(config, 99'000), 1e-4);
  EXPECT_EQ(LearningRateAt(config, 1'979'999), 1e-5);
  EXPECT_GT(LearningRateAt(config, 1'979'000), 1e-5);
}

TEST(LearningRateAtDeathTest, ThereIsNoneAfterTheRun) {
  EXPECT_DEATH(LearningRateAt(WarmupCosine(), 60), "");
  EXPECT_DEATH(LearningRateAt(WarmupCosine(), -1), "");
}

TEST(WeightDecayAtTest, IsTheConfigsAtAllStepsByDefault) {
  const RunConfig config = WarmupCosine();  // 60 steps
  for (const int64_t step : {0, 1, 30, 59}) {
    EXPECT_EQ(WeightDecayAt(config, step), 0.01) << step;
  }
}

TEST(WeightDecayAtTest, ActsFromTheFirstStepOfItsSharesToTheLast) {
  RunConfig config = WarmupCosine();
  config.optimizer.decay_from = 0.1;
  config.optimizer.decay_to = 0.76;  // 45.6 steps, rounded
  for (int64_t step = 0; step < 60; ++step) {
    EXPECT_EQ(WeightDecayAt(config, step), step >= 6 && step < 46 ? 0.01 : 0.0) << step;
  }
}

}  // namespace
}  // namespace initbias
