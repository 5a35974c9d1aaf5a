// Figure 8: memory tasks by the distribution of their labels. Data: experiments/fig8.cc.
#include <fmt/format.h>

#include "figures/figure_main.h"
#include "figures/panels.h"

namespace initbias {
namespace {

// The curve over steps + 1, for a logarithmic axis: all that B shows happens in the first steps.
plot::Series BySteps(const FigureData& data, plot::Series curve) {
  for (double& x : curve.x) {
    x = x * Value(data, "B/steps_per_epoch") + 1;
  }
  return curve;
}

plot::Figure Describe(const FigureData& data) {
  const auto groups = static_cast<int>(Value(data, "C/groups"));
  plot::Figure figure{.title = "Figure 8",
                      .caption = data.caption,
                      .columns = groups,
                      .row_heights_in = {1.3, 1.1}};
  const auto add = [&figure](plot::Panel panel, const std::string& letter, const std::string& title,
                             int row, int column, int span) {
    AddPanel(std::move(panel), letter, title, {.row = row, .column = column, .span = span},
             &figure);
  };
  plot::Panel losses = CoursePanel(data,
                                   {{"A/F_mem1/memory", "F_{mem1}, keys", plot::IndexLook(0)},
                                    {"A/F_mem2/memory", "F_{mem2}, z ± Σ a", plot::IndexLook(1)}},
                                   "loss", "loss");
  losses.y_axis.unit = "nats";
  losses.y_axis.min = 0.0;
  losses.legend = plot::LegendPlace::kBelow;
  add(std::move(losses), "A", "two label distributions", 0, 0, groups - 2);
  plot::LinePlot range;
  plot::LinePlot accuracy;
  for (int i = 0; i < groups; ++i) {
    const std::string group = fmt::format("memory_group{}", i + 1);
    const std::vector<std::string> ends = WholeNumbers(data, "C/" + group + "/range");
    const std::string label = fmt::format("group {}, {} .. {}", i + 1, ends.at(0), ends.at(1));
    const plot::Look look = plot::IndexLook(i);
    range.series.push_back(
        BySteps(data, Curve(data, "B", "probe_epoch", group + "/in_range_argmax", label, look)));
    accuracy.series.push_back(
        BySteps(data, Curve(data, "B/" + group, "epoch", "accuracy", label, look)));
    // A dot for each label that is predicted at all: labels are no curve.
    plot::ScatterGroup dots{.look = look};
    const std::vector<double>& shares = data.Get("C/" + group + "/outputs").values;
    for (size_t token = 0; token < shares.size(); ++token) {
      if (shares[token] > 0) {
        dots.x.push_back(static_cast<double>(token));
        dots.y.push_back(shares[token]);
      }
    }
    plot::Scatter outputs;
    outputs.groups.push_back(std::move(dots));
    const std::vector<double>& limits = data.Get("C/" + group + "/range").values;
    plot::Panel panel{
        .x_axis = {.label = "predicted label",
                   .min = 0.0,
                   .max = static_cast<double>(shares.size()),
                   .share = "labels"},
        .y_axis = {.label = "share of outputs", .min = 0.0, .share = "outputs"},
        .references = {{.direction = plot::ReferenceLine::Direction::kVertical, .at = limits.at(0)},
                       {.direction = plot::ReferenceLine::Direction::kVertical,
                        .at = limits.at(1)}},
        .content = std::move(outputs)};
    add(std::move(panel), i == 0 ? "C" : "",
        fmt::format("group {}, {}", i + 1, EpochText(data, "C/epoch")), 1, i, 1);
  }
  add({.x_axis = {.label = "step + 1", .log = true, .share = "groups"},
       .y_axis = {.label = "share", .min = 0.0, .max = 1.0},
       .content = std::move(range)},
      "B", "outputs inside the range", 0, groups - 2, 1);
  add({.x_axis = {.label = "step + 1", .log = true, .share = "groups"},
       .y_axis = {.label = "accuracy", .min = 0.0, .max = 1.0},
       .content = std::move(accuracy)},
      "", "accuracy", 0, groups - 1, 1);
  return figure;
}

}  // namespace
}  // namespace initbias

int main(int argc, char** argv) {
  return initbias::FigureMain(argc, argv, "fig8", initbias::Describe);
}
