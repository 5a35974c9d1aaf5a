#include "figures/panels/theory.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <utility>

#include "figures/look.h"
#include "figures/panels/curves.h"
#include "lib/analysis/statistics.h"
#include "lib/store/figure_key.h"
#include "lib/store/panel_names.h"

namespace initbias {
namespace {

// Median over the tokens of each row of <group>/<kind>/<name>, and the range where `band`.
plot::Series OverTokens(const FigureData& data, const std::string& group, const std::string& kind,
                        const std::string& name, bool band) {
  const FigureArray& array = data.Get(Below(Below(group, kind), name));
  const std::vector<double>& steps = data.Get(Below(group, kStepName)).values;
  const auto tokens = static_cast<ptrdiff_t>(array.shape.at(1));
  plot::Series series;
  for (ptrdiff_t row = 0; row < array.shape.at(0); ++row) {
    const auto begin = array.values.begin() + row * tokens;
    const std::vector<double> values(begin, begin + tokens);
    series.x.push_back(steps.at(static_cast<size_t>(row)) + 1);  // for a logarithmic axis
    series.y.push_back(Median(values));
    if (band) {
      const auto [lo, hi] = std::ranges::minmax(values);
      series.lo.push_back(lo);
      series.hi.push_back(hi);
    }
  }
  return series;
}

plot::LinePlot AgreementLines(const AgreementRow& row, const FigureData& data, double gamma) {
  plot::LinePlot lines;
  for (const auto& [kind, role] : kAnchorRoles) {
    for (const bool solid : {true, false}) {
      plot::Series series = OverTokens(data, Key(row.panel, gamma), kind,
                                       solid ? std::string(kGradientName) : row.dashed, solid);
      series.label = fmt::format("{}, {}", kind, solid ? "the paper's" : row.dashed_label);
      series.look = RoleLook(role);
      series.look.dash = solid ? plot::Dash::kSolid : plot::Dash::kDashed;
      series.markers = !solid && row.markers;
      lines.series.push_back(std::move(series));
    }
  }
  return lines;
}

}  // namespace

void AddAgreementRow(const AgreementRow& row, const FigureData& data, plot::Figure* figure) {
  for (size_t i = 0; i < row.gammas.size(); ++i) {
    figure->panels.push_back(
        {.letter = i == 0 ? row.panel : "",
         .heading = i == 0 ? row.heading : "",
         .title = fmt::format("γ = {}", row.gammas[i]),
         .row = row.row,
         .column = static_cast<int>(i),
         .x_axis = {.label = "step + 1", .log = true, .share = row.panel},
         .y_axis = {.label = "cosine with theory", .min = -1.0, .max = 1.0, .share = row.panel},
         .references = {{.at = 0}},
         .content = AgreementLines(row, data, row.gammas[i])});
  }
}

plot::Panel SizePanel(const FigureData& data, const std::string& group) {
  plot::Scatter scatter;
  for (const auto& [kind, role] : kAnchorRoles) {
    const std::string path = Below(group, kind);
    scatter.groups.push_back({.label = fmt::format("{} anchors", kind),
                              .x = data.Get(Below(path, kPredictedName)).values,
                              .y = data.Get(Below(path, kMeasuredName)).values,
                              .look = RoleLook(role)});
  }
  return {.x_axis = {.label = "r_{s} |(P_{s} − 1/d_{vob}) W_{2}^{T} W_{1}^{T}|", .min = 0.0},
          .y_axis = {.label = "norm of the gradient", .min = 0.0},
          .legend = plot::LegendPlace::kBelow,
          .content = std::move(scatter)};
}

plot::Panel RatioPanel(const FigureData& data, const std::string& group, const std::string& x,
                       const std::string& label, bool log) {
  plot::Series series = Curve(data, group, x, kRatioName, "",
                              {.hue = plot::Hue::kBlack, .marker = plot::Marker::kCircle});
  series.markers = true;
  return {.title = "Theorem 1: deviation over its order",
          .x_axis = {.label = label, .log = log},
          .y_axis = {.label = "ratio", .min = 0.0},
          .content = plot::LinePlot{.series = {std::move(series)}}};
}

}  // namespace initbias
