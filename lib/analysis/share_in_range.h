// Whether a model's outputs keep to a range of labels.
#ifndef INITBIAS_LIB_ANALYSIS_SHARE_IN_RANGE_H_
#define INITBIAS_LIB_ANALYSIS_SHARE_IN_RANGE_H_

#include <cstdint>
#include <span>

namespace initbias {

// The part of `shares` (a share or probability for each label 0, 1, ..) that falls on the labels
// min .. max, both included; labels beyond the last have none. Aborts where min is negative or
// above max.
double ShareInRange(std::span<const double> shares, int64_t min, int64_t max);

}  // namespace initbias

#endif  // INITBIAS_LIB_ANALYSIS_SHARE_IN_RANGE_H_
