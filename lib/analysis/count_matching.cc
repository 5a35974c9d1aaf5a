#include "lib/analysis/count_matching.h"

#include <cmath>
#include <cstddef>
#include <optional>

namespace initbias {
std::vector<IndexPair> MatchCounts(const std::vector<double>& a, const std::vector<double>& b,
                                   double factor) {
  std::vector<IndexPair> pairs;
  std::vector<bool> used(b.size(), false);
  for (size_t i = 0; i < a.size(); ++i) {
    std::optional<size_t> nearest;
    double distance = std::log(factor) + 1e-12;  // so that the factor itself is let in
    for (size_t j = 0; j < b.size(); ++j) {
      const double apart = std::fabs(std::log(a[i] / b[j]));
      if (!used[j] && (nearest ? apart < distance : apart <= distance)) {
        nearest = j;
        distance = apart;
      }
    }
    if (nearest) {
      used[*nearest] = true;
      pairs.push_back({static_cast<int64_t>(i), static_cast<int64_t>(*nearest)});
    }
  }
  return pairs;
}

}  // namespace initbias
