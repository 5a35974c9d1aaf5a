#include "figures/panels/dates.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "figures/panels/table.h"
#include "lib/measure/stored_seeds.h"

namespace initbias {
namespace {

// The colours of a table tell factors up to 8, and counts up to 3.
constexpr double kReach = 3;

plot::HeatMap TableOf(const std::vector<DatedRate>& rates, const std::vector<std::string>& labels) {
  std::vector<std::string> columns;
  for (const DatedRate& rate : rates) {
    columns.push_back(fmt::format("γ = {}", rate.gamma));
  }
  plot::HeatMap table = PaleTable(std::move(columns), kReach);
  table.rows = static_cast<int>(labels.size());
  table.row_labels = labels;
  return table;
}

}  // namespace

std::string DateText(const Dates& dates, size_t date) {
  return RangeCell(PresentSeeds(dates.Seeds(date)),
                   [](double epoch) { return fmt::format("{:.2f}", epoch); });
}

plot::HeatMap DateTable(const std::vector<DatedRate>& rates, const std::vector<std::string>& labels,
                        size_t reference) {
  plot::HeatMap table = TableOf(rates, labels);
  for (size_t date = 0; date < labels.size(); ++date) {
    for (const auto& [gamma, dates] : rates) {
      const double ratio = std::log2(dates.Median(date) / dates.Median(reference));
      table.values.push_back(std::isfinite(ratio) ? std::clamp(ratio, -kReach, kReach) : 0);
      table.cell_labels.push_back(DateText(dates, date));
    }
  }
  return table;
}

plot::HeatMap OrderTable(const std::vector<DatedRate>& rates,
                         const std::vector<std::string>& labels,
                         const std::vector<std::string>& letters) {
  plot::HeatMap table = TableOf(rates, labels);
  for (size_t date = 0; date < labels.size(); ++date) {
    for (const auto& [gamma, dates] : rates) {
      std::vector<std::string> later;
      for (size_t i = 0; i < letters.size(); ++i) {
        if (dates.Before(date, labels.size() + i)) {
          later.push_back(letters[i]);
        }
      }
      table.values.push_back(-static_cast<double>(later.size()));
      table.cell_labels.push_back(later.empty() ? kNoCell
                                                : fmt::format("{}", fmt::join(later, ", ")));
    }
  }
  return table;
}

}  // namespace initbias
