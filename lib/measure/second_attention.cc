#include "lib/measure/second_attention.h"

#include <cmath>

#include "lib/base/error.h"
#include "lib/base/nan.h"
#include "lib/config/set_names.h"

namespace initbias {
namespace {

// The rows and columns of the probe key_patch.
enum class PatchedSet { kMemory = 0, kReasoning = 1 };
enum class Patch { kRight = 0, kFollows = 1, kStays = 2 };

double Patched(const RunResult& run, double share, PatchedSet set, Patch what) {
  const Array& shares = run.ProbeNear("key_patch.layer1", share).array;
  return static_cast<double>(shares.values[static_cast<size_t>(
      static_cast<int64_t>(set) * shares.shape[1] + static_cast<int64_t>(what))]);
}

double Follows(const RunResult& run, double share, PatchedSet set) {
  return Patched(run, share, set, Patch::kFollows) - Patched(run, share, set, Patch::kStays);
}

}  // namespace

std::vector<double> ByOffset(std::span<const float> rows, int64_t positions, int64_t length) {
  std::vector<double> means;
  for (int64_t offset = 1 - positions; offset < length; ++offset) {
    double sum = 0;
    double count = 0;
    for (int64_t p = 0; p < positions; ++p) {
      const int64_t j = p + offset;
      const double value = j >= 0 && j < length
                               ? static_cast<double>(rows[static_cast<size_t>(p * length + j)])
                               : kNan;
      if (!std::isnan(value)) {
        sum += value;
        ++count;
      }
    }
    means.push_back(count > 0 ? sum / count : kNan);
  }
  return means;
}

double AttentionAfterKey(const RunResult& run, double share, int64_t offset) {
  const Array& rows = run.ProbeNear("attention_by_key.layer1", share).array;
  const int64_t positions = rows.shape[0];
  return ByOffset(rows.values, positions,
                  rows.shape[1])[static_cast<size_t>(positions - 1 + offset)];
}

double MemoryFollows(const RunResult& run, double share) {
  return Follows(run, share, PatchedSet::kMemory);
}

double ReasoningFollows(const RunResult& run, double share) {
  return Follows(run, share, PatchedSet::kReasoning);
}

double ProbedAccuracy(const RunResult& run, std::string_view name, double share) {
  const Array& sets = run.ProbeNear(name, share).array;
  for (size_t i = 0; i < run.curves.size(); ++i) {
    if (run.curves[i].group == kReasoningTrainSet) {
      return static_cast<double>(sets.values[i * 2 + 1]);
    }
  }
  throw Error("the run has no reasoning sequences");
}

double ShufflingAccuracyDrop(const RunResult& run) {
  return 1 - ProbedAccuracy(run, "accuracy.shuffled_positions", 1) /
                 ProbedAccuracy(run, "accuracy.clean", 1);
}

}  // namespace initbias
