#include "figures/panels/panel_place.h"

#include <gtest/gtest.h>

namespace initbias {
namespace {

TEST(PanelPlaceTest, APanelKeepsItsTitleWhereNoneIsGiven) {
  plot::Figure figure;
  AddPanel({.title = "own"}, "A", "", {.row = 1, .column = 2, .span = 3}, &figure);
  AddPanel({.title = "own"}, "", "given", {}, &figure);
  ASSERT_EQ(figure.panels.size(), 2);
  EXPECT_EQ(figure.panels[0].letter, "A");
  EXPECT_EQ(figure.panels[0].title, "own");
  EXPECT_EQ(figure.panels[0].row, 1);
  EXPECT_EQ(figure.panels[0].column, 2);
  EXPECT_EQ(figure.panels[0].column_span, 3);
  EXPECT_EQ(figure.panels[1].title, "given");
  EXPECT_EQ(figure.panels[1].column_span, 1);
}

}  // namespace
}  // namespace initbias
