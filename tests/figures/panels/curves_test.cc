#include "figures/panels/curves.h"

#include <gtest/gtest.h>

#include <string>
#include <variant>
#include <vector>

#include "figures/look.h"
#include "tests/error_of.h"
#include "tests/figures/panels/sample_curve.h"

namespace initbias {
namespace {

TEST(CurvesTest, ACurveOverSeedsWithItsBand) {
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

TEST(CurvesTest, ALineOfEachRate) {
  FigureData data{.figure = "fig", .profile = "default"};
  for (const char* group : {"A/gamma=0.8", "A/gamma=0.3", "B/gamma=0.5", "A/other"}) {
    AddCurve(group, "loss", &data);
  }
  const plot::Panel panel = CoursePanel(data, GammaConditions(data, "A"), "loss", "loss");
  const std::vector<plot::Series>& series = std::get<plot::LinePlot>(panel.content).series;
  ASSERT_EQ(series.size(), 2);
  EXPECT_EQ(series[0].label, "γ = 0.3");
  EXPECT_EQ(series[1].y, (std::vector<double>{3, 2, 1}));
  EXPECT_EQ(series[1].hi, (std::vector<double>{3.5, 2.5, 1.5}));
}

TEST(CurvesTest, WhatIsNotInTheFileIsNamed) {
  const FigureData data{.figure = "fig3", .profile = "default"};
  const std::string error = ErrorOf([&] { Curve(data, "A", "epoch", "loss", "", {}); });
  EXPECT_NE(error.find("/panels/A/"), std::string::npos) << error;
  EXPECT_NE(error.find("fig3 (default profile)"), std::string::npos) << error;
}

TEST(CurvesTest, CorporaAreLikeTheKindsOfTheTask) {
  const std::vector<Condition> corpora = CorpusConditions("B/");
  ASSERT_EQ(corpora.size(), 2);
  EXPECT_EQ(corpora[0].group, "B/prontoqa");
  EXPECT_EQ(corpora[0].look, RoleLook(Role::kReasoningTrain));
  EXPECT_EQ(corpora[1].group, "B/tinystories");
  EXPECT_EQ(corpora[1].label, "TinyStories");
  EXPECT_EQ(corpora[1].look, RoleLook(Role::kMemory));
}

}  // namespace
}  // namespace initbias
