// Appendix B.8: singular directions of the first value matrix. Data: experiments/appendix_b8.cc.
#include <fmt/format.h>

#include "figures/figure_main.h"
#include "figures/look.h"
#include "figures/panels.h"

namespace initbias {
namespace {

plot::Figure Describe(const FigureData& data) {
  plot::Figure figure{.title = "Appendix B.8", .caption = data.caption, .columns = 2};
  const auto add = [&figure](plot::Panel panel, const std::string& letter, const std::string& title,
                             int row, int column) {
    AddPanel(std::move(panel), letter, title, {.row = row, .column = column}, &figure);
  };
  for (int i = 0; data.Has(fmt::format("A/direction{}/memory/token", i + 1)); ++i) {
    add(AlignmentPanel(data, fmt::format("A/direction{}", i + 1)), i == 0 ? "A" : "",
        fmt::format("left singular vector {} of W_{{V}}, γ = 0.8", i + 1), i / 2, i % 2);
  }
  plot::LinePlot lines;
  for (const auto& [kind, role] :
       {std::pair("memory", Role::kMemory), std::pair("reasoning", Role::kReasoningTrain)}) {
    plot::Series series =
        Curve(data, "B", "gamma", kind, fmt::format("{} anchors", kind), RoleLook(role));
    series.markers = true;
    lines.series.push_back(std::move(series));
  }
  add({.x_axis = {.label = "initialisation rate γ"},
       .y_axis = {.label = "share of energy", .min = 0.0},
       .content = std::move(lines)},
      "B", "first left singular vector, by γ", 2, 0);
  plot::Panel course =
      CoursePanel(data, GammaConditions("C/gamma="), "energy_reasoning", "share of energy");
  course.y_axis.min = 0.0;
  add(std::move(course), "C", "reasoning anchors along the first", 2, 1);
  return figure;
}

}  // namespace
}  // namespace initbias

int main(int argc, char** argv) {
  return initbias::FigureMain(argc, argv, "appendix_b8", initbias::Describe);
}
