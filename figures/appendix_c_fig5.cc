// Appendix C, figure 5: embeddings of the Transformer at larger initialisation. Data:
// experiments/appendix_c_fig5.cc.
#include "figures/figure_main.h"
#include "figures/panels.h"

namespace initbias {
namespace {

plot::Figure Describe(const FigureData& data) {
  plot::Figure figure{.title = "Appendix C, figure 5", .caption = data.caption, .columns = 3};
  const auto add = [&figure](plot::Panel panel, int row, int column, int span) {
    panel.row = row;
    panel.column = column;
    panel.column_span = span;
    figure.panels.push_back(std::move(panel));
  };
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
    plot::Panel components = ComponentPanel(data, group + "/components");
    components.title = "all embeddings, " + when;
    add(std::move(components), row, 0, 2);
    add(TheoryRowPanel(data, group + "/row", static_cast<int>(Value(data, group + "/row/anchor"))),
        row++, 2, 1);
  }
  plot::Panel course = CoursePanel(data, GammaConditions("C/gamma="), "agreement", "correlation");
  course.letter = "C";
  course.title = "trained cosines against Theorem 1's";
  add(std::move(course), row, 0, 3);
  return figure;
}

}  // namespace
}  // namespace initbias

int main(int argc, char** argv) {
  return initbias::FigureMain(argc, argv, "appendix_c_fig5", initbias::Describe);
}
