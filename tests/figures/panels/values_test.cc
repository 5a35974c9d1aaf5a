#include "figures/panels/values.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/figures/panels/sample_curve.h"

namespace initbias {
namespace {

TEST(FigureValuesTest, TextsOfNumbers) {
  FigureData data{.figure = "fig", .profile = "default"};
  data.Add("tokens", {11, 12, 20}, "token");
  data.Add("epoch", {2.25, 900}, "epochs");
  EXPECT_EQ(WholeNumbers(data, "tokens"), (std::vector<std::string>{"11", "12", "20"}));
  EXPECT_EQ(EpochText(data, "epoch"), "epoch\u00a02.25");
  EXPECT_EQ(EpochText(data, "epoch", 1), "epoch\u00a0900");
  EXPECT_EQ(Value(data, "epoch"), 2.25);
}

TEST(FigureValuesTest, RatesAreThoseOfTheFile) {
  FigureData data{.figure = "fig", .profile = "default"};
  for (const char* group : {"A/gamma=0.8", "A/gamma=0.3", "B/gamma=0.5", "A/other"}) {
    AddCurve(group, "loss", &data);
  }
  EXPECT_EQ(GammasOf(data, "A"), (std::vector<double>{0.3, 0.8}));
  EXPECT_EQ(GammaText(GammasOf(data, "A").front()), "γ = 0.3");
  EXPECT_TRUE(GammasOf(data, "C").empty());
}

TEST(FigureValuesTest, OneOfTheRatesOfTheFile) {
  FigureData data{.figure = "fig3", .profile = "default"};
  for (const char* group : {"A/gamma=0.8", "A/gamma=0.3"}) {
    AddCurve(group, "loss", &data);
  }
  EXPECT_EQ(GammaAt(data, "A", 0), 0.3);
  EXPECT_EQ(GammaAt(data, "A", 1), 0.8);
  EXPECT_EQ(LargestGamma(data, "A"), 0.8);
  EXPECT_THROW(GammaAt(data, "A", 2), NoSuchFigureData);
  EXPECT_THROW(LargestGamma(data, "B"), NoSuchFigureData);
}

TEST(FigureValuesTest, RateOfTheRunsIsThatOfTheirLabels) {
  FigureData data{.figure = "fig4", .profile = "default"};
  EXPECT_THROW(RateText(data), NoSuchFigureData);
  data.runs = {{.label = "emb_mlp gamma=0.8 seed=4 lr=0.0001"}, {.label = "emb_mlp gamma=0.8"}};
  EXPECT_EQ(RateText(data), "γ = 0.8");
  data.runs = {{.label = "emb_mlp gamma=0.65"}};
  EXPECT_EQ(RateText(data), "γ = 0.65");
  data.runs = {{.label = "emb_mlp"}};
  EXPECT_THROW(RateText(data), NoSuchFigureData);
}

}  // namespace
}  // namespace initbias
