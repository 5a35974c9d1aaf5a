// How many combinations of anchors a task has: for lib/config alone.
#ifndef INITBIAS_LIB_CONFIG_COMBINATIONS_H_
#define INITBIAS_LIB_CONFIG_COMBINATIONS_H_

#include "lib/config/run_config.h"

namespace initbias {

// Anchor combinations of each kind that the task has. Exact below 2^53, and safe beyond.
// memory_groups must divide the number of memory anchors.
struct CombinationCounts {
  double memory = 0;
  double reasoning = 0;

  double total() const { return memory + reasoning; }
};

CombinationCounts CountCombinations(const AnchorTaskConfig& t);

}  // namespace initbias

#endif  // INITBIAS_LIB_CONFIG_COMBINATIONS_H_
