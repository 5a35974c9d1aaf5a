// Figure 1: losses of GPT-2 on two corpora. Data: experiments/fig1.cc.
#include "figures/figure_main.h"
#include "figures/panels.h"

namespace initbias {
namespace {

plot::Figure Describe(const FigureData& data) {
  plot::Panel losses = CoursePanel(data, CorpusConditions("A/"), "loss", "training loss");
  losses.y_axis.unit = "nats";
  losses.y_axis.min = 0.0;
  losses.title = "GPT-2, γ = 0.8";
  plot::Figure figure{.title = "Figure 1", .caption = data.caption, .width_in = 3.4};
  figure.row_heights_in = {1.8};
  figure.panels.push_back(std::move(losses));
  return figure;
}

}  // namespace
}  // namespace initbias

int main(int argc, char** argv) {
  return initbias::FigureMain(argc, argv, "fig1", initbias::Describe);
}
