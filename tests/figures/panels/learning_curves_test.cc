#include "figures/panels/learning_curves.h"

#include <gtest/gtest.h>

#include <variant>

#include "tests/figures/panels/sample_curve.h"

namespace initbias {
namespace {

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
