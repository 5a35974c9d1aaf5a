// The gradient flow of the theory against training. Data: experiments/appendix_theory.cc.
#include <fmt/format.h>

#include <algorithm>

#include "figures/figure_main.h"
#include "figures/panels.h"
#include "lib/claims/claim.h"

namespace initbias {
namespace {

// Median over the tokens of each row of <path>, and the range where `band`.
plot::Series OverTokens(const FigureData& data, const std::string& group, const std::string& path,
                        bool band) {
  const FigureArray& array = data.Get(group + "/" + path);
  const std::vector<double>& steps = data.Get(group + "/step").values;
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

plot::Figure Describe(const FigureData& data) {
  const std::vector<double>& gammas = data.Get("gamma").values;
  const auto columns = static_cast<int>(gammas.size());
  plot::Figure figure{
      .title = "Theory against training", .caption = data.caption, .columns = columns};
  int row = 0;
  for (const auto& [letter, heading] :
       {std::pair("A", "Emb-MLP"), std::pair("B", "one-layer Transformer without LayerNorm")}) {
    for (int column = 0; column < columns; ++column) {
      const double gamma = gammas[static_cast<size_t>(column)];
      const std::string group = fmt::format("{}/gamma={}", letter, gamma);
      plot::LinePlot lines;
      for (const auto& [kind, role] : {std::pair("memory", plot::Role::kMemory),
                                       std::pair("reasoning", plot::Role::kReasoningTrain)}) {
        for (const bool gradient : {true, false}) {
          plot::Series series = OverTokens(
              data, group, fmt::format("{}/{}", kind, gradient ? "gradient" : "change"), gradient);
          series.label = fmt::format("{}, {}", kind, gradient ? "gradient" : "AdamW's step");
          series.look = plot::RoleLook(role);
          series.look.dash = gradient ? plot::Dash::kSolid : plot::Dash::kDashed;
          lines.series.push_back(std::move(series));
        }
      }
      figure.panels.push_back(
          {.letter = column == 0 ? letter : "",
           .heading = column == 0 ? heading : "",
           .title = fmt::format("γ = {}", gamma),
           .row = row,
           .column = column,
           .x_axis = {.label = "step + 1", .log = true, .share = letter},
           .y_axis = {.label = "cosine with theory", .min = -1.0, .max = 1.0, .share = letter},
           .references = {{.at = 0}},
           .content = std::move(lines)});
    }
    ++row;
  }
  plot::LinePlot durations;
  for (const auto& [model, label] :
       {std::pair("emb_mlp", "Emb-MLP"), std::pair("transformer", "one-layer Transformer")}) {
    const std::string path = fmt::format("C/{}", model);
    plot::Series series{.label = label,
                        .x = gammas,
                        .y = data.Get(path).values,
                        .lo = data.Get(path + "_lo").values,
                        .hi = data.Get(path + "_hi").values,
                        .look = plot::IndexLook(static_cast<int>(durations.series.size())),
                        .markers = true};
    durations.series.push_back(std::move(series));
  }
  figure.panels.push_back({.letter = "C",
                           .title = "how long the cosine with the gradient stays above 0.9",
                           .row = row,
                           .column = 0,
                           .column_span = columns,
                           .x_axis = {.label = "initialisation rate γ"},
                           .y_axis = {.label = "learning rate × steps", .min = 0.0},
                           .legend = plot::LegendPlace::kBelow,
                           .content = std::move(durations)});
  return figure;
}

}  // namespace
}  // namespace initbias

int main(int argc, char** argv) {
  return initbias::FigureMain(argc, argv, "appendix_theory", initbias::Describe);
}
