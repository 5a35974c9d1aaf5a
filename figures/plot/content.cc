#include "figures/plot/content.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "figures/plot/contours.h"
#include "figures/plot/point_labels.h"
#include "figures/plot/token_strip.h"

namespace initbias::plot {
namespace {

// Cells reach this far (points) under their right and lower neighbours: without it viewers show the
// background as hair lines between them.
constexpr double kCellOverlap = 0.3;

// White lines between labelled cells, which are read one by one.
constexpr double kCellGapPt = 0.8;
constexpr Rgb kCellGapColor{0xff, 0xff, 0xff};

// Contours: dark lines with a white rim, seen on every colour, and their levels on white.
constexpr double kContourPt = 0.9;
constexpr double kContourRimPt = 2.2;
constexpr Rgb kContourRim{0xff, 0xff, 0xff};
constexpr double kMostHidden = 0.5;  // of a line, by its level

// Places further off than this (points) are moved here: viewers of SVG know no larger numbers.
constexpr double kFarthest = 1e5;

// From values to the page.
class Frame {
 public:
  explicit Frame(const PanelLayout& layout) : layout_(layout) {}

  double X(double value) const {
    return Clamped(layout_.axes.left + Position(layout_.x.range, value) * layout_.axes.width());
  }
  double Y(double value) const {
    return Clamped(layout_.axes.bottom + Position(layout_.y.range, value) * layout_.axes.height());
  }
  Point At(double x, double y) const { return {X(x), Y(y)}; }

 private:
  static double Clamped(double place) { return std::clamp(place, -kFarthest, kFarthest); }

  const PanelLayout& layout_;
};

// The stretches [first, last) of indices on which `present` holds.
template <typename Present>
std::vector<std::pair<size_t, size_t>> Stretches(size_t count, const Present& present) {
  std::vector<std::pair<size_t, size_t>> stretches;
  for (size_t i = 0; i < count;) {
    if (!present(i)) {
      ++i;
      continue;
    }
    const size_t first = i;
    while (i < count && present(i)) {
      ++i;
    }
    stretches.emplace_back(first, i);
  }
  return stretches;
}

Rgb SeriesColor(const Series& series, const PanelLayout& layout) {
  return series.value ? InkColor(*layout.colors, *series.value) : HueColor(series.look.hue);
}

void DrawBand(const Series& series, const PanelLayout& layout, Layer& layer) {
  const Frame frame(layout);
  const auto present = [&](size_t i) {
    return std::isfinite(series.x[i]) && std::isfinite(series.lo[i]) && std::isfinite(series.hi[i]);
  };
  for (const auto& [first, last] : Stretches(series.lo.size(), present)) {
    Polygon band{.fill = SeriesColor(series, layout), .opacity = kBandOpacity};
    for (size_t i = first; i < last; ++i) {
      band.points.push_back(frame.At(series.x[i], series.hi[i]));
    }
    for (size_t i = last; i > first; --i) {
      band.points.push_back(frame.At(series.x[i - 1], series.lo[i - 1]));
    }
    if (last - first > 1) {
      layer.shapes.emplace_back(std::move(band));
    }
  }
}

void DrawCurve(const Series& series, const PanelLayout& layout, Layer& layer) {
  const Frame frame(layout);
  const Rgb color = SeriesColor(series, layout);
  const auto present = [&](size_t i) {
    return std::isfinite(series.x[i]) && std::isfinite(series.y[i]);
  };
  std::vector<Dot> dots;
  for (const auto& [first, last] : Stretches(series.x.size(), present)) {
    Polyline line{.color = color, .width = series.look.width_pt, .dash = series.look.dash};
    for (size_t i = first; i < last; ++i) {
      line.points.push_back(frame.At(series.x[i], series.y[i]));
    }
    if (series.markers) {
      for (const Point& point : line.points) {
        const Marker marker =
            series.look.marker == Marker::kNone ? Marker::kCircle : series.look.marker;
        dots.push_back({.at = point, .marker = marker, .color = color});
      }
    } else if (line.points.size() == 1) {
      dots.push_back({.at = line.points[0], .color = color, .size = 2 * series.look.width_pt});
    }
    if (line.points.size() > 1) {
      layer.shapes.emplace_back(std::move(line));
    }
  }
  layer.shapes.insert(layer.shapes.end(), dots.begin(), dots.end());
}

void Draw(const LinePlot& plot, const PanelLayout& layout, Layer& layer, std::vector<Text>&) {
  for (const Series& series : plot.series) {
    DrawBand(series, layout, layer);
  }
  for (const Series& series : plot.series) {
    DrawCurve(series, layout, layer);
  }
}

void DrawCellGaps(const HeatMap& map, const PanelLayout& layout, Layer& layer) {
  const Frame frame(layout);
  const Box& axes = layout.axes;
  const auto stroke = [&](Point from, Point to) {
    layer.shapes.emplace_back(
        Polyline{.points = {from, to}, .color = kCellGapColor, .width = kCellGapPt});
  };
  for (int row = 1; row < map.rows; ++row) {
    stroke({axes.left, frame.Y(row)}, {axes.right, frame.Y(row)});
  }
  for (int column = 1; column < map.columns; ++column) {
    stroke({frame.X(column), axes.bottom}, {frame.X(column), axes.top});
  }
}

double Length(const ContourLine& line) {
  double length = 0;
  for (size_t i = 1; i < line.size(); ++i) {
    length += std::hypot(line[i].x - line[i - 1].x, line[i].y - line[i - 1].y);
  }
  return length;
}

// The place at a share (0 .. 1) of a line's length.
Point Along(const ContourLine& line, double share) {
  double left = share * Length(line);
  for (size_t i = 1; i < line.size(); ++i) {
    const double step = std::hypot(line[i].x - line[i - 1].x, line[i].y - line[i - 1].y);
    if (left <= step && step > 0) {
      return {line[i - 1].x + left / step * (line[i].x - line[i - 1].x),
              line[i - 1].y + left / step * (line[i].y - line[i - 1].y)};
    }
    left -= step;
  }
  return line.back();
}

// "−1.5", with the minus sign of axes.
std::string LevelText(double level) {
  std::string text = fmt::format("{:.3g}", std::abs(level));
  return level < 0 ? "−" + text : text;
}

// The share of a line that lies within `box`.
double ShareWithin(const ContourLine& line, const Frame& frame, int rows, const Box& box) {
  constexpr int kPoints = 101;
  int within = 0;
  for (int i = 0; i < kPoints; ++i) {
    const Point at = Along(line, static_cast<double>(i) / (kPoints - 1));
    const Point place = frame.At(at.x, rows - at.y);
    within +=
        place.x >= box.left && place.x <= box.right && place.y >= box.bottom && place.y <= box.top
            ? 1
            : 0;
  }
  return static_cast<double>(within) / kPoints;
}

// Where the level of a line can be written on it: within the axes, clear of `taken`, nearest to its
// middle; nowhere on a line that is so short that more than half of it would be hidden.
std::optional<Text> ContourLabel(const ContourLine& line, double level, const Frame& frame,
                                 int rows, const Box& axes, const std::vector<Box>& taken) {
  for (const double share : {0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8, 0.1, 0.9}) {
    const Point at = Along(line, share);
    const Text text{
        .text = LevelText(level), .at = {frame.X(at.x), frame.Y(rows - at.y)}, .markup = false};
    const Box box = TextBox(text);
    if (box.left >= axes.left && box.right <= axes.right && box.bottom >= axes.bottom &&
        box.top <= axes.top && ShareWithin(line, frame, rows, box) <= kMostHidden &&
        std::ranges::none_of(taken, [&box](const Box& other) { return Overlap(box, other); })) {
      return text;
    }
  }
  return std::nullopt;
}

void DrawContours(const HeatMap& map, const PanelLayout& layout, Layer& layer,
                  std::vector<Text>& texts) {
  const Frame frame(layout);
  struct Levelled {
    ContourLine line;
    double level;
  };
  std::vector<Levelled> lines;
  for (const double level : map.contours.levels) {
    for (ContourLine& line : ContourLines(map.rows, map.columns, map.contours.values, level)) {
      lines.push_back({std::move(line), level});
    }
  }
  // The longest get their labels first: there may not be room for all.
  std::ranges::stable_sort(lines, std::greater<>(),
                           [](const Levelled& one) { return Length(one.line); });
  std::vector<Polyline> strokes;
  std::vector<Box> boxes;
  for (const Levelled& one : lines) {
    strokes.push_back({.color = kContourRim, .width = kContourRimPt});
    for (const Point& point : one.line) {
      strokes.back().points.push_back(frame.At(point.x, map.rows - point.y));
    }
    if (const std::optional<Text> label =
            ContourLabel(one.line, one.level, frame, map.rows, layout.axes, boxes)) {
      texts.push_back(*label);
      boxes.push_back(TextBox(*label));
    }
  }
  layer.shapes.insert(layer.shapes.end(), strokes.begin(), strokes.end());
  for (Polyline& stroke : strokes) {
    stroke.color = kTextColor;
    stroke.width = kContourPt;
    layer.shapes.emplace_back(std::move(stroke));
  }
  for (const Box& box : boxes) {
    layer.shapes.emplace_back(Rect{.box = box, .fill = kContourRim});
  }
}

void Draw(const HeatMap& map, const PanelLayout& layout, Layer& layer, std::vector<Text>& texts) {
  const Frame frame(layout);
  for (int row = 0; row < map.rows; ++row) {
    for (int column = 0; column < map.columns; ++column) {
      const auto cell =
          static_cast<size_t>(row) * static_cast<size_t>(map.columns) + static_cast<size_t>(column);
      Box box{.left = frame.X(column),
              .bottom = frame.Y(map.rows - row - 1),
              .right = frame.X(column + 1),
              .top = frame.Y(map.rows - row)};
      if (!map.cell_labels.empty() && !map.cell_labels[cell].empty()) {
        texts.push_back({.text = map.cell_labels[cell],
                         .at = {(box.left + box.right) / 2, (box.bottom + box.top) / 2},
                         .markup = false});
      }
      box.right = std::min(box.right + kCellOverlap, layout.axes.right);
      box.bottom = std::max(box.bottom - kCellOverlap, layout.axes.bottom);
      layer.shapes.emplace_back(
          Rect{.box = box, .fill = CellColor(*layout.colors, map.values[cell])});
    }
  }
  if (!map.cell_labels.empty()) {
    DrawCellGaps(map, layout, layer);
  }
  if (!map.contours.values.empty()) {
    DrawContours(map, layout, layer, texts);
  }
}

void Draw(const Scatter& scatter, const PanelLayout& layout, Layer& layer,
          std::vector<Text>& texts) {
  const Frame frame(layout);
  std::vector<Dot> dots;
  std::vector<Point> places;
  std::vector<PointLabel> labels;
  for (const ScatterGroup& group : scatter.groups) {
    const Marker marker = group.look.marker == Marker::kNone ? Marker::kCircle : group.look.marker;
    for (size_t i = 0; i < group.x.size(); ++i) {
      const Point at = frame.At(group.x[i], group.y[i]);
      if (!(at.x >= layout.axes.left && at.x <= layout.axes.right && at.y >= layout.axes.bottom &&
            at.y <= layout.axes.top)) {
        continue;  // A gap, or outside of fixed limits.
      }
      const Rgb color = group.values.empty() ? HueColor(group.look.hue)
                                             : InkColor(*layout.colors, group.values[i]);
      dots.push_back({.at = at, .marker = marker, .color = color});
      places.push_back(at);
      if (!group.point_labels.empty() && !group.point_labels[i].empty()) {
        labels.push_back({.at = at, .text = group.point_labels[i]});
      }
    }
  }
  std::vector<Polyline> leaders;
  const std::vector<Text> placed =
      PlacePointLabels(labels, places, kMarkerSizePt, layout.axes, leaders);
  layer.shapes.insert(layer.shapes.end(), leaders.begin(), leaders.end());
  layer.shapes.insert(layer.shapes.end(), dots.begin(), dots.end());
  texts.insert(texts.end(), placed.begin(), placed.end());
}

void Draw(const TokenStrip& strip, const PanelLayout& layout, Layer& layer,
          std::vector<Text>& texts) {
  DrawTokenStrip(strip, layout.axes, layer, texts);
}

void DrawReferences(const Panel& panel, const PanelLayout& layout, Layer& layer) {
  const Frame frame(layout);
  for (const ReferenceLine& line : panel.references) {
    const bool horizontal = line.direction == ReferenceLine::Direction::kHorizontal;
    Polyline stroke{.color = kReferenceColor, .width = kReferenceWidthPt, .dash = Dash::kDashed};
    if (horizontal) {
      stroke.points = {{layout.axes.left, frame.Y(line.at)}, {layout.axes.right, frame.Y(line.at)}};
    } else {
      stroke.points = {{frame.X(line.at), layout.axes.bottom}, {frame.X(line.at), layout.axes.top}};
    }
    layer.shapes.emplace_back(std::move(stroke));
  }
}

}  // namespace

void DrawContent(const Panel& panel, const PanelLayout& layout, Drawing& drawing) {
  Layer layer;
  if (!std::holds_alternative<TokenStrip>(panel.content)) {
    layer.clip = layout.axes;
  }
  DrawReferences(panel, layout, layer);
  std::visit([&](const auto& content) { Draw(content, layout, layer, drawing.texts); },
             panel.content);
  drawing.layers.push_back(std::move(layer));
}

}  // namespace initbias::plot
