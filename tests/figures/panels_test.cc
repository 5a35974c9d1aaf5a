// What figures draw of a figure file's data.
#include "figures/panels.h"

#include <gtest/gtest.h>

#include <cmath>

#include "figures/learning_curves.h"
#include "tests/error_of.h"

namespace initbias {
namespace {

// A curve of three epochs with its band at <group>/<name>.
void AddCurve(const std::string& group, const std::string& name, FigureData* data) {
  if (!data->Has(group + "/epoch")) {
    data->Add(group + "/epoch", {0, 1, 2}, "epochs");
  }
  data->Add(group + "/" + name, {3, 2, 1}, "nats");
  data->Add(group + "/" + name + "_lo", {2.5, 1.5, 0.5}, "nats");
  data->Add(group + "/" + name + "_hi", {3.5, 2.5, 1.5}, "nats");
}

TEST(PanelsTest, TextsOfNumbers) {
  FigureData data{.figure = "fig", .profile = "default"};
  data.Add("tokens", {11, 12, 20}, "token");
  data.Add("epoch", {2.25, 900}, "epochs");
  EXPECT_EQ(WholeNumbers(data, "tokens"), (std::vector<std::string>{"11", "12", "20"}));
  EXPECT_EQ(EpochText(data, "epoch"), "epoch\u00a02.25");
  EXPECT_EQ(EpochText(data, "epoch", 1), "epoch\u00a0900");
  EXPECT_EQ(Value(data, "epoch"), 2.25);
}

TEST(PanelsTest, RatesAreThoseOfTheFile) {
  FigureData data{.figure = "fig", .profile = "default"};
  for (const char* group : {"A/gamma=0.8", "A/gamma=0.3", "B/gamma=0.5", "A/other"}) {
    AddCurve(group, "loss", &data);
  }
  EXPECT_EQ(GammasOf(data, "A/gamma="), (std::vector<double>{0.3, 0.8}));
  EXPECT_TRUE(GammasOf(data, "C/gamma=").empty());
  const plot::Panel panel = CoursePanel(data, GammaConditions(data, "A/gamma="), "loss", "loss");
  const std::vector<plot::Series>& series = std::get<plot::LinePlot>(panel.content).series;
  ASSERT_EQ(series.size(), 2);
  EXPECT_EQ(series[0].label, "γ = 0.3");
  EXPECT_EQ(series[1].y, (std::vector<double>{3, 2, 1}));
  EXPECT_EQ(series[1].hi, (std::vector<double>{3.5, 2.5, 1.5}));
}

TEST(PanelsTest, WhatIsNotInTheFileIsNamed) {
  const FigureData data{.figure = "fig3", .profile = "default"};
  const std::string error = ErrorOf([&] { Curve(data, "A", "epoch", "loss", "", {}); });
  EXPECT_NE(error.find("/panels/A/"), std::string::npos) << error;
  EXPECT_NE(error.find("fig3 (default profile)"), std::string::npos) << error;
}

TEST(PanelsTest, AttentionAboveTheDiagonalIsLeftOut) {
  FigureData data{.figure = "fig", .profile = "default"};
  data.Add("attention", {2, 2}, {1, 0, 0.5, 0.5}, "1");
  const plot::Panel panel = AttentionPanel(data, "attention", true);
  const std::vector<double>& values = std::get<plot::HeatMap>(panel.content).values;
  EXPECT_EQ(values[0], 1);
  EXPECT_TRUE(std::isnan(values[1]));
  EXPECT_EQ(values[2], 0.5);
}

TEST(PanelsTest, AnchorPanelsAreTwoMatricesAndAMean) {
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

TEST(LearningCurvesTest, DrawsTheSetsThatThereAre) {
  FigureData data{.figure = "fig", .profile = "default"};
  AddCurve("A/gamma=0.3/memory", "loss", &data);
  AddCurve("A/gamma=0.3/reasoning_train", "loss", &data);
  const plot::Panel panel = CurvePanel(data, "A/gamma=0.3", "loss");
  EXPECT_EQ(std::get<plot::LinePlot>(panel.content).series.size(), 2) << "no masked sequences";
  plot::Figure figure;
  AddCurveRow({.letter = "A", .panel = "A", .quantity = "loss", .gammas = {0.3}, .titles = true},
              data, &figure);
  ASSERT_EQ(figure.panels.size(), 1);
  EXPECT_EQ(figure.panels[0].title, "γ = 0.3");
  EXPECT_EQ(figure.panels[0].y_axis.unit, "nats");
}

}  // namespace
}  // namespace initbias
