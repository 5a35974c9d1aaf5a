#include "figures/plot/extents.h"

#include <variant>

namespace initbias::plot {
namespace {

constexpr double kValuePadding = 0.05;
constexpr double kMarkerPadding = 0.03;  // Of x: markers would stand half outside of the axes.

Extents ContentExtents(const LinePlot& plot) {
  Extents extents;
  extents.y_padding = kValuePadding;
  for (const Series& series : plot.series) {
    extents.x.Add(series.x);
    extents.y.Add(series.y);
    extents.y.Add(series.lo);
    extents.y.Add(series.hi);
    if (series.value) {
      extents.color.Add(*series.value);
    }
    if (series.markers) {
      extents.x_padding = kMarkerPadding;
    }
  }
  return extents;
}

Extents ContentExtents(const HeatMap& map) {
  Extents extents;
  extents.color.Add(map.values);
  return extents;
}

Extents ContentExtents(const Scatter& scatter) {
  Extents extents;
  extents.x_padding = kValuePadding;
  extents.y_padding = kValuePadding;
  for (const ScatterGroup& group : scatter.groups) {
    extents.x.Add(group.x);
    extents.y.Add(group.y);
    extents.color.Add(group.values);
  }
  return extents;
}

Extents ContentExtents(const TokenStrip&) { return {}; }

}  // namespace

Extents PanelExtents(const Panel& panel) {
  Extents extents =
      std::visit([](const auto& content) { return ContentExtents(content); }, panel.content);
  for (const ReferenceLine& line : panel.references) {
    const bool horizontal = line.direction == ReferenceLine::Direction::kHorizontal;
    (horizontal ? extents.y : extents.x).Add(line.at);
  }
  return extents;
}

}  // namespace initbias::plot
