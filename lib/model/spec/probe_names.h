// Which probes a run can take, told by its config alone: so that a plan refuses what training
// would. What they are stands in lib/train/probes.h.
#ifndef INITBIAS_LIB_MODEL_SPEC_PROBE_NAMES_H_
#define INITBIAS_LIB_MODEL_SPEC_PROBE_NAMES_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "lib/config/run_config.h"

namespace initbias {

// "probe.names: the model has no '<name>'; expected ..".
std::string NoSuchProbe(std::string_view name);

// Why key_patch has no partner to take a key from.
inline constexpr char kOneKey[] =
    "probe.names: key_patch needs a task with two keys, task.key_min is task.key_max";

// Of each set of sequences so many are probed, for attention, scores, key_patch and accuracy.
inline constexpr int64_t kProbedSequences = 250;

// Whether the probe is NaN where the data have nothing to average.
bool MayHaveGaps(std::string_view name);

// Throws Error where the run, which must be valid otherwise, cannot take one of its probes.
void CheckProbeNames(const RunConfig& config);

}  // namespace initbias

#endif  // INITBIAS_LIB_MODEL_SPEC_PROBE_NAMES_H_
