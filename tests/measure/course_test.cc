// When a quantity has come half of its way.
#include "lib/measure/course.h"

#include <gtest/gtest.h>

#include <cmath>

#include "lib/result/run_result.h"
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

TEST(CourseTest, NanIsNoDate) {
  const Course course{.steps = {0, 10, 20}, .values = {1, kNan, 5}};
  EXPECT_TRUE(std::isnan(LargestChange(course)));
  EXPECT_TRUE(std::isnan(StepsToHalfChange(course)));
  EXPECT_TRUE(std::isnan(StepsToHalfChange({})));
}

}  // namespace
}  // namespace initbias
