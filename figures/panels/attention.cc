#include "figures/panels/attention.h"

#include <fmt/format.h>

#include <cstddef>
#include <utility>
#include <vector>

#include "figures/look.h"
#include "figures/panels/curves.h"
#include "lib/base/nan.h"
#include "lib/store/figure_key.h"
#include "lib/store/panel_names.h"

namespace initbias {

using plot::HeatMap;
using plot::LinePlot;
using plot::Panel;
using plot::Series;

Panel AttentionPanel(const FigureData& data, const std::string& path, bool bar) {
  const FigureArray& attention = data.Get(path);
  HeatMap map{.rows = static_cast<int>(attention.shape.at(0)),
              .columns = static_cast<int>(attention.shape.at(1)),
              .values = attention.values,
              .row_start = 1,
              .column_start = 1,
              .scale = {.min = 0.0, .max = 1.0, .label = "attention", .bar = bar}};
  const auto columns = static_cast<size_t>(map.columns);
  for (size_t i = 0; i < map.values.size(); ++i) {
    if (i % columns > i / columns) {
      map.values[i] = kNan;
    }
  }
  return {.x_axis = {.label = "position j"},
          .y_axis = {.label = "position i"},
          .content = std::move(map)};
}

Panel AlignmentPanel(const FigureData& data, const std::string& group) {
  LinePlot lines;
  for (const auto& [kind, role] : kAnchorRoles) {
    Series series = Curve(data, Below(group, kind), kTokenName, kCosineName,
                          fmt::format("{} anchors", kind), RoleLook(role));
    series.markers = true;
    lines.series.push_back(std::move(series));
  }
  return {.x_axis = {.label = "anchor"},
          .y_axis = {.label = "cosine", .min = -1.0, .max = 1.0},
          .references = {{.at = 0}},
          .legend = plot::LegendPlace::kBelow,
          .content = std::move(lines)};
}

Panel SingularValuePanel(const FigureData& data, const std::string& group) {
  Series series =
      Curve(data, Below(group, kSingularValueName), kIndexName, kValueName, "", plot::IndexLook(0));
  series.look.marker = plot::Marker::kCircle;
  series.markers = true;
  return {.x_axis = {.label = "index"},
          .y_axis = {.label = "singular value of W_{V}", .min = 0.0},
          .content = LinePlot{.series = {std::move(series)}}};
}

}  // namespace initbias
