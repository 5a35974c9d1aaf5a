// Figure 4: cosines of Emb-MLP's anchor embeddings (A) and the label distributions of the reasoning
// anchors (B, C). Data: experiments/fig4.cc.
#include "figures/figure_main.h"
#include "figures/panels.h"

namespace initbias {
namespace {

plot::Figure Describe(const FigureData& data) {
  plot::Figure figure{.title = "Figure 4", .caption = data.caption, .columns = 3};
  AddAnchorPanels({.letter = "A",
                   .heading = "Emb-MLP, γ = 0.8",
                   .group = "A/early",
                   .when = EpochText(data, "A/epoch", 0),
                   .row = 0},
                  data, &figure);
  AddAnchorPanels({.group = "A/late", .when = EpochText(data, "A/epoch", 1), .row = 1}, data,
                  &figure);
  const FigureArray& centred = data.Get("B/centred");
  const std::vector<double>& anchors = data.Get("B/anchor").values;
  const auto labels = static_cast<size_t>(centred.shape.at(1));
  plot::LinePlot curves{.scale = {.label = "anchor s"}};
  for (size_t i = 0; i < anchors.size(); ++i) {
    const auto begin = centred.values.begin() + static_cast<ptrdiff_t>(i * labels);
    curves.series.push_back({.x = data.Get("B/label").values,
                             .y = {begin, begin + static_cast<ptrdiff_t>(labels)},
                             .value = anchors[i]});
  }
  figure.panels.push_back({.letter = "B",
                           .title = "label distributions of reasoning anchors",
                           .row = 2,
                           .column = 0,
                           .column_span = 2,
                           .x_axis = {.label = "label i"},
                           .y_axis = {.label = "P_{s}(i) − 1/d_{vob}"},
                           .references = {{.at = 0}},
                           .content = std::move(curves)});
  figure.panels.push_back({.letter = "C",
                           .title = "cosine of P_{s} − 1/d_{vob}",
                           .row = 2,
                           .column = 2,
                           .x_axis = {.label = "anchor s_{j}"},
                           .y_axis = {.label = "anchor s_{i}"},
                           .content = CosineMap(data, "C/reasoning", true)});
  return figure;
}

}  // namespace
}  // namespace initbias

int main(int argc, char** argv) {
  return initbias::FigureMain(argc, argv, "fig4", initbias::Describe);
}
