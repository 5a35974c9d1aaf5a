#include "figures/panels/embeddings.h"

#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

#include "figures/look.h"
#include "figures/panels/curves.h"
#include "figures/panels/values.h"
#include "lib/config/set_names.h"
#include "lib/store/figure_key.h"
#include "lib/store/panel_names.h"

namespace initbias {

using plot::Figure;
using plot::HeatMap;
using plot::LinePlot;
using plot::Panel;
using plot::Series;

HeatMap CosineMap(const FigureData& data, const std::string& group, bool bar) {
  const FigureArray& cosine = data.Get(Below(group, kCosineName));
  return {.rows = static_cast<int>(cosine.shape.at(0)),
          .columns = static_cast<int>(cosine.shape.at(1)),
          .values = cosine.values,
          .row_labels = WholeNumbers(data, Below(group, kTokensName)),
          .column_labels = WholeNumbers(data, Below(group, kTokensName)),
          .scale = {.map = plot::ColorMap::kDiverging,
                    .min = -1.0,
                    .max = 1.0,
                    .label = "cosine",
                    .bar = bar}};
}

void AddAnchorPanels(const AnchorPanels& panels, const FigureData& data, Figure* figure) {
  LinePlot lines;
  int column = 0;
  for (const auto& [kind, role] : kAnchorRoles) {
    const std::string group = Below(panels.group, kind);
    Panel matrix{.letter = column == 0 ? panels.letter : "",
                 .heading = column == 0 ? panels.heading : "",
                 .title = fmt::format("{} anchors, {}", kind, panels.when),
                 .row = panels.row,
                 .column = column++};
    matrix.x_axis.label = "anchor s_{j}";
    matrix.y_axis.label = "anchor s_{i}";
    matrix.content = CosineMap(data, group, panels.matrices_have_bar);
    figure->panels.push_back(std::move(matrix));
    Series by_distance = Curve(data, group, kDistanceName, kByDistanceName,
                               fmt::format("{} anchors", kind), RoleLook(role));
    by_distance.markers = true;  // a loss over its data may stand in the same picture
    lines.series.push_back(std::move(by_distance));
  }
  figure->panels.push_back({.title = "mean by distance, " + panels.when,
                            .row = panels.row,
                            .column = column,
                            .x_axis = {.label = "|s_{i} − s_{j}|"},
                            .y_axis = {.label = "cosine", .min = -1.0, .max = 1.0},
                            .references = {{.at = 0}},
                            .content = lines});
}

Panel ComponentPanel(const FigureData& data, const std::string& group) {
  plot::Scatter scatter{.scale = {.label = "key"}};
  struct Kind {
    const char* name;
    const char* label;
    plot::Look look;
  };
  plot::Look other{.hue = plot::Hue::kGrey, .marker = plot::Marker::kCross};
  plot::Look keys = RoleLook(Role::kKey);
  keys.marker = plot::Marker::kCircle;
  for (const auto& [name, label, look] :
       {Kind{kOtherName, "tokens that are no input", other},
        Kind{kKeysName, "keys, by number", keys},
        Kind{kMemoryKind, "memory anchors", RoleLook(Role::kMemory)},
        Kind{kReasoningKind, "reasoning anchors", RoleLook(Role::kReasoningTrain)}}) {
    const std::string path = Below(group, name);
    if (!data.Has(Below(path, kTokenName))) {
      continue;
    }
    plot::ScatterGroup points{.label = label,
                              .x = data.Get(Below(path, kFirstComponentName)).values,
                              .y = data.Get(Below(path, kSecondComponentName)).values,
                              .look = look};
    if (std::string(name) == kKeysName) {
      points.values = data.Get(Below(path, kTokenName)).values;
    } else if (std::string(name) == kReasoningKind) {
      points.point_labels = WholeNumbers(data, Below(path, kTokenName));
    }
    scatter.groups.push_back(std::move(points));
  }
  const std::vector<double>& variance = data.Get(Below(group, kVarianceName)).values;
  return {.x_axis = {.label = fmt::format("PC 1 ({:.0f} %)", 100 * variance.at(0))},
          .y_axis = {.label = fmt::format("PC 2 ({:.0f} %)", 100 * variance.at(1))},
          .legend = plot::LegendPlace::kBelow,
          .content = std::move(scatter)};
}

Panel TheoryRowPanel(const FigureData& data, const std::string& group, int anchor) {
  Series theory{.label = "theory (Theorem 1)",
                .x = data.Get(Below(group, kTokenName)).values,
                .y = data.Get(Below(group, kTheoryName)).values,
                .look = RoleLook(Role::kTheory)};
  return {.title = fmt::format("s = {}", anchor),
          .x_axis = {.label = "token s_{j}"},
          .y_axis = {.label = "cosine with s", .max = 1.0},
          .references = {{.at = 0}},
          .content = LinePlot{.series = {Curve(data, group, kTokenName, kRealName,
                                               "real embeddings", RoleLook(Role::kMeasured)),
                                         std::move(theory)}}};
}

}  // namespace initbias
