// Figure 6: the first attention module at small initialisation. Data: experiments/fig6.cc.
#include "figures/figure_main.h"
#include "figures/look.h"
#include "figures/panels.h"

namespace initbias {
namespace {

plot::Figure Describe(const FigureData& data) {
  plot::Figure figure{.title = "Figure 6", .caption = data.caption, .columns = 3};
  const auto add = [&figure](plot::Panel panel, const std::string& letter, const std::string& title,
                             int row, int column, int span = 1) {
    AddPanel(std::move(panel), letter, title, {.row = row, .column = column, .span = span},
             &figure);
  };
  add(AttentionPanel(data, "ABC/attention", true), "A", "attention, " + EpochText(data, "D/stage"),
      0, 0);
  add(AttentionPanel(data, "ABC/averaging", true), "", "averaging operator, 1/i", 0, 1);
  add(SingularValuePanel(data, "ABC"), "B", "spectrum of W_{V}", 0, 2);
  add(AlignmentPanel(data, "ABC/alignment"), "C",
      "first left singular vector of W_{V} against each anchor", 1, 0, 3);
  const plot::Look first = plot::IndexLook(0);
  const plot::Look second = plot::IndexLook(1);
  plot::Panel deviation =
      CoursePanel(data, {{"D", "mean", first}}, "deviation_mean", "|A_{ij} i − 1|");
  std::get<plot::LinePlot>(deviation.content)
      .series.push_back(Curve(data, "D", "epoch", "deviation_largest", "largest", second));
  deviation.legend = plot::LegendPlace::kBelow;
  add(std::move(deviation), "D", "distance from averaging", 2, 0);
  plot::Panel dominance =
      CoursePanel(data, {{"D", "", first}}, "dominance", "first / second singular value");
  dominance.y_axis.min = 0.0;
  add(std::move(dominance), "", "dominance of the first", 2, 1);
  plot::Panel alignment = CoursePanel(data, {{"D", "memory anchors", RoleLook(Role::kMemory)}},
                                      "energy_memory", "share of energy");
  std::get<plot::LinePlot>(alignment.content)
      .series.push_back(Curve(data, "D", "epoch", "energy_reasoning", "reasoning anchors",
                              RoleLook(Role::kReasoningTrain)));
  alignment.legend = plot::LegendPlace::kBelow;
  alignment.y_axis.min = 0.0;
  add(std::move(alignment), "", "anchors along the first", 2, 2);
  return figure;
}

}  // namespace
}  // namespace initbias

int main(int argc, char** argv) {
  return initbias::FigureMain(argc, argv, "fig6", initbias::Describe);
}
