#include "lib/measure/learning.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "lib/analysis/learning_events.h"
#include "lib/analysis/statistics.h"
#include "lib/base/nan.h"
#include "lib/theory/label_distribution.h"

namespace initbias {
namespace {

// NaN for what never comes: pictures have no place for infinity.
double Finite(double value) { return std::isfinite(value) ? value : kNan; }

// StepsToHalfGuess, the run's length where it does not come so far: a lower bound.
double StepsToHalfGuessOrLength(const RunResult& run, const std::string& set) {
  return std::min(StepsToHalfGuess(run, set), static_cast<double>(run.step.back()));
}

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

double StepsToLoss(const RunResult& run, const std::string& set, double level) {
  return StepsTo(run.Get(set).loss, run.step, level);
}

double StepsToHalfGuess(const RunResult& run, const std::string& set) {
  return StepsToLoss(run, set, kHalfLearned * GuessLevel(run.config.task, set));
}

double SmallestLoss(const RunResult& run, const std::string& set) {
  return std::ranges::min(run.Get(set).loss);
}

double SmallestShareOfGuess(const RunResult& run, const std::string& set) {
  return SmallestLoss(run, set) / GuessLevel(run.config.task, set);
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

double FinalLoss(const RunResult& run, const std::string& set) { return run.Get(set).loss.back(); }

double MeanLoss(const RunResult& run, const std::string& set) {
  return MeanOver(run.Get(set).loss, run.step);
}

double StepsToAccuracy(const RunResult& run, const std::string& set, double share) {
  // StepsTo waits for a fall.
  std::vector<double> missed;
  for (const double accuracy : run.Get(set).accuracy) {
    missed.push_back(1 - accuracy);
  }
  return Finite(StepsTo(missed, run.step, 1 - share));
}

double PlateauLength(const RunResult& run) {
  return Finite(StepsToLoss(run, kReasoningTrainSet,
                            kPlateauEnds * run.Get(kReasoningTrainSet).loss.front()));
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

double AreaBetween(const RunResult& run) {
  return MeanLoss(run, kMemorySet) - MeanLoss(run, kReasoningTestSet);
}

double TestLead(const RunResult& run) { return Lead(run, kReasoningTestSet); }

double TrainLead(const RunResult& run) { return Lead(run, kReasoningTrainSet); }

}  // namespace initbias
