// How the second attention module finds the key and what it carries on of it (appendix D).
#ifndef INITBIAS_LIB_MEASURE_SECOND_ATTENTION_H_
#define INITBIAS_LIB_MEASURE_SECOND_ATTENTION_H_

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "lib/result/run_result.h"

namespace initbias {

// The mean of `rows` [key position p, position j] by j - p, over the positions p. NaN, where no
// sequence had its key at p, is left out. Starts at -(positions - 1), ends at length - 1; NaN where
// nothing is left.
std::vector<double> ByOffset(std::span<const float> rows, int64_t positions, int64_t length);

// Mean attention of the last position on the token `offset` after the key, at a share of the run.
double AttentionAfterKey(const RunResult& run, double share, int64_t offset);

// The share of predictions that follow the key that the module is made to read minus the share that
// stay (the probe key_patch, see lib/train/probes.h): a model that predicts one label for all does
// both. Of memory and of reasoning sequences.
double MemoryFollows(const RunResult& run, double share);
double ReasoningFollows(const RunResult& run, double share);

// The accuracy on reasoning training sequences under the probe `name` (accuracy.*). Throws Error
// for a run without such sequences.
double ProbedAccuracy(const RunResult& run, std::string_view name, double share);

// The share of the accuracy at the end that is lost where every position has the next one's
// embedding.
double ShufflingAccuracyDrop(const RunResult& run);

}  // namespace initbias

#endif  // INITBIAS_LIB_MEASURE_SECOND_ATTENTION_H_
