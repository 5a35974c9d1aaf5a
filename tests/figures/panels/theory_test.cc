#include "figures/panels/theory.h"

#include <gtest/gtest.h>

#include <string>
#include <variant>
#include <vector>

#include "figures/look.h"

namespace initbias {
namespace {

TEST(TheoryPanelsTest, AgreementIsAPanelARateWithTwoLinesAKind) {
  FigureData data{.figure = "fig", .profile = "default"};
  for (const std::string rate : {"0.3", "0.8"}) {
    const std::string group = "A/gamma=" + rate;
    data.Add(group + "/step", {0, 9}, "optimiser steps");
    for (const std::string kind : {"memory", "reasoning"}) {
      data.Add(group + "/" + kind + "/gradient", {2, 3}, {0.5, -1, 1, 0, 0.25, 1}, "1");
      data.Add(group + "/" + kind + "/change", {1, 3}, {0.75, 1, 0}, "1");
    }
  }
  plot::Figure figure;
  AddAgreementRow({.panel = "A",
                   .heading = "Model",
                   .dashed = "change",
                   .dashed_label = "the step",
                   .markers = true,
                   .row = 2,
                   .gammas = {0.3, 0.8}},
                  data, &figure);
  ASSERT_EQ(figure.panels.size(), 2);
  EXPECT_EQ(figure.panels[0].letter, "A");
  EXPECT_EQ(figure.panels[0].heading, "Model");
  EXPECT_EQ(figure.panels[1].letter, "");
  EXPECT_EQ(figure.panels[1].title, "γ = 0.8");
  EXPECT_EQ(figure.panels[1].row, 2);
  EXPECT_EQ(figure.panels[1].column, 1);
  const auto& series = std::get<plot::LinePlot>(figure.panels[0].content).series;
  ASSERT_EQ(series.size(), 4);
  EXPECT_EQ(series[0].label, "memory, the paper's");
  EXPECT_EQ(series[0].x, (std::vector<double>{1, 10})) << "one more, for the logarithm";
  EXPECT_EQ(series[0].y, (std::vector<double>{0.5, 0.25}));
  EXPECT_EQ(series[0].lo, (std::vector<double>{-1, 0}));
  EXPECT_EQ(series[0].hi, (std::vector<double>{1, 1}));
  EXPECT_FALSE(series[0].markers);
  EXPECT_EQ(series[1].label, "memory, the step");
  EXPECT_EQ(series[1].x, (std::vector<double>{1})) << "no step after the last snapshot";
  EXPECT_EQ(series[1].y, (std::vector<double>{0.75}));
  EXPECT_TRUE(series[1].lo.empty());
  EXPECT_TRUE(series[1].markers);
  EXPECT_EQ(series[1].look.dash, plot::Dash::kDashed);
  EXPECT_EQ(series[2].look.hue, RoleLook(Role::kReasoningTrain).hue);
}

TEST(TheoryPanelsTest, SizesAreMeasuredOverPredicted) {
  FigureData data{.figure = "fig", .profile = "default"};
  for (const std::string kind : {"memory", "reasoning"}) {
    data.Add("C/" + kind + "/predicted", {1, 2}, "norm");
    data.Add("C/" + kind + "/measured", {1.5, kind == "memory" ? 2.0 : 4.0}, "norm");
  }
  const plot::Panel panel = SizePanel(data, "C");
  const auto& groups = std::get<plot::Scatter>(panel.content).groups;
  ASSERT_EQ(groups.size(), 2);
  EXPECT_EQ(groups[0].label, "memory anchors");
  EXPECT_EQ(groups[1].x, (std::vector<double>{1, 2}));
  EXPECT_EQ(groups[1].y, (std::vector<double>{1.5, 4}));
  EXPECT_EQ(panel.x_axis.min, 0);
}

TEST(TheoryPanelsTest, RatiosAreDrawnOverWhatRunsDifferIn) {
  FigureData data{.figure = "fig", .profile = "default"};
  data.Add("D/width", {50, 200}, "d_m");
  data.Add("D/ratio", {1, 0.5}, "1");
  data.Add("D/ratio_lo", {0.75, 0.25}, "1");
  data.Add("D/ratio_hi", {2, 1}, "1");
  const plot::Panel panel = RatioPanel(data, "D", "width", "width d_{m}", true);
  EXPECT_EQ(panel.x_axis.label, "width d_{m}");
  EXPECT_TRUE(panel.x_axis.log);
  EXPECT_FALSE(RatioPanel(data, "D", "width", "", false).x_axis.log);
  const auto& series = std::get<plot::LinePlot>(panel.content).series;
  ASSERT_EQ(series.size(), 1);
  EXPECT_EQ(series[0].x, (std::vector<double>{50, 200}));
  EXPECT_EQ(series[0].lo, (std::vector<double>{0.75, 0.25}));
}

}  // namespace
}  // namespace initbias
