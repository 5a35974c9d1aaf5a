// Figure 7: GPT-2's contrast of two corpora by initialisation rate (A), cosines of their tokens'
// embeddings early in training (B) and over training (C), their difference on tokens of equal
// counts (D). Data: experiments/fig7.cc.
#include <fmt/format.h>

#include "figures/figure_main.h"
#include "figures/panels.h"

namespace initbias {
namespace {

// A cosine matrix with the tokens' texts, thinned out, as labels.
plot::Panel TokenPanel(const FigureData& data, const Condition& corpus) {
  const FigureArray& cosines = data.Get(corpus.group + "/cosine");
  const auto size = static_cast<int>(cosines.shape.at(0));
  const std::vector<std::string>& texts = data.Texts(corpus.group + "/text");
  return {.title = fmt::format("{}, {}", corpus.label, EpochText(data, "B/epoch")),
          .x_axis = {.label = "token, by count"},
          .y_axis = {.label = "token, by count"},
          .content = plot::HeatMap{
              .rows = size,
              .columns = size,
              .values = cosines.values,
              .row_labels = texts,
              .column_labels = texts,
              .vertical_column_labels = true,
              .scale = {
                  .map = plot::ColorMap::kDiverging, .min = -1.0, .max = 1.0, .label = "cosine"}}};
}

plot::Figure Describe(const FigureData& data) {
  plot::Figure figure{
      .title = "Figure 7", .caption = data.caption, .columns = 2, .row_heights_in = {1.4, 0, 1.4}};
  plot::Panel contrast = CoursePanel(data, GammaConditions("A/gamma="), "contrast", "ΔL");
  contrast.references = {{.at = 0}};
  contrast.legend = plot::LegendPlace::kRight;
  AddPanel(std::move(contrast), "A", "", {.row = 0, .column = 0, .span = 2}, &figure);
  int column = 0;
  for (const Condition& corpus : CorpusConditions("B/")) {
    AddPanel(TokenPanel(data, corpus), column == 0 ? "B" : "", "", {.row = 1, .column = column},
             &figure);
    ++column;
  }
  plot::Panel means = CoursePanel(data, CorpusConditions("C/"), "mean_cosine", "mean cosine");
  const std::vector<double>& paper = data.Get("C/paper").values;
  means.y_axis.min = 0.0;
  means.references = {{.at = paper.at(0), .label = fmt::format("paper, {}", paper.at(0))},
                      {.at = paper.at(1), .label = fmt::format("paper, {}", paper.at(1))}};
  means.legend = plot::LegendPlace::kBelow;
  AddPanel(std::move(means), "C", "tokens of each corpus, γ = 0.8", {.row = 2, .column = 0},
           &figure);
  plot::Panel matched =
      CoursePanel(data, {{"D/matched", "TinyStories − PrOntoQA", plot::IndexLook(2)}}, "difference",
                  "difference of mean cosines");
  matched.references = {{.at = 0}};
  matched.legend = plot::LegendPlace::kBelow;
  AddPanel(std::move(matched), "D", "tokens of equal counts, γ = 0.8", {.row = 2, .column = 1},
           &figure);
  return figure;
}

}  // namespace
}  // namespace initbias

int main(int argc, char** argv) {
  return initbias::FigureMain(argc, argv, "fig7", initbias::Describe);
}
