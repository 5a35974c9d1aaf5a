// Statements of the paper that no figure of it shows. Data: experiments/appendix_statements.cc.
#include "figures/figure_main.h"
#include "figures/learning_curves.h"
#include "figures/look.h"
#include "figures/panels.h"

namespace initbias {
namespace {

plot::Figure Describe(const FigureData& data) {
  plot::Figure figure{
      .title = "Statements without a figure", .caption = data.caption, .columns = 2};
  const auto add = [&figure](plot::Panel panel, const std::string& letter, const std::string& title,
                             int row, int column, const std::string& share) {
    panel.y_axis.share = share;
    AddPanel(std::move(panel), letter, title, {.row = row, .column = column}, &figure);
  };
  add(CurvePanel(data, "A/clean", "loss"), "A", "Emb-MLP, 3 tokens: no noise", 0, 0, "A");
  add(CurvePanel(data, "A/noise", "loss"), "", "Emb-MLP, with noise", 0, 1, "A");
  add(CurvePanel(data, "B/gamma=0.3", "loss"), "B", "next-token training, γ = 0.3", 1, 0, "B");
  add(CurvePanel(data, "B/gamma=0.8", "loss"), "", "next-token training, γ = 0.8", 1, 1, "B");
  plot::LinePlot memory;
  memory.series.push_back(
      Curve(data, "C/plain/memory", "epoch", "loss", "as it is", RoleLook(Role::kMemory)));
  memory.series.push_back(Curve(data, "C/apart/memory", "epoch", "loss",
                                "memory anchors at γ = 0.3", plot::IndexLook(0)));
  add({.x_axis = {.label = "epoch"},
       .y_axis = {.label = "memory loss", .unit = "nats"},
       .legend = plot::LegendPlace::kBelow,
       .content = std::move(memory)},
      "C", "Emb-MLP, memory anchors set apart", 2, 0, "");
  add(CoursePanel(data, GammaConditions("D/gamma="), "rank", "effective rank"), "D",
      "Transformer, embeddings of anchors and keys", 2, 1, "");
  return figure;
}

}  // namespace
}  // namespace initbias

int main(int argc, char** argv) {
  return initbias::FigureMain(argc, argv, "appendix_statements", initbias::Describe);
}
