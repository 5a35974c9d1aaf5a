// The names of probes, read, and which of them a run can take, told by its config alone: so that a
// plan refuses what training would. What they are stands in lib/train/probes.h.
#ifndef INITBIAS_LIB_MODEL_SPEC_PROBE_NAMES_H_
#define INITBIAS_LIB_MODEL_SPEC_PROBE_NAMES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "lib/config/run_config.h"

namespace initbias {

// What a probe's name begins with.
enum class ProbeKind {
  kParameter,
  kGradient,
  kOutputs,
  kAccuracy,
  // Of a layer of the Transformer.
  kAttention,
  kAttentionDeviation,
  kAttentionByKey,
  kScoreParts,
  kKeyPatch,
  // Of GPT-2's texts.
  kOwnTokens,
  kOwnCounts,
  kOwnRows,
  kOwnEmbedding,
  kUnigramEntropy,
  kUsedTokens,
};

// "score_parts.layer1.memory" is {kScoreParts, "memory", 1}. `of` views the name.
struct ProbeName {
  ProbeKind kind = {};
  // Of what: the parameter's name, "argmax" or "probability", "clean" and so on, the corpus; of a
  // layer the sequences, kMemoryKind, kReasoningKind or "" for both.
  std::string_view of;
  int64_t layer = 0;  // from 0
};

// Nothing where no model has such a probe. Whether there is such a parameter, or layer, is not
// asked.
std::optional<ProbeName> ParseProbeName(std::string_view name);

// "probe.names: the model has no '<name>'; expected ..".
std::string NoSuchProbe(std::string_view name);

// Why key_patch has no partner to take a key from.
inline constexpr char kOneKey[] =
    "probe.names: key_patch needs a task with two keys, task.key_min is task.key_max";

// Of each set of sequences so many are probed, for attention, scores, key_patch and accuracy.
inline constexpr int64_t kProbedSequences = 250;

// The numbers of a snapshot of the probe, about, and at most; 0 where there is no such probe.
double ProbeSize(const RunConfig& config, std::string_view name);

// Whether the probe is NaN where the data have nothing to average.
bool MayHaveGaps(std::string_view name);

// Throws Error where the run, which must be valid otherwise, cannot take one of its probes.
void CheckProbeNames(const RunConfig& config);

}  // namespace initbias

#endif  // INITBIAS_LIB_MODEL_SPEC_PROBE_NAMES_H_
