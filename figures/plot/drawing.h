// A finished drawing: shapes and lines of text at places on a page, all decisions made.
//
// It stands between the figure (what is meant) and the file it is written to, so that both sides
// can be tested alone. Lengths and places are points (1/72 inch) from the lower left corner.
#ifndef INITBIAS_FIGURES_PLOT_DRAWING_H_
#define INITBIAS_FIGURES_PLOT_DRAWING_H_

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "figures/plot/style.h"

namespace initbias::plot {

struct Point {
  double x = 0;
  double y = 0;
};

struct Box {
  double left = 0;
  double bottom = 0;
  double right = 0;
  double top = 0;

  double width() const { return right - left; }
  double height() const { return top - bottom; }
};

struct Rect {
  Box box;
  Rgb fill;
};

// Closed, filled, without an outline.
struct Polygon {
  std::vector<Point> points;
  Rgb fill;
  double opacity = 1;
};

// At least two points.
struct Polyline {
  std::vector<Point> points;
  Rgb color;
  double width = 1;
  Dash dash = Dash::kSolid;
};

struct Dot {
  Point at;
  Marker marker = Marker::kCircle;  // Not kNone.
  Rgb color;
  double size = kMarkerSizePt;  // Diameter.
};

using Shape = std::variant<Rect, Polygon, Polyline, Dot>;

// Shapes in the order they are drawn. Rectangles, polygons and lines end at `clip` (of a line, no
// half of its width is cut off where it runs along the rim); dots whose centre lies outside of it
// are left out.
struct Layer {
  std::optional<Box> clip;  // None: the page.
  std::vector<Shape> shapes;
};

// The base line of a text lies this far under the middle of its height, in font sizes: half the
// height of digits, which so stand centred at ticks.
inline constexpr double kBaseline = 0.36;

// One line of text. `at` is the middle of its height and, by `align`, its left end, its middle or
// its right end; for vertical text (reading upwards) likewise, turned.
struct Text {
  enum class Align { kLeft, kCenter, kRight };
  std::string text;
  Point at;
  Align align = Align::kCenter;
  bool markup = true;
  bool vertical = false;
  bool bold = false;
  double size = kFontSizePt;
  Rgb color = kTextColor;
};

struct Drawing {
  double width = 0;
  double height = 0;
  std::vector<Layer> layers;  // From back to front.
  std::vector<Text> texts;    // In front of all layers.
};

// The box that `text` fills, scripts and all.
Box TextBox(const Text& text);

// Whether the inner parts of two boxes meet.
bool Overlap(const Box& a, const Box& b);

}  // namespace initbias::plot

#endif  // INITBIAS_FIGURES_PLOT_DRAWING_H_
