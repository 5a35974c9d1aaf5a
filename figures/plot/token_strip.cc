#include "figures/plot/token_strip.h"

#include <algorithm>
#include <cstddef>
#include <string>

#include "figures/plot/text.h"

namespace initbias::plot {
namespace {

// Points.
constexpr double kBoxHeight = 13.0;
constexpr double kBoxGap = 2.0;
constexpr double kLeastBox = 17.0;
constexpr double kMostBox = 30.0;
constexpr double kBoxPadding = 6.0;
constexpr double kLine = 9.0;     // A line of text over or under the boxes.
constexpr double kBracket = 5.0;  // From the boxes to the top of a bracket.
constexpr double kSideGap = 7.0;  // Between label, boxes, arrow, result and note.
constexpr double kArrow = 22.0;
constexpr double kArrowHead = 3.4;
constexpr double kRowGap = 10.0;
constexpr double kOutline = 0.6;
constexpr double kFillPaleness = 0.72;

double Width(const std::string& text) { return TextWidth(text, kFontSizePt, true); }

// Widths of the parts of all rows, which stand in columns below each other.
struct Columns {
  double label = 0;
  double box = kLeastBox;
  size_t boxes = 0;
  double arrow = 0;  // 0: no row has a result.
  double result = 0;
  double note = 0;

  double Total() const {
    const auto part = [](double width) { return width > 0 ? width + kSideGap : 0; };
    return part(label) + static_cast<double>(boxes) * (box + kBoxGap) - kBoxGap +
           (arrow > 0 ? kSideGap : 0) + part(arrow) + result + (note > 0 ? kSideGap + note : 0);
  }
};

Columns Measure(const TokenStrip& strip) {
  Columns columns;
  for (const TokenRow& row : strip.rows) {
    columns.label = std::max(columns.label, Width(row.label));
    columns.boxes = std::max(columns.boxes, row.boxes.size());
    columns.note = std::max(columns.note, Width(row.note));
    for (const TokenBox& box : row.boxes) {
      columns.box =
          std::max({columns.box, Width(box.text) + kBoxPadding, Width(box.below) + kBoxGap});
    }
    if (!row.result.text.empty()) {
      columns.arrow = kArrow;
      columns.result = std::max({columns.result, kLeastBox, Width(row.result.text) + kBoxPadding,
                                 Width(row.result.below)});
    }
  }
  return columns;
}

double Above(const TokenRow& row) { return row.groups.empty() ? 0 : kBracket + kLine + 1.0; }

double Below(const TokenRow& row) {
  const bool any = !row.result.below.empty() ||
                   std::any_of(row.boxes.begin(), row.boxes.end(),
                               [](const TokenBox& box) { return !box.below.empty(); });
  return any ? kLine + 1.0 : 0;
}

void DrawBox(const TokenBox& token, const Box& box, Layer& layer, std::vector<Text>& texts) {
  const Rgb color = HueColor(token.hue);
  layer.shapes.emplace_back(Rect{.box = box, .fill = Lighten(color, kFillPaleness)});
  layer.shapes.emplace_back(Polyline{.points = {{box.left, box.bottom},
                                                {box.right, box.bottom},
                                                {box.right, box.top},
                                                {box.left, box.top},
                                                {box.left, box.bottom}},
                                     .color = color,
                                     .width = kOutline});
  const double middle = (box.left + box.right) / 2;
  texts.push_back({.text = token.text, .at = {middle, (box.bottom + box.top) / 2}});
  if (!token.below.empty()) {
    texts.push_back({.text = token.below, .at = {middle, box.bottom - 1.0 - kLine / 2}});
  }
}

void DrawArrow(double left, double right, double y, Layer& layer) {
  layer.shapes.emplace_back(Polyline{
      .points = {{left, y}, {right - kArrowHead / 2, y}}, .color = kAxisColor, .width = 0.7});
  layer.shapes.emplace_back(Polygon{.points = {{right - kArrowHead, y + kArrowHead / 2},
                                               {right, y},
                                               {right - kArrowHead, y - kArrowHead / 2}},
                                    .fill = kAxisColor});
}

}  // namespace

double TokenStripWidth(const TokenStrip& strip) { return Measure(strip).Total(); }

double TokenStripHeight(const TokenStrip& strip) {
  double height = -kRowGap;
  for (const TokenRow& row : strip.rows) {
    height += Above(row) + kBoxHeight + Below(row) + kRowGap;
  }
  return height;
}

void DrawTokenStrip(const TokenStrip& strip, const Box& box, Layer& layer,
                    std::vector<Text>& texts) {
  Columns columns = Measure(strip);
  const double spare = (box.width() - columns.Total()) / static_cast<double>(columns.boxes);
  columns.box = std::max(columns.box, std::min(kMostBox, columns.box + spare));
  const double start = box.left + (box.width() - columns.Total()) / 2;
  const double boxes_left = start + (columns.label > 0 ? columns.label + kSideGap : 0);
  double y = box.top;
  for (const TokenRow& row : strip.rows) {
    const double top = y - Above(row);
    const double bottom = top - kBoxHeight;
    const double middle = (top + bottom) / 2;
    const auto left_of = [&](size_t i) {
      return boxes_left + static_cast<double>(i) * (columns.box + kBoxGap);
    };
    if (!row.label.empty()) {
      texts.push_back({.text = row.label, .at = {start, middle}, .align = Text::Align::kLeft});
    }
    for (size_t i = 0; i < row.boxes.size(); ++i) {
      DrawBox(row.boxes[i], {left_of(i), bottom, left_of(i) + columns.box, top}, layer, texts);
    }
    for (const TokenGroup& group : row.groups) {
      const double left = left_of(static_cast<size_t>(group.first));
      const double right = left_of(static_cast<size_t>(group.last)) + columns.box;
      layer.shapes.emplace_back(Polyline{.points = {{left, top + kBracket - 2.8},
                                                    {left, top + kBracket},
                                                    {right, top + kBracket},
                                                    {right, top + kBracket - 2.8}},
                                         .color = kAxisColor,
                                         .width = kOutline});
      texts.push_back(
          {.text = group.text, .at = {(left + right) / 2, top + kBracket + kLine / 2 + 0.6}});
    }
    if (!row.result.text.empty()) {
      const double arrow = left_of(columns.boxes) - kBoxGap + kSideGap;
      DrawArrow(arrow, arrow + columns.arrow, middle, layer);
      const double result = arrow + columns.arrow + kSideGap;
      DrawBox(row.result, {result, bottom, result + columns.result, top}, layer, texts);
    }
    if (!row.note.empty()) {
      texts.push_back({.text = row.note,
                       .at = {start + columns.Total() - columns.note, middle},
                       .align = Text::Align::kLeft});
    }
    y = bottom - Below(row) - kRowGap;
  }
}

}  // namespace initbias::plot
