#include "lib/run/cost.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <string>

#include "lib/model/spec/model_cost.h"
#include "lib/model/spec/probe_names.h"
#include "lib/result/run_result.h"

namespace initbias {
namespace {

constexpr double kForwardShare = 1.0 / 3.0;  // of the products of a step

// Of the anchor task: what is evaluated is memory and reasoning, trained on or not.
constexpr int64_t kSets = 3;
constexpr int64_t kTrainedSets = 2;

// Sequences that an evaluation computes; the true number is known only with the data.
int64_t EvaluationSequences(const RunConfig& config) {
  const int64_t most = config.train.eval_samples;
  if (config.model == ModelKind::kGpt2) {
    const TextConfig& t = config.text;
    return std::min(most, t.prontoqa_sequences) + std::min(most, t.tinystories_sequences) +
           static_cast<int64_t>(t.hops.size()) * std::min(most, t.answer_samples);
  }
  return kSets * std::min(most, config.task.samples / 2);
}

}  // namespace

double StepFlops(const RunConfig& config) {
  return SequenceFlops(config) *
         static_cast<double>(std::min(config.train.batch_size, TrainingSamples(config)));
}

double EvaluationFlops(const RunConfig& config) {
  return kForwardShare * SequenceFlops(config) * static_cast<double>(EvaluationSequences(config));
}

double SnapshotFlops(const RunConfig& config) {
  if (config.model == ModelKind::kGpt2) {
    return 0;  // its probes are parameters and counts
  }
  RunConfig whole = config;
  whole.transformer.pruned = false;
  const double forward = kForwardShare * SequenceFlops(config);
  const double whole_forward = kForwardShare * SequenceFlops(whole);
  const auto of_each = static_cast<double>(std::min(kProbedSequences, config.task.samples / 2));
  const auto evaluated = static_cast<double>(EvaluationSequences(config));
  bool attends = false;
  double flops = 0;
  for (const std::string& name : config.probe.names) {
    const std::optional<ProbeName> probe = ParseProbeName(name);
    if (!probe) {
      continue;  // the run will say so
    }
    switch (probe->kind) {
      case ProbeKind::kAccuracy:
        flops += forward * kSets * of_each;
        break;
      case ProbeKind::kKeyPatch:
        flops += 3 * forward * kTrainedSets * of_each;  // clean, partner, patched
        break;
      case ProbeKind::kOutputs:
        flops += whole_forward * evaluated;
        break;
      case ProbeKind::kGradient:
        flops += SequenceFlops(config) * evaluated * kTrainedSets / kSets;
        break;
      case ProbeKind::kAttention:
      case ProbeKind::kAttentionDeviation:
      case ProbeKind::kAttentionByKey:
      case ProbeKind::kScoreParts:
        attends = true;
        break;
      default:
        break;  // parameters and counts
    }
  }
  return flops + (attends ? whole_forward * kTrainedSets * of_each : 0);
}

int64_t Evaluations(const RunConfig& config) {
  const int64_t steps = TotalSteps(config);
  const auto regular = [&](int64_t step) {
    return step % config.train.eval_every == 0 || step == steps;
  };
  return steps / config.train.eval_every + 1 + (steps % config.train.eval_every == 0 ? 0 : 1) +
         std::ranges::count_if(config.probe.steps, std::not_fn(regular));
}

double RunFlops(const RunConfig& config) {
  return StepFlops(config) * static_cast<double>(TotalSteps(config)) +
         EvaluationFlops(config) * static_cast<double>(Evaluations(config)) +
         SnapshotFlops(config) * static_cast<double>(config.probe.steps.size());
}

double RunFileBytes(const RunConfig& config) {
  constexpr double kFixed = 40e3;  // groups, attributes and their headers
  const auto sets = config.model == ModelKind::kGpt2 ? 2 + config.text.hops.size() : size_t{3};
  const double per_evaluation = 8.0 * static_cast<double>(2 + sets * 2);
  const double parameters = ParameterBytes(config);
  const double stored = parameters > 4.0 * kMaxStoredParameters ? 0 : parameters;
  double probes = 0;
  for (const std::string& name : config.probe.names) {
    probes += 4.0 * ProbeSize(config, name) * static_cast<double>(config.probe.steps.size());
  }
  return kFixed + stored + per_evaluation * static_cast<double>(Evaluations(config)) + probes;
}

double CheckpointBytes(const RunConfig& config) {
  return RunFileBytes(config) + 3.0 * ParameterBytes(config);  // and AdamW's two moments
}

std::string CostClass(RunConfig config) {
  config.init = {};
  config.seed = 0;
  return CanonicalForm(config);
}

}  // namespace initbias
