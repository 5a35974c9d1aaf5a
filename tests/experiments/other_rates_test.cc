// What figures 4, 5 and 6 at the other rates have in common.
#include "experiments/other_rates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/measure/curves_run.h"

namespace initbias {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// A run with snapshots at the start and at the end, whose reasoning loss falls to `reasoning` of
// its guess level.
RunResult SnapshotRun(double gamma, double reasoning) {
  RunResult run = RunOf(gamma, 4, {1, 1}, {1, reasoning}, {1, 1});
  run.config.probe.steps = {0, 100};
  return run;
}

double GammaOf(const RunResult& run, double) { return run.config.init.gamma; }

FigureData RatesFigure() {
  const RunSet runs({SnapshotRun(0.8, 0.2), SnapshotRun(0.3, 0.2), SnapshotRun(0.5, 0.2)});
  FigureData figure{.figure = "fig", .profile = "default"};
  const auto add = [](const std::string& group, const Runs& some, FigureData* out) {
    const double gamma = some.front()->config.init.gamma;
    out->Add(group + "/epoch", {0, 1}, "epochs");
    AddBand(group + "/rate", "1", {{gamma, gamma}}, out);
  };
  AddOtherRates({.add_panels = add, .add_course = add, .stages = {{"rate", GammaOf}}}, runs,
                &figure);
  return figure;
}

TEST(AddOtherRatesTest, PanelsOfTwoRatesAndTheCourseOfThree) {
  const FigureData figure = RatesFigure();
  EXPECT_THAT(figure.Get("A/rate").values, ElementsAre(0.3, 0.3));
  EXPECT_THAT(figure.Get("B/rate").values, ElementsAre(0.5, 0.5));
  EXPECT_FALSE(figure.Has("C/rate"));
  for (const char* gamma : {"0.3", "0.5", "0.8"}) {
    const double rate = std::stod(gamma);
    EXPECT_THAT(figure.Get(std::string("C/gamma=") + gamma + "/rate").values,
                ElementsAre(rate, rate));
    EXPECT_THAT(figure.Get(std::string("stages/gamma=") + gamma + "/rate").values,
                ElementsAre(rate, rate, rate, rate, rate));
  }
}

TEST(OtherRatesOfTest, ThePanelsWithTheRatesOfTheFile) {
  const std::vector<OtherRate> rates = OtherRatesOf(RatesFigure());
  ASSERT_EQ(rates.size(), 2);
  EXPECT_EQ(rates[0].group, "A");
  EXPECT_EQ(rates[0].gamma, 0.3);
  EXPECT_EQ(rates[1].group, "B");
  EXPECT_EQ(rates[1].gamma, 0.5);
  EXPECT_THROW(OtherRatesOf(FigureData{}), NoSuchFigureData);
}

TEST(OtherRatesCourseTest, ALineARate) {
  const plot::Panel panel = OtherRatesCourse(RatesFigure(), "rate", "correlation");
  EXPECT_EQ(panel.y_axis.label, "correlation");
  const std::vector<plot::Series>& series = std::get<plot::LinePlot>(panel.content).series;
  ASSERT_EQ(series.size(), 3);
  EXPECT_EQ(series[2].label, "γ = 0.8");
  EXPECT_THAT(series[2].y, ElementsAre(0.8, 0.8));
}

TEST(SmallHasMoreTest, ComparesWhereAsMuchIsLearned) {
  const ClaimSpec claim = SmallHasMore({.figure = 5, .theory = "Eq. 14", .agreement = GammaOf});
  EXPECT_EQ(claim.id, "appendix_c_fig5.structure");
  EXPECT_EQ(claim.place, kAppendixC);
  EXPECT_THAT(claim.metric, HasSubstr("with those of Eq. 14, at gamma = 0.8 minus at 0.3, each "));
  const RunSet runs({SnapshotRun(0.3, 0.2), SnapshotRun(0.8, 0.2)});
  EXPECT_THAT(claim.measure(runs), ElementsAre(0.5));
  EXPECT_THAT(claim.reason(runs), HasSubstr("gamma = 0.3, at the end"));
  const RunSet behind({SnapshotRun(0.3, 0.9), SnapshotRun(0.8, 0.2)});
  EXPECT_THAT(claim.measure(behind), ElementsAre(testing::IsNan()));
}

}  // namespace
}  // namespace initbias
