// Lines of equal value.
#include "figures/plot/contours.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/non_finite.h"

namespace initbias::plot {
namespace {

TEST(ContoursTest, ASlopeHasOneLineAcrossIt) {
  // Rises to the right: 0, 1, 2.
  const std::vector<double> values = {0, 1, 2, 0, 1, 2, 0, 1, 2};
  const std::vector<ContourLine> lines = ContourLines(3, 3, values, 0.25);
  ASSERT_EQ(lines.size(), 1);
  ASSERT_EQ(lines[0].size(), 3);
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_NEAR(lines[0][i].x, 0.75, 1e-12);
    EXPECT_NEAR(lines[0][i].y, 0.5 + static_cast<double>(i), 1e-12);
  }
}

TEST(ContoursTest, APeakHasAClosedLineAroundIt) {
  const std::vector<double> values = {0, 0, 0, 0, 1, 0, 0, 0, 0};
  const std::vector<ContourLine> lines = ContourLines(3, 3, values, 0.5);
  ASSERT_EQ(lines.size(), 1);
  ASSERT_EQ(lines[0].size(), 5);
  EXPECT_EQ(lines[0].front().x, lines[0].back().x);
  EXPECT_EQ(lines[0].front().y, lines[0].back().y);
  for (const Point& point : lines[0]) {
    EXPECT_NEAR(std::abs(point.x - 1.5) + std::abs(point.y - 1.5), 0.5, 1e-12);
  }
}

TEST(ContoursTest, TheMeanSaysWhichCornersASaddleParts) {
  // High at the upper left and the lower right.
  const auto corners = [](double high) {
    const std::vector<ContourLine> lines = ContourLines(2, 2, {high, 0, 0, high}, 0.5);
    EXPECT_EQ(lines.size(), 2);
    // The corner that the line of the upper side's crossing goes round.
    const ContourLine& line = lines.front();
    EXPECT_EQ(line.size(), 2);
    return line.back().x < 1 ? "left" : "right";
  };
  EXPECT_STREQ(corners(0.9), "left");   // the mean, 0.45, is below: the high corners are islands
  EXPECT_STREQ(corners(1.2), "right");  // the mean, 0.6, is above: the low ones are
}

TEST(ContoursTest, NoLineGoesThroughWhatIsMissing) {
  EXPECT_TRUE(ContourLines(2, 2, {0, 1, kNan, 1}, 0.5).empty());
  // The right half of a slope downwards.
  const std::vector<ContourLine> lines = ContourLines(2, 3, {0, 0, 0, kNan, 1, 1}, 0.5);
  ASSERT_EQ(lines.size(), 1);
  EXPECT_NEAR(std::min(lines[0].front().x, lines[0].back().x), 1.5, 1e-12);
}

TEST(ContoursTest, NoLineWhereNothingCrosses) {
  EXPECT_TRUE(ContourLines(2, 2, {0, 0, 0, 0}, 0.5).empty());
  EXPECT_TRUE(ContourLines(2, 2, {1, 1, 1, 1}, 1).empty());
  EXPECT_TRUE(ContourLines(1, 4, {0, 1, 2, 3}, 0.5).empty()) << "a row has no squares";
  EXPECT_TRUE(ContourLines(2, 2, {0.5, 0, 0, 0}, 0.5).empty()) << "a line of one point";
}

TEST(ContoursTest, APlaneHasStraightLinesAtEveryLevel) {
  std::vector<double> values;
  for (int row = 0; row < 5; ++row) {
    for (int column = 0; column < 6; ++column) {
      values.push_back(2 * column + 3 * row);
    }
  }
  for (const double level : {0.5, 4.0, 11.3}) {
    const std::vector<ContourLine> lines = ContourLines(5, 6, values, level);
    ASSERT_EQ(lines.size(), 1) << level;
    for (const Point& point : lines[0]) {
      EXPECT_NEAR(2 * (point.x - 0.5) + 3 * (point.y - 0.5), level, 1e-9);
    }
  }
}

TEST(RoundLevelsTest, AreRoundFewAndBetween) {
  EXPECT_EQ(RoundLevels({-2.2, 3.1, kNan}, 6), (std::vector<double>{-2, -1, 0, 1, 2, 3}));
  EXPECT_EQ(RoundLevels({-2.2, 3.1}, 5), (std::vector<double>{-2, 0, 2}));
  EXPECT_EQ(RoundLevels({0.21, 0.39}, 2).size(), 1);
  EXPECT_NEAR(RoundLevels({0.21, 0.39}, 2).at(0), 0.3, 1e-12);
  for (const size_t most : {1, 2, 3, 5, 8}) {
    for (const double scale : {1e-4, 0.3, 7.0, 4e5}) {
      const std::vector<double> levels = RoundLevels({-scale, 0.7 * scale}, most);
      EXPECT_LE(levels.size(), most);
      EXPECT_FALSE(levels.empty());
      for (const double level : levels) {
        EXPECT_GE(level, -scale * (1 + 1e-9));
        EXPECT_LE(level, 0.7 * scale * (1 + 1e-9));
      }
    }
  }
}

TEST(RoundLevelsTest, NoneForEqualValues) {
  EXPECT_TRUE(RoundLevels({2, 2}, 5).empty());
  EXPECT_TRUE(RoundLevels({kNan}, 5).empty());
  EXPECT_TRUE(RoundLevels({}, 5).empty());
  EXPECT_TRUE(RoundLevels({0, 1}, 0).empty());
}

}  // namespace
}  // namespace initbias::plot
