// Which panels stay where some are asked for. Drawing as a whole: tests/e2e.
#include "figures/draw.h"

#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "lib/base/error.h"

namespace initbias {
namespace {

// A over two columns with a second panel below, B beside it, C and D in a row of their own.
plot::Figure FourLetters() {
  return {.columns = 3,
          .row_heights_in = {1, 2, 3},
          .panels = {{.letter = "A", .title = "a1", .row = 0, .column = 0, .column_span = 2},
                     {.title = "a2", .row = 1, .column = 1},
                     {.letter = "B", .title = "b", .row = 1, .column = 2},
                     {.letter = "C", .title = "c", .row = 2, .column = 0},
                     {.letter = "D", .title = "d", .row = 2, .column = 2}}};
}

std::vector<std::string> Titles(const plot::Figure& figure) {
  std::vector<std::string> titles;
  for (const plot::Panel& panel : figure.panels) {
    titles.push_back(panel.title);
  }
  return titles;
}

std::vector<std::pair<int, int>> Places(const plot::Figure& figure) {
  std::vector<std::pair<int, int>> places;
  for (const plot::Panel& panel : figure.panels) {
    places.emplace_back(panel.row, panel.column);
  }
  return places;
}

TEST(SelectPanelsTest, APanelWithoutALetterBelongsToTheOneBefore) {
  plot::Figure figure = FourLetters();
  SelectPanels({"A"}, &figure);
  EXPECT_THAT(Titles(figure), testing::ElementsAre("a1", "a2"));
}

TEST(SelectPanelsTest, EmptyRowsAndColumnsGo) {
  plot::Figure figure = FourLetters();
  SelectPanels({"D", "B"}, &figure);
  EXPECT_THAT(Titles(figure), testing::ElementsAre("b", "d"));
  EXPECT_THAT(Places(figure), testing::ElementsAre(std::pair(0, 0), std::pair(1, 0)));
  EXPECT_EQ(figure.columns, 1);
  EXPECT_THAT(figure.row_heights_in, testing::ElementsAre(2, 3));
}

TEST(SelectPanelsTest, AColumnUnderASpanStays) {
  plot::Figure figure = FourLetters();
  SelectPanels({"A", "C"}, &figure);
  EXPECT_THAT(Places(figure),
              testing::ElementsAre(std::pair(0, 0), std::pair(1, 1), std::pair(2, 0)));
  EXPECT_EQ(figure.columns, 2);
}

TEST(SelectPanelsTest, HeightsThatAreChosenStayUnset) {
  plot::Figure figure = FourLetters();
  figure.row_heights_in = {};
  SelectPanels({"C"}, &figure);
  EXPECT_TRUE(figure.row_heights_in.empty());
}

TEST(SelectPanelsTest, RefusesALetterThatThereIsNot) {
  plot::Figure figure = FourLetters();
  try {
    SelectPanels({"A", "E"}, &figure);
    FAIL() << "E was found";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "there is no panel 'E'; this figure has A, B, C, D");
  }
  EXPECT_EQ(Titles(figure), Titles(FourLetters())) << "as it was";
}

}  // namespace
}  // namespace initbias
