// Figure 5: embeddings of the Transformer at small initialisation beside those of Theorem 1. Data:
// experiments/fig5.cc.
#include "figures/figure_main.h"
#include "figures/panels.h"

namespace initbias {
namespace {

plot::Figure Describe(const FigureData& data) {
  plot::Figure figure{.title = "Figure 5", .caption = data.caption, .columns = 3};
  AddAnchorPanels({.letter = "A",
                   .heading = "Transformer, γ = 0.8",
                   .group = "A",
                   .when = EpochText(data, "A/epoch"),
                   .row = 0},
                  data, &figure);
  AddPanel(ComponentPanel(data, "B"), "B", "all embeddings, " + EpochText(data, "A/epoch"),
           {.row = 1, .column = 0, .span = 3}, &figure);
  figure.panels.push_back({.letter = "C",
                           .title = "cosine of w̃_{s}, reasoning anchors",
                           .row = 2,
                           .column = 0,
                           .x_axis = {.label = "anchor s_{j}"},
                           .y_axis = {.label = "anchor s_{i}"},
                           .content = CosineMap(data, "C/theory", true)});
  AddPanel(TheoryRowPanel(data, "C/row", static_cast<int>(Value(data, "C/row/anchor"))), "", "",
           {.row = 2, .column = 1, .span = 2}, &figure);
  AddPanel(ComponentPanel(data, "D"), "D", "Theorem 1's w̃_{s}", {.row = 3, .column = 0, .span = 3},
           &figure);
  return figure;
}

}  // namespace
}  // namespace initbias

int main(int argc, char** argv) {
  return initbias::FigureMain(argc, argv, "fig5", initbias::Describe);
}
