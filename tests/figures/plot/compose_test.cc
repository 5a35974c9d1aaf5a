// The geometry of finished drawings: nothing is cut off, no text lies on other text or, but for the
// labels of points and cells, on data.
#include "figures/plot/compose.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "figures/plot/text.h"
#include "gtest/gtest.h"
#include "lib/base/error.h"
#include "tests/figures/plot/gallery.h"
#include "tests/non_finite.h"

namespace initbias::plot {
namespace {

// Texts are allowed to touch by this much (points): TextBox is an estimate.
constexpr double kSlack = 0.3;

Box Shrunk(Box box) {
  return {box.left + kSlack, box.bottom + kSlack, box.right - kSlack, box.top - kSlack};
}

std::vector<Point> Corners(const Shape& shape) {
  if (const auto* rect = std::get_if<Rect>(&shape)) {
    return {{rect->box.left, rect->box.bottom}, {rect->box.right, rect->box.top}};
  }
  if (const auto* polygon = std::get_if<Polygon>(&shape)) {
    return polygon->points;
  }
  if (const auto* line = std::get_if<Polyline>(&shape)) {
    return line->points;
  }
  return {std::get<Dot>(shape).at};
}

const Text& FindText(const Drawing& drawing, const std::string& text) {
  for (const Text& candidate : drawing.texts) {
    if (candidate.text == text) {
      return candidate;
    }
  }
  ADD_FAILURE() << "no text " << text;
  return drawing.texts.front();
}

int CountTexts(const Drawing& drawing, const std::string& text) {
  int count = 0;
  for (const Text& candidate : drawing.texts) {
    count += candidate.text == text ? 1 : 0;
  }
  return count;
}

class GalleryTest : public testing::TestWithParam<Sample> {};

TEST_P(GalleryTest, NothingIsCutOff) {
  const Drawing drawing = Compose(GetParam().figure);
  for (const Text& text : drawing.texts) {
    const Box box = Shrunk(TextBox(text));
    EXPECT_GE(box.left, 0) << text.text;
    EXPECT_GE(box.bottom, 0) << text.text;
    EXPECT_LE(box.right, drawing.width) << text.text;
    EXPECT_LE(box.top, drawing.height) << text.text;
  }
  for (const Layer& layer : drawing.layers) {
    for (const Shape& shape : layer.shapes) {
      for (const Point& point : Corners(shape)) {
        EXPECT_TRUE(std::isfinite(point.x) && std::isfinite(point.y));
        if (!layer.clip) {
          EXPECT_GE(point.x, 0);
          EXPECT_GE(point.y, 0);
          EXPECT_LE(point.x, drawing.width);
          EXPECT_LE(point.y, drawing.height);
        }
      }
    }
  }
}

TEST_P(GalleryTest, NoTextLiesOnText) {
  const Drawing drawing = Compose(GetParam().figure);
  for (size_t i = 0; i < drawing.texts.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      EXPECT_FALSE(Overlap(Shrunk(TextBox(drawing.texts[i])), Shrunk(TextBox(drawing.texts[j]))))
          << "\"" << drawing.texts[i].text << "\" on \"" << drawing.texts[j].text << "\"";
    }
  }
}

TEST_P(GalleryTest, OnlyLabelsOfPointsAndCellsLieOverData) {
  const Drawing drawing = Compose(GetParam().figure);
  for (const Layer& layer : drawing.layers) {
    for (const Text& text : drawing.texts) {
      if (layer.clip && text.markup) {
        EXPECT_FALSE(Overlap(Shrunk(TextBox(text)), *layer.clip)) << text.text;
      }
    }
  }
}

TEST_P(GalleryTest, PanelsDoNotOverlap) {
  const Drawing drawing = Compose(GetParam().figure);
  for (size_t i = 0; i < drawing.layers.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      if (drawing.layers[i].clip && drawing.layers[j].clip) {
        EXPECT_FALSE(Overlap(*drawing.layers[i].clip, *drawing.layers[j].clip));
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Samples, GalleryTest, testing::ValuesIn(Gallery()),
                         [](const auto& sample) { return sample.param.name; });

Panel Lines(const std::string& letter, const std::vector<double>& y, Axis x_axis = {},
            Axis y_axis = {}) {
  Series series{.y = y};
  for (size_t i = 0; i < y.size(); ++i) {
    series.x.push_back(static_cast<double>(i));
  }
  return {.letter = letter,
          .x_axis = std::move(x_axis),
          .y_axis = std::move(y_axis),
          .content = LinePlot{.series = {series}}};
}

TEST(ComposeTest, LettersStandAtTheSameOffset) {
  const Drawing drawing =
      Compose({.columns = 2,
               .panels = {Lines("A", {0, 1}), Lines("B", {0, 1}, {}, {.label = "long label"}),
                          Lines("C", {0, 12345}), Lines("D", {0, 1})}});
  EXPECT_EQ(FindText(drawing, "A").at.x, FindText(drawing, "C").at.x);
  EXPECT_EQ(FindText(drawing, "B").at.x, FindText(drawing, "D").at.x);
  EXPECT_EQ(FindText(drawing, "A").at.y, FindText(drawing, "B").at.y);
  const auto above = [&](const std::string& letter, size_t panel) {
    return FindText(drawing, letter).at.y - drawing.layers[panel].clip->top;
  };
  EXPECT_NEAR(above("A", 0), above("C", 2), 1e-9);
}

TEST(ComposeTest, AxesAreAlignedAndEquallyLarge) {
  const Drawing drawing =
      Compose({.columns = 2,
               .panels = {Lines("A", {0, 1}), Lines("", {0, 123}), Lines("B", {0, 0.001}),
                          Lines("", {0, 1}, {.label = "x"})}});
  const auto box = [&](size_t panel) { return *drawing.layers[panel].clip; };
  EXPECT_EQ(box(0).left, box(2).left);
  EXPECT_EQ(box(1).left, box(3).left);
  EXPECT_EQ(box(0).bottom, box(1).bottom);
  EXPECT_EQ(box(2).top, box(3).top);
  EXPECT_NEAR(box(0).width(), box(3).width(), 1e-9);
  EXPECT_NEAR(box(0).height(), box(3).height(), 1e-9);
}

TEST(ComposeTest, SharedAxesAreLabelledOnce) {
  const Axis epoch{.label = "epoch", .share = "epoch"};
  const Axis loss{.label = "loss", .share = "loss"};
  const Drawing drawing =
      Compose({.columns = 2,
               .panels = {Lines("", {0, 1}, epoch, loss), Lines("", {0, 8}, epoch, loss),
                          Lines("", {0, 2}, epoch, loss), Lines("", {0, 4}, epoch, loss)}});
  EXPECT_EQ(CountTexts(drawing, "loss"), 2);
  EXPECT_EQ(CountTexts(drawing, "epoch"), 2);
  // One range: the largest value, 8, is as high in its panel as 1 is an eighth of it.
  const auto last = [&](size_t panel) {
    const auto& line = std::get<Polyline>(drawing.layers[panel].shapes.front());
    const Box& box = *drawing.layers[panel].clip;
    return (line.points.back().y - box.bottom) / box.height();
  };
  EXPECT_NEAR(last(1) / last(0), 8, 1e-6);
}

TEST(ComposeTest, GapsPartLinesAndLonePointsStay) {
  const Drawing drawing = Compose({.panels = {Lines("", {0, 1, kNan, 2, kNan, 3, 4})}});
  int lines = 0;
  int dots = 0;
  for (const Shape& shape : drawing.layers.front().shapes) {
    lines += std::holds_alternative<Polyline>(shape) ? 1 : 0;
    dots += std::holds_alternative<Dot>(shape) ? 1 : 0;
  }
  EXPECT_EQ(lines, 2);
  EXPECT_EQ(dots, 1);
}

TEST(ComposeTest, HeatMapsHaveSquareCellsAndRowZeroOnTop) {
  const HeatMap map{.rows = 2, .columns = 4, .values = {0, 1, 2, 3, 4, 5, 6, 7}};
  const Drawing drawing = Compose({.panels = {{.content = map}}});
  const auto& first = std::get<Rect>(drawing.layers.front().shapes.front());
  const Box& box = *drawing.layers.front().clip;
  EXPECT_NEAR(box.width() / 4, box.height() / 2, 1e-9);
  EXPECT_EQ(first.box.left, box.left);
  EXPECT_EQ(first.box.top, box.top);
  EXPECT_EQ(first.fill, MapColor(ColorMap::kSequential, 0));
}

TEST(ComposeTest, CellLabelsStandInTheMiddleOfTheirCells) {
  const HeatMap map{.rows = 2,
                    .columns = 3,
                    .values = {0, 1, 2, 3, 4, 5},
                    .cell_labels = {"a", "", "x_{1}", "", "b", "c"},
                    .square = false};
  const Drawing drawing = Compose({.panels = {{.content = map}}});
  const Box& axes = *drawing.layers.front().clip;
  const auto expect_in = [&](const std::string& label, int row, int column) {
    const Text& text = FindText(drawing, label);
    EXPECT_NEAR(text.at.x, axes.left + axes.width() * (column + 0.5) / 3, 1e-9) << label;
    EXPECT_NEAR(text.at.y, axes.top - axes.height() * (row + 0.5) / 2, 1e-9) << label;
    EXPECT_EQ(text.align, Text::Align::kCenter) << label;
    EXPECT_FALSE(text.markup) << label;
    EXPECT_FALSE(text.vertical) << label;
  };
  expect_in("a", 0, 0);
  expect_in("x_{1}", 0, 2);
  expect_in("b", 1, 1);
  expect_in("c", 1, 2);
  EXPECT_EQ(CountTexts(drawing, ""), 0);
}

TEST(ComposeTest, OnlyLabelledCellsArePartedByLines) {
  const auto count_lines = [](const HeatMap& map) {
    const Drawing drawing = Compose({.panels = {{.content = map}}});
    int lines = 0;
    for (const Shape& shape : drawing.layers.front().shapes) {
      lines += std::holds_alternative<Polyline>(shape) ? 1 : 0;
    }
    return lines;
  };
  HeatMap map{.rows = 2, .columns = 3, .values = {0, 1, 2, 3, 4, 5}};
  EXPECT_EQ(count_lines(map), 0);
  map.cell_labels.assign(6, "a");
  EXPECT_EQ(count_lines(map), 3);
}

// A map of equal labels, `columns` wide and `rows` high.
HeatMap Labelled(int rows, int columns, const std::string& label) {
  const auto cells = static_cast<size_t>(rows) * static_cast<size_t>(columns);
  return {.rows = rows,
          .columns = columns,
          .values = std::vector<double>(cells, 1),
          .cell_labels = std::vector<std::string>(cells, label),
          .square = false};
}

TEST(ComposeTest, ContoursLieOverTheCellsWithTheirLevelsOnThem) {
  HeatMap map{.rows = 3,
              .columns = 3,
              .values = std::vector<double>(9, 1),
              .square = false,
              .contours = {.values = {0, 1, 2, 0, 1, 2, 0, 1, 2}, .levels = {0.5, 1.5, 7}}};
  const Drawing drawing = Compose({.panels = {{.content = map}}});
  const Layer& layer = drawing.layers.front();
  const Box& axes = *layer.clip;
  std::vector<Polyline> lines;
  for (const Shape& shape : layer.shapes) {
    if (const auto* line = std::get_if<Polyline>(&shape)) {
      lines.push_back(*line);
    }
  }
  ASSERT_EQ(lines.size(), 4U) << "two lines, each on its rim";
  EXPECT_GT(lines[0].width, lines[2].width);
  for (const auto& [line, level, column] :
       {std::tuple(lines[2], "0.5", 1.0), std::tuple(lines[3], "1.5", 2.0)}) {
    for (const Point& point : line.points) {
      EXPECT_NEAR(point.x, axes.left + axes.width() * column / 3, 1e-9);
    }
    EXPECT_NEAR(line.points.front().y, axes.top - axes.height() / 6, 1e-9);
    EXPECT_NEAR(line.points.back().y, axes.bottom + axes.height() / 6, 1e-9);
    const Text& label = FindText(drawing, level);
    EXPECT_NEAR(label.at.x, axes.left + axes.width() * column / 3, 1e-9);
    EXPECT_NEAR(label.at.y, axes.bottom + axes.height() / 2, 1e-9);
  }
  EXPECT_EQ(CountTexts(drawing, "7"), 0);
  // Two lines of one level, each with its label.
  map.contours = {.values = {-2, 2, -2, -2, 2, -2, -2, 2, -2}, .levels = {-1}};
  EXPECT_EQ(CountTexts(Compose({.panels = {{.content = map}}}), "−1"), 2);
  map.contours.values.assign(9, std::nan(""));
  EXPECT_EQ(CountTexts(Compose({.panels = {{.content = map}}}), "0.5"), 0);
}

TEST(ComposeTest, ALineThatItsLevelWouldHideHasNone) {
  HeatMap map{.rows = 2,
              .columns = 2,
              .values = std::vector<double>(4, 1),
              .square = false,
              .contours = {.values = {0, 0, 0, 10}, .levels = {5}}};
  const auto lines_and_labels = [&map](const char* level) {
    const Drawing drawing = Compose({.row_heights_in = {1.5}, .panels = {{.content = map}}});
    return std::pair(std::ranges::count_if(drawing.layers.front().shapes,
                                           [](const Shape& shape) {
                                             return std::holds_alternative<Polyline>(shape);
                                           }),
                     CountTexts(drawing, level));
  };
  // Half of the way to the corner, across a quarter of the map; then all but into the corner.
  EXPECT_EQ(lines_and_labels("5"), std::pair(std::ptrdiff_t{2}, 1));
  map.contours.levels = {9.7};
  EXPECT_EQ(lines_and_labels("9.7"), std::pair(std::ptrdiff_t{2}, 0)) << "the line stays";
}

TEST(ComposeTest, LevelsOnContoursDoNotCoverEachOther) {
  HeatMap map{.rows = 2,
              .columns = 40,
              .values = std::vector<double>(80, 1),
              .square = false,
              .contours = {.levels = {0.5, 1.5, 2.5, 3.5}}};
  for (int cell = 0; cell < 80; ++cell) {
    map.contours.values.push_back(cell % 40);  // lines at a fortieth of the width
  }
  const Drawing drawing = Compose({.row_heights_in = {2.0}, .panels = {{.content = map}}});
  std::vector<Box> boxes;
  for (const char* level : {"0.5", "1.5", "2.5", "3.5"}) {
    boxes.push_back(TextBox(FindText(drawing, level)));
  }
  for (size_t i = 0; i < boxes.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      EXPECT_FALSE(Overlap(boxes[i], boxes[j])) << i << " " << j;
    }
  }
}

TEST(ComposeTest, LabelledCellsAreAtLeastALineHigh) {
  HeatMap map = Labelled(31, 4, "0.5");
  const Drawing drawing = Compose({.panels = {{.content = map}}});
  std::vector<Box> boxes;
  for (const Text& text : drawing.texts) {
    if (!text.markup) {
      boxes.push_back(TextBox(text));
    }
  }
  ASSERT_EQ(boxes.size(), 124U);
  for (size_t i = 0; i < boxes.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      EXPECT_FALSE(Overlap(boxes[i], boxes[j]));
    }
  }
  map.cell_labels.clear();
  EXPECT_LT(Compose({.panels = {{.content = map}}}).height, drawing.height);
}

TEST(ComposeTest, CellLabelsThatDoNotFitAreAnError) {
  const auto message = [](const Figure& figure) -> std::string {
    try {
      Compose(figure);
    } catch (const Error& error) {
      return error.what();
    }
    return "no error";
  };
  HeatMap map = Labelled(1, 9, "1.25");
  const auto alone = [&](double width_in) {
    return message({.width_in = width_in, .panels = {{.content = map}}});
  };
  EXPECT_EQ(alone(3), "no error");
  EXPECT_TRUE(alone(2).starts_with(
      "panel (row 1, column 1): a label does not fit its cell: \"1.25\" needs 18.6 x 8.6 points "
      "and has "))
      << alone(2);
  map.cell_labels[4] = "a long label";
  EXPECT_NE(alone(3).find("\"a long label\""), std::string::npos) << alone(3);
  EXPECT_EQ(alone(6.75), "no error");
  EXPECT_NE(message({.row_heights_in = {0.1}, .panels = {{.content = map}}}).find("does not fit"),
            std::string::npos);
  map.square = true;
  EXPECT_NE(message({.row_heights_in = {0.5}, .panels = {{.content = map}}}).find("does not fit"),
            std::string::npos);
  map.cell_labels.assign(9, "");
  EXPECT_EQ(alone(1), "no error");
}

TEST(ComposeTest, PointLabelsAvoidEachOtherAndPoints) {
  ScatterGroup group;
  for (int i = 0; i < 12; ++i) {
    group.x.push_back(i % 4);
    group.y.push_back(0.7 * i);
    group.point_labels.push_back("token " + std::to_string(i));
  }
  const Drawing drawing = Compose({.panels = {{.content = Scatter{.groups = {group}}}}});
  std::vector<Box> boxes;
  for (const Text& text : drawing.texts) {
    if (!text.markup) {
      boxes.push_back(TextBox(text));
    }
  }
  ASSERT_EQ(boxes.size(), 12U);
  for (size_t i = 0; i < boxes.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      EXPECT_FALSE(Overlap(boxes[i], boxes[j]));
    }
    for (const Shape& shape : drawing.layers.front().shapes) {
      if (const auto* dot = std::get_if<Dot>(&shape)) {
        const double half = dot->size / 2;
        EXPECT_FALSE(Overlap(
            boxes[i], {dot->at.x - half, dot->at.y - half, dot->at.x + half, dot->at.y + half}));
      }
    }
  }
}

TEST(ComposeTest, VerticalColumnLabelsStandBelowTheirColumns) {
  HeatMap map = Labelled(3, 12, "0.5");
  const std::string longest = "interaction of depth and width";  // 30 characters.
  map.column_labels.assign(12, longest);
  map.column_labels[3] = "a";
  map.column_labels[11] = "last";
  map.vertical_column_labels = true;
  const Drawing drawing = Compose({.panels = {{.x_axis = {.label = "claim"}, .content = map}}});
  const Box& axes = *drawing.layers.front().clip;
  EXPECT_EQ(CountTexts(drawing, longest), 10) << "none is left out";
  for (const auto& [label, column] : {std::pair{"a", 3}, {"last", 11}}) {
    const Text& text = FindText(drawing, label);
    EXPECT_TRUE(text.vertical) << label;
    EXPECT_NEAR(text.at.x, axes.left + axes.width() * (column + 0.5) / 12, 1e-9) << label;
    const Box box = TextBox(text);
    EXPECT_LT(box.top, axes.bottom) << label;
    EXPECT_GT(box.top, axes.bottom - 3) << label;
  }
  EXPECT_GT(TextBox(FindText(drawing, longest)).bottom, TextBox(FindText(drawing, "claim")).top);
  EXPECT_GT(TextBox(FindText(drawing, "claim")).bottom, 0);
}

TEST(ComposeTest, ColumnLabelsLieWhereTheyFitAndNothingElseIsAsked) {
  HeatMap map{.rows = 1, .columns = 2, .values = {1, 2}, .column_labels = {"one", "two"}};
  EXPECT_FALSE(FindText(Compose({.panels = {{.content = map}}}), "one").vertical);
  map.vertical_column_labels = true;
  EXPECT_TRUE(FindText(Compose({.panels = {{.content = map}}}), "one").vertical);
}

TEST(ComposeTest, VerticalColumnLabelsAreThinnedOutWhereTheyWouldTouch) {
  const HeatMap map{.rows = 1,
                    .columns = 100,
                    .values = std::vector<double>(100, 1),
                    .column_labels = std::vector<std::string>(100, "a name"),
                    .vertical_column_labels = true};
  const int drawn = CountTexts(Compose({.panels = {{.content = map}}}), "a name");
  EXPECT_EQ(drawn, 50);
}

TEST(ComposeTest, RowHeightsAreKept) {
  const Drawing drawing = Compose({.row_heights_in = {2.0}, .panels = {Lines("A", {0, 1})}});
  EXPECT_NEAR(drawing.layers[0].clip->height(), 144, 1e-9);
}

TEST(ComposeTest, ANoteStandsBelowAllElseInGreyAndMovesNothing) {
  Figure figure{.panels = {Lines("A", {0, 1}, {.label = "epoch"})}};
  std::get<LinePlot>(figure.panels[0].content).series[0].label = "loss";
  const Drawing without = Compose(figure);
  figure.note = "Nothing is judged: a_{b} is set";
  const Drawing with = Compose(figure);
  ASSERT_EQ(with.texts.size(), without.texts.size() + 1);
  EXPECT_GT(with.height, without.height + kFontSizePt);
  const Text& note = with.texts.back();
  EXPECT_EQ(ParseMarkup(note.text), (std::vector<TextRun>{{.text = figure.note}}));
  EXPECT_EQ(note.color, kNoteColor);
  EXPECT_GE(TextBox(note).bottom, 0);
  for (size_t i = 0; i < without.texts.size(); ++i) {
    EXPECT_NEAR(with.height - with.texts[i].at.y, without.height - without.texts[i].at.y, 1e-9);
    EXPECT_LT(TextBox(note).top, TextBox(with.texts[i]).bottom) << with.texts[i].text;
    EXPECT_EQ(with.texts[i].color, kTextColor);
  }
}

TEST(ComposeTest, ALongNoteIsBrokenAtSpaces) {
  Figure figure{.width_in = 3.25, .panels = {Lines("A", {0, 1})}};
  for (int i = 0; i < 40; ++i) {
    figure.note += i == 0 ? "word" : " word";
  }
  const Drawing drawing = Compose(figure);
  int lines = 0;
  for (const Text& text : drawing.texts) {
    if (text.color == kNoteColor) {
      ++lines;
      EXPECT_GE(TextBox(text).left, 0);
      EXPECT_LE(TextBox(text).right, drawing.width);
      EXPECT_GE(TextBox(text).bottom, 0);
    }
  }
  EXPECT_GT(lines, 2);
}

TEST(ComposeTest, WhatDoesNotFitIsAnError) {
  Figure narrow{.width_in = 1, .columns = 9};
  for (int i = 0; i < 9; ++i) {
    narrow.panels.push_back(Lines("", {0, 1}));
  }
  EXPECT_THROW(Compose(narrow), Error);
  TokenRow row{.boxes = std::vector<TokenBox>(40, {.text = "word"})};
  EXPECT_THROW(Compose({.panels = {{.content = TokenStrip{.rows = {row}}}}}), Error);
}

}  // namespace
}  // namespace initbias::plot
