#include "figures/plot/color_scale.h"

#include <algorithm>
#include <cmath>
#include <variant>

namespace initbias::plot {

const ColorScale* ScaleOf(const Panel& panel) {
  if (const auto* map = std::get_if<HeatMap>(&panel.content)) {
    return &map->scale;
  }
  if (const auto* plot = std::get_if<LinePlot>(&panel.content)) {
    return &plot->scale;
  }
  if (const auto* scatter = std::get_if<Scatter>(&panel.content)) {
    return &scatter->scale;
  }
  return nullptr;
}

ColorRange ResolveScale(const ColorScale& scale, const Extent& extent) {
  Extent used = extent;
  if (scale.map == ColorMap::kDiverging && extent.min) {
    const double largest = std::max(std::abs(*extent.min), std::abs(*extent.max));
    used = {.min = -largest, .max = largest};
  }
  // As an axis without padding: the same rules for fixed limits and for values without width.
  const AxisRange range = ResolveRange({.min = scale.min, .max = scale.max}, used, 0);
  return {.map = scale.map, .min = range.min, .max = range.max};
}

Rgb CellColor(const ColorRange& range, double value) {
  return std::isnan(value) ? kMissingColor
                           : MapColor(range.map, (value - range.min) / (range.max - range.min));
}

Rgb InkColor(const ColorRange& range, double value) {
  return std::isnan(value) ? kMissingColor
                           : MapInkColor(range.map, (value - range.min) / (range.max - range.min));
}

}  // namespace initbias::plot
