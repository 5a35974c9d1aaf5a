#include "lib/measure/stored_seeds.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "lib/analysis/statistics.h"
#include "lib/base/error.h"

namespace initbias {

std::vector<double> SeedsOfRow(const FigureArray& array, size_t row) {
  const auto seeds = static_cast<size_t>(array.shape.back());
  INITBIAS_CHECK((row + 1) * seeds <= array.values.size());
  const auto first = array.values.begin() + static_cast<ptrdiff_t>(row * seeds);
  return {first, first + static_cast<ptrdiff_t>(seeds)};
}

std::vector<double> SeedsOfColumn(const FigureArray& array, size_t column) {
  INITBIAS_CHECK(array.shape.size() == 2 && column < static_cast<size_t>(array.shape[1]));
  std::vector<double> values;
  for (size_t i = column; i < array.values.size(); i += static_cast<size_t>(array.shape[1])) {
    values.push_back(array.values[i]);
  }
  return values;
}

std::vector<double> PresentSeeds(const std::vector<double>& values) {
  std::vector<double> present;
  std::ranges::copy_if(values, std::back_inserter(present),
                       [](double value) { return !std::isnan(value); });
  return 2 * present.size() > values.size() ? present : std::vector<double>();
}

double MedianOfSeeds(const std::vector<double>& values) { return Median(PresentSeeds(values)); }

}  // namespace initbias
