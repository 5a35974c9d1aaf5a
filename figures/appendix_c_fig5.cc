// Appendix C, figure 5: embeddings of the Transformer at larger initialisation. Data:
// experiments/appendix_c_fig5.cc.
#include "figures/figure_main.h"
#include "figures/panels.h"

namespace initbias {
namespace {

plot::Figure Describe(const FigureData& data) {
  plot::Figure figure{.title = "Appendix C, figure 5", .caption = data.caption, .columns = 3};
  int row = 0;
  for (const auto& [letter, gamma] : {std::pair("A", "0.3"), std::pair("B", "0.5")}) {
    const std::string group = letter;
    const std::string when = EpochText(data, group + "/epoch");
    AddAnchorPanels({.letter = letter,
                     .heading = std::string("Transformer, γ = ") + gamma,
                     .group = group,
                     .when = when,
                     .row = row++},
                    data, &figure);
    AddPanel(ComponentPanel(data, group + "/components"), "", "all embeddings, " + when,
             {.row = row, .column = 0, .span = 2}, &figure);
    AddPanel(
        TheoryRowPanel(data, group + "/row", static_cast<int>(Value(data, group + "/row/anchor"))),
        "", "", {.row = row++, .column = 2}, &figure);
  }
  AddPanel(CoursePanel(data, GammaConditions("C/gamma="), "agreement", "correlation"), "C",
           "trained cosines against Theorem 1's", {.row = row, .column = 0, .span = 3}, &figure);
  return figure;
}

}  // namespace
}  // namespace initbias

int main(int argc, char** argv) {
  return initbias::FigureMain(argc, argv, "appendix_c_fig5", initbias::Describe);
}
