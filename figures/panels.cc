#include "figures/panels.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <set>

#include "figures/look.h"
#include "lib/config/run_config.h"
#include "lib/config/set_names.h"
#include "lib/store/figure_key.h"
#include "lib/store/panel_names.h"

namespace initbias {

using plot::Figure;
using plot::HeatMap;
using plot::LinePlot;
using plot::Panel;
using plot::Series;

std::vector<std::string> WholeNumbers(const FigureData& data, const std::string& path) {
  std::vector<std::string> texts;
  for (const double value : data.Get(path).values) {
    texts.push_back(fmt::format("{:.0f}", value));
  }
  return texts;
}

double Value(const FigureData& data, const std::string& path) {
  return data.Get(path).values.at(0);
}

std::string EpochText(const FigureData& data, const std::string& path, size_t index) {
  // A no-break space: a title never breaks between the word and its number.
  return fmt::format("epoch\u00a0{:.3g}", data.Get(path).values.at(index));
}

std::string RateText(const FigureData& data) {
  // The runs' configs are not in files of older programs.
  const std::string rate = data.runs.empty() ? "" : RateOfLabel(data.runs.front().label);
  if (rate.empty()) {
    throw NoSuchFigureData(
        fmt::format("{} ({} profile) has no run with a rate", data.figure, data.profile));
  }
  return "γ = " + rate;
}

void AddPanel(Panel panel, const std::string& letter, const std::string& title, PanelPlace place,
              Figure* figure) {
  panel.letter = letter;
  panel.title = title.empty() ? panel.title : title;
  panel.row = place.row;
  panel.column = place.column;
  panel.column_span = place.span;
  figure->panels.push_back(std::move(panel));
}

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

Series BandCurve(const FigureData& data, const std::string& x_path, const std::string& y_path,
                 const std::string& label, plot::Look look) {
  const BandKeys keys = BandOf(y_path);
  return {.label = label,
          .x = data.Get(x_path).values,
          .y = data.Get(keys.median).values,
          .lo = data.Get(keys.lo).values,
          .hi = data.Get(keys.hi).values,
          .look = look};
}

Series Curve(const FigureData& data, const std::string& group, const std::string& x,
             const std::string& name, const std::string& label, plot::Look look) {
  return BandCurve(data, Below(group, x), Below(group, name), label, look);
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
       {Kind{"other", "tokens that are no input", other}, Kind{"keys", "keys, by number", keys},
        Kind{"memory", "memory anchors", RoleLook(Role::kMemory)},
        Kind{"reasoning", "reasoning anchors", RoleLook(Role::kReasoningTrain)}}) {
    const std::string path = Below(group, name);
    if (!data.Has(Below(path, kTokenName))) {
      continue;
    }
    plot::ScatterGroup points{.label = label,
                              .x = data.Get(Below(path, kFirstComponentName)).values,
                              .y = data.Get(Below(path, kSecondComponentName)).values,
                              .look = look};
    if (std::string(name) == "keys") {
      points.values = data.Get(Below(path, kTokenName)).values;
    } else if (std::string(name) == "reasoning") {
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
      map.values[i] = std::numeric_limits<double>::quiet_NaN();
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

std::vector<double> GammasOf(const FigureData& data, const std::string& prefix) {
  std::set<double> gammas;
  for (const FigureArray& array : data.arrays) {
    if (array.path.starts_with(prefix)) {
      gammas.insert(std::stod(array.path.substr(prefix.size())));
    }
  }
  return {gammas.begin(), gammas.end()};
}

double GammaAt(const FigureData& data, const std::string& prefix, size_t index) {
  const std::vector<double> gammas = GammasOf(data, prefix);
  if (index >= gammas.size()) {
    throw NoSuchFigureData(fmt::format("{} ({} profile) has {} groups /panels/{}..", data.figure,
                                       data.profile, gammas.size(), prefix));
  }
  return gammas[index];
}

double LargestGamma(const FigureData& data, const std::string& prefix) {
  const size_t count = GammasOf(data, prefix).size();
  return GammaAt(data, prefix, count == 0 ? 0 : count - 1);
}

std::vector<Condition> GammaConditions(const FigureData& data, const std::string& prefix) {
  std::vector<Condition> conditions;
  for (const double gamma : GammasOf(data, prefix)) {
    conditions.push_back(
        {fmt::format("{}{}", prefix, gamma), fmt::format("γ = {}", gamma), GammaLook(gamma)});
  }
  return conditions;
}

std::vector<Condition> CorpusConditions(const std::string& prefix) {
  return {{prefix + kProntoQa, "PrOntoQA", RoleLook(Role::kReasoningTrain)},
          {prefix + kTinyStories, "TinyStories", RoleLook(Role::kMemory)}};
}

Panel CoursePanel(const FigureData& data, const std::vector<Condition>& conditions,
                  const std::string& name, const std::string& label) {
  LinePlot lines;
  for (const Condition& condition : conditions) {
    lines.series.push_back(
        Curve(data, condition.group, kEpochName, name, condition.label, condition.look));
  }
  return {.x_axis = {.label = "epoch"}, .y_axis = {.label = label}, .content = std::move(lines)};
}

}  // namespace initbias
