// Verdicts by reading of what the paper leaves open. Data: experiments/appendix_open_choices.cc.
#include <fmt/format.h>

#include <cmath>

#include "figures/figure_main.h"
#include "figures/panels.h"

namespace initbias {
namespace {

// Three digits at most, so that values fit their cells.
std::string CellText(double value) {
  return std::isnan(value)           ? "–"
         : std::fabs(value) >= 99.95 ? fmt::format("{:.0f}", value)
         : std::fabs(value) >= 9.995 ? fmt::format("{:.1f}", value)
                                     : fmt::format("{:.2f}", value);
}

plot::Panel Table(const FigureData& data) {
  const FigureArray& values = data.Get("A/value");
  plot::HeatMap map{
      .rows = static_cast<int>(values.shape.at(0)),
      .columns = static_cast<int>(values.shape.at(1)),
      .row_labels = data.Texts("A/readings"),
      .column_labels = data.Texts("A/statements"),
      .vertical_column_labels = true,
      // Pale, for dark text: -1 and 1 of a scale that goes further.
      .scale = {.map = plot::ColorMap::kDiverging, .min = -3.0, .max = 3.0, .bar = false},
      .square = false};
  for (const double verdict : data.Get("A/verdict").values) {
    map.values.push_back(1 - 2 * verdict);  // the scale's blue is its low end, its middle is white
  }
  for (const double value : values.values) {
    map.cell_labels.push_back(CellText(value));
  }
  return {.letter = "A",
          .heading = "statements of figures 3A, 5 and 6: blue holds, red differs, white undecided",
          .row = 0,
          .column = 0,
          .column_span = 3,
          .content = std::move(map)};
}

plot::Figure Describe(const FigureData& data) {
  constexpr double kRowHeightIn = 0.17;
  const auto readings = static_cast<double>(data.Texts("A/readings").size());
  plot::Figure figure{.title = "Open choices",
                      .caption = data.caption,
                      .width_in = 7.5,
                      .columns = 3,
                      .row_heights_in = {kRowHeightIn * readings, 0, 0}};
  figure.panels.push_back(Table(data));
  std::vector<Condition> norms;
  for (const char* norm : {"pre", "post", "none"}) {
    norms.push_back({fmt::format("B/{}", norm), fmt::format("norm: {}", norm),
                     plot::IndexLook(static_cast<int>(norms.size()))});
  }
  struct Measure {
    const char* name;
    const char* label;
    const char* title;
  };
  int index = 0;
  for (const auto& [name, label, title] :
       {Measure{"deviation_mean", "mean |A_{ij} i − 1|", "distance from averaging"},
        Measure{"deviation_largest", "largest |A_{ij} i − 1|", "distance from averaging, largest"},
        Measure{"dominance", "first / second", "singular values of W_{V}"},
        Measure{"energy_reasoning", "share of energy", "reasoning anchors along the first"},
        Measure{"energy_memory", "share of energy", "memory anchors along the first"}}) {
    plot::Panel panel = CoursePanel(data, norms, name, label);
    panel.letter = index == 0 ? "B" : "";
    panel.title = title;
    panel.row = 1 + index / 3;
    panel.column = index % 3;
    panel.y_axis.min = 0.0;
    figure.panels.push_back(std::move(panel));
    ++index;
  }
  return figure;
}

}  // namespace
}  // namespace initbias

int main(int argc, char** argv) {
  return initbias::FigureMain(argc, argv, "appendix_open_choices", initbias::Describe);
}
