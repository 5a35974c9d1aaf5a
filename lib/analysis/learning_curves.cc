#include "lib/analysis/learning_curves.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "lib/base/error.h"

namespace initbias {

double RelativeLead(std::span<const double> leader, std::span<const double> follower) {
  INITBIAS_CHECK(leader.size() == follower.size());
  double sum = 0;
  double count = 0;
  for (size_t i = 0; i < leader.size(); ++i) {
    if (std::isnan(leader[i]) || std::isnan(follower[i])) {
      return std::numeric_limits<double>::quiet_NaN();
    }
    const double larger = std::max(leader[i], follower[i]);
    sum += larger > 0 ? (follower[i] - leader[i]) / larger : 0;
    ++count;
    if (larger < kLearnedLoss) {
      break;
    }
  }
  return count > 0 ? sum / count : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace initbias
