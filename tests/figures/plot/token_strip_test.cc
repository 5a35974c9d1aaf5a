#include "figures/plot/token_strip.h"

#include <variant>
#include <vector>

#include "gtest/gtest.h"

namespace initbias::plot {
namespace {

TokenStrip TwoRows() {
  const TokenRow row{.label = "row",
                     .boxes = {{.text = "1"}, {.text = "2", .below = "b"}},
                     .groups = {{0, 1, "both"}},
                     .result = {.text = "3"},
                     .note = "note"};
  return {.rows = {row, row}};
}

TEST(TokenStripTest, FitsIntoItsOwnSize) {
  const TokenStrip strip = TwoRows();
  const Box box{10, 20, 10 + TokenStripWidth(strip), 20 + TokenStripHeight(strip)};
  Layer layer;
  std::vector<Text> texts;
  DrawTokenStrip(strip, box, layer, texts);
  for (const Text& text : texts) {
    const Box inner = TextBox(text);
    EXPECT_GE(inner.left, box.left - 0.01) << text.text;
    EXPECT_LE(inner.right, box.right + 0.01) << text.text;
    EXPECT_GE(inner.bottom, box.bottom) << text.text;
    EXPECT_LE(inner.top, box.top) << text.text;
  }
  EXPECT_EQ(texts.size(), 2 * 7U);
}

TEST(TokenStripTest, RowsStandInColumns) {
  TokenStrip strip = TwoRows();
  strip.rows[1].label = "a longer label";
  strip.rows[1].boxes[0].text = "a longer token";
  Layer layer;
  std::vector<Text> texts;
  DrawTokenStrip(strip, {0, 0, 400, 100}, layer, texts);
  std::vector<Box> boxes;
  for (const Shape& shape : layer.shapes) {
    if (const auto* rect = std::get_if<Rect>(&shape)) {
      boxes.push_back(rect->box);
    }
  }
  ASSERT_EQ(boxes.size(), 6U);
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(boxes[i].left, boxes[i + 3].left);
    EXPECT_EQ(boxes[i].right, boxes[i + 3].right);
  }
}

TEST(TokenStripTest, NoArrowWithoutAResult) {
  Layer layer;
  std::vector<Text> texts;
  DrawTokenStrip({.rows = {{.boxes = {{.text = "1"}}}}}, {0, 0, 100, 20}, layer, texts);
  EXPECT_EQ(layer.shapes.size(), 2U) << "a box and its outline";
}

}  // namespace
}  // namespace initbias::plot
