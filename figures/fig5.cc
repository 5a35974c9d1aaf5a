// Figure 5: embeddings of the Transformer at small initialisation beside those of Theorem 1. Data:
// experiments/fig5.cc.
#include "figures/figure_main.h"
#include "figures/panels.h"

namespace initbias {
namespace {

plot::Panel At(plot::Panel panel, const std::string& letter, const std::string& title, int row,
               int column, int span = 1) {
  panel.letter = letter;
  panel.title = title.empty() ? panel.title : title;
  panel.row = row;
  panel.column = column;
  panel.column_span = span;
  return panel;
}

plot::Figure Describe(const FigureData& data) {
  plot::Figure figure{.title = "Figure 5", .caption = data.caption, .columns = 3};
  AddAnchorPanels({.letter = "A",
                   .heading = "Transformer, γ = 0.8",
                   .group = "A",
                   .when = EpochText(data, "A/epoch"),
                   .row = 0},
                  data, &figure);
  figure.panels.push_back(
      At(ComponentPanel(data, "B"), "B", "all embeddings, " + EpochText(data, "A/epoch"), 1, 0, 3));
  figure.panels.push_back({.letter = "C",
                           .title = "cosine of w̃_{s}, reasoning anchors",
                           .row = 2,
                           .column = 0,
                           .x_axis = {.label = "anchor s_{j}"},
                           .y_axis = {.label = "anchor s_{i}"},
                           .content = CosineMap(data, "C/theory", true)});
  figure.panels.push_back(
      At(TheoryRowPanel(data, "C/row", static_cast<int>(Value(data, "C/row/anchor"))), "", "", 2, 1,
         2));
  figure.panels.push_back(At(ComponentPanel(data, "D"), "D", "Theorem 1's w̃_{s}", 3, 0, 3));
  return figure;
}

}  // namespace
}  // namespace initbias

int main(int argc, char** argv) {
  return initbias::FigureMain(argc, argv, "fig5", initbias::Describe);
}
