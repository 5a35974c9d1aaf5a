#include "figures/plot/svg.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "figures/plot/style.h"
#include "figures/plot/text.h"
#include "lib/base/text.h"

namespace initbias::plot {
namespace {

// Lines are clipped this far outside of their panel: half of their width, which is drawn there
// where they run along its rim.
constexpr double kLineMarginPt = 0.6;

constexpr double kMarkerStrokePt = 0.6;

constexpr size_t kPointsPerRow = 12;  // Of the file.

// At most two digits after the point; the same in every locale.
std::string Number(double value) {
  std::string text = fmt::format("{:.2f}", value);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) {
    text.pop_back();
  }
  return text == "-0" ? "0" : text;
}

std::string Hex(Rgb color) {
  return fmt::format("#{:02x}{:02x}{:02x}", color.red, color.green, color.blue);
}

// stroke-dasharray of a line: dash and gap in line widths. Lines have round ends, which add one
// width to a dash.
std::string DashArray(Dash dash, double width) {
  std::vector<double> lengths;
  switch (dash) {
    case Dash::kSolid:
      return "";
    case Dash::kDashed:
      lengths = {3.2, 2.6};
      break;
    case Dash::kDotted:
      lengths = {0.2, 2.2};
      break;
    case Dash::kDashDot:
      lengths = {4.0, 2.4, 0.2, 2.4};
      break;
  }
  std::string array;
  for (const double length : lengths) {
    array += (array.empty() ? "" : " ") + Number(length * width);
  }
  return fmt::format(" stroke-dasharray=\"{}\"", array);
}

// A path. Those that follow each other with equal attributes are written as one.
struct Path {
  std::string attributes;
  std::string data;
  bool joins = true;  // false: transparent, so that one over another shows.
};

// Writes shapes as paths; y points down there.
class ShapeWriter {
 public:
  explicit ShapeWriter(double page_height) : page_height_(page_height) {}

  Path Write(const Rect& rect) const {
    const Box& box = rect.box;
    return {.attributes = Fill(rect.fill),
            .data = fmt::format("M{}H{}V{}H{}z", At({box.left, box.top}), Number(box.right),
                                Number(page_height_ - box.bottom), Number(box.left))};
  }

  Path Write(const Polygon& polygon) const {
    std::string opacity;
    if (polygon.opacity < 1) {
      opacity = fmt::format(" fill-opacity=\"{}\"", Number(polygon.opacity));
    }
    return {.attributes = Fill(polygon.fill) + opacity,
            .data = Points(polygon.points) + "z",
            .joins = opacity.empty()};
  }

  Path Write(const Polyline& line) const {
    return {.attributes = Stroke(line.color, line.width) + DashArray(line.dash, line.width),
            .data = Points(line.points)};
  }

  // Markers of one size look equally large, not equally wide.
  Path Write(const Dot& dot) const {
    const double radius = dot.size / 2;
    const auto corners = [&](std::vector<Point> units) {
      for (Point& unit : units) {
        unit = {dot.at.x + radius * unit.x, dot.at.y + radius * unit.y};
      }
      return Points(units);
    };
    switch (dot.marker) {
      case Marker::kNone:
      case Marker::kCircle:
        break;
      case Marker::kOpenCircle:
        return {.attributes = Stroke(dot.color, kMarkerStrokePt),
                .data = Circle(dot.at, radius - kMarkerStrokePt / 4)};
      case Marker::kCross:
        return {.attributes = Stroke(dot.color, kMarkerStrokePt),
                .data = corners({{-1, -1}, {1, 1}}) + corners({{-1, 1}, {1, -1}})};
      case Marker::kSquare:
        return {
            .attributes = Fill(dot.color),
            .data = corners({{-0.95, -0.95}, {0.95, -0.95}, {0.95, 0.95}, {-0.95, 0.95}}) + "z"};
      case Marker::kTriangle:
        return {.attributes = Fill(dot.color),
                .data = corners({{-1.25, -0.75}, {1.25, -0.75}, {0, 1.4}}) + "z"};
      case Marker::kDiamond:
        return {.attributes = Fill(dot.color),
                .data = corners({{-1.3, 0}, {0, -1.3}, {1.3, 0}, {0, 1.3}}) + "z"};
    }
    return {.attributes = Fill(dot.color), .data = Circle(dot.at, radius)};
  }

 private:
  static std::string Fill(Rgb color) { return fmt::format(" fill=\"{}\"", Hex(color)); }
  static std::string Stroke(Rgb color, double width) {
    return fmt::format(" stroke=\"{}\" stroke-width=\"{}\"", Hex(color), Number(width));
  }

  std::string At(const Point& point) const {
    return fmt::format("{} {}", Number(point.x), Number(page_height_ - point.y));
  }

  std::string Points(const std::vector<Point>& points) const {
    std::string data;
    for (size_t i = 0; i < points.size(); ++i) {
      data += i == 0 ? "M" : i == 1 ? "L" : i % kPointsPerRow == 0 ? "\n" : " ";
      data += At(points[i]);
    }
    return data;
  }

  std::string Circle(const Point& middle, double radius) const {
    const std::string r = Number(radius);
    const std::string width = Number(2 * radius);
    return fmt::format("M{}a{} {} 0 1 0 {} 0a{} {} 0 1 0 -{} 0z", At({middle.x - radius, middle.y}),
                       r, r, width, r, r, width);
  }

  double page_height_;
};

bool Contains(const Box& box, const Point& point) {
  return point.x >= box.left && point.x <= box.right && point.y >= box.bottom && point.y <= box.top;
}

bool Contains(const Box& box, const std::vector<Point>& points) {
  return std::ranges::all_of(points, [&](const Point& point) { return Contains(box, point); });
}

// Whether all of a shape lies in the box; a line's width and a dot's size do not count.
bool Inside(const Rect& rect, const Box& box) {
  return Contains(box, {rect.box.left, rect.box.bottom}) &&
         Contains(box, {rect.box.right, rect.box.top});
}
bool Inside(const Polygon& polygon, const Box& box) { return Contains(box, polygon.points); }
bool Inside(const Polyline& line, const Box& box) { return Contains(box, line.points); }
bool Inside(const Dot& dot, const Box& box) { return Contains(box, dot.at); }

Box Widened(const Box& box, double by) {
  return {box.left - by, box.bottom - by, box.right + by, box.top + by};
}

// Layer number `index` as a group, clipped only where something reaches out of it.
std::string LayerGroup(const Layer& layer, size_t index, double page_height) {
  const ShapeWriter writer(page_height);
  const std::string id = fmt::format("layer{}", index);
  std::string clips;
  const auto clip = [&](const std::string& name, const Box& box) {
    const std::string definition = fmt::format("<clipPath id=\"{}\"><path d=\"{}\"/></clipPath>\n",
                                               name, writer.Write(Rect{.box = box}).data);
    if (clips.find(definition) == std::string::npos) {
      clips += definition;
    }
    return fmt::format(" clip-path=\"url(#{})\"", name);
  };
  std::vector<Path> paths;
  for (const Shape& shape : layer.shapes) {
    Path path = std::visit([&](const auto& s) { return writer.Write(s); }, shape);
    if (layer.clip && !std::visit([&](const auto& s) { return Inside(s, *layer.clip); }, shape)) {
      if (std::holds_alternative<Dot>(shape)) {
        continue;
      }
      path.attributes += std::holds_alternative<Polyline>(shape)
                             ? clip(id + "lines", Widened(*layer.clip, kLineMarginPt))
                             : clip(id + "areas", *layer.clip);
    }
    if (!paths.empty() && path.joins && paths.back().attributes == path.attributes) {
      paths.back().data += "\n" + path.data;
    } else {
      paths.push_back(std::move(path));
    }
  }
  std::string group = fmt::format("<g id=\"{}\">\n{}", id, clips);
  for (const Path& path : paths) {
    group += fmt::format("<path{} d=\"{}\"/>\n", path.attributes, path.data);
  }
  return group + "</g>\n";
}

// `text` between tags: sub- and superscripts as tspans off the base line, and back to it.
std::string TextContent(const Text& text) {
  std::string clean = CleanText(text.text);
  std::ranges::replace(clean, '\n', ' ');
  const std::vector<TextRun> runs =
      text.markup ? ParseMarkup(clean) : std::vector<TextRun>{{.text = clean}};
  std::string content;
  double down = 0;  // Of the base line where the text goes on.
  for (const TextRun& run : runs) {
    const bool base = run.level == TextRun::Level::kBase;
    const double wanted = base                                ? 0
                          : run.level == TextRun::Level::kSub ? kSubDrop * text.size
                                                              : -kSuperRise * text.size;
    if (base && down == 0) {
      content += XmlEscape(run.text);
      continue;
    }
    content +=
        fmt::format("<tspan dy=\"{}\"{}>{}</tspan>", Number(wanted - down),
                    base ? "" : fmt::format(" font-size=\"{}\"", Number(kScriptScale * text.size)),
                    XmlEscape(run.text));
    down = wanted;
  }
  return content;
}

// The attributes that most texts have are those of the group around all of them.
std::string TextElement(const Text& text, double page_height) {
  const double x = text.at.x;
  const double y = page_height - text.at.y;
  const double baseline = kBaseline * text.size;
  std::string attributes = text.vertical
                               ? fmt::format(" transform=\"translate({} {}) rotate(-90)\"",
                                             Number(x + baseline), Number(y))
                               : fmt::format(" x=\"{}\" y=\"{}\"", Number(x), Number(y + baseline));
  if (text.align != Text::Align::kCenter) {
    attributes +=
        fmt::format(" text-anchor=\"{}\"", text.align == Text::Align::kLeft ? "start" : "end");
  }
  if (text.size != kFontSizePt) {
    attributes += fmt::format(" font-size=\"{}\"", Number(text.size));
  }
  if (text.bold) {
    attributes += " font-weight=\"bold\"";
  }
  if (text.color != kTextColor) {
    attributes += fmt::format(" fill=\"{}\"", Hex(text.color));
  }
  return fmt::format("<text{}>{}</text>\n", attributes, TextContent(text));
}

}  // namespace

std::string WriteSvg(const Drawing& drawing, std::string_view title, std::string_view caption) {
  std::string svg = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{:.4f}in\" height=\"{:.4f}in\""
      " viewBox=\"0 0 {} {}\" role=\"img\" aria-labelledby=\"title desc\">\n"
      "<title id=\"title\">{}</title>\n"
      "<desc id=\"desc\">{}</desc>\n"
      "<path fill=\"#ffffff\" d=\"M0 0H{}V{}H0z\"/>\n"
      "<g fill=\"none\" stroke-linecap=\"round\" stroke-linejoin=\"round\">\n",
      drawing.width / 72, drawing.height / 72, Number(drawing.width), Number(drawing.height),
      XmlEscape(CleanText(title)), XmlEscape(CleanText(caption)), Number(drawing.width),
      Number(drawing.height));
  for (size_t i = 0; i < drawing.layers.size(); ++i) {
    if (!drawing.layers[i].shapes.empty()) {
      svg += LayerGroup(drawing.layers[i], i + 1, drawing.height);
    }
  }
  // Spaces are kept: tokens of a text begin with one.
  svg += fmt::format(
      "</g>\n<g id=\"text\" font-family=\"{}, Verdana, sans-serif\" font-size=\"{}\" fill=\"{}\""
      " text-anchor=\"middle\" xml:space=\"preserve\">\n",
      kFontFace, Number(kFontSizePt), Hex(kTextColor));
  for (const Text& text : drawing.texts) {
    if (!text.text.empty()) {
      svg += TextElement(text, drawing.height);
    }
  }
  return svg + "</g>\n</svg>\n";
}

}  // namespace initbias::plot
