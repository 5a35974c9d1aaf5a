#include "figures/plot/legend.h"

#include <fmt/format.h>

#include <algorithm>
#include <variant>

#include "figures/plot/text.h"
#include "lib/base/error.h"

namespace initbias::plot {
namespace {

constexpr double kLineSamplePt = 19.0;
constexpr double kDotSamplePt = 6.0;
constexpr double kLabelGapPt = 4.0;
constexpr double kEntryGapPt = 13.0;

double SampleWidth(const LegendEntry& entry) {
  return entry.kind == LegendEntry::Kind::kLine ? kLineSamplePt : kDotSamplePt;
}

double EntryWidth(const LegendEntry& entry) {
  return SampleWidth(entry) + kLabelGapPt + TextWidth(entry.label, kFontSizePt, true);
}

std::vector<LegendEntry> Entries(const LinePlot& plot) {
  std::vector<LegendEntry> entries;
  for (const Series& series : plot.series) {
    if (!series.label.empty() && !series.value) {
      entries.push_back({.label = series.label,
                         .kind = LegendEntry::Kind::kLine,
                         .look = series.look,
                         .markers = series.markers,
                         .band = !series.lo.empty()});
    }
  }
  return entries;
}

std::vector<LegendEntry> Entries(const Scatter& scatter) {
  std::vector<LegendEntry> entries;
  for (const ScatterGroup& group : scatter.groups) {
    if (!group.label.empty()) {
      Look look = group.look;
      look.hue = group.values.empty() ? look.hue : Hue::kGrey;
      entries.push_back({.label = group.label, .kind = LegendEntry::Kind::kMarkers, .look = look});
    }
  }
  return entries;
}

std::vector<LegendEntry> Entries(const HeatMap&) { return {}; }
std::vector<LegendEntry> Entries(const TokenStrip&) { return {}; }

void DrawSample(const LegendEntry& entry, double left, double y, Layer& layer) {
  const double right = left + SampleWidth(entry);
  const Point middle{(left + right) / 2, y};
  const Rgb color = HueColor(entry.look.hue);
  if (entry.kind == LegendEntry::Kind::kLine) {
    if (entry.band) {
      constexpr double kHalf = 2.7;
      layer.shapes.emplace_back(Rect{.box = {left, y - kHalf, right, y + kHalf},
                                     .fill = Lighten(color, 1 - kBandOpacity)});
    }
    layer.shapes.emplace_back(Polyline{.points = {{left, y}, {right, y}},
                                       .color = color,
                                       .width = entry.look.width_pt,
                                       .dash = entry.look.dash});
    if (!entry.markers) {
      return;
    }
  }
  const Marker marker = entry.look.marker == Marker::kNone ? Marker::kCircle : entry.look.marker;
  layer.shapes.emplace_back(Dot{.at = middle, .marker = marker, .color = color});
}

// Whether both look the same on the page. Neither a width nor a band tells things apart.
bool LookAlike(const LegendEntry& a, const LegendEntry& b) {
  const bool line = a.kind == LegendEntry::Kind::kLine;
  return a.kind == b.kind && a.markers == b.markers && a.look.hue == b.look.hue &&
         (!line || a.look.dash == b.look.dash) &&
         ((line && !a.markers) || a.look.marker == b.look.marker);
}

// The curves of `panel` that no legend explains.
std::vector<LegendEntry> WithoutLabel(const Panel& panel) {
  std::vector<LegendEntry> entries;
  if (const auto* const plot = std::get_if<LinePlot>(&panel.content)) {
    for (const Series& series : plot->series) {
      if (series.label.empty() && !series.value) {
        entries.push_back({.label = fmt::format("a curve of {}", panel.title),
                           .look = series.look,
                           .markers = series.markers});
      }
    }
  }
  return entries;
}

}  // namespace

std::vector<LegendEntry> PanelEntries(const Panel& panel) {
  return std::visit([](const auto& content) { return Entries(content); }, panel.content);
}

std::vector<LegendEntry> FigureEntries(const Figure& figure) {
  std::vector<LegendEntry> entries;
  for (const Panel& panel : figure.panels) {
    if (panel.legend != LegendPlace::kFigure) {
      continue;
    }
    for (const LegendEntry& entry : PanelEntries(panel)) {
      const auto same = std::find_if(entries.begin(), entries.end(), [&](const LegendEntry& known) {
        return known.label == entry.label;
      });
      if (same == entries.end()) {
        entries.push_back(entry);
        continue;
      }
      same->band = same->band || entry.band;
      LegendEntry expected = *same;
      expected.band = entry.band;
      if (expected != entry) {
        throw Error(fmt::format(
            "the figure's legend would show \"{}\" with two looks: use one look for it in all "
            "panels, or another label, or LegendPlace::kBelow",
            entry.label));
      }
    }
  }
  return entries;
}

std::vector<std::string> SharedLooks(const Figure& figure) {
  const std::vector<LegendEntry> of_figure = FigureEntries(figure);
  std::vector<std::string> shared;
  const auto compare = [&shared](const LegendEntry& a, const LegendEntry& b) {
    if (a.label != b.label && LookAlike(a, b)) {
      shared.push_back(fmt::format("\"{}\" and \"{}\"", a.label, b.label));
    }
  };
  const auto compare_all = [&compare](const std::vector<LegendEntry>& entries) {
    for (size_t i = 0; i < entries.size(); ++i) {
      for (size_t j = 0; j < i; ++j) {
        compare(entries[j], entries[i]);
      }
    }
  };
  compare_all(of_figure);
  for (const Panel& panel : figure.panels) {
    std::vector<LegendEntry> of_panel = WithoutLabel(panel);
    if (panel.legend != LegendPlace::kFigure) {
      const std::vector<LegendEntry> own = PanelEntries(panel);
      compare_all(own);
      of_panel.insert(of_panel.end(), own.begin(), own.end());
    }
    for (const LegendEntry& entry : of_panel) {
      for (const LegendEntry& other : of_figure) {
        compare(other, entry);
      }
    }
  }
  return shared;
}

std::vector<std::vector<LegendEntry>> FlowEntries(const std::vector<LegendEntry>& entries,
                                                  double width) {
  std::vector<std::vector<LegendEntry>> lines;
  for (const LegendEntry& entry : entries) {
    if (!lines.empty()) {
      lines.back().push_back(entry);
      if (EntriesWidth(lines.back()) <= width) {
        continue;
      }
      lines.back().pop_back();
    }
    lines.push_back({entry});
  }
  return lines;
}

double EntriesWidth(const std::vector<LegendEntry>& entries) {
  double width = entries.empty() ? 0 : -kEntryGapPt;
  for (const LegendEntry& entry : entries) {
    width += EntryWidth(entry) + kEntryGapPt;
  }
  return width;
}

void DrawEntries(const std::vector<LegendEntry>& entries, double left, double y, Layer& layer,
                 std::vector<Text>& texts) {
  for (const LegendEntry& entry : entries) {
    DrawSample(entry, left, y, layer);
    texts.push_back({.text = entry.label,
                     .at = {left + SampleWidth(entry) + kLabelGapPt, y},
                     .align = Text::Align::kLeft});
    left += EntryWidth(entry) + kEntryGapPt;
  }
}

}  // namespace initbias::plot
