// The description of a figure: what is drawn, in which panel, on which axes.
//
// Plain aggregates for designated initialisers; nothing here computes, checks or draws. Fonts, line
// widths and distances are not choices of a figure: they are in style.h, one for all figures.
// Render() in render.h checks a description and draws it.
//
// Texts are UTF-8 (write γ, not a code). Titles of panels and axes are broken at spaces where they
// are too long, and at '\n'; elsewhere a '\n' is a space.
// In texts that an author writes, `_{...}` and `^{...}` set a subscript and a superscript (not
// nested); everything else, including a lone _ ^ { } \ @ or `, is drawn as it stands. Texts that
// come from data (marked "literal") know no markup at all.
#ifndef INITBIAS_FIGURES_PLOT_FIGURE_H_
#define INITBIAS_FIGURES_PLOT_FIGURE_H_

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "figures/plot/style.h"

namespace initbias::plot {

// One axis. A HeatMap uses label, unit and share only.
struct Axis {
  std::string label;
  std::string unit;           // Added to the label as " (unit)".
  bool log = false;           // Base 10; all values and limits must then be positive.
  std::optional<double> min;  // Unset: from the data (all lines, bands, points).
  std::optional<double> max;
  // Axes of the same direction with the same non-empty name have one range (and must have the same
  // log, limits or cells); of neighbours in a row (y) or column (x) only the leftmost
  // (lowest) draws label and tick labels.
  std::string share;
};

// How numbers become colours. Unset limits come from the panel's finite values; a diverging scale
// is then symmetric about 0. Values outside the limits get the colour of the nearer one.
struct ColorScale {
  ColorMap map = ColorMap::kSequential;
  std::optional<double> min;
  std::optional<double> max;
  std::string label;
  bool bar = true;  // Draw a colour bar to the right of the panel.
};

// One curve. NaN and infinities are gaps; a lone point between gaps is drawn as a dot.
struct Series {
  std::string label;      // In the legend; empty: not in the legend.
  std::vector<double> x;  // Drawn in the order given; x and y of equal length.
  std::vector<double> y;
  std::vector<double> lo;  // Band: both empty, or both as long as y, lo <= hi.
  std::vector<double> hi;
  Look look;
  bool markers = false;         // Draw look.marker at every point.
  std::optional<double> value;  // Colour from LinePlot::scale instead of look.hue.
};

// Curves over one pair of axes.
struct LinePlot {
  std::vector<Series> series;
  ColorScale scale;  // Used when a series has a value.
};

// Lines of equal value of another quantity of the same cells, whose values stand at the cells'
// centres. Each line has its level written on it where there is room.
struct Contours {
  std::vector<double> values;  // Empty: no lines. Row-major, one a cell; NaN: no line comes near.
  std::vector<double> levels;
};

// A matrix as coloured cells, row 0 on top; at most 65,536 of them. NaN is drawn grey.
struct HeatMap {
  int rows = 0;
  int columns = 0;
  std::vector<double> values;  // Row-major [rows, columns].
  // Literal; empty, or one a row (column). Thinned out where they would touch. Where empty, the
  // axis counts numbers: the centre of row i stands at row_start + i.
  std::vector<std::string> row_labels;
  std::vector<std::string> column_labels;
  bool vertical_column_labels = false;  // Column labels read upwards. Too wide ones always do.
  // Literal; empty, or one a cell, row-major; "" for none. Text is dark: keep the cells pale.
  // White lines part labelled cells; a label that does not fit its cell is refused.
  std::vector<std::string> cell_labels;
  int row_start = 0;
  int column_start = 0;
  ColorScale scale;
  bool square = true;  // Square cells; false fills the panel.
  Contours contours = {};
};

// Points of one kind.
struct ScatterGroup {
  std::string label;  // In the legend; empty: not in the legend.
  std::vector<double> x;
  std::vector<double> y;                  // As long as x.
  std::vector<std::string> point_labels;  // Literal. Empty, or one a point; "" labels nothing.
  std::vector<double> values;             // Empty, or one a point: colour from Scatter::scale.
  Look look;                              // Marker and, without values, hue.
};

struct Scatter {
  std::vector<ScatterGroup> groups;  // Later ones lie on top.
  ColorScale scale;                  // Used when a group has values.
};

// One token of a diagram, a box in a pale colour. Data in `text` goes through Literal() of text.h.
struct TokenBox {
  std::string text;
  Hue hue = Hue::kGrey;
  std::string below;  // Under the box.
};

// A bracket over boxes first..last (from 0, both included).
struct TokenGroup {
  int first = 0;
  int last = 0;
  std::string text;
};

// A sequence of tokens, and an arrow to what it maps to.
struct TokenRow {
  std::string label;  // Left of the boxes.
  std::vector<TokenBox> boxes;
  std::vector<TokenGroup> groups;
  TokenBox result;   // After an arrow; no arrow where the text is empty.
  std::string note;  // Right of the result.
};

// Token sequences, one below the other; a diagram without axes.
struct TokenStrip {
  std::vector<TokenRow> rows;
};

// A thin grey line across the panel, with its label outside of the data: right of a horizontal one,
// above a vertical one.
struct ReferenceLine {
  enum class Direction { kHorizontal, kVertical };
  Direction direction = Direction::kHorizontal;
  double at = 0;
  std::string label;
};

// Where a panel's labelled series are explained. Never over the data.
enum class LegendPlace {
  kFigure,  // In one legend for all such panels, below the figure. Equal entries appear once.
  kBelow,   // Below the panel.
  kRight,   // To the right of the panel.
};

// One pair of axes (or one diagram) of a figure.
struct Panel {
  std::string letter;   // "A": bold at the upper left corner. Empty: belongs to the panel before.
  std::string heading;  // After the letter, over all panels of the letter: "Training".
  std::string title;    // Centred over the panel: "width 64".
  int row = -1;         // Place in the grid, from 0; row and column both -1: the next free place,
  int column = -1;      // left to right, top to bottom.
  int column_span = 1;
  Axis x_axis;
  Axis y_axis;
  std::vector<ReferenceLine> references;  // LinePlot, Scatter.
  LegendPlace legend = LegendPlace::kFigure;
  std::variant<LinePlot, HeatMap, Scatter, TokenStrip> content;
};

// A picture of panels in a grid. Axes of one grid column (row) are aligned.
struct Figure {
  std::string title;    // Not drawn: a paper sets it below the picture. Both go into the SVG
  std::string caption;  // file, for screen readers and reports.
  double width_in = kTextWidthIn;
  int columns = 1;
  std::vector<double> row_heights_in;  // Heights of the axes, inches. Empty or 0: chosen.
  std::vector<Panel> panels;
  std::string note = {};  // Below all else, in grey; for what no reader is to miss. Literal.
};

}  // namespace initbias::plot

#endif  // INITBIAS_FIGURES_PLOT_FIGURE_H_
