// Appendix F: figures 3A and 5A without LayerNorm. Data: experiments/appendix_f.cc.
#include "figures/figure_main.h"
#include "figures/learning_curves.h"
#include "figures/panels.h"

namespace initbias {
namespace {

plot::Figure Describe(const FigureData& data) {
  plot::Figure figure{.title = "Appendix F",
                      .caption = data.caption,
                      .columns = 3,
                      .row_heights_in = {1.1, 1.1, 0}};
  const std::vector<double> gammas = {0.3, 0.5, 0.8};
  AddCurveRow({.letter = "A",
               .heading = "Transformer without LayerNorm",
               .panel = "A",
               .quantity = "loss",
               .row = 0,
               .gammas = gammas,
               .titles = true,
               .max = 10},
              data, &figure);
  AddCurveRow({.panel = "A", .quantity = "accuracy", .row = 1, .gammas = gammas}, data, &figure);
  AddAnchorPanels({.letter = "B",
                   .heading = "γ = 0.8",
                   .group = "B",
                   .when = EpochText(data, "B/epoch"),
                   .row = 2},
                  data, &figure);
  return figure;
}

}  // namespace
}  // namespace initbias

int main(int argc, char** argv) {
  return initbias::FigureMain(argc, argv, "appendix_f", initbias::Describe);
}
