#include "figures/panels/table.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace initbias {
namespace {

TEST(TableTest, AreaOfColoursIsWiderThanTheValues) {
  const plot::HeatMap table = PaleTable({"a", "b"}, 2);
  EXPECT_EQ(table.columns, 2);
  EXPECT_EQ(table.column_labels, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(table.scale.map, plot::ColorMap::kDiverging);
  EXPECT_EQ(table.scale.min, -6);
  EXPECT_EQ(table.scale.max, 6);
  EXPECT_FALSE(table.scale.bar);
  EXPECT_FALSE(table.square);
}

TEST(TableTest, ACellsRangeIsMedianAndRangeAsTheCellWritesNumbers) {
  const auto number = [](double value) { return fmt::format("{:.1f}", value); };
  EXPECT_EQ(RangeCell({0.5, 0.25, 1}, number), "0.5 (0.2–1.0)");
  EXPECT_EQ(RangeCell({2}, number), "2.0 (2.0–2.0)");
  EXPECT_EQ(RangeCell({}, number), kNoCell);
  EXPECT_EQ(RangeCell({-0.5, -0.2, 1}, number), "-0.2 (-0.5–1.0)");
  EXPECT_EQ(RangeCell({-0.5, -0.3, -1}, number), "-0.5 (-1.0..-0.3)") << "no dash beside a minus";
}

}  // namespace
}  // namespace initbias
