#include "figures/panels/table.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "lib/analysis/statistics.h"

namespace initbias {

plot::HeatMap PaleTable(std::vector<std::string> columns, double reach) {
  const auto count = static_cast<int>(columns.size());
  const double most = 3 * reach;  // of a scale whose ends are too dark
  return {.columns = count,
          .column_labels = std::move(columns),
          .scale = {.map = plot::ColorMap::kDiverging, .min = -most, .max = most, .bar = false},
          .square = false};
}

std::string RangeCell(const std::vector<double>& present,
                      const std::function<std::string(double value)>& number) {
  if (present.empty()) {
    return kNoCell;
  }
  const auto [lo, hi] = std::ranges::minmax(present);
  const std::string high = number(hi);
  return fmt::format("{} ({}{}{})", number(Median(present)), number(lo),
                     high.starts_with('-') ? ".." : "–", high);
}

}  // namespace initbias
