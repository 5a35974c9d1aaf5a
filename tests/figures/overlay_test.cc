// Curves of two files of the store, found and laid over each other.
#include "figures/overlay.h"

#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>

#include <string>
#include <variant>
#include <vector>

#include "lib/base/error.h"

namespace initbias {
namespace {

using testing::ElementsAre;

OverlayCurve Curve(const std::string& panel, const std::string& series) {
  return {.panel = panel, .series = series, .unit = "nats", .epoch = {0, 1}, .values = {2, 3}};
}

std::vector<std::string> PanelsAndSeries(const std::vector<OverlayCurve>& curves) {
  std::vector<std::string> names;
  for (const OverlayCurve& curve : curves) {
    names.push_back(curve.panel + ": " + curve.series);
  }
  return names;
}

const std::vector<plot::Series>& SeriesOf(const plot::Panel& panel) {
  return std::get<plot::LinePlot>(panel.content).series;
}

TEST(CurvesOfTest, ARunHasLossesAndAccuracies) {
  RunResult run;
  run.epoch = {0, 0.5, 1};
  run.curves = {{.group = "memory", .loss = {3, 2, 1}, .accuracy = {0, 0.5, 1}},
                {.group = "reasoning_train", .loss = {4, 3, 2}, .accuracy = {0, 0, 1}}};
  const std::vector<OverlayCurve> curves = CurvesOf(run);
  EXPECT_THAT(PanelsAndSeries(curves),
              ElementsAre("loss: memory", "loss: reasoning_train", "accuracy: memory",
                          "accuracy: reasoning_train"));
  EXPECT_EQ(curves[1].unit, "nats");
  EXPECT_EQ(curves[1].epoch, run.epoch);
  EXPECT_THAT(curves[1].values, ElementsAre(4, 3, 2));
  EXPECT_THAT(curves[2].values, ElementsAre(0, 0.5, 1));
}

TEST(CurvesOfTest, AFigureHasMediansOverEpochsAlone) {
  FigureData figure;
  figure.Add("A/memory/epoch", {0, 1}, "1");
  figure.Add("A/memory/loss", {3, 2}, "nats");
  figure.Add("A/memory/loss_lo", {2, 1}, "nats");
  figure.Add("A/memory/loss_hi", {4, 3}, "nats");
  figure.Add("A/memory/loss_seeds", {3, 2}, "nats");
  figure.Add("A/memory/other", {1, 2, 3}, "1");  // as many as there are of something else
  figure.Add("B/cosine", {1, 2}, "1");           // not over epochs
  const std::vector<OverlayCurve> curves = CurvesOf(figure);
  ASSERT_THAT(PanelsAndSeries(curves), ElementsAre("A, loss: memory"));
  EXPECT_EQ(curves.front().unit, "nats");
  EXPECT_THAT(curves.front().epoch, ElementsAre(0, 1));
  EXPECT_THAT(curves.front().values, ElementsAre(3, 2));
  EXPECT_TRUE(CurvesOf(FigureData()).empty());
}

TEST(OverlayFigureTest, APanelATitleInTheOrderOfTheFirstFile) {
  const plot::Figure figure = OverlayFigure(
      {Curve("loss", "memory"), Curve("accuracy", "memory")},
      {Curve("bias", "memory"), Curve("accuracy", "memory"), Curve("loss", "memory")});
  ASSERT_EQ(figure.panels.size(), 3u);
  EXPECT_EQ(figure.panels[0].title, "loss");
  EXPECT_EQ(figure.panels[1].title, "accuracy");
  EXPECT_EQ(figure.panels[2].title, "bias");
  EXPECT_EQ(figure.columns, 3);
  EXPECT_EQ(SeriesOf(figure.panels[2]).size(), 1u);
  EXPECT_EQ(figure.panels[0].y_axis.unit, "nats");
}

TEST(OverlayFigureTest, OneHueASeriesTheFirstFileSolidTheSecondDashed) {
  const plot::Figure figure = OverlayFigure({Curve("loss", "memory"), Curve("loss", "reasoning")},
                                            {Curve("loss", "reasoning")});
  const std::vector<plot::Series>& series = SeriesOf(figure.panels.front());
  ASSERT_EQ(series.size(), 3u);
  EXPECT_EQ(series[0].label, "memory, A");
  EXPECT_EQ(series[2].label, "reasoning, B");
  EXPECT_EQ(series[1].look.hue, series[2].look.hue);
  EXPECT_NE(series[0].look.hue, series[1].look.hue);
  EXPECT_EQ(series[1].look.dash, plot::Dash::kSolid);
  EXPECT_EQ(series[2].look.dash, plot::Dash::kDashed);
  EXPECT_EQ(figure.columns, 1);
}

TEST(OverlayFigureTest, RefusesTwoFilesWithoutCurves) {
  EXPECT_THROW(OverlayFigure({}, {}), Error);
}

}  // namespace
}  // namespace initbias
