// Every way in which a description can be wrong, and that the message says where and what.
#include "figures/plot/check.h"

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "lib/base/error.h"
#include "tests/figures/plot/gallery.h"
#include "tests/non_finite.h"

namespace initbias::plot {
namespace {

std::string MessageOf(const Figure& figure) {
  try {
    CheckFigure("fig", figure);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

Panel Lines(Series series, Axis x = {}, Axis y = {}) {
  return {.letter = "A",
          .x_axis = std::move(x),
          .y_axis = std::move(y),
          .content = LinePlot{.series = {std::move(series)}}};
}

std::string MessageOf(const Panel& panel) { return MessageOf(Figure{.panels = {panel}}); }

TEST(CheckTest, GalleryIsFine) {
  for (const Sample& sample : Gallery()) {
    EXPECT_NO_THROW(CheckFigure(sample.name, sample.figure)) << sample.name;
  }
}

TEST(CheckTest, Series) {
  const std::string where = "fig: panel A (row 1, column 1): series 1 \"m\": ";
  EXPECT_EQ(MessageOf(Lines({.label = "m", .x = {1, 2}, .y = {1}})),
            where + "y has 1 values, expected 2");
  EXPECT_EQ(MessageOf(Lines({.label = "m"})), where + "no values");
  EXPECT_EQ(MessageOf(Lines({.label = "m", .x = {1, 2}, .y = {1, 2}, .lo = {1}})),
            where + "lo has 1 values, expected 2");
  EXPECT_EQ(MessageOf(Lines({.label = "m", .x = {1, 2}, .y = {1, 2}, .lo = {1, 1}})),
            where + "hi has 0 values, expected 2");
  EXPECT_EQ(
      MessageOf(Lines({.label = "m", .x = {1, 2}, .y = {1, 2}, .lo = {1, 3}, .hi = {1, 2.5}})),
      where + "lo[1] = 3 is above hi[1] = 2.5");
  EXPECT_EQ(MessageOf(Lines({.label = "m", .x = {1, 2, 3}, .y = {kNan, kInfinity, -kInfinity}})),
            where + "none of 3 points is finite");
  EXPECT_EQ(MessageOf(Lines({.label = "m", .x = {kNan, 2}, .y = {1, kNan}})),
            where + "none of 2 points is finite");
  EXPECT_EQ(MessageOf(Lines({.label = "m", .x = {1, 2}, .y = {1, 0}}, {}, {.log = true})),
            where + "y[1] = 0 on a log axis, expected a positive number");
  EXPECT_EQ(MessageOf(Lines({.label = "m", .x = {-1, 2}, .y = {1, 1}}, {.log = true})),
            where + "x[0] = -1 on a log axis, expected a positive number");
  EXPECT_EQ(MessageOf(Lines({.label = "m", .x = {1, 2}, .y = {1, 1e200}})),
            where + "y[1] = 1e+200 is too large to be drawn");
  EXPECT_EQ(MessageOf(Lines({.label = "m", .x = {1}, .y = {1}, .value = kNan})),
            where + "value is not a finite number");
  EXPECT_EQ(MessageOf(Lines({.x = {1, 2}, .y = {1}})),
            "fig: panel A (row 1, column 1): series 1: y has 1 values, expected 2");
}

TEST(CheckTest, GapsAreFine) {
  EXPECT_EQ(MessageOf(Lines({.x = {1, 2, 3, 4},
                             .y = {1, kNan, kInfinity, 2},
                             .lo = {0, kNan, 1, 2},
                             .hi = {1, 2, kNan, 3}},
                            {}, {})),
            "no error");
  EXPECT_EQ(MessageOf(Lines({.x = {1, 2}, .y = {kNan, 2}}, {}, {.log = true})), "no error");
}

TEST(CheckTest, Axes) {
  const Series series{.x = {1}, .y = {1}};
  const std::string where = "fig: panel A (row 1, column 1): ";
  EXPECT_EQ(MessageOf(Lines(series, {.min = 2.0, .max = 1.0})),
            where + "x axis: min = 2 and max = 1 leave no range, expected min < max");
  EXPECT_EQ(MessageOf(Lines(series, {}, {.max = kInfinity})),
            where + "y axis: a limit is inf, expected a finite number");
  EXPECT_EQ(MessageOf(Lines(series, {}, {.log = true, .min = 0.0})),
            where + "y axis: limit[0] = 0 on a log axis, expected a positive number");
  Panel panel = Lines(series);
  panel.references = {{.at = kNan}};
  EXPECT_EQ(MessageOf(panel), where + "a reference line stands at no finite number");
}

TEST(CheckTest, HeatMaps) {
  const auto message = [](const HeatMap& map) { return MessageOf(Panel{.content = map}); };
  const std::string where = "fig: panel (row 1, column 1): ";
  EXPECT_EQ(message({.rows = 2, .columns = 3, .values = {1, 2}}),
            where + "heat map of 2 x 3: values has 2 values, expected 6");
  EXPECT_EQ(message({.rows = 0, .columns = 3}), where + "a heat map of 0 rows and 3 columns");
  EXPECT_EQ(message({.rows = 1, .columns = 2, .values = {kNan, kInfinity}}),
            where + "heat map: no finite value");
  EXPECT_EQ(message({.rows = 1, .columns = 2, .values = {1, 2}, .column_labels = {"a"}}),
            where + "heat map: column_labels has 1 values, expected 2");
  EXPECT_EQ(message({.rows = 2, .columns = 2, .values = {1, 2, 3, 4}, .cell_labels = {"a", "b"}}),
            where + "heat map of 2 x 2: cell_labels has 2 values, expected 4");
  EXPECT_EQ(message({.rows = 1, .columns = 2, .values = {1, 2}, .cell_labels = {"a", ""}}),
            "no error");
  EXPECT_EQ(message({.rows = 1, .columns = 2, .values = {1, 2}, .scale = {.min = 1.0, .max = 0.0}}),
            where + "colour scale: min = 1 and max = 0 leave no range, expected min < max");
  EXPECT_EQ(message({.rows = 1000, .columns = 1000}),
            where +
                "a heat map of 1000 x 1000 cells, expected at most 65536: average or sample it "
                "first");
  EXPECT_EQ(message({.rows = 1, .columns = 2, .values = {1, kNan}}), "no error");
  EXPECT_EQ(message({.rows = 1, .columns = 2, .values = {1, 2}, .contours = {.values = {1}}}),
            where + "heat map of 1 x 2: contours.values has 1 values, expected 2");
  EXPECT_EQ(
      message({.rows = 1, .columns = 2, .values = {1, 2}, .contours = {.levels = {kInfinity}}}),
      where + "heat map: a level of its contours is not a finite number");
  EXPECT_EQ(message({.rows = 1,
                     .columns = 2,
                     .values = {1, 2},
                     .contours = {.values = {kNan, kNan}, .levels = {0}}}),
            "no error");
}

TEST(CheckTest, ScattersAndTokens) {
  const std::string where = "fig: panel (row 1, column 1): ";
  EXPECT_EQ(MessageOf(Panel{.content = Scatter{}}), where + "a scatter without groups");
  EXPECT_EQ(MessageOf(Panel{.content = Scatter{.groups = {{.x = {1}, .y = {1, 2}}}}}),
            where + "group 1: y has 2 values, expected 1");
  EXPECT_EQ(MessageOf(Panel{
                .content = Scatter{.groups = {{.x = {1}, .y = {1}, .point_labels = {"a", "b"}}}}}),
            where + "group 1: point_labels has 2 values, expected 1");
  EXPECT_EQ(
      MessageOf(Panel{.content = Scatter{.groups = {{.x = {1}, .y = {1}, .values = {kNan}}}}}),
      where + "group 1: no finite value");
  EXPECT_EQ(MessageOf(Panel{.content = TokenStrip{}}), where + "a token strip without rows");
  EXPECT_EQ(MessageOf(Panel{.content = TokenStrip{.rows = {{.label = "r"}}}}),
            where + "row 1 \"r\": no boxes");
  EXPECT_EQ(MessageOf(Panel{.content = TokenStrip{.rows = {{.boxes = {{.text = "1"}},
                                                            .groups = {{0, 1, "g"}}}}}}),
            where + "row 1: group \"g\" over boxes 0 to 1, expected 0 <= first <= last < 1");
  EXPECT_EQ(MessageOf(Panel{}), where + "a line plot without series");
}

TEST(CheckTest, Grids) {
  const Panel panel = Lines({.x = {1}, .y = {1}});
  EXPECT_EQ(MessageOf(Figure{}), "fig: a figure without panels");
  EXPECT_EQ(MessageOf(Figure{.columns = 0, .panels = {panel}}),
            "fig: columns = 0, expected at least 1");
  EXPECT_EQ(MessageOf(Figure{.width_in = 0, .panels = {panel}}),
            "fig: width_in = 0, expected 1 to 50 inches");
  EXPECT_EQ(MessageOf(Figure{.row_heights_in = {1, 1}, .panels = {panel}}),
            "fig: row_heights_in has 2 values, expected 1 or none");
  EXPECT_EQ(MessageOf(Figure{.row_heights_in = {-1}, .panels = {panel}}),
            "fig: row_heights_in holds -1, expected a number from 0 to 100");
  Panel wide = panel;
  wide.column_span = 2;
  EXPECT_EQ(MessageOf(Figure{.panels = {wide}}),
            "fig: panel A (row 1, column 1) spans 2 columns: outside of a grid of 1 columns");
  Panel placed = panel;
  placed.row = 0;
  placed.column = 0;
  EXPECT_EQ(MessageOf(Figure{.panels = {placed, placed}}),
            "fig: panel A (row 1, column 1) overlaps panel A (row 1, column 1)");
  Panel half = panel;
  half.row = 0;
  EXPECT_EQ(MessageOf(Figure{.panels = {half}}),
            "fig: panel A (row 1, column 0) spans 1 columns: outside of a grid of 1 columns");
}

TEST(CheckTest, SharedAxesMustAgree) {
  const Series series{.x = {1}, .y = {1}};
  Figure figure{.columns = 2,
                .panels = {Lines(series, {}, {.share = "loss"}),
                           Lines(series, {}, {.log = true, .share = "loss"})}};
  EXPECT_EQ(MessageOf(figure),
            "fig: panel A (row 1, column 2) shares the y axis \"loss\" with panel A (row 1, column "
            "1), but they differ: log = true, min unset, max unset here, log = false, min unset, "
            "max unset there");
  figure.panels[1].y_axis.log = false;
  EXPECT_EQ(MessageOf(figure), "no error");
}

}  // namespace
}  // namespace initbias::plot
