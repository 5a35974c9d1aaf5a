#include "lib/plot/script.h"

#include <fmt/format.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <variant>
#include <vector>

#include "lib/plot/style.h"
#include "lib/plot/text.h"

namespace initbias::plot {
namespace {

// gnuplot's point of size 1 has this radius (points) in an SVG set in kFontSizePt (5.4 and 6.0).
constexpr double kUnitRadiusPt = 2.62;

// gnuplot's dash lengths count half a line width.
constexpr double kDashUnit = 0.5;

// Dash and gap in line widths; lines have round ends, which add one width to a dash.
std::string DashPattern(Dash dash) {
  const auto pattern = [](std::string_view format, auto... lengths) {
    return fmt::format(fmt::runtime(format), lengths / kDashUnit...);
  };
  switch (dash) {
    case Dash::kSolid:
      return "solid";
    case Dash::kDashed:
      return pattern("({},{})", 3.2, 2.6);
    case Dash::kDotted:
      return pattern("({},{})", 0.2, 2.2);
    case Dash::kDashDot:
      return pattern("({},{},{},{})", 4.0, 2.4, 0.2, 2.4);
  }
  return "solid";
}

int PointType(Marker marker) {
  switch (marker) {
    case Marker::kNone:
    case Marker::kCircle:
      return 7;
    case Marker::kSquare:
      return 5;
    case Marker::kTriangle:
      return 9;
    case Marker::kDiamond:
      return 13;
    case Marker::kOpenCircle:
      return 6;
    case Marker::kCross:
      return 2;
  }
  return 7;
}

std::string HexColor(Rgb color) {
  return fmt::format("#{:02x}{:02x}{:02x}", color.red, color.green, color.blue);
}

// As gnuplot counts colours in data.
uint32_t ColorNumber(Rgb color) {
  return (uint32_t{color.red} << 16) | (uint32_t{color.green} << 8) | color.blue;
}

std::string Coordinates(const Point& point) {
  return fmt::format("{:.3f} {:.3f}", point.x, point.y);
}

// What a shape adds to the script: a line of data, and how lines of such data are plotted. Shapes
// that follow each other with equal `plot` share one data block.
struct Element {
  std::string plot;
  std::string data;
  bool joins = true;  // false: needs a block of its own.
};

Element Describe(const Rect& rect) {
  const Box& box = rect.box;
  return {.plot = "using 1:2:1:3:2:4:5 with boxxyerror lc rgb variable fs solid noborder",
          .data = fmt::format("{:.3f} {:.3f} {:.3f} {:.3f} {}\n", box.left, box.bottom, box.right,
                              box.top, ColorNumber(rect.fill))};
}

Element Describe(const Polygon& polygon) {
  // The first byte of an ARGB colour is transparency.
  const auto transparency = std::lround(255.0 * (1.0 - polygon.opacity));
  Element element{
      .plot = fmt::format("using 1:2 with filledcurves closed lc rgb '#{:02x}{}' fs solid noborder",
                          transparency, HexColor(polygon.fill).substr(1)),
      .joins = false};
  for (const Point& point : polygon.points) {
    element.data += Coordinates(point) + "\n";
  }
  return element;
}

Element Describe(const Polyline& line) {
  Element element{.plot = fmt::format("using 1:2 with lines lc rgb '{}' lw {:.3g} dt {}",
                                      HexColor(line.color), line.width, DashPattern(line.dash))};
  for (const Point& point : line.points) {
    element.data += Coordinates(point) + "\n";
  }
  element.data += "\n";  // A blank line lifts the pen.
  return element;
}

Element Describe(const Dot& dot) {
  return {.plot = fmt::format("using 1:2:3 with points pt {} ps {:.3f} lw 1 lc rgb variable",
                              PointType(dot.marker), dot.size / 2 / kUnitRadiusPt),
          .data = fmt::format("{} {}\n", Coordinates(dot.at), ColorNumber(dot.color))};
}

// The plot command of one layer; `blocks` counts data blocks over the whole script.
std::string PlotLayer(const Layer& layer, const Box& page, int& blocks) {
  std::vector<Element> elements;
  for (const Shape& shape : layer.shapes) {
    Element element = std::visit([](const auto& s) { return Describe(s); }, shape);
    if (!elements.empty() && element.joins && elements.back().plot == element.plot) {
      elements.back().data += element.data;
    } else {
      elements.push_back(std::move(element));
    }
  }
  std::string script;
  for (size_t i = 0; i < elements.size(); ++i) {
    script += fmt::format("$d{} << EOD\n{}EOD\n", blocks + static_cast<int>(i), elements[i].data);
  }
  const Box clip = layer.clip.value_or(page);
  script += fmt::format(
      "set lmargin at screen {:.8f}\nset rmargin at screen {:.8f}\n"
      "set bmargin at screen {:.8f}\nset tmargin at screen {:.8f}\n"
      "set xrange [{:.3f}:{:.3f}]\nset yrange [{:.3f}:{:.3f}]\n",
      clip.left / page.right, clip.right / page.right, clip.bottom / page.top, clip.top / page.top,
      clip.left, clip.right, clip.bottom, clip.top);
  script += "plot ";
  for (size_t i = 0; i < elements.size(); ++i) {
    script += fmt::format("{}$d{} {}", i == 0 ? "" : ", \\\n  ", blocks + static_cast<int>(i),
                          elements[i].plot);
  }
  blocks += static_cast<int>(elements.size());
  return script + "\n";
}

std::string LabelCommand(const Text& text, int tag) {
  const std::string clean = CleanText(text.text);
  const std::vector<TextRun> runs =
      text.markup ? ParseMarkup(clean) : std::vector<TextRun>{{.text = clean}};
  const bool plain = !text.bold && runs.size() == 1 && runs[0].level == TextRun::Level::kBase;
  const std::string_view align = text.align == Text::Align::kLeft     ? "left"
                                 : text.align == Text::Align::kCenter ? "center"
                                                                      : "right";
  return fmt::format("set label {} {} at {:.3f},{:.3f} {}{} {} font '{},{}' tc rgb '{}' front\n",
                     tag, GnuplotQuote(plain ? runs[0].text : GnuplotEnhanced(runs, text.bold)),
                     text.at.x, text.at.y, align, text.vertical ? " rotate by 90" : "",
                     plain ? "noenhanced" : "enhanced", kFontFace, text.size, HexColor(text.color));
}

}  // namespace

std::string GnuplotScript(const Drawing& drawing) {
  const Box page{.right = drawing.width, .top = drawing.height};
  std::string script = fmt::format(
      "set encoding utf8\n"
      "set terminal svg size {:.0f},{:.0f} fixed enhanced font '{},{}' linewidth 1 rounded"
      " background '#ffffff'\n"
      "set output\n"
      "unset key\nunset border\nunset tics\n"
      "set clip one\nset clip two\n"  // Two: also segments that only cross the axes' box.
      "set multiplot\n",
      drawing.width, drawing.height, kFontFace, kFontSizePt);
  int blocks = 0;
  for (const Layer& layer : drawing.layers) {
    if (!layer.shapes.empty()) {
      script += PlotLayer(layer, page, blocks);
    }
  }
  // gnuplot draws labels with a plot: the last one has all of them, and a line outside of the page.
  int tag = 0;
  for (const Text& text : drawing.texts) {
    if (!text.text.empty()) {
      script += LabelCommand(text, ++tag);
    }
  }
  const Layer outside{.shapes = {Polyline{.points = {{-2, -2}, {-1, -1}}}}};
  script += PlotLayer(outside, page, blocks);
  return script + "unset multiplot\n";
}

}  // namespace initbias::plot
