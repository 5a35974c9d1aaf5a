// Figure 3: learning curves of the Transformer (A) and Emb-MLP (B) by initialisation rate. Data:
// experiments/fig3.cc.
#include "figures/figure_main.h"
#include "figures/learning_curves.h"

namespace initbias {
namespace {

plot::Figure Describe(const FigureData& data) {
  plot::Figure figure{.title = "Figure 3",
                      .caption = data.caption,
                      .columns = 3,
                      .row_heights_in = {1.1, 1.1, 1.1, 1.1}};
  const std::vector<double> transformer = {0.3, 0.5, 0.8};
  const std::vector<double> emb_mlp = {0.3, 0.8};
  AddCurveRow({.letter = "A",
               .heading = "Transformer",
               .panel = "A",
               .quantity = "loss",
               .row = 0,
               .gammas = transformer,
               .titles = true},
              data, &figure);
  AddCurveRow({.panel = "A", .quantity = "accuracy", .row = 1, .gammas = transformer}, data,
              &figure);
  AddCurveRow({.letter = "B",
               .heading = "Emb-MLP",
               .panel = "B",
               .quantity = "loss",
               .row = 2,
               .gammas = emb_mlp,
               .titles = true},
              data, &figure);
  AddCurveRow({.panel = "B", .quantity = "accuracy", .row = 3, .gammas = emb_mlp}, data, &figure);
  return figure;
}

}  // namespace
}  // namespace initbias

int main(int argc, char** argv) {
  return initbias::FigureMain(argc, argv, "fig3", initbias::Describe);
}
