// Where axes stand: aligned over the grid, with what belongs to them beside them, or refused.
#include "figures/plot/layout.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "lib/base/error.h"

namespace initbias::plot {
namespace {

constexpr double kAlike = 1e-9;  // points

Panel Curves(std::vector<double> y, const std::string& share = "") {
  std::vector<double> x;
  for (size_t i = 0; i < y.size(); ++i) {
    x.push_back(static_cast<double>(i));
  }
  return {.y_axis = {.label = "loss", .share = share},
          .content = LinePlot{.series = {{.label = "memory", .x = x, .y = std::move(y)}}}};
}

// Three in a row.
Figure ThreePanels(const std::string& share = "") {
  return {.columns = 3,
          .panels = {Curves({0, 1}, share), Curves({2, 5}, share), Curves({3, 4}, share)}};
}

double Width(const Box& box) { return box.right - box.left; }

TEST(LayoutTest, PanelsOfARowAreAlikeAndDoNotOverlap) {
  const FigureLayout layout = LayOut(ThreePanels());
  ASSERT_EQ(layout.panels.size(), 3u);
  for (size_t i = 0; i < 3; ++i) {
    const PanelLayout& panel = layout.panels[i];
    EXPECT_EQ(panel.place.column, static_cast<int>(i));
    EXPECT_NEAR(Width(panel.axes), Width(layout.panels[0].axes), kAlike);
    EXPECT_NEAR(panel.axes.top, layout.panels[0].axes.top, kAlike);
    EXPECT_NEAR(panel.axes.bottom, layout.panels[0].axes.bottom, kAlike);
    EXPECT_LT(panel.outer_left, panel.axes.left) << "its labels";
    if (i > 0) {
      EXPECT_LT(layout.panels[i - 1].outer_right, panel.outer_left);
    }
  }
  EXPECT_GE(layout.panels.front().outer_left, 0);
  EXPECT_LE(layout.panels.back().outer_right, layout.width);
  EXPECT_LE(layout.panels.front().axes.top, layout.height);
  EXPECT_LT(layout.legend_y, layout.panels.front().axes.bottom);
}

TEST(LayoutTest, ASharedAxisHasOneRangeAndIsLabelledOnTheLeftAlone) {
  const FigureLayout layout = LayOut(ThreePanels("loss"));
  for (size_t i = 0; i < 3; ++i) {
    const AxisLayout& y = layout.panels[i].y;
    EXPECT_EQ(y.range.min, layout.panels[0].y.range.min);
    EXPECT_EQ(y.range.max, layout.panels[0].y.range.max);
    EXPECT_LE(y.range.min, 0);
    EXPECT_GE(y.range.max, 5);
    EXPECT_EQ(y.labelled, i == 0);
    EXPECT_EQ(y.title.empty(), i > 0);
  }
  EXPECT_GT(Width(layout.panels[0].axes), Width(LayOut(ThreePanels()).panels[0].axes))
      << "fewer labels";
}

TEST(LayoutTest, WithoutSharingEachPanelHasItsOwnRange) {
  const FigureLayout layout = LayOut(ThreePanels());
  EXPECT_LT(layout.panels[0].y.range.max, 2);
  EXPECT_GT(layout.panels[1].y.range.max, 4.5);
  EXPECT_TRUE(layout.panels[2].y.labelled);
}

TEST(LayoutTest, RefusesAWidthThatDoesNotHoldThePanels) {
  Figure narrow = ThreePanels();
  narrow.width_in = 1.2;
  try {
    LayOut(narrow);
    FAIL() << "it was laid out";
  } catch (const Error& error) {
    const std::string what = error.what();
    EXPECT_EQ(what.find("3 columns and their labels leave"), 0u) << what;
    EXPECT_NE(what.find("width_in = 1.2"), std::string::npos) << what;
  }
}

TEST(LayoutTest, HeightsAreThoseOfTheFigureWhereItHasAny) {
  Figure figure = ThreePanels();
  figure.row_heights_in = {1.5};
  const Box& axes = LayOut(figure).panels[0].axes;
  EXPECT_NEAR(axes.top - axes.bottom, 1.5 * 72, kAlike);
}

TEST(LayoutTest, CellsAreSquare) {
  const Figure figure{
      .columns = 2,
      .panels = {{.content = HeatMap{.rows = 2, .columns = 4, .values = std::vector<double>(8)}},
                 Curves({0, 1})}};
  const Box& axes = LayOut(figure).panels[0].axes;
  EXPECT_NEAR(Width(axes) / 4, (axes.top - axes.bottom) / 2, kAlike);
}

// A colour bar, then a legend, right of the axes and within the panel.
TEST(LayoutTest, BarAndLegendStandBesideTheAxesInPageCoordinates) {
  Panel panel{.legend = LegendPlace::kRight,
              .content = Scatter{
                  .groups = {{.label = "tokens", .x = {0, 1}, .y = {0, 1}, .values = {0, 1}}}}};
  const FigureLayout layout = LayOut({.columns = 2, .panels = {Curves({0, 1}), panel}});
  const PanelLayout& out = layout.panels[1];
  ASSERT_TRUE(out.color_bar);
  ASSERT_FALSE(out.bar_ticks.empty());
  EXPECT_GT(out.bar_left, out.axes.right);
  EXPECT_GT(out.legend_left, out.bar_left + kColorBarPt);
  EXPECT_LT(out.legend_left, out.outer_right);
  EXPECT_LE(out.outer_right, layout.width);
}

TEST(LayoutTest, APanelOverTwoColumnsIsAsWideAsBothAndWhatIsBetween) {
  Panel wide = Curves({0, 1});
  wide.column_span = 2;
  wide.row = 0;
  wide.column = 0;
  Panel left = Curves({0, 1});
  left.row = 1;
  left.column = 0;
  Panel right = Curves({0, 1});
  right.row = 1;
  right.column = 1;
  const FigureLayout layout = LayOut({.columns = 2, .panels = {wide, left, right}});
  EXPECT_NEAR(layout.panels[0].axes.left, layout.panels[1].axes.left, kAlike);
  EXPECT_NEAR(layout.panels[0].axes.right, layout.panels[2].axes.right, kAlike);
  EXPECT_GT(layout.panels[0].axes.bottom, layout.panels[1].axes.top);
}

TEST(LayoutTest, ANoteStandsBelowTheLegend) {
  Figure figure = ThreePanels();
  const double without = LayOut(figure).height;
  figure.note = "Nothing is judged.";
  const FigureLayout layout = LayOut(figure);
  ASSERT_EQ(layout.note.size(), 1u);
  EXPECT_GT(layout.height, without);
  EXPECT_LT(layout.note_y, layout.legend_y);
  EXPECT_GT(layout.note_y, 0);
}

}  // namespace
}  // namespace initbias::plot
