// When a quantity has come half of its way.
#include "lib/measure/course.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "lib/result/run_result.h"
#include "tests/measure/curves_run.h"
#include "tests/non_finite.h"

namespace initbias {
namespace {

TEST(CourseTest, IsMeasuredAtTheProbedSteps) {
  RunResult run;
  run.config = {.model = ModelKind::kTransformer};
  run.config.task.samples = 2;
  run.config.task.masked = {};
  run.config.train.epochs = 100;
  run.config.probe.steps = {0, 25, 100};
  const Course course = CourseOf(run, [](const RunResult&, double share) { return 2 * share; });
  EXPECT_EQ(course.steps, (std::vector<int64_t>{0, 25, 100}));
  EXPECT_EQ(course.values, (std::vector<double>{0, 0.5, 2}));
}

TEST(CourseTest, HalfOfARise) {
  const Course rise{.steps = {0, 10, 20, 40}, .values = {1, 1, 2, 5}};
  EXPECT_EQ(LargestChange(rise), 4);
  EXPECT_NEAR(StepsToHalfChange(rise), 20 + 20.0 / 3, 1e-12);  // at 3
}

TEST(CourseTest, HalfOfAFallThatTurnsBack) {
  const Course fall{.steps = {0, 10, 20, 30}, .values = {60, 40, 20, 58}};
  EXPECT_EQ(LargestChange(fall), -40);
  EXPECT_EQ(StepsToHalfChange(fall), 10);
}

TEST(CourseTest, WhatRisesLittleAndFallsFarIsDatedByItsFall) {
  const Course course{.steps = {0, 10, 20}, .values = {10, 12, 2}};
  EXPECT_EQ(LargestChange(course), -8);
  EXPECT_NEAR(StepsToHalfChange(course), 16, 1e-12);  // at 6
}

TEST(CourseTest, ASmallChangeDatesNothing) {
  const std::vector<int64_t> steps = {0, 10, 20};
  EXPECT_TRUE(std::isnan(StepsToHalfChange({.steps = steps, .values = {10, 10, 10.9}})));
  EXPECT_NEAR(StepsToHalfChange({.steps = steps, .values = {10, 10, 11}}), 15, 1e-12);
  EXPECT_TRUE(std::isnan(StepsToHalfChange({.steps = steps, .values = {0, 0, 0}})));
  EXPECT_TRUE(std::isnan(StepsToHalfChange({.steps = {0}, .values = {3}})));
  EXPECT_EQ(LargestChange({.steps = {0}, .values = {3}}), 0);
}

TEST(CourseTest, TheChangeAsAShareAndTheLargestValue) {
  EXPECT_EQ(RelativeChange({.steps = {0, 10, 20}, .values = {8, 10, 2}}), -0.75);
  EXPECT_TRUE(std::isnan(RelativeChange({})));
  RunResult run;
  run.config = {.model = ModelKind::kTransformer};
  run.config.probe.steps = {0, TotalSteps(run.config) / 2, TotalSteps(run.config)};
  const auto hill = [](const RunResult&, double share) { return share * (1 - share); };
  EXPECT_EQ(PeakOf(run, hill), 0.25);
  EXPECT_EQ(StepsToHalfChange(run, hill), static_cast<double>(run.config.probe.steps[1]) / 2);
}

TEST(CourseTest, NanIsNoDate) {
  const Course course{.steps = {0, 10, 20}, .values = {1, kNan, 5}};
  EXPECT_TRUE(std::isnan(LargestChange(course)));
  EXPECT_TRUE(std::isnan(StepsToHalfChange(course)));
  EXPECT_TRUE(std::isnan(StepsToHalfChange({})));
}

// A run evaluated at steps 0, 10, .., 40 and probed there; its reasoning training loss in guess
// levels. From the snapshot at step 20 on, the reasoning anchors lie in order.
RunResult Ordered(const std::vector<double>& reasoning) {
  RunResult run = RunOf(0.8, 1, reasoning, reasoning, reasoning);
  for (int64_t& step : run.step) {
    step /= 10;
    const AnchorTaskConfig& task = run.config.task;
    Array table{.shape = {task.vocabulary, 2}};
    table.values.resize(static_cast<size_t>(2 * task.vocabulary), 1.0f);
    const int64_t shuffled[] = {3, 9, 1, 7, 5, 0, 8, 2, 6, 4};
    for (int64_t s = 0; s < 10; ++s) {
      const auto angle = 0.2f * static_cast<float>(step < 20 ? shuffled[s] : s);
      const auto at = static_cast<size_t>(2 * (task.reasoning_min + s));
      table.values[at] = std::cos(angle);
      table.values[at + 1] = std::sin(angle);
    }
    run.probes.push_back({step, "parameter.embedding.token", table});
  }
  run.config.probe.steps = run.step;
  return run;
}

TEST(OrderBeforeLossTest, CountsFactorsOfTwoFromTheSnapshotInOrder) {
  // 0.9 of the guess level: half way from step 30 to 40, from 10 to 20, and never.
  EXPECT_NEAR(OrderBeforeLoss(Ordered({1, 1, 1, 1, 0.8}), 0.01), std::log2(35.0 / 20), 1e-9);
  EXPECT_NEAR(OrderBeforeLoss(Ordered({1, 1, 0.8, 0.8, 0.8}), 0.01), std::log2(15.0 / 20), 1e-9);
  EXPECT_TRUE(std::isnan(OrderBeforeLoss(Ordered({1, 1, 1, 1, 1}), 0.01)));
  EXPECT_TRUE(std::isnan(OrderBeforeLoss(Ordered({1, 1, 1, 1, 0.8}), 1e-9))) << "no such order";
}

}  // namespace
}  // namespace initbias
