#include "figures/panels/attention.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <variant>
#include <vector>

namespace initbias {
namespace {

TEST(AttentionPanelsTest, AttentionAboveTheDiagonalIsLeftOut) {
  FigureData data{.figure = "fig", .profile = "default"};
  data.Add("attention", {2, 2}, {1, 0, 0.5, 0.5}, "1");
  const plot::Panel panel = AttentionPanel(data, "attention", true);
  const std::vector<double>& values = std::get<plot::HeatMap>(panel.content).values;
  EXPECT_EQ(values[0], 1);
  EXPECT_TRUE(std::isnan(values[1]));
  EXPECT_EQ(values[2], 0.5);
}

TEST(AttentionPanelsTest, AlignmentHasALineAKindOfAnchors) {
  FigureData data{.figure = "fig", .profile = "default"};
  for (const std::string kind : {"memory", "reasoning"}) {
    data.Add("A/" + kind + "/token", {1, 2}, "token");
    for (const char* name : {"cosine", "cosine_lo", "cosine_hi"}) {
      data.Add("A/" + kind + "/" + name, {kind == "memory" ? 0.125 : 0.875, 0.5}, "1");
    }
  }
  const plot::Panel panel = AlignmentPanel(data, "A");
  const std::vector<plot::Series>& series = std::get<plot::LinePlot>(panel.content).series;
  ASSERT_EQ(series.size(), 2);
  EXPECT_EQ(series[0].label, "memory anchors");
  EXPECT_EQ(series[0].y, (std::vector<double>{0.125, 0.5}));
  EXPECT_EQ(series[1].y, (std::vector<double>{0.875, 0.5}));
  EXPECT_TRUE(series[1].markers);
  EXPECT_EQ(panel.y_axis.min, -1);
  EXPECT_EQ(panel.y_axis.max, 1);
}

TEST(AttentionPanelsTest, SingularValuesAreDrawnByTheirIndex) {
  FigureData data{.figure = "fig", .profile = "default"};
  data.Add("A/singular_value/index", {1, 2}, "1");
  data.Add("A/singular_value/value", {4, 2}, "1");
  data.Add("A/singular_value/value_lo", {3, 1}, "1");
  data.Add("A/singular_value/value_hi", {5, 3}, "1");
  const plot::Panel panel = SingularValuePanel(data, "A");
  const std::vector<plot::Series>& series = std::get<plot::LinePlot>(panel.content).series;
  ASSERT_EQ(series.size(), 1);
  EXPECT_EQ(series[0].x, (std::vector<double>{1, 2}));
  EXPECT_EQ(series[0].y, (std::vector<double>{4, 2}));
  EXPECT_EQ(series[0].lo, (std::vector<double>{3, 1}));
  EXPECT_EQ(panel.y_axis.min, 0);
}

}  // namespace
}  // namespace initbias
