// What a sweep's figure holds of runs, and what is drawn of it.
#include "experiments/sweep_figure.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <variant>

#include "figures/plot/check.h"
#include "lib/measure/learning.h"
#include "tests/measure/curves_run.h"

namespace initbias {
namespace {

// A run of each place of the axes and each seed, with a masked accuracy of its own at the end.
std::vector<RunResult> RunsOf(const std::vector<SweepAxis>& axes,
                              const std::vector<int64_t>& seeds) {
  std::vector<RunResult> runs;
  for (const int64_t seed : seeds) {
    RunResult base = RunOf(0.5, seed, {1, 1, 1}, {1, 1, 1}, {1, 1, 1}, 0);
    for (const RunConfig& config : SweepRuns(base.config, axes)) {
      runs.push_back(base);
      runs.back().config = config;
      for (LearningCurve& curve : runs.back().curves) {
        curve.accuracy.back() = 0.01 * static_cast<double>(runs.size());
      }
    }
  }
  return runs;
}

FigureData Assembled(const Sweep& sweep, std::vector<RunResult> runs) {
  FigureData data;
  AddSweep("A", sweep, RunSet(std::move(runs)).All(), &data);
  return data;
}

plot::Figure Described(const FigureData& data) {
  plot::Figure figure{.title = "t", .caption = "c", .columns = SweepColumns("A", data)};
  AddSweepPanels("A", data, 0, &figure);
  plot::CheckFigure("sweep", figure);
  return figure;
}

TEST(SweepFigureTest, TwoAxesAreAHeatMapOfMediansWithTheFirstToTheRight) {
  const Sweep sweep{
      .axes = {ParseAxis("gamma=0.3,0.8"), ParseAxis("optimizer.weight_decay=0,0.1,1")},
      .metrics = {"masked_accuracy"}};
  const FigureData data = Assembled(sweep, RunsOf(sweep.axes, {4, 5, 6}));
  const FigureArray& cells = data.Get("A/cells/masked_accuracy");
  EXPECT_EQ(cells.shape, (std::vector<int64_t>{2, 3, 3}));
  const plot::Figure figure = Described(data);
  ASSERT_EQ(figure.panels.size(), 1);
  const auto& map = std::get<plot::HeatMap>(figure.panels[0].content);
  EXPECT_EQ(map.column_labels, (std::vector<std::string>{"0.3", "0.8"}));
  EXPECT_EQ(map.row_labels, (std::vector<std::string>{"1", "0.1", "0"}));  // rising upwards
  // The second seed's are the medians: runs 7 .. 12 in their order.
  EXPECT_NEAR(map.values[0], 0.09, 1e-12);  // gamma = 0.3, decay 1
  EXPECT_NEAR(map.values[5], 0.10, 1e-12);  // gamma = 0.8, decay 0
}

TEST(SweepFigureTest, ContoursOfAnotherMetricLieOverTheFirstMapAlone) {
  const Sweep sweep{.axes = {ParseAxis("gamma=0.3,0.8"), ParseAxis("optimizer.weight_decay=0,0.1")},
                    .metrics = {"reasoning_accuracy", "masked_accuracy"},
                    .contours = "memory_accuracy"};
  const FigureData data = Assembled(sweep, RunsOf(sweep.axes, {4, 5, 6}));
  EXPECT_EQ(data.Get("A/contours/memory_accuracy").shape, (std::vector<int64_t>{2, 2, 3}));
  const plot::Figure figure = Described(data);
  ASSERT_EQ(figure.panels.size(), 2);
  EXPECT_NE(figure.panels[0].title.find("; lines: memory accuracy"), std::string::npos);
  const auto& map = std::get<plot::HeatMap>(figure.panels[0].content);
  // RunsOf gives all sets one accuracy: the lines are the colours'.
  EXPECT_EQ(map.contours.values, map.values);
  EXPECT_FALSE(map.contours.levels.empty());
  EXPECT_TRUE(std::get<plot::HeatMap>(figure.panels[1].content).contours.values.empty());
}

// A lead of 0.01 is not to look like one of 1, nor 0 like the smallest.
TEST(SweepFigureTest, ColoursOfASignedMetricLieEquallyToBothSidesOfZero) {
  const Sweep sweep{.axes = {ParseAxis("gamma=0.3,0.8"), ParseAxis("optimizer.weight_decay=0,0.1")},
                    .metrics = {"lead"}};
  std::vector<RunResult> runs = RunsOf(sweep.axes, {4});
  for (LearningCurve& curve : runs[1].curves) {
    if (curve.group == kMemorySet) {
      std::ranges::fill(curve.loss, 0.25);
    }
  }
  const plot::Figure figure = Described(Assembled(sweep, std::move(runs)));
  const plot::ColorScale& scale = std::get<plot::HeatMap>(figure.panels[0].content).scale;
  EXPECT_EQ(scale.map, plot::ColorMap::kDiverging);
  ASSERT_TRUE(scale.min && scale.max);
  EXPECT_GT(*scale.max, 0);
  EXPECT_EQ(*scale.min, -*scale.max);
}

// All that no run comes to stands below, in a row without height.
TEST(SweepFigureTest, WhatNoRunComesToTakesNoRoom) {
  const Sweep sweep{
      .axes = {ParseAxis("gamma=0.3,0.5,0.8")},
      .metrics = {"memory_steps_90", "masked_steps_90", "reasoning_steps_90", "masked_accuracy"}};
  const plot::Figure figure = Described(Assembled(sweep, RunsOf(sweep.axes, {4})));
  ASSERT_EQ(figure.panels.size(), 4);
  EXPECT_TRUE(std::holds_alternative<plot::LinePlot>(figure.panels[0].content));
  ASSERT_EQ(figure.row_heights_in.size(), 2);
  EXPECT_LT(figure.row_heights_in[1], figure.row_heights_in[0] / 3);
}

TEST(SweepFigureTest, WithoutContoursThereAreNone) {
  const Sweep sweep{.axes = {ParseAxis("gamma=0.3,0.8"), ParseAxis("optimizer.weight_decay=0,0.1")},
                    .metrics = {"masked_accuracy"}};
  const plot::Figure figure = Described(Assembled(sweep, RunsOf(sweep.axes, {4})));
  EXPECT_TRUE(std::get<plot::HeatMap>(figure.panels[0].content).contours.values.empty());
}

TEST(SweepFigureTest, OneAxisIsACurveWithABand) {
  const Sweep sweep{.axes = {ParseAxis("gamma=0.3,0.5,0.8")},
                    .metrics = {"masked_accuracy", "area"}};
  const plot::Figure figure = Described(Assembled(sweep, RunsOf(sweep.axes, {4, 5, 6})));
  ASSERT_EQ(figure.panels.size(), 2);
  const auto& line = std::get<plot::LinePlot>(figure.panels[0].content).series.at(0);
  EXPECT_EQ(line.x, (std::vector<double>{0.3, 0.5, 0.8}));
  EXPECT_NEAR(line.lo[0], 0.01, 1e-12);
  EXPECT_NEAR(line.y[0], 0.04, 1e-12);
  EXPECT_NEAR(line.hi[0], 0.07, 1e-12);
}

TEST(SweepFigureTest, OfTextsThereIsAMapAndOfThreeAxesAPanelAValue) {
  const Sweep one{.axes = {ParseAxis("transformer.norm=pre,post,none")}, .metrics = {"lead"}};
  const plot::Figure row = Described(Assembled(one, RunsOf(one.axes, {4})));
  EXPECT_EQ(std::get<plot::HeatMap>(row.panels.at(0).content).rows, 1);
  for (const bool lines : {false, true}) {
    const Sweep three{
        .axes = {ParseAxis("gamma=0.3,0.8"), ParseAxis("optimizer.weight_decay=0.0,1.0"),
                 ParseAxis("transformer.norm=pre,post")},
        .metrics = {"masked_accuracy", "lead"},
        .lines = lines};
    const plot::Figure figure = Described(Assembled(three, RunsOf(three.axes, {4, 5})));
    ASSERT_EQ(figure.panels.size(), 4);
    EXPECT_EQ(figure.panels[0].content.index(), lines ? 0 : 1);
    if (!lines) {  // of one metric: the same colours
      const auto& left = std::get<plot::HeatMap>(figure.panels[0].content).scale;
      const auto& right = std::get<plot::HeatMap>(figure.panels[1].content).scale;
      EXPECT_EQ(left.min, right.min);
      EXPECT_EQ(left.max, right.max);
    }
  }
}

TEST(SweepFigureTest, ACellIsThatOfBothAxes) {
  const Sweep sweep{
      .axes = {ParseAxis("gamma=0.3,0.8"), ParseAxis("optimizer.weight_decay=0,0.1,1")},
      .metrics = {kMaskedAccuracyName}};
  const FigureData data = Assembled(sweep, RunsOf(sweep.axes, {4, 5}));
  EXPECT_EQ(SweepValues("A", 0, data), (std::vector<std::string>{"0.3", "0.8"}));
  EXPECT_EQ(SweepValues("A", 1, data), sweep.axes[1].values);
  EXPECT_THROW(SweepValues("A", 2, data), NoSuchFigureData);
  const std::vector<SeedList> line = SweepLine("A", kMaskedAccuracyName, data, "0.1");
  EXPECT_EQ(SweepCell("A", kMaskedAccuracyName, "0.8", "0.1", data), line.at(1).values);
  EXPECT_NE(SweepCell("A", kMaskedAccuracyName, "0.3", "0.1", data), line.at(1).values);
  EXPECT_THROW(SweepCell("A", kMaskedAccuracyName, "0.5", "0.1", data), NoSuchFigureData);
}

TEST(SweepFigureTest, WhereNoRunComesSoFarThatIsSaid) {
  const Sweep sweep{
      .axes = {ParseAxis("gamma=0.3,0.8"), ParseAxis("optimizer.weight_decay=0.0,1.0")},
      .metrics = {"masked_accuracy", "masked_steps_90"}};
  const plot::Figure figure = Described(Assembled(sweep, RunsOf(sweep.axes, {4, 5})));
  ASSERT_EQ(figure.panels.size(), 2);
  EXPECT_TRUE(std::holds_alternative<plot::TokenStrip>(figure.panels[1].content));
}

TEST(SweepFigureTest, ARunThatFailedIsAGapUnlessMostSeedsAreThere) {
  const Sweep sweep{.axes = {ParseAxis("gamma=0.3,0.8")}, .metrics = {"masked_accuracy"}};
  std::vector<RunResult> runs = RunsOf(sweep.axes, {4, 5, 6});
  runs.erase(runs.begin());      // gamma = 0.3 of one seed
  runs.erase(runs.begin());      // gamma = 0.8 of one seed ..
  runs.erase(runs.begin() + 1);  // .. and of another
  const plot::Figure figure = Described(Assembled(sweep, std::move(runs)));
  const auto& line = std::get<plot::LinePlot>(figure.panels.at(0).content).series.at(0);
  EXPECT_FALSE(std::isnan(line.y[0]));
  EXPECT_TRUE(std::isnan(line.y[1]));
}

}  // namespace
}  // namespace initbias
