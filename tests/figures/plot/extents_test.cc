#include "figures/plot/extents.h"

#include "gtest/gtest.h"

namespace initbias::plot {
namespace {

TEST(ExtentsTest, EverythingDrawnCounts) {
  const Panel panel{.references = {{.at = 9}},
                    .content = LinePlot{.series = {{.x = {1, 2},
                                                    .y = {3, 4},
                                                    .lo = {-1, 3},
                                                    .hi = {4, 7},
                                                    .markers = true,
                                                    .value = 5}}}};
  const Extents extents = PanelExtents(panel);
  EXPECT_EQ(extents.x.min, 1.0);
  EXPECT_EQ(extents.x.max, 2.0);
  EXPECT_EQ(extents.y.min, -1.0);
  EXPECT_EQ(extents.y.max, 9.0);
  EXPECT_EQ(extents.color.min, 5.0);
  EXPECT_GT(extents.x_padding, 0) << "room for the markers";
}

TEST(ExtentsTest, MatricesHaveColoursOnly) {
  const Extents extents =
      PanelExtents({.content = HeatMap{.rows = 1, .columns = 2, .values = {-2, 5}}});
  EXPECT_FALSE(extents.x.min.has_value());
  EXPECT_EQ(extents.color.min, -2.0);
  EXPECT_EQ(extents.color.max, 5.0);
}

}  // namespace
}  // namespace initbias::plot
