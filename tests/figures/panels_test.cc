// What figures draw of a figure file's data.
#include "figures/panels.h"

#include <gtest/gtest.h>

#include <cmath>

#include "figures/learning_curves.h"
#include "figures/look.h"
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

TEST(PanelsTest, ACurveOverSeedsWithItsBand) {
  FigureData data{.figure = "fig", .profile = "default"};
  AddCurve("A", "loss", &data);
  data.Add("rates", {1, 2, 3}, "1");
  const plot::Series series = BandCurve(data, "rates", "A/loss", "label", plot::IndexLook(1));
  EXPECT_EQ(series.label, "label");
  EXPECT_EQ(series.x, (std::vector<double>{1, 2, 3}));
  EXPECT_EQ(series.y, (std::vector<double>{3, 2, 1}));
  EXPECT_EQ(series.lo, (std::vector<double>{2.5, 1.5, 0.5}));
  EXPECT_EQ(series.hi, (std::vector<double>{3.5, 2.5, 1.5}));
  EXPECT_EQ(Curve(data, "A", "epoch", "loss", "", plot::IndexLook(0)).x,
            (std::vector<double>{0, 1, 2}));
  EXPECT_THROW(BandCurve(data, "rates", "A/accuracy", "", plot::IndexLook(0)), NoSuchFigureData);
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

TEST(PanelsTest, OneOfTheRatesOfTheFile) {
  FigureData data{.figure = "fig3", .profile = "default"};
  for (const char* group : {"A/gamma=0.8", "A/gamma=0.3"}) {
    AddCurve(group, "loss", &data);
  }
  EXPECT_EQ(GammaAt(data, "A/gamma=", 0), 0.3);
  EXPECT_EQ(GammaAt(data, "A/gamma=", 1), 0.8);
  EXPECT_EQ(LargestGamma(data, "A/gamma="), 0.8);
  EXPECT_THROW(GammaAt(data, "A/gamma=", 2), NoSuchFigureData);
  EXPECT_THROW(LargestGamma(data, "B/gamma="), NoSuchFigureData);
}

TEST(PanelsTest, RateOfTheRunsIsThatOfTheirLabels) {
  FigureData data{.figure = "fig4", .profile = "default"};
  EXPECT_THROW(RateText(data), NoSuchFigureData);
  data.runs = {{.label = "emb_mlp gamma=0.8 seed=4 lr=0.0001"}, {.label = "emb_mlp gamma=0.8"}};
  EXPECT_EQ(RateText(data), "γ = 0.8");
  data.runs = {{.label = "emb_mlp gamma=0.65"}};
  EXPECT_EQ(RateText(data), "γ = 0.65");
  data.runs = {{.label = "emb_mlp"}};
  EXPECT_THROW(RateText(data), NoSuchFigureData);
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

TEST(PanelsTest, CosinesAreDrawnBetweenTheirTokens) {
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

TEST(PanelsTest, ComponentsOfTheKindsThatThereAre) {
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

TEST(PanelsTest, TheRowOfAnAnchorIsDrawnBesideTheTheorys) {
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

TEST(PanelsTest, AlignmentHasALineAKindOfAnchors) {
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

TEST(PanelsTest, SingularValuesAreDrawnByTheirIndex) {
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

TEST(PanelsTest, CorporaAreLikeTheKindsOfTheTask) {
  const std::vector<Condition> corpora = CorpusConditions("B/");
  ASSERT_EQ(corpora.size(), 2);
  EXPECT_EQ(corpora[0].group, "B/prontoqa");
  EXPECT_EQ(corpora[0].look, RoleLook(Role::kReasoningTrain));
  EXPECT_EQ(corpora[1].group, "B/tinystories");
  EXPECT_EQ(corpora[1].label, "TinyStories");
  EXPECT_EQ(corpora[1].look, RoleLook(Role::kMemory));
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
