// The gradient flow of the theory against training. Data: experiments/appendix_theory.cc.
#include <fmt/format.h>

#include <algorithm>

#include "figures/figure_main.h"
#include "figures/look.h"
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

// Predicted and measured norms of each anchor, and the diagonal on which they are equal.
plot::Panel SizePanel(const FigureData& data) {
  plot::Scatter scatter;
  for (const auto& [kind, role] :
       {std::pair("memory", Role::kMemory), std::pair("reasoning", Role::kReasoningTrain)}) {
    const std::string group = fmt::format("C/{}", kind);
    scatter.groups.push_back({.label = fmt::format("{} anchors", kind),
                              .x = data.Get(group + "/predicted").values,
                              .y = data.Get(group + "/measured").values,
                              .look = RoleLook(role)});
  }
  return {.title = "size of the gradient, Emb-MLP, γ = 0.8",
          .x_axis = {.label = "r_{s} |(P_{s} − 1/d_{vob}) W_{2}^{T} W_{1}^{T}|", .min = 0.0},
          .y_axis = {.label = "norm of the gradient", .min = 0.0},
          .legend = plot::LegendPlace::kBelow,
          .content = std::move(scatter)};
}

plot::Panel TheoremPanel(const FigureData& data) {
  plot::Series series = Curve(data, "D", "width", "ratio", "", plot::IndexLook(0));
  series.markers = true;
  return {.title = "Theorem 1: deviation over its order",
          .x_axis = {.label = "width d_{m}", .log = true},
          .y_axis = {.label = "ratio", .min = 0.0},
          .content = plot::LinePlot{.series = {std::move(series)}}};
}

plot::Figure Describe(const FigureData& data) {
  const std::vector<double>& gammas = data.Get("gamma").values;
  const auto columns = static_cast<int>(gammas.size());
  plot::Figure figure{.title = "Theory against training",
                      .caption = data.caption,
                      .columns = columns,
                      .row_heights_in = {1.2, 1.2, 1.3}};
  struct Model {
    const char* letter;
    const char* heading;
    const char* dashed;  // what the dashed lines show: its data and its label
    const char* solid_label;
    const char* dashed_label;
  };
  int row = 0;
  for (const Model& model :
       {Model{"A", "Emb-MLP", "change", "gradient", "AdamW's step"},
        Model{"B", "one-layer Transformer without LayerNorm", "ours", "the paper's W", "ours"}}) {
    for (int column = 0; column < columns; ++column) {
      const double gamma = gammas[static_cast<size_t>(column)];
      const std::string group = fmt::format("{}/gamma={}", model.letter, gamma);
      plot::LinePlot lines;
      for (const auto& [kind, role] :
           {std::pair("memory", Role::kMemory), std::pair("reasoning", Role::kReasoningTrain)}) {
        for (const bool solid : {true, false}) {
          plot::Series series = OverTokens(
              data, group, fmt::format("{}/{}", kind, solid ? "gradient" : model.dashed), solid);
          series.label =
              fmt::format("{}, {}", kind, solid ? model.solid_label : model.dashed_label);
          series.look = RoleLook(role);
          series.look.dash = solid ? plot::Dash::kSolid : plot::Dash::kDashed;
          lines.series.push_back(std::move(series));
        }
      }
      figure.panels.push_back({.letter = column == 0 ? model.letter : "",
                               .heading = column == 0 ? model.heading : "",
                               .title = fmt::format("γ = {}", gamma),
                               .row = row,
                               .column = column,
                               .x_axis = {.label = "step + 1", .log = true, .share = model.letter},
                               .y_axis = {.label = "cosine with theory",
                                          .min = -1.0,
                                          .max = 1.0,
                                          .share = model.letter},
                               .references = {{.at = 0}},
                               .content = std::move(lines)});
    }
    ++row;
  }
  AddPanel(SizePanel(data), "C", "", {.row = row, .column = 0}, &figure);
  AddPanel(TheoremPanel(data), "D", "", {.row = row, .column = 1, .span = columns - 1}, &figure);
  return figure;
}

}  // namespace
}  // namespace initbias

int main(int argc, char** argv) {
  return initbias::FigureMain(argc, argv, "appendix_theory", initbias::Describe);
}
