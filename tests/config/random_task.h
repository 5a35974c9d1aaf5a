// Anchor tasks for property tests: all over what is valid, and small.
#ifndef INITBIAS_TESTS_CONFIG_RANDOM_TASK_H_
#define INITBIAS_TESTS_CONFIG_RANDOM_TASK_H_

#include <cstdint>
#include <vector>

#include "lib/config/run_config.h"
#include "lib/rng/stream.h"

namespace initbias {

// A valid task: q in 1 .. 3, L in q + 1 .. 12, the three ranges of tokens in any order with gaps or
// without, a vocabulary that often just holds the largest label, masked combinations from none to
// all but one, sampled or (where L = q + 1) enumerated, a few thousand sequences at most. One in
// four has memory sequences alone; its reasoning anchors, which no sequence has, are then those of
// memory. Memory anchors in one group or more, of one anchor or more, with labels of any rule.
AnchorTaskConfig RandomTask(Stream* stream);

// The group of a memory anchor, counted from 0.
int64_t MemoryGroup(const AnchorTaskConfig& task, int64_t anchor);

// The combinations of memory anchors and of reasoning anchors that the sequences of `task` have.
std::vector<std::vector<int64_t>> MemoryCombinations(const AnchorTaskConfig& task);
std::vector<std::vector<int64_t>> ReasoningCombinations(const AnchorTaskConfig& task);

// All combinations of q anchors of min .. max, by counting, in no particular relation to the way
// in which the library makes them.
std::vector<std::vector<int64_t>> AllCombinations(int64_t min, int64_t max, int64_t q);

}  // namespace initbias

#endif  // INITBIAS_TESTS_CONFIG_RANDOM_TASK_H_
