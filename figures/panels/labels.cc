#include "figures/panels/labels.h"

#include <fmt/format.h>

#include <cstddef>
#include <utility>
#include <vector>

#include "figures/panels/values.h"
#include "figures/plot/style.h"
#include "lib/config/set_names.h"
#include "lib/store/figure_key.h"
#include "lib/store/panel_names.h"

namespace initbias {
namespace {

std::string Path(const std::string& group, int index, const char* name) {
  return Below(Below(group, MemoryGroupSet(index)), name);
}

}  // namespace

std::string LabelGroupText(const FigureData& data, const std::string& group, int index) {
  const std::vector<std::string> ends = WholeNumbers(data, Path(group, index, kRangeName));
  return fmt::format("group {}, {} .. {}", index + 1, ends.at(0), ends.at(1));
}

plot::Panel LabelOutputsPanel(const FigureData& data, const std::string& group, int index) {
  plot::ScatterGroup dots{.look = plot::IndexLook(index)};  // labels are no curve
  const std::vector<double>& shares = data.Get(Path(group, index, kOutputsName)).values;
  for (size_t label = 0; label < shares.size(); ++label) {
    if (shares[label] > 0) {
      dots.x.push_back(static_cast<double>(label));
      dots.y.push_back(shares[label]);
    }
  }
  plot::Scatter outputs;
  outputs.groups.push_back(std::move(dots));
  const std::vector<double>& ends = data.Get(Path(group, index, kRangeName)).values;
  return {
      .x_axis = {.label = "predicted label",
                 .min = 0.0,
                 .max = static_cast<double>(shares.size()),
                 .share = "labels"},
      .y_axis = {.label = "share of outputs", .min = 0.0, .share = "outputs"},
      .references = {{.direction = plot::ReferenceLine::Direction::kVertical, .at = ends.at(0)},
                     {.direction = plot::ReferenceLine::Direction::kVertical, .at = ends.at(1)}},
      .content = std::move(outputs)};
}

}  // namespace initbias
