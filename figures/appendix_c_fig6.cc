// Appendix C, figure 6: the first attention module at larger initialisation. Data:
// experiments/appendix_c_fig6.cc.
#include "figures/figure_main.h"
#include "figures/panels.h"

namespace initbias {
namespace {

plot::Figure Describe(const FigureData& data) {
  plot::Figure figure{.title = "Appendix C, figure 6", .caption = data.caption, .columns = 3};
  const auto add = [&figure](plot::Panel panel, const std::string& letter, const std::string& title,
                             int row, int column) {
    AddPanel(std::move(panel), letter, title, {.row = row, .column = column}, &figure);
  };
  int row = 0;
  for (const auto& [group, gamma] : {std::pair("A", "0.3"), std::pair("B", "0.5")}) {
    const std::string at = std::string(", γ = ") + gamma;
    add(AttentionPanel(data, std::string(group) + "/attention", true), group, "attention" + at, row,
        0);
    add(SingularValuePanel(data, group), "", "spectrum of W_{V}" + at, row, 1);
    add(AlignmentPanel(data, std::string(group) + "/alignment"), "",
        "first left singular vector" + at, row++, 2);
  }
  const auto course = [&](const std::string& name, const std::string& label) {
    return CoursePanel(data, GammaConditions("C/gamma="), name, label);
  };
  add(course("deviation_mean", "mean |A_{ij} i − 1|"), "C", "distance from averaging", row, 0);
  add(course("dominance", "first / second singular value"), "", "dominance of the first", row, 1);
  add(course("energy_reasoning", "share of energy"), "", "reasoning anchors along it", row, 2);
  return figure;
}

}  // namespace
}  // namespace initbias

int main(int argc, char** argv) {
  return initbias::FigureMain(argc, argv, "appendix_c_fig6", initbias::Describe);
}
