// Appendix D: the second attention module. Data: experiments/appendix_d.cc.
#include <fmt/format.h>

#include "figures/figure_main.h"
#include "figures/look.h"
#include "figures/panels.h"

namespace initbias {
namespace {

plot::Figure Describe(const FigureData& data) {
  plot::Figure figure{.title = "Appendix D", .caption = data.caption, .columns = 2};
  const FigureArray& attention = data.Get("A/attention");
  figure.panels.push_back(
      {.letter = "A",
       .title = "attention of the last position",
       .row = 0,
       .column = 0,
       .x_axis = {.label = "position attended to"},
       .y_axis = {.label = "position of the key"},
       .content = plot::HeatMap{.rows = static_cast<int>(attention.shape.at(0)),
                                .columns = static_cast<int>(attention.shape.at(1)),
                                .values = attention.values,
                                .row_start = 1,
                                .column_start = 1,
                                .scale = {.min = 0.0, .label = "attention"}}});
  plot::LinePlot by_kind;
  for (const auto& [kind, role] :
       {std::pair("memory", Role::kMemory), std::pair("reasoning", Role::kReasoningTrain)}) {
    plot::Series mean =
        Curve(data, "B", "offset", kind, fmt::format("{} sequences", kind), RoleLook(role));
    mean.markers = true;
    by_kind.series.push_back(std::move(mean));
  }
  figure.panels.push_back({.letter = "B",
                           .title = "by place relative to the key",
                           .row = 0,
                           .column = 1,
                           .x_axis = {.label = "position − position of the key"},
                           .y_axis = {.label = "attention", .min = 0.0},
                           .references = {{.at = Value(data, "B/uniform"), .label = "1/L"}},
                           .legend = plot::LegendPlace::kBelow,
                           .content = std::move(by_kind)});
  plot::LinePlot parts;
  int index = 0;
  for (const auto& [name, label] :
       {std::pair("token_token", "token query, token key"),
        std::pair("token_position", "token query, position key"),
        std::pair("position_token", "position query, token key"),
        std::pair("position_position", "position query, position key")}) {
    // The offsets are B's.
    plot::Series series{.label = label,
                        .x = data.Get("B/offset").values,
                        .y = data.Get(fmt::format("C/{}", name)).values,
                        .lo = data.Get(fmt::format("C/{}_lo", name)).values,
                        .hi = data.Get(fmt::format("C/{}_hi", name)).values,
                        .look = plot::IndexLook(index++)};
    parts.series.push_back(std::move(series));
  }
  figure.panels.push_back({.letter = "C",
                           .title = "scores in parts",
                           .row = 1,
                           .column = 0,
                           .x_axis = {.label = "position − position of the key"},
                           .y_axis = {.label = "score before softmax"},
                           .references = {{.at = 0}},
                           .legend = plot::LegendPlace::kBelow,
                           .content = std::move(parts)});
  plot::LinePlot course{.series = {Curve(data, "D", "epoch", "key", "key", plot::IndexLook(0))}};
  for (int i = 1; data.Has(fmt::format("D/anchor{}", i)); ++i) {
    course.series.push_back(Curve(data, "D", "epoch", fmt::format("anchor{}", i),
                                  fmt::format("anchor {}", i), plot::IndexLook(i)));
  }
  figure.panels.push_back({.letter = "D",
                           .title = "over training",
                           .row = 1,
                           .column = 1,
                           .x_axis = {.label = "epoch"},
                           .y_axis = {.label = "attention", .min = 0.0},
                           .references = {{.at = Value(data, "B/uniform"), .label = "1/L"}},
                           .legend = plot::LegendPlace::kBelow,
                           .content = std::move(course)});
  plot::LinePlot follows;
  for (const auto& [kind, role] :
       {std::pair("memory", Role::kMemory), std::pair("reasoning", Role::kReasoningTrain)}) {
    follows.series.push_back(
        Curve(data, "E", "epoch", kind, fmt::format("{} sequences", kind), RoleLook(role)));
  }
  figure.panels.push_back(
      {.letter = "E",
       .title = "do predictions follow the key it is made to read?",
       .row = 2,
       .column = 0,
       .column_span = 2,
       .x_axis = {.label = "epoch"},
       .y_axis = {.label = "share that follow − share that stay", .min = -1.0, .max = 1.0},
       .references = {{.at = 0}},
       .legend = plot::LegendPlace::kBelow,
       .content = std::move(follows)});
  return figure;
}

}  // namespace
}  // namespace initbias

int main(int argc, char** argv) {
  return initbias::FigureMain(argc, argv, "appendix_d", initbias::Describe);
}
