#include "figures/plot/drawing.h"

#include "gtest/gtest.h"

namespace initbias::plot {
namespace {

TEST(DrawingTest, TextBoxesFollowTheAlignment) {
  // "m" is 0.974 em wide in DejaVu Sans.
  const Text text{.text = "m", .at = {10, 20}, .align = Text::Align::kLeft, .size = 10};
  const Box left = TextBox(text);
  EXPECT_DOUBLE_EQ(left.left, 10);
  EXPECT_DOUBLE_EQ(left.right, 19.74);
  EXPECT_LT(left.bottom, 20);
  EXPECT_GT(left.top, 20);
  Text other = text;
  other.align = Text::Align::kRight;
  EXPECT_DOUBLE_EQ(TextBox(other).right, 10);
  other.align = Text::Align::kCenter;
  EXPECT_DOUBLE_EQ(TextBox(other).left, 10 - 4.87);
  other.vertical = true;
  EXPECT_DOUBLE_EQ(TextBox(other).bottom, 20 - 4.87);
  EXPECT_DOUBLE_EQ(TextBox(other).height(), 9.74);
}

TEST(DrawingTest, BoxesThatTouchDoNotOverlap) {
  EXPECT_TRUE(Overlap({0, 0, 2, 2}, {1, 1, 3, 3}));
  EXPECT_FALSE(Overlap({0, 0, 2, 2}, {2, 0, 3, 2}));
  EXPECT_FALSE(Overlap({0, 0, 2, 2}, {1, 2, 3, 3}));
}

}  // namespace
}  // namespace initbias::plot
