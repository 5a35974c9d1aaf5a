#include "lib/theory/attention_bound.h"

#include <algorithm>
#include <cmath>

#include "lib/base/error.h"

namespace initbias {

AveragingDeviation DeviationFromAveraging(std::span<const double> attention, int64_t length) {
  INITBIAS_CHECK(static_cast<int64_t>(attention.size()) == length * length);
  AveragingDeviation deviation;
  double count = 0;
  for (int64_t i = 2; i <= length; ++i) {
    for (int64_t j = 1; j <= i; ++j) {
      const double entry = attention[static_cast<size_t>((i - 1) * length + j - 1)];
      const double relative = std::fabs(entry * static_cast<double>(i) - 1.0);
      deviation.mean += relative;
      deviation.largest = std::max(deviation.largest, relative);
      ++count;
    }
  }
  deviation.mean = count > 0 ? deviation.mean / count : 0;
  return deviation;
}

double LargestDeviation(double score_bound) { return std::expm1(2.0 * score_bound); }

double ScoreBound(double norm_x, double norm_y, double norm_qk, int64_t d_key) {
  return norm_x * norm_y * norm_qk / std::sqrt(static_cast<double>(d_key));
}

}  // namespace initbias
