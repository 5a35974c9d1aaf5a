#include "lib/measure/learning.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "lib/analysis/learning_events.h"
#include "lib/analysis/statistics.h"
#include "lib/theory/label_distribution.h"

namespace initbias {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

double Lead(const RunResult& run, const char* set) {
  return MeanLead(run.Get(set).loss, run.Get(kMemorySet).loss, run.step);
}

}  // namespace

double GuessLevel(const AnchorTaskConfig& task, const std::string& set) {
  if (set == kMemorySet) {
    return std::log(static_cast<double>(task.key_max - task.key_min + 1));
  }
  std::vector<UniformRange> terms = {{task.key_min, task.key_max}};
  terms.insert(terms.end(), static_cast<size_t>(task.num_anchors),
               {task.reasoning_min, task.reasoning_max});
  double entropy = 0;
  for (const double p : ConvolvedUniforms(terms).probability) {
    entropy -= p > 0 ? p * std::log(p) : 0;
  }
  return entropy;
}

double StepsToHalfGuess(const RunResult& run, const std::string& set) {
  return StepsTo(run.Get(set).loss, run.step, GuessLevel(run.config.task, set) / 2);
}

double StepsToHalfGuessOrLength(const RunResult& run, const std::string& set) {
  return std::min(StepsToHalfGuess(run, set), static_cast<double>(run.step.back()));
}

double SmallestShareOfGuess(const RunResult& run, const std::string& set) {
  return std::ranges::min(run.Get(set).loss) / GuessLevel(run.config.task, set);
}

double SmallestShareOfEither(const RunResult& run) {
  return std::min(SmallestShareOfGuess(run, kMemorySet),
                  SmallestShareOfGuess(run, kReasoningTestSet));
}

double FinalAccuracy(const RunResult& run, const std::string& set) {
  return run.Get(set).accuracy.back();
}

double MaskedAccuracy(const RunResult& run) { return FinalAccuracy(run, kReasoningTestSet); }

double FinalTrainAccuracy(const RunResult& run) {
  return std::min(FinalAccuracy(run, kMemorySet), FinalAccuracy(run, kReasoningTrainSet));
}

double ReasoningSpeed(const RunResult& run) {
  return FiniteLog2(StepsToHalfGuessOrLength(run, kMemorySet) /
                    std::max(StepsToHalfGuess(run, kReasoningTrainSet),
                             StepsToHalfGuess(run, kReasoningTestSet)));
}

double TrainSpeedRatio(const RunResult& run) {
  const bool none = std::isinf(StepsToHalfGuess(run, kMemorySet)) &&
                    std::isinf(StepsToHalfGuess(run, kReasoningTrainSet));
  return none ? kNan
              : FiniteLog2(StepsToHalfGuessOrLength(run, kMemorySet) /
                           StepsToHalfGuessOrLength(run, kReasoningTrainSet));
}

double TestLead(const RunResult& run) { return Lead(run, kReasoningTestSet); }

double TrainLead(const RunResult& run) { return Lead(run, kReasoningTrainSet); }

}  // namespace initbias
