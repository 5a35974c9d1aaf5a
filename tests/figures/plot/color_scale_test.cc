#include "figures/plot/color_scale.h"

#include "gtest/gtest.h"
#include "tests/non_finite.h"

namespace initbias::plot {
namespace {

TEST(ColorScaleTest, DivergingIsSymmetricAboutZero) {
  const ColorRange range = ResolveScale({.map = ColorMap::kDiverging}, {.min = -0.25, .max = 0.75});
  EXPECT_EQ(range.min, -0.75);
  EXPECT_EQ(range.max, 0.75);
  EXPECT_EQ(CellColor(range, 0), MapColor(ColorMap::kDiverging, 0.5));
}

TEST(ColorScaleTest, OwnLimitsCount) {
  const ColorRange range = ResolveScale({.min = 0.0, .max = 2.0}, {.min = -1.0, .max = 5.0});
  EXPECT_EQ(range.min, 0);
  EXPECT_EQ(range.max, 2);
  EXPECT_EQ(CellColor(range, 9), MapColor(ColorMap::kSequential, 1));
  EXPECT_EQ(CellColor(range, -9), MapColor(ColorMap::kSequential, 0));
}

TEST(ColorScaleTest, OneValueHasARangeToo) {
  const ColorRange range = ResolveScale({}, {.min = 3.0, .max = 3.0});
  EXPECT_LT(range.min, 3);
  EXPECT_GT(range.max, 3);
}

TEST(ColorScaleTest, NanIsMissing) {
  EXPECT_EQ(CellColor({}, kNan), kMissingColor);
  EXPECT_EQ(InkColor({}, kNan), kMissingColor);
}

}  // namespace
}  // namespace initbias::plot
