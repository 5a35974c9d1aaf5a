#include "figures/panels/marked_curves.h"

#include <gtest/gtest.h>

#include <vector>

#include "figures/look.h"
#include "tests/figures/panels/sample_curve.h"

namespace initbias {
namespace {

TEST(MarkedCurvesTest, ACurveARateOverWhatWasVaried) {
  FigureData data{.figure = "fig", .profile = "default"};
  data.Add("A/dial", {2, 10, 50}, "1");
  for (const char* group : {"A/gamma=0.8", "A/gamma=0.3", "C/gamma=0.5"}) {
    AddCurve(group, "lead", &data);
  }
  const plot::LinePlot lines = RateCurves(data, "A/dial", "A", "lead");
  ASSERT_EQ(lines.series.size(), 2);
  EXPECT_EQ(lines.series[0].label, "γ = 0.3");
  EXPECT_EQ(lines.series[0].look, GammaLook(0.3));
  EXPECT_EQ(lines.series[1].x, (std::vector<double>{2, 10, 50}));
  EXPECT_EQ(lines.series[1].lo, (std::vector<double>{2.5, 1.5, 0.5}));
  EXPECT_TRUE(lines.series[1].markers);
}

TEST(MarkedCurvesTest, ARatesGroupMayBeTheCurve) {
  FigureData data{.figure = "fig", .profile = "default"};
  data.Add("rates", {1, 2, 3}, "1");
  AddCurve("B", "gamma=0.5", &data);
  const plot::LinePlot lines = RateCurves(data, "rates", "B");
  ASSERT_EQ(lines.series.size(), 1) << "its band is no other rate";
  EXPECT_EQ(lines.series[0].label, "γ = 0.5");
  EXPECT_EQ(lines.series[0].x, (std::vector<double>{1, 2, 3}));
}

TEST(MarkedCurvesTest, ACurveAKind) {
  FigureData data{.figure = "fig", .profile = "default"};
  data.Add("B/rate", {0.3, 0.5, 0.8}, "1");
  AddCurve("B", "memory", &data);
  AddCurve("B", "reasoning", &data);
  const plot::LinePlot lines = KindCurves(data, "B", "rate", "sequences");
  ASSERT_EQ(lines.series.size(), 2);
  EXPECT_EQ(lines.series[0].label, "memory sequences");
  EXPECT_EQ(lines.series[1].x, (std::vector<double>{0.3, 0.5, 0.8}));
  EXPECT_EQ(lines.series[1].look, RoleLook(Role::kReasoningTrain));
  EXPECT_TRUE(lines.series[0].markers);
}

}  // namespace
}  // namespace initbias
