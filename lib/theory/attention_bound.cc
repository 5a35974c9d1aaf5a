#include "lib/theory/attention_bound.h"

#include <cmath>

namespace initbias {

double LargestDeviation(double score_bound) { return std::expm1(2.0 * score_bound); }

double ScoreBound(double norm_x, double norm_y, double norm_qk, int64_t d_key) {
  return norm_x * norm_y * norm_qk / std::sqrt(static_cast<double>(d_key));
}

}  // namespace initbias
