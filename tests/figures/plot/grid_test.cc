#include "figures/plot/grid.h"

#include "gtest/gtest.h"

namespace initbias::plot {
namespace {

TEST(GridTest, FillsInReadingOrderAroundWhatHasAPlace) {
  const Figure figure{.columns = 3,
                      .panels = {{.letter = "A"},
                                 {.row = 0, .column = 1},
                                 {.letter = "B", .column_span = 2},
                                 {},
                                 {.letter = "C"}}};
  const std::vector<Place> places = PlacePanels(figure);
  ASSERT_EQ(places.size(), 5U);
  EXPECT_EQ(places[0], (Place{0, 0, 1, "A"}));
  EXPECT_EQ(places[1], (Place{0, 1, 1, "A"}));
  EXPECT_EQ(places[2], (Place{1, 0, 2, "B"})) << "two columns do not fit into row 0";
  EXPECT_EQ(places[3], (Place{0, 2, 1, "B"}));
  EXPECT_EQ(places[4], (Place{1, 2, 1, "C"}));
  EXPECT_EQ(CountRows(places), 2);
}

TEST(GridTest, DescribesPlacesFromOne) {
  EXPECT_EQ(DescribePlace({0, 2, 1, "A"}), "panel A (row 1, column 3)");
  EXPECT_EQ(DescribePlace({0, 0, 1, ""}), "panel (row 1, column 1)");
}

}  // namespace
}  // namespace initbias::plot
