// The learning-rate ablation. Data: experiments/appendix_learning_rate.cc.
#include <fmt/format.h>

#include "figures/figure_main.h"
#include "figures/learning_curves.h"
#include "figures/look.h"
#include "figures/panels.h"

namespace initbias {
namespace {

plot::Figure Describe(const FigureData& data) {
  const std::vector<double>& rates = data.Get("rates").values;
  const auto columns = static_cast<int>(rates.size());
  plot::Figure figure{.title = "Learning rates", .caption = data.caption, .columns = columns};
  int row = 0;
  for (const double gamma : {0.3, 0.8}) {
    for (int column = 0; column < columns; ++column) {
      plot::Panel panel =
          CurvePanel(data, fmt::format("A/rate{}/gamma={}", column + 1, gamma), "loss");
      panel.letter = std::string(row == 0 && column == 0 ? "A" : "");
      panel.title = fmt::format("γ = {}, rate {:g}", gamma, rates[static_cast<size_t>(column)]);
      panel.row = row;
      panel.column = column;
      panel.x_axis.share = fmt::format("epoch{}", column);
      panel.y_axis.share = fmt::format("loss{}", gamma);
      figure.panels.push_back(std::move(panel));
    }
    ++row;
  }
  plot::LinePlot leads;
  for (const double gamma : {0.3, 0.8}) {
    const std::string name = fmt::format("B/gamma={}", gamma);
    plot::Series series{.label = fmt::format("γ = {}", gamma),
                        .x = rates,
                        .y = data.Get(name).values,
                        .lo = data.Get(name + "_lo").values,
                        .hi = data.Get(name + "_hi").values,
                        .look = GammaLook(gamma),
                        .markers = true};
    leads.series.push_back(std::move(series));
  }
  figure.panels.push_back({.letter = "B",
                           .title = "lead of masked reasoning over memory",
                           .row = row,
                           .column = 0,
                           .column_span = columns,
                           .x_axis = {.label = "learning rate", .log = true},
                           .y_axis = {.label = "mean lead"},
                           .references = {{.at = 0}},
                           .content = std::move(leads)});
  return figure;
}

}  // namespace
}  // namespace initbias

int main(int argc, char** argv) {
  return initbias::FigureMain(argc, argv, "appendix_learning_rate", initbias::Describe);
}
