#include "figures/panels/embeddings.h"

#include <gtest/gtest.h>

#include <string>
#include <variant>
#include <vector>

#include "figures/look.h"

namespace initbias {
namespace {

TEST(EmbeddingPanelsTest, AnchorPanelsAreTwoMatricesAndAMean) {
  FigureData data{.figure = "fig", .profile = "default"};
  for (const std::string kind : {"memory", "reasoning"}) {
    data.Add("A/" + kind + "/tokens", {1, 2}, "token");
    data.Add("A/" + kind + "/cosine", {2, 2}, {1, 0.5, 0.5, 1}, "1");
    data.Add("A/" + kind + "/distance", {1}, "tokens");
    for (const char* name : {"by_distance", "by_distance_lo", "by_distance_hi"}) {
      data.Add("A/" + kind + "/" + name, {0.5}, "1");
    }
  }
  plot::Figure figure;
  AddAnchorPanels({.letter = "B", .group = "A", .when = "late", .row = 3}, data, &figure);
  ASSERT_EQ(figure.panels.size(), 3);
  EXPECT_EQ(figure.panels[0].letter, "B");
  EXPECT_EQ(figure.panels[1].letter, "");
  EXPECT_EQ(figure.panels[2].column, 2);
  EXPECT_EQ(figure.panels[2].row, 3);
  EXPECT_EQ(std::get<plot::LinePlot>(figure.panels[2].content).series.size(), 2);
}

TEST(EmbeddingPanelsTest, CosinesAreDrawnBetweenTheirTokens) {
  FigureData data{.figure = "fig", .profile = "default"};
  data.Add("C/tokens", {11, 12}, "token");
  data.Add("C/cosine", {2, 2}, {1, 0.25, 0.5, 1}, "1");
  const plot::HeatMap map = CosineMap(data, "C", false);
  EXPECT_EQ(map.rows, 2);
  EXPECT_EQ(map.columns, 2);
  EXPECT_EQ(map.values, (std::vector<double>{1, 0.25, 0.5, 1}));
  EXPECT_EQ(map.row_labels, (std::vector<std::string>{"11", "12"}));
  EXPECT_EQ(map.column_labels, map.row_labels);
  EXPECT_EQ(map.scale.min, -1);
  EXPECT_EQ(map.scale.max, 1);
  EXPECT_FALSE(map.scale.bar);
}

TEST(EmbeddingPanelsTest, ComponentsOfTheKindsThatThereAre) {
  FigureData data{.figure = "fig", .profile = "default"};
  data.Add("B/variance", {0.75, 0.25}, "1");
  double place = 0;
  for (const std::string kind : {"keys", "memory", "reasoning"}) {
    data.Add("B/" + kind + "/token", {10 + place, 11 + place}, "token");
    data.Add("B/" + kind + "/pc1", {place, place + 1}, "1");
    data.Add("B/" + kind + "/pc2", {-place, -place - 1}, "1");
    place += 10;
  }
  const plot::Panel panel = ComponentPanel(data, "B");
  EXPECT_EQ(panel.x_axis.label, "PC 1 (75 %)");
  EXPECT_EQ(panel.y_axis.label, "PC 2 (25 %)");
  const auto& groups = std::get<plot::Scatter>(panel.content).groups;
  ASSERT_EQ(groups.size(), 3) << "no other tokens";
  EXPECT_EQ(groups[0].values, (std::vector<double>{10, 11})) << "keys are coloured by number";
  EXPECT_EQ(groups[1].x, (std::vector<double>{10, 11}));
  EXPECT_EQ(groups[1].y, (std::vector<double>{-10, -11}));
  EXPECT_TRUE(groups[1].values.empty());
  EXPECT_TRUE(groups[1].point_labels.empty());
  EXPECT_EQ(groups[2].point_labels, (std::vector<std::string>{"30", "31"}));
}

TEST(EmbeddingPanelsTest, TheRowOfAnAnchorIsDrawnBesideTheTheorys) {
  FigureData data{.figure = "fig", .profile = "default"};
  data.Add("C/token", {11, 12, 13}, "token");
  for (const char* name : {"real", "real_lo", "real_hi"}) {
    data.Add(std::string("C/") + name, {0.5, 1, 0.25}, "1");
  }
  data.Add("C/theory", {0.75, 1, 0.75}, "1");
  const plot::Panel panel = TheoryRowPanel(data, "C", 12);
  EXPECT_EQ(panel.title, "s = 12");
  const std::vector<plot::Series>& series = std::get<plot::LinePlot>(panel.content).series;
  ASSERT_EQ(series.size(), 2);
  EXPECT_EQ(series[0].x, (std::vector<double>{11, 12, 13}));
  EXPECT_EQ(series[0].y, (std::vector<double>{0.5, 1, 0.25}));
  EXPECT_EQ(series[0].look, RoleLook(Role::kMeasured));
  EXPECT_EQ(series[1].x, series[0].x);
  EXPECT_EQ(series[1].y, (std::vector<double>{0.75, 1, 0.75}));
  EXPECT_EQ(series[1].look, RoleLook(Role::kTheory));
  EXPECT_TRUE(series[1].lo.empty());
}

}  // namespace
}  // namespace initbias
