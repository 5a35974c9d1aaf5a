#include "lib/analysis/share_in_range.h"

#include <algorithm>

#include "lib/base/error.h"

namespace initbias {

double ShareInRange(std::span<const double> shares, int64_t min, int64_t max) {
  INITBIAS_CHECK(min >= 0 && min <= max);
  const auto end = std::min(static_cast<int64_t>(shares.size()), max + 1);
  double sum = 0;
  for (int64_t label = min; label < end; ++label) {
    sum += shares[static_cast<size_t>(label)];
  }
  return sum;
}

}  // namespace initbias
