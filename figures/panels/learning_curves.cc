#include "figures/panels/learning_curves.h"

#include <fmt/format.h>

#include "figures/look.h"
#include "figures/panels/curves.h"
#include "figures/panels/values.h"
#include "lib/config/set_names.h"
#include "lib/store/figure_key.h"
#include "lib/store/panel_names.h"

namespace initbias {
namespace {

struct SetCurve {
  const char* group;
  const char* label;
  Role role;
};

constexpr SetCurve kCurves[] = {
    {kMemorySet, "memory, D_{mem}", Role::kMemory},
    {kReasoningTrainSet, "reasoning, D_{rsn,train}", Role::kReasoningTrain},
    {kReasoningTestSet, "masked reasoning, D_{rsn,test}", Role::kReasoningTest},
};

}  // namespace

plot::Panel CurvePanel(const FigureData& data, const std::string& group,
                       const std::string& quantity) {
  plot::LinePlot lines;
  for (const SetCurve& curve : kCurves) {
    const std::string path = Below(group, curve.group);
    const std::string values = Below(path, quantity);
    if (!data.Has(values)) {  // a run may have memory or reasoning sequences alone
      continue;
    }
    lines.series.push_back(
        BandCurve(data, Below(path, kEpochName), values, curve.label, RoleLook(curve.role)));
  }
  const bool loss = quantity == kLossName;
  plot::Panel panel{
      .x_axis = {.label = "epoch"},
      .y_axis = {.label = loss ? "loss" : "accuracy", .unit = loss ? "nats" : "", .min = 0.0},
      .content = std::move(lines)};
  if (!loss) {
    panel.y_axis.max = 1.0;
  }
  return panel;
}

void AddCurveRow(const CurveRow& row, const FigureData& data, plot::Figure* figure) {
  for (size_t i = 0; i < row.gammas.size(); ++i) {
    plot::Panel panel = CurvePanel(data, Key(row.panel, row.gammas[i]), row.quantity);
    panel.letter = i == 0 ? row.letter : "";
    panel.heading = i == 0 ? row.heading : "";
    panel.title = row.titles ? GammaText(row.gammas[i]) : "";
    panel.row = row.row;
    panel.column = static_cast<int>(i);
    panel.x_axis.share = fmt::format("{}{}", row.panel, i);
    panel.y_axis.share = row.panel + row.quantity;
    if (row.max > 0 && row.quantity == kLossName) {
      panel.y_axis.max = row.max;
    }
    figure->panels.push_back(std::move(panel));
  }
}

}  // namespace initbias
