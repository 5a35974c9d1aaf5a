#include "figures/panels/curves.h"

#include <utility>

#include "figures/look.h"
#include "figures/panels/values.h"
#include "lib/config/set_names.h"
#include "lib/store/figure_key.h"
#include "lib/store/panel_names.h"

namespace initbias {

using plot::LinePlot;
using plot::Panel;
using plot::Series;

Series BandCurve(const FigureData& data, const std::string& x_path, const std::string& y_path,
                 const std::string& label, plot::Look look) {
  const BandKeys keys = BandOf(y_path);
  return {.label = label,
          .x = data.Get(x_path).values,
          .y = data.Get(keys.median).values,
          .lo = data.Get(keys.lo).values,
          .hi = data.Get(keys.hi).values,
          .look = look};
}

Series Curve(const FigureData& data, const std::string& group, const std::string& x,
             const std::string& name, const std::string& label, plot::Look look) {
  return BandCurve(data, Below(group, x), Below(group, name), label, look);
}

std::vector<Condition> GammaConditions(const FigureData& data, std::string_view panel) {
  std::vector<Condition> conditions;
  for (const double gamma : GammasOf(data, panel)) {
    conditions.push_back({Key(panel, gamma), GammaText(gamma), GammaLook(gamma)});
  }
  return conditions;
}

std::vector<Condition> CorpusConditions(const std::string& prefix) {
  return {{prefix + kProntoQa, "PrOntoQA", RoleLook(Role::kReasoningTrain)},
          {prefix + kTinyStories, "TinyStories", RoleLook(Role::kMemory)}};
}

Panel CoursePanel(const FigureData& data, const std::vector<Condition>& conditions,
                  const std::string& name, const std::string& label) {
  LinePlot lines;
  for (const Condition& condition : conditions) {
    lines.series.push_back(
        Curve(data, condition.group, kEpochName, name, condition.label, condition.look));
  }
  return {.x_axis = {.label = "epoch"}, .y_axis = {.label = label}, .content = std::move(lines)};
}

}  // namespace initbias
