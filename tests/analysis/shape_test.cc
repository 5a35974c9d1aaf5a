// Fits, distances and the chi-square test on numbers worked out by hand.
#include "lib/analysis/shape.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "tests/non_finite.h"

namespace initbias {
namespace {

using Values = std::vector<double>;

TEST(RootMeanSquareErrorTest, KnownValues) {
  EXPECT_EQ(RootMeanSquareError(Values{1, 2}, Values{1, 2}), 0.0);
  EXPECT_EQ(RootMeanSquareError(Values{0, 0, 0, 0}, Values{1, -1, 1, 1}), 1.0);
  EXPECT_DOUBLE_EQ(RootMeanSquareError(Values{3, 0}, Values{0, 4}), std::sqrt(12.5));
  EXPECT_TRUE(std::isnan(RootMeanSquareError(Values{}, Values{})));
  EXPECT_TRUE(std::isnan(RootMeanSquareError(Values{1, kNan}, Values{1, 1})));
  EXPECT_DEATH(RootMeanSquareError(Values{1}, Values{}), "internal error");
}

TEST(LargestDistanceTest, KnownValues) {
  EXPECT_EQ(LargestDistance(Values{1, -2}, 0, Values{7, 7}), 2.0);
  EXPECT_EQ(LargestDistance(Values{1, -2}, 2, Values{1, 1}), 4.0);
  EXPECT_EQ(LargestDistance(Values{}, 1, Values{}), 0.0);
  EXPECT_EQ(LargestDistance(Values{1, kNan}, 1, Values{1, 1}), 0.0);
  EXPECT_DEATH(LargestDistance(Values{1}, 1, Values{}), "internal error");
}

TEST(SmallestDistanceTest, IsThatOfTheBestScale) {
  EXPECT_NEAR(SmallestDistance(Values{1, -2, 3}, Values{2, -4, 6}), 0, 1e-9);  // 1/2
  EXPECT_NEAR(SmallestDistance(Values{2, 1}, Values{1, 1}), 0.5, 1e-9);        // 3/2
  EXPECT_NEAR(SmallestDistance(Values{1, 5}, Values{1, 0}), 5, 1e-9);          // whatever it is
  EXPECT_NEAR(SmallestDistance(Values{1, 2}, Values{-1, -2}), 2, 1e-9) << "no scale below 0";
  EXPECT_EQ(SmallestDistance(Values{1, -2}, Values{0, 0}), 2.0);
  EXPECT_EQ(SmallestDistance(Values{}, Values{}), 0.0);
  EXPECT_DEATH(SmallestDistance(Values{1}, Values{}), "internal error");
}

TEST(SlopeTest, KnownValues) {
  EXPECT_EQ(Slope(Values{1, 2}, Values{3, 6}), 3.0);
  EXPECT_EQ(Slope(Values{1, 2}, Values{1, 0}), 0.2);
  EXPECT_EQ(Slope(Values{1, -1}, Values{5, 5}), 0.0);
  EXPECT_TRUE(std::isnan(Slope(Values{0, 0}, Values{1, 2})));
  EXPECT_TRUE(std::isnan(Slope(Values{}, Values{})));
  EXPECT_TRUE(std::isnan(Slope(Values{1, kNan}, Values{1, 2})));
  EXPECT_DEATH(Slope(Values{1}, Values{}), "internal error");
}

TEST(LinearFitTest, KnownValues) {
  const StraightLine exact = LinearFit(Values{1, 2, 4}, Values{5, 7, 11});
  EXPECT_DOUBLE_EQ(exact.slope, 2.0);
  EXPECT_DOUBLE_EQ(exact.intercept, 3.0);
  const StraightLine best = LinearFit(Values{0, 1, 2}, Values{0, 3, 0});
  EXPECT_EQ(best.slope, 0.0);
  EXPECT_EQ(best.intercept, 1.0);
}

TEST(LinearFitTest, NoNumber) {
  for (const Values& x : {Values{0.1, 0.1, 0.1}, Values{1, kNan, 2}}) {
    EXPECT_TRUE(std::isnan(LinearFit(x, Values{1, 2, 3}).slope));
    EXPECT_TRUE(std::isnan(LinearFit(x, Values{1, 2, 3}).intercept));
  }
  EXPECT_TRUE(std::isnan(LinearFit(Values{}, Values{}).slope));
  EXPECT_TRUE(std::isnan(LinearFit(Values{1}, Values{1}).slope));
  EXPECT_DEATH(LinearFit(Values{1}, Values{}), "internal error");
}

TEST(CompareShapesTest, AGaussianIsNoLine) {
  Values theory;
  Values measured;
  for (int d = 1; d <= 8; ++d) {
    theory.push_back(std::exp(-d * d / 12.0));
    measured.push_back(theory.back() + (d % 2 == 0 ? 0.01 : -0.01));
  }
  const ShapeFit fit = CompareShapes(measured, theory);
  EXPECT_NEAR(fit.theory, 0.01, 1e-12);
  EXPECT_GT(fit.line, 0.05);
}

TEST(CompareShapesTest, ALineIsALine) {
  const ShapeFit fit = CompareShapes(Values{1, 0.75, 0.5}, Values{1, 0.5, 0.25});
  EXPECT_NEAR(fit.line, 0.0, 1e-15);
  EXPECT_DOUBLE_EQ(fit.theory, std::sqrt(0.125 / 3));
}

// About the line y = 1: errors 1, 2, 1.
TEST(CompareShapesTest, ByHand) {
  EXPECT_DOUBLE_EQ(CompareShapes(Values{0, 3, 0}, Values{0, 3, 0}).line, std::sqrt(2));
}

TEST(CompareShapesTest, FewValues) {
  EXPECT_EQ(CompareShapes(Values{1, 4}, Values{1, 4}).line, 0.0);
  EXPECT_EQ(CompareShapes(Values{1}, Values{3}).theory, 2.0);
  EXPECT_TRUE(std::isnan(CompareShapes(Values{1}, Values{3}).line));
  EXPECT_TRUE(std::isnan(CompareShapes(Values{}, Values{}).theory));
  EXPECT_TRUE(std::isnan(CompareShapes(Values{1, kNan, 2}, Values{1, 2, 3}).theory));
  EXPECT_TRUE(std::isnan(CompareShapes(Values{1, kNan, 2}, Values{1, 2, 3}).line));
  EXPECT_DEATH(CompareShapes(Values{1}, Values{}), "internal error");
}

}  // namespace
}  // namespace initbias
