// RelativeLead on curves whose lead is known, and its bounds and symmetry on random ones.
#include "lib/analysis/learning_curves.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "lib/rng/stream.h"

namespace initbias {
namespace {

using Curve = std::vector<double>;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

TEST(RelativeLeadTest, KnownValues) {
  EXPECT_EQ(RelativeLead(Curve{4}, Curve{4}), 0.0);
  EXPECT_EQ(RelativeLead(Curve{2}, Curve{4}), 0.5);
  EXPECT_EQ(RelativeLead(Curve{4}, Curve{2}), -0.5);
  EXPECT_EQ(RelativeLead(Curve{4, 2, 1}, Curve{4, 4, 4}), (0 + 0.5 + 0.75) / 3);
  EXPECT_EQ(RelativeLead(Curve{4, 3}, Curve{4, 4}), 0.125);
  EXPECT_EQ(RelativeLead(Curve{1, 2, 2}, Curve{2, 2, 1}), 0.0) << "ahead, then behind";
}

TEST(RelativeLeadTest, EqualCurvesHaveNone) {
  const Curve curve = {4.6, 4.5, 3.0, 0.7};
  EXPECT_EQ(RelativeLead(curve, curve), 0.0);
}

// A leader that is done while the follower has not begun.
TEST(RelativeLeadTest, IsOneAtMost) {
  EXPECT_EQ(RelativeLead(Curve{0, 0}, Curve{4, 4}), 1.0);
  EXPECT_EQ(RelativeLead(Curve{4, 4}, Curve{0, 0}), -1.0);
}

TEST(RelativeLeadTest, StopsAfterTheFirstPointWhereBothAreLearned) {
  const Curve leader = {4.0, 1.0, 0.0499, 0.001, 0.09};
  const Curve follower = {4.0, 2.0, 0.0998, 0.099, 0.001};
  EXPECT_DOUBLE_EQ(RelativeLead(leader, follower), (0 + 0.5 + 0.5) / 3);
  EXPECT_DOUBLE_EQ(RelativeLead(Curve{0.05, 4}, Curve{0.05, 5}), 0.0) << "learned from the start";
}

// "Below": at the bound itself the curves go on.
TEST(RelativeLeadTest, TheBoundItselfIsNotLearned) {
  EXPECT_DOUBLE_EQ(RelativeLead(Curve{kLearnedLoss, 1}, Curve{kLearnedLoss, 4}), 0.375);
}

TEST(RelativeLeadTest, GoesOnWhileOneIsNotLearned) {
  EXPECT_DOUBLE_EQ(RelativeLead(Curve{0.01, 0.01}, Curve{1, 2}), (0.99 + 0.995) / 2);
  EXPECT_DOUBLE_EQ(RelativeLead(Curve{1, 2}, Curve{0.01, 0.01}), -(0.99 + 0.995) / 2);
}

TEST(RelativeLeadTest, TwoZerosAreEqual) {
  EXPECT_EQ(RelativeLead(Curve{0}, Curve{0}), 0.0);
  EXPECT_DOUBLE_EQ(RelativeLead(Curve{1, 0}, Curve{2, 0}), 0.25);
}

TEST(RelativeLeadTest, EmptyCurvesHaveNoNumber) {
  EXPECT_TRUE(std::isnan(RelativeLead(Curve{}, Curve{})));
}

// A loss that is no number must not pass as a lead of zero.
TEST(RelativeLeadTest, NanInEitherCurveShows) {
  EXPECT_TRUE(std::isnan(RelativeLead(Curve{4, 2}, Curve{4, kNan})));
  EXPECT_TRUE(std::isnan(RelativeLead(Curve{4, kNan}, Curve{4, 2})));
  EXPECT_TRUE(std::isnan(RelativeLead(Curve{kNan, 2, 2}, Curve{4, 4, 4})));
}

TEST(RelativeLeadTest, IsBoundedAndChangesSignWhenSwapped) {
  Stream stream(1, "test/relative_lead");
  for (int i = 0; i < 1000; ++i) {
    Curve a;
    Curve b;
    for (int64_t n = stream.UniformInt(1, 30); n > 0; --n) {
      a.push_back(std::exp(2 * stream.Normal()));
      b.push_back(std::exp(2 * stream.Normal()));
    }
    const double lead = RelativeLead(a, b);
    ASSERT_GE(lead, -1.0);
    ASSERT_LE(lead, 1.0);
    ASSERT_EQ(RelativeLead(b, a), -lead);
  }
}

// In which unit a loss is measured matters only where curves are cut.
TEST(RelativeLeadTest, DoesNotDependOnTheUnit) {
  Stream stream(2, "test/relative_lead");
  for (int i = 0; i < 100; ++i) {
    Curve a;
    Curve b;
    for (int j = 0; j < 10; ++j) {
      a.push_back(1 + stream.Uniform());
      b.push_back(1 + stream.Uniform());
    }
    const double lead = RelativeLead(a, b);
    for (int j = 0; j < 10; ++j) {
      a[static_cast<size_t>(j)] *= 8;
      b[static_cast<size_t>(j)] *= 8;
    }
    ASSERT_EQ(RelativeLead(a, b), lead);
  }
}

TEST(RelativeLeadDeathTest, RefusesCurvesOfDifferentLength) {
  EXPECT_DEATH(RelativeLead(Curve{1, 2}, Curve{1}), "internal error");
}

TEST(LearnedLossTest, IsAProbabilityAbove90Percent) {
  EXPECT_GT(std::exp(-kLearnedLoss), 0.9);
  EXPECT_LT(std::exp(-kLearnedLoss), 0.91);
}

}  // namespace
}  // namespace initbias
