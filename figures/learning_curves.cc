#include "figures/learning_curves.h"

#include <fmt/format.h>

namespace initbias {
namespace {

struct Curve {
  const char* group;
  const char* label;
  plot::Role role;
};

constexpr Curve kCurves[] = {
    {"memory", "memory, D_{mem}", plot::Role::kMemory},
    {"reasoning_train", "reasoning, D_{rsn,train}", plot::Role::kReasoningTrain},
    {"reasoning_test", "masked reasoning, D_{rsn,test}", plot::Role::kReasoningTest},
};

}  // namespace

void AddCurveRow(const CurveRow& row, const FigureData& data, plot::Figure* figure) {
  for (size_t i = 0; i < row.gammas.size(); ++i) {
    const std::string group = fmt::format("{}/gamma={}", row.panel, row.gammas[i]);
    plot::LinePlot lines;
    for (const Curve& curve : kCurves) {
      const std::string path = fmt::format("{}/{}", group, curve.group);
      const std::string quantity = fmt::format("{}/{}", path, row.quantity);
      lines.series.push_back({.label = curve.label,
                              .x = data.Get(path + "/epoch").values,
                              .y = data.Get(quantity).values,
                              .lo = data.Get(quantity + "_lo").values,
                              .hi = data.Get(quantity + "_hi").values,
                              .look = plot::RoleLook(curve.role)});
    }
    const bool loss = row.quantity == "loss";
    plot::Panel panel{.letter = i == 0 ? row.letter : "",
                      .heading = i == 0 ? row.heading : "",
                      .title = row.titles ? fmt::format("γ = {}", row.gammas[i]) : "",
                      .row = row.row,
                      .column = static_cast<int>(i)};
    panel.x_axis = {.label = "epoch", .share = fmt::format("{}{}", row.panel, i)};
    panel.y_axis = {.label = loss ? "loss" : "accuracy",
                    .unit = loss ? "nats" : "",
                    .min = 0.0,
                    .share = row.panel + row.quantity};
    if (!loss) {
      panel.y_axis.max = 1.0;
    }
    panel.content = std::move(lines);
    figure->panels.push_back(std::move(panel));
  }
}

}  // namespace initbias
