#include "figures/plot/compose.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "figures/plot/axis.h"
#include "figures/plot/color_scale.h"
#include "figures/plot/content.h"
#include "figures/plot/layout.h"
#include "figures/plot/legend.h"
#include "figures/plot/text.h"

namespace initbias::plot {
namespace {

constexpr double kMinorTickPt = 1.2;
constexpr double kHeadingGapPt = 4.0;  // Between letter and heading.
constexpr int kBarSteps = 64;          // Colours in a colour bar.
constexpr double kBarOverlapPt = 0.3;  // As for the cells of a heat map.

Polyline AxisStroke(Point from, Point to) {
  return {.points = {from, to}, .color = kAxisColor, .width = kAxisWidthPt};
}

// Lines of text below each other, the middle of the first at `at`.
void DrawLines(const std::vector<std::string>& lines, Point at, std::vector<Text>& texts) {
  for (const std::string& line : lines) {
    texts.push_back({.text = line, .at = at});
    at.y -= kLinePt;
  }
}

void DrawYAxis(const PanelLayout& panel, bool marks, Layer& layer, std::vector<Text>& texts) {
  const Box& axes = panel.axes;
  for (const Tick& tick : panel.y.ticks) {
    const double y = axes.bottom + Position(panel.y.range, tick.at) * axes.height();
    double x = axes.left;
    if (marks) {
      x -= tick.minor ? kMinorTickPt : kTickLengthPt;
      layer.shapes.emplace_back(AxisStroke({x, y}, {axes.left, y}));
    }
    if (panel.y.labelled && !tick.label.empty()) {
      texts.push_back(
          {.text = tick.label, .at = {x - kTickGapPt, y}, .align = Text::Align::kRight});
    }
  }
  for (size_t i = 0; i < panel.y.title.size(); ++i) {
    texts.push_back(
        {.text = panel.y.title[i],
         .at = {panel.y_title_x + kLinePt * static_cast<double>(i), (axes.bottom + axes.top) / 2},
         .vertical = true});
  }
}

void DrawXAxis(const PanelLayout& panel, bool marks, Layer& layer, std::vector<Text>& texts) {
  const Box& axes = panel.axes;
  for (const Tick& tick : panel.x.ticks) {
    const double x = axes.left + Position(panel.x.range, tick.at) * axes.width();
    double y = axes.bottom;
    if (marks) {
      y -= tick.minor ? kMinorTickPt : kTickLengthPt;
      layer.shapes.emplace_back(AxisStroke({x, y}, {x, axes.bottom}));
    }
    if (!panel.x.labelled || tick.label.empty()) {
      continue;
    }
    if (panel.x.upright) {
      texts.push_back({.text = tick.label,
                       .at = {x, y - kTickGapPt},
                       .align = Text::Align::kRight,
                       .vertical = true});
    } else {
      texts.push_back({.text = tick.label, .at = {x, y - kTickGapPt - kLinePt / 2}});
    }
  }
  DrawLines(panel.x.title, {(axes.left + axes.right) / 2, panel.x_title_y}, texts);
}

void DrawAxes(const Panel& panel, const PanelLayout& layout, Layer& layer,
              std::vector<Text>& texts) {
  if (std::holds_alternative<TokenStrip>(panel.content)) {
    return;
  }
  const bool map = std::holds_alternative<HeatMap>(panel.content);
  const Box& axes = layout.axes;
  DrawYAxis(layout, !map, layer, texts);
  DrawXAxis(layout, !map, layer, texts);
  layer.shapes.emplace_back(AxisStroke({axes.left, axes.bottom}, {axes.right, axes.bottom}));
  layer.shapes.emplace_back(AxisStroke({axes.left, axes.bottom}, {axes.left, axes.top}));
  if (map) {
    layer.shapes.emplace_back(AxisStroke({axes.left, axes.top}, {axes.right, axes.top}));
    layer.shapes.emplace_back(AxisStroke({axes.right, axes.bottom}, {axes.right, axes.top}));
  }
}

void DrawReferenceLabels(const Panel& panel, const PanelLayout& layout, std::vector<Text>& texts) {
  for (const ReferenceLine& line : panel.references) {
    if (line.label.empty()) {
      continue;
    }
    if (line.direction == ReferenceLine::Direction::kHorizontal) {
      const double y =
          layout.axes.bottom + Position(layout.y.range, line.at) * layout.axes.height();
      texts.push_back({.text = line.label,
                       .at = {layout.axes.right + kReferenceGapPt, y},
                       .align = Text::Align::kLeft});
    } else {
      const double x = layout.axes.left + Position(layout.x.range, line.at) * layout.axes.width();
      texts.push_back({.text = line.label, .at = {x, layout.axes.top + kLinePt / 2}});
    }
  }
}

void DrawColorBar(const Panel& panel, const PanelLayout& layout, Layer& layer,
                  std::vector<Text>& texts) {
  const Box bar{.left = layout.bar_left,
                .bottom = layout.axes.bottom,
                .right = layout.bar_left + kColorBarPt,
                .top = layout.axes.top};
  const ColorRange& colors = *layout.colors;
  const bool cells = std::holds_alternative<HeatMap>(panel.content);
  for (int i = 0; i < kBarSteps; ++i) {
    const auto edge = [&](int step) { return bar.bottom + bar.height() * step / kBarSteps; };
    const double value = colors.min + (colors.max - colors.min) * (i + 0.5) / kBarSteps;
    layer.shapes.emplace_back(
        Rect{.box = {bar.left, edge(i), bar.right, std::min(edge(i + 1) + kBarOverlapPt, bar.top)},
             .fill = cells ? CellColor(colors, value) : InkColor(colors, value)});
  }
  layer.shapes.emplace_back(Polyline{.points = {{bar.left, bar.bottom},
                                                {bar.right, bar.bottom},
                                                {bar.right, bar.top},
                                                {bar.left, bar.top},
                                                {bar.left, bar.bottom}},
                                     .color = kAxisColor,
                                     .width = kAxisWidthPt});
  double widest = 0;
  for (const Tick& tick : layout.bar_ticks) {
    const double y =
        bar.bottom + Position({.min = colors.min, .max = colors.max}, tick.at) * bar.height();
    const double x = bar.right + kTickLengthPt;
    layer.shapes.emplace_back(AxisStroke({bar.right, y}, {x, y}));
    texts.push_back({.text = tick.label, .at = {x + kTickGapPt, y}, .align = Text::Align::kLeft});
    widest = std::max(widest, TextWidth(tick.label, kFontSizePt, true));
  }
  const ColorScale& scale = *ScaleOf(panel);
  if (!scale.label.empty()) {
    texts.push_back(
        {.text = scale.label,
         .at = {bar.right + kTickLengthPt + kTickGapPt + widest + kYTitleGapPt + kLinePt / 2,
                (bar.bottom + bar.top) / 2},
         .vertical = true});
  }
}

void DrawTitles(const Panel& panel, const PanelLayout& layout, std::vector<Text>& texts) {
  DrawLines(layout.title, {(layout.axes.left + layout.axes.right) / 2, layout.title_y}, texts);
  Point at = layout.letter;
  if (!panel.letter.empty()) {
    texts.push_back({.text = panel.letter,
                     .at = at,
                     .align = Text::Align::kLeft,
                     .bold = true,
                     .size = kLetterSizePt});
    at.x += TextWidth(panel.letter, kLetterSizePt, true, true) + kHeadingGapPt;
  }
  if (!panel.heading.empty()) {
    texts.push_back({.text = panel.heading, .at = at, .align = Text::Align::kLeft});
  }
}

void DrawOwnLegend(const PanelLayout& layout, Layer& layer, std::vector<Text>& texts) {
  double y = layout.legend_y;
  for (const std::vector<LegendEntry>& line : layout.legend_below) {
    // Under the middle of the axes, unless it would leave the panel there.
    const double width = EntriesWidth(line);
    const double middle = (layout.axes.left + layout.axes.right) / 2;
    const double left = std::min(middle - width / 2, layout.outer_right - width);
    DrawEntries(line, std::max(left, layout.outer_left), y, layer, texts);
    y -= kLegendLinePt;
  }
  y = layout.axes.top - kLegendLinePt / 2;
  for (const LegendEntry& entry : layout.legend_right) {
    DrawEntries({entry}, layout.legend_left, y, layer, texts);
    y -= kLegendLinePt;
  }
}

}  // namespace

Drawing Compose(const Figure& figure) {
  const FigureLayout layout = LayOut(figure);
  Drawing drawing{.width = layout.width, .height = layout.height};
  for (size_t i = 0; i < figure.panels.size(); ++i) {
    DrawContent(figure.panels[i], layout.panels[i], drawing);
  }
  Layer frame;
  for (size_t i = 0; i < figure.panels.size(); ++i) {
    const Panel& panel = figure.panels[i];
    const PanelLayout& out = layout.panels[i];
    DrawAxes(panel, out, frame, drawing.texts);
    DrawReferenceLabels(panel, out, drawing.texts);
    if (out.color_bar) {
      DrawColorBar(panel, out, frame, drawing.texts);
    }
    DrawTitles(panel, out, drawing.texts);
    DrawOwnLegend(out, frame, drawing.texts);
  }
  double y = layout.legend_y;
  for (const std::vector<LegendEntry>& line : layout.legend) {
    DrawEntries(line, (layout.width - EntriesWidth(line)) / 2, y, frame, drawing.texts);
    y -= kLegendLinePt;
  }
  y = layout.note_y;
  for (const std::string& line : layout.note) {
    drawing.texts.push_back({.text = line, .at = {layout.width / 2, y}, .color = kNoteColor});
    y -= kLinePt;
  }
  drawing.layers.push_back(std::move(frame));
  return drawing;
}

}  // namespace initbias::plot
