// Student's quantiles against tables and closed forms, and intervals worked out by hand.
#include "lib/analysis/statistics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

#include "lib/rng/stream.h"
#include "tests/non_finite.h"

namespace initbias {
namespace {

using Values = std::vector<double>;

void ExpectRelative(double value, double expected, double error) {
  EXPECT_NEAR(value, expected, error * std::abs(expected));
}

TEST(MedianTest, IsTheMiddleOrTheMeanOfTheTwoMiddleValues) {
  EXPECT_EQ(Median({3}), 3);
  EXPECT_EQ(Median({3, 1, 2}), 2);
  EXPECT_EQ(Median({5, 1, 4, 2, 3}), 3);
  EXPECT_EQ(Median({4, 1}), 2.5);
  EXPECT_EQ(Median({10, 1, 3, 2}), 2.5);
  EXPECT_EQ(Median({7, 7, 7, 1}), 7);
  EXPECT_EQ(Median({-1, -3, -2}), -2);
  EXPECT_EQ(Median({kInfinity, 1, 2}), 2);
}

TEST(MedianTest, IsNanForNothingOrWithNan) {
  EXPECT_TRUE(std::isnan(Median({})));
  EXPECT_TRUE(std::isnan(Median({kNan})));
  EXPECT_TRUE(std::isnan(Median({1, kNan, 3})));
  EXPECT_TRUE(std::isnan(Median({kNan, 1, 2, 3, 4})));
  EXPECT_TRUE(std::isnan(Median({1, 2, 3, 4, kNan})));
}

TEST(MeanTest, KnownValues) {
  EXPECT_EQ(Mean(Values{3}), 3.0);
  EXPECT_EQ(Mean(Values{1, 2, 6}), 3.0);
  EXPECT_EQ(Mean(Values{-1, 1}), 0.0);
  EXPECT_EQ(Mean(Values{1, kInfinity}), kInfinity);
}

// 0.1 + 0.1 + 0.1 is not 0.3.
TEST(MeanTest, EqualValuesAreTheirMean) { EXPECT_EQ(Mean(Values{0.1, 0.1, 0.1}), 0.1); }

TEST(MeanTest, NoNumber) {
  EXPECT_TRUE(std::isnan(Mean(Values{})));
  EXPECT_TRUE(std::isnan(Mean(Values{kNan})));
  EXPECT_TRUE(std::isnan(Mean(Values{1, kNan, 1})));
}

// The first two are tan(0.475 pi) and 0.95 sqrt(2 / 0.0975); older tables are off in the 11th
// digit.
TEST(StudentQuantileTest, Tables) {
  ExpectRelative(StudentQuantile(0.975, 1), 12.706204736174696, 1e-12);
  ExpectRelative(StudentQuantile(0.975, 2), 4.302652729749464, 1e-12);
  ExpectRelative(StudentQuantile(0.975, 4), 2.7764451051977987, 1e-12);
  ExpectRelative(StudentQuantile(0.995, 10), 3.169272672616951, 1e-12);
  ExpectRelative(StudentQuantile(0.95, 30), 1.6972608865939574, 1e-12);
}

// The quantile functions for 1, 2 and 4 degrees are elementary.
TEST(StudentQuantileTest, ClosedForms) {
  for (const double tail : {1e-9, 1e-4, 0.01, 0.1, 0.2, 0.24999, 0.25, 0.3, 0.4, 0.49, 0.4999}) {
    const double p = 1 - tail;
    const double product = 4 * p * (1 - p);
    ExpectRelative(StudentQuantile(p, 1), 1 / std::tan(std::numbers::pi * (1 - p)), 1e-10);
    ExpectRelative(StudentQuantile(p, 2), 2 * (p - 0.5) * std::sqrt(2 / product), 1e-10);
    const double q = std::cos(std::acos(std::sqrt(product)) / 3) / std::sqrt(product);
    ExpectRelative(StudentQuantile(p, 4), 2 * std::sqrt(q - 1), tail > 0.45 ? 1e-7 : 1e-10);
  }
}

TEST(StudentQuantileTest, TinyTails) {
  ExpectRelative(StudentQuantile(1e-100, 1), -1 / (std::numbers::pi * 1e-100), 1e-10);
  ExpectRelative(StudentQuantile(1e-100, 2), -std::sqrt(1 / (2 * 1e-100)), 1e-10);
}

TEST(StudentQuantileTest, NearTheCentre) {
  for (const double step : {1e-3, 1e-6, 1e-9}) {
    const double p = 0.5 + step;
    ExpectRelative(StudentQuantile(p, 1), std::tan(std::numbers::pi * (p - 0.5)), 1e-10);
  }
}

TEST(StudentQuantileTest, IsOddAndTheCentreIsZero) {
  EXPECT_EQ(StudentQuantile(0.5, 3), 0.0);
  for (const int64_t degrees : {1, 2, 3, 5, 50}) {
    EXPECT_EQ(StudentQuantile(0.25, degrees), -StudentQuantile(0.75, degrees));
    EXPECT_EQ(StudentQuantile(0.125, degrees), -StudentQuantile(0.875, degrees));
  }
  EXPECT_EQ(StudentQuantile(0, 3), -kInfinity);
  EXPECT_EQ(StudentQuantile(1, 3), kInfinity);
}

TEST(StudentQuantileTest, TendsToTheNormalQuantile) {
  double last = kInfinity;
  for (int64_t degrees = 1; degrees <= 100'000'000; degrees *= 10) {
    const double t = StudentQuantile(0.975, degrees);
    EXPECT_LT(t, last);
    last = t;
  }
  // The incomplete beta function of so many degrees keeps half of its digits, and not the same ones
  // with every C library's lgamma.
  EXPECT_NEAR(last, NormalQuantile(0.975), 1e-6);
}

TEST(StudentQuantileDeathTest, RefusesWhatIsNoProbability) {
  EXPECT_DEATH(StudentQuantile(-0.1, 1), "internal error");
  EXPECT_DEATH(StudentQuantile(1.1, 1), "internal error");
  EXPECT_DEATH(StudentQuantile(kNan, 1), "internal error");
  EXPECT_DEATH(StudentQuantile(0.5, 0), "internal error");
}

// Mean 3, s^2 = 10 / 4, s / sqrt(5) = sqrt(0.5).
TEST(StudentIntervalTest, ByHand) {
  const ConfidenceInterval interval = StudentInterval(Values{1, 2, 3, 4, 5});
  EXPECT_NEAR(interval.lo, 3 - 2.7764451051977987 * std::sqrt(0.5), 1e-12);
  EXPECT_NEAR(interval.hi, 3 + 2.7764451051977987 * std::sqrt(0.5), 1e-12);
  const ConfidenceInterval two = StudentInterval(Values{0, 2});
  EXPECT_NEAR(two.lo, 1 - 12.706204736174696, 1e-11);
  EXPECT_NEAR(two.hi, 1 + 12.706204736174696, 1e-11);
  const ConfidenceInterval half = StudentInterval(Values{0, 2}, 0.5);
  EXPECT_NEAR(half.lo, 0.0, 1e-12) << "t(0.75, 1) = 1";
  EXPECT_NEAR(half.hi, 2.0, 1e-12);
}

TEST(StudentIntervalTest, EqualValuesHaveNoWidth) {
  const ConfidenceInterval interval = StudentInterval(Values{0.1, 0.1, 0.1});
  EXPECT_EQ(interval.lo, 0.1);
  EXPECT_EQ(interval.hi, 0.1);
}

TEST(StudentIntervalTest, OneValueSaysNothing) {
  const ConfidenceInterval interval = StudentInterval(Values{4});
  EXPECT_EQ(interval.lo, -kInfinity);
  EXPECT_EQ(interval.hi, kInfinity);
}

TEST(StudentIntervalTest, NoNumber) {
  for (const Values& values : {Values{}, Values{kNan}, Values{1, kNan}, Values{kInfinity},
                               Values{1, 2, -kInfinity}, Values{kInfinity, kInfinity}}) {
    const ConfidenceInterval interval = StudentInterval(values);
    EXPECT_TRUE(std::isnan(interval.lo));
    EXPECT_TRUE(std::isnan(interval.hi));
  }
}

// 95 % of the intervals of five normal values hold their mean: 4 standard deviations of 2000 draws.
TEST(StudentIntervalTest, CoversTheMeanAsOftenAsItSays) {
  Stream stream(1, "test/student_interval");
  int covered = 0;
  for (int i = 0; i < 2000; ++i) {
    Values values(5);
    for (double& value : values) {
      value = 7 + 3 * stream.Normal();
    }
    const ConfidenceInterval interval = StudentInterval(values);
    covered += interval.lo <= 7 && 7 <= interval.hi ? 1 : 0;
  }
  EXPECT_NEAR(covered, 1900, 40);
}

TEST(StudentIntervalDeathTest, RefusesOtherLevels) {
  EXPECT_DEATH(StudentInterval(Values{1, 2}, 0), "internal error");
  EXPECT_DEATH(StudentInterval(Values{1, 2}, 1), "internal error");
}

TEST(BinomialUpperTailTest, IsTheSumOfTheTerms) {
  EXPECT_NEAR(BinomialUpperTail(4, 4, 0.5), 1.0 / 16, 1e-12);
  EXPECT_NEAR(BinomialUpperTail(3, 4, 0.5), 5.0 / 16, 1e-12);
  EXPECT_NEAR(BinomialUpperTail(0, 4, 0.5), 1, 1e-12);
  EXPECT_NEAR(BinomialUpperTail(2, 2, 0.1), 0.01, 1e-12);
}

TEST(FiniteLog2Test, IsNaNForWhatIsNoRatio) {
  EXPECT_DOUBLE_EQ(FiniteLog2(8), 3);
  EXPECT_TRUE(std::isnan(FiniteLog2(0)));
  EXPECT_TRUE(std::isnan(FiniteLog2(-1)));
  EXPECT_TRUE(std::isnan(FiniteLog2(std::numeric_limits<double>::infinity())));
}

}  // namespace
}  // namespace initbias
