// Figure 7: GPT-2's contrast of two corpora by initialisation rate (A), cosines of their tokens'
// embeddings early in training (B) and over training (C). Data: experiments/fig7.cc.
#include <fmt/format.h>

#include "figures/figure_main.h"
#include "figures/panels.h"

namespace initbias {
namespace {

struct Corpus {
  const char* group;
  const char* label;
  plot::Role role;
};
constexpr Corpus kCorpora[] = {{"prontoqa", "PrOntoQA", plot::Role::kReasoningTrain},
                               {"tinystories", "TinyStories", plot::Role::kMemory}};

plot::Panel TokenPanel(const FigureData& data, const Corpus& corpus) {
  const FigureArray& cosines = data.Get(fmt::format("B/{}/cosine", corpus.group));
  const auto size = static_cast<int>(cosines.shape.at(0));
  return {.title = fmt::format("{}, {}", corpus.label, EpochText(data, "B/epoch")),
          .x_axis = {.label = "token"},
          .y_axis = {.label = "token"},
          .content = plot::HeatMap{
              .rows = size,
              .columns = size,
              .values = cosines.values,
              .row_start = 1,
              .column_start = 1,
              .scale = {
                  .map = plot::ColorMap::kDiverging, .min = -1.0, .max = 1.0, .label = "cosine"}}};
}

plot::Figure Describe(const FigureData& data) {
  plot::Figure figure{
      .title = "Figure 7", .caption = data.caption, .columns = 2, .row_heights_in = {1.4, 0, 1.4}};
  plot::Panel contrast = CoursePanel(data, GammaConditions("A/gamma="), "contrast", "dL");
  contrast.letter = "A";
  contrast.row = 0;
  contrast.column = 0;
  contrast.column_span = 2;
  contrast.references = {{.at = 0}};
  contrast.legend = plot::LegendPlace::kRight;
  figure.panels.push_back(std::move(contrast));

  plot::LinePlot means;
  int column = 0;
  for (const Corpus& corpus : kCorpora) {
    plot::Panel tokens = TokenPanel(data, corpus);
    tokens.letter = column == 0 ? "B" : "";
    tokens.row = 1;
    tokens.column = column;
    figure.panels.push_back(std::move(tokens));
    means.series.push_back(Curve(data, fmt::format("C/{}", corpus.group), "epoch", "mean_cosine",
                                 corpus.label, plot::RoleLook(corpus.role)));
    ++column;
  }
  const std::vector<double>& paper = data.Get("C/paper").values;
  figure.panels.push_back(
      {.letter = "C",
       .title = "mean cosine of the tokens of each corpus, γ = 0.8",
       .row = 2,
       .column = 0,
       .column_span = 2,
       .x_axis = {.label = "epoch"},
       .y_axis = {.label = "mean cosine", .min = 0.0},
       .references = {{.at = paper.at(0), .label = fmt::format("paper, {}", paper.at(0))},
                      {.at = paper.at(1), .label = fmt::format("paper, {}", paper.at(1))}},
       .legend = plot::LegendPlace::kBelow,
       .content = std::move(means)});
  return figure;
}

}  // namespace
}  // namespace initbias

int main(int argc, char** argv) {
  return initbias::FigureMain(argc, argv, "fig7", initbias::Describe);
}
