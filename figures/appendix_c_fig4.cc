// Appendix C, figure 4: cosines of Emb-MLP's anchor embeddings at larger initialisation. Data:
// experiments/appendix_c_fig4.cc.
#include "figures/figure_main.h"
#include "figures/panels.h"

namespace initbias {
namespace {

plot::Figure Describe(const FigureData& data) {
  plot::Figure figure{.title = "Appendix C, figure 4", .caption = data.caption, .columns = 3};
  int row = 0;
  for (const auto& [panel, gamma] : {std::pair("A", "0.3"), std::pair("B", "0.5")}) {
    const std::string group = panel;
    AddAnchorPanels({.letter = panel,
                     .heading = std::string("Emb-MLP, γ = ") + gamma,
                     .group = group + "/early",
                     .when = EpochText(data, group + "/epoch", 0),
                     .row = row++},
                    data, &figure);
    AddAnchorPanels(
        {.group = group + "/late", .when = EpochText(data, group + "/epoch", 1), .row = row++},
        data, &figure);
  }
  plot::Panel course = CoursePanel(data, GammaConditions("C/gamma="), "agreement", "correlation");
  course.letter = "C";
  course.title = "trained cosines against those of label distributions";
  course.row = row;
  course.column = 0;
  course.column_span = 3;
  figure.panels.push_back(std::move(course));
  return figure;
}

}  // namespace
}  // namespace initbias

int main(int argc, char** argv) {
  return initbias::FigureMain(argc, argv, "appendix_c_fig4", initbias::Describe);
}
