// Events and means of curves that are worked out by hand.
#include "lib/analysis/learning_events.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "lib/rng/stream.h"
#include "tests/non_finite.h"

namespace initbias {
namespace {

using Curve = std::vector<double>;
using Steps = std::vector<int64_t>;

TEST(StepsToTest, IsLinearBetweenEvaluations) {
  const Curve values = {4, 3, 1, 2, 0};
  const Steps steps = {0, 10, 30, 40, 50};
  EXPECT_EQ(StepsTo(values, steps, 3.5), 5.0);
  EXPECT_EQ(StepsTo(values, steps, 3), 10.0);
  EXPECT_EQ(StepsTo(values, steps, 2), 20.0) << "the first time";
  EXPECT_EQ(StepsTo(values, steps, 1), 30.0);
  EXPECT_EQ(StepsTo(values, steps, 0.5), 47.5);
  EXPECT_EQ(StepsTo(values, steps, 0), 50.0);
}

TEST(StepsToTest, ThereFromTheStartAndNever) {
  EXPECT_EQ(StepsTo(Curve{4, 3}, Steps{7, 10}, 4), 7.0);
  EXPECT_EQ(StepsTo(Curve{4, 3}, Steps{7, 10}, 9), 7.0);
  EXPECT_EQ(StepsTo(Curve{4, 3}, Steps{7, 10}, 2.9), kInfinity);
  EXPECT_EQ(StepsTo(Curve{}, Steps{}, 1), kInfinity);
}

TEST(StepsToTest, FallsFromInfinityAtTheEvaluation) {
  EXPECT_EQ(StepsTo(Curve{kInfinity, 3}, Steps{0, 10}, 3.5), 10.0);
}

TEST(StepsToTest, NanBeforeTheEventShows) {
  EXPECT_TRUE(std::isnan(StepsTo(Curve{4, kNan, 1}, Steps{0, 1, 2}, 2)));
  EXPECT_TRUE(std::isnan(StepsTo(Curve{4, kNan}, Steps{0, 1}, 2)));
  EXPECT_TRUE(std::isnan(StepsTo(Curve{4, 1}, Steps{0, 1}, kNan)));
  EXPECT_EQ(StepsTo(Curve{4, 1, kNan}, Steps{0, 3, 4}, 2), 2.0);
}

TEST(CurveDeathTest, RefusesStepsThatAreNone) {
  EXPECT_DEATH(StepsTo(Curve{1, 2}, Steps{0}, 1), "internal error");
  EXPECT_DEATH(StepsTo(Curve{1, 2}, Steps{0, 0}, 1), "internal error");
  EXPECT_DEATH(MeanOver(Curve{1, 2}, Steps{1, 0}), "internal error");
  EXPECT_DEATH(Interpolated(Curve{1, 2}, Steps{1}, 1), "internal error");
  EXPECT_DEATH(MeanLead(Curve{1, 2}, Curve{1}, Steps{0, 1}), "internal error");
}

TEST(FirstAtMostTest, KnownValues) {
  const Curve values = {4, kNan, 2, 3, 1};
  EXPECT_EQ(FirstAtMost(values, 5), 0u);
  EXPECT_EQ(FirstAtMost(values, 4), 0u);
  EXPECT_EQ(FirstAtMost(values, 3), 2u);
  EXPECT_EQ(FirstAtMost(values, 1.5), 4u);
  EXPECT_EQ(FirstAtMost(values, 0.5), std::nullopt);
  EXPECT_EQ(FirstAtMost(Curve{}, 0.5), std::nullopt);
}

TEST(MeanOverTest, WeighsByTheSteps) {
  EXPECT_EQ(MeanOver(Curve{1, 3}, Steps{0, 10}), 2.0);
  EXPECT_EQ(MeanOver(Curve{4, 2, 0}, Steps{0, 1, 4}), (3.0 + 3.0) / 4);
  EXPECT_EQ(MeanOver(Curve{4, 2, 0}, Steps{100, 101, 104}), 1.5) << "from the first evaluation on";
  EXPECT_EQ(MeanOver(Curve{5}, Steps{3}), 5.0);
}

// Where a straight line is evaluated does not matter.
TEST(MeanOverTest, AStraightLine) {
  EXPECT_DOUBLE_EQ(MeanOver(Curve{10, 9, 5, 0}, Steps{0, 1, 5, 10}), 5.0);
}

TEST(MeanOverTest, NoNumber) {
  EXPECT_TRUE(std::isnan(MeanOver(Curve{}, Steps{})));
  EXPECT_TRUE(std::isnan(MeanOver(Curve{1, kNan, 1}, Steps{0, 1, 2})));
  EXPECT_TRUE(std::isnan(MeanOver(Curve{kNan}, Steps{0})));
}

TEST(MeanLeadTest, ByHand) {
  EXPECT_EQ(MeanLead(Curve{4, 2}, Curve{4, 4}, Steps{0, 10}), 0.25);
  EXPECT_EQ(MeanLead(Curve{4, 4}, Curve{4, 2}, Steps{0, 10}), -0.25);
  // Leads 0, 0.5, 0.5 over 1 and 9 steps.
  EXPECT_DOUBLE_EQ(MeanLead(Curve{4, 2, 1}, Curve{4, 4, 2}, Steps{0, 1, 10}), (0.25 + 4.5) / 10);
  EXPECT_EQ(MeanLead(Curve{0, 0}, Curve{4, 4}, Steps{0, 1}), 1.0);
  EXPECT_EQ(MeanLead(Curve{0, 0}, Curve{0, 0}, Steps{0, 1}), 0.0);
}

TEST(MeanLeadTest, StopsAfterTheFirstPointWhereBothAreLearned) {
  const Curve leader = {4, 0.05, 0.04, 9};
  const Curve follower = {4, 2, 0.08, 1};
  const double expected = (10 * (0.975 / 2) + 20 * (0.975 + 0.5) / 2) / 30;
  EXPECT_DOUBLE_EQ(MeanLead(leader, follower, Steps{0, 10, 30, 40}), expected);
  EXPECT_EQ(MeanLead(Curve{0.05, 9}, Curve{0.08, kNan}, Steps{0, 1}), 1 - 0.05 / 0.08)
      << "learned from the start";
  EXPECT_EQ(MeanLead(Curve{kLearnedLoss, 1}, Curve{kLearnedLoss, 2}, Steps{0, 1}), 0.25)
      << "the bound itself is not learned";
}

TEST(MeanLeadTest, AConstantLeadIsTheMeanWhereverItIsEvaluated) {
  EXPECT_EQ(MeanLead(Curve{3, 2, 2, 3}, Curve{6, 4, 4, 6}, Steps{0, 7, 9, 100}), 0.5);
}

TEST(MeanLeadTest, IsBoundedAndChangesSignWhenSwapped) {
  Stream stream(1, "test/mean_lead");
  for (int i = 0; i < 1000; ++i) {
    Curve a;
    Curve b;
    Steps steps;
    for (int64_t n = stream.UniformInt(1, 30); n > 0; --n) {
      a.push_back(std::exp(2 * stream.Normal()));
      b.push_back(std::exp(2 * stream.Normal()));
      steps.push_back((steps.empty() ? 0 : steps.back()) + stream.UniformInt(1, 9));
    }
    const double lead = MeanLead(a, b, steps);
    ASSERT_GE(lead, -1.0);
    ASSERT_LE(lead, 1.0);
    ASSERT_EQ(MeanLead(b, a, steps), -lead);
  }
}

TEST(LearnedLossTest, IsAProbabilityAbove90Percent) {
  EXPECT_GT(std::exp(-kLearnedLoss), 0.9);
  EXPECT_LT(std::exp(-kLearnedLoss), 0.91);
}

TEST(MeanLeadTest, NoNumber) {
  EXPECT_TRUE(std::isnan(MeanLead(Curve{}, Curve{}, Steps{})));
  EXPECT_TRUE(std::isnan(MeanLead(Curve{4, kNan}, Curve{4, 4}, Steps{0, 1})));
  EXPECT_TRUE(std::isnan(MeanLead(Curve{4, 4}, Curve{kNan, 4}, Steps{0, 1})));
}

TEST(InterpolatedTest, KnownValues) {
  const Curve values = {4, 3, 1};
  const Steps steps = {0, 10, 30};
  EXPECT_EQ(Interpolated(values, steps, 0), 4.0);
  EXPECT_EQ(Interpolated(values, steps, 5), 3.5);
  EXPECT_EQ(Interpolated(values, steps, 10), 3.0);
  EXPECT_EQ(Interpolated(values, steps, 20), 2.0);
  EXPECT_EQ(Interpolated(values, steps, 30), 1.0);
}

TEST(InterpolatedTest, InvertsStepsTo) {
  const Curve values = {4, 3, 1};
  const Steps steps = {0, 10, 30};
  for (const double level : {3.9, 3.0, 2.2, 1.0}) {
    EXPECT_NEAR(Interpolated(values, steps, StepsTo(values, steps, level)), level, 1e-12);
  }
}

TEST(InterpolatedTest, NoNumber) {
  EXPECT_TRUE(std::isnan(Interpolated(Curve{}, Steps{}, 0)));
  EXPECT_TRUE(std::isnan(Interpolated(Curve{1, 2}, Steps{5, 6}, 4.9)));
  EXPECT_TRUE(std::isnan(Interpolated(Curve{1, 2}, Steps{5, 6}, 6.1)));
  EXPECT_TRUE(std::isnan(Interpolated(Curve{1, 2}, Steps{5, 6}, kInfinity)));
  EXPECT_TRUE(std::isnan(Interpolated(Curve{1, 2}, Steps{5, 6}, kNan)));
  EXPECT_TRUE(std::isnan(Interpolated(Curve{1, kNan}, Steps{5, 6}, 5.5)));
  EXPECT_EQ(Interpolated(Curve{1, kNan}, Steps{5, 6}, 5), 1.0);
}

}  // namespace
}  // namespace initbias
