#include "lib/run/cost.h"

#include <algorithm>

#include "lib/model/parameter_spec.h"

namespace initbias {
namespace {

constexpr double kForwardShare = 1.0 / 3.0;  // of the products of a step

// Positions of a sequence that a weight matrix is multiplied with.
double Positions(const RunConfig& config, const ParameterSpec& spec) {
  if (config.model == ModelKind::kEmbMlp || spec.name.starts_with("head")) {
    return 1;
  }
  const TransformerConfig& t = config.transformer;
  const bool last_block = spec.name.starts_with("layer" + std::to_string(t.layers - 1) + ".");
  const bool key_or_value = spec.name.ends_with(".wk") || spec.name.ends_with(".wv");
  return t.pruned && last_block && !key_or_value ? 1 : static_cast<double>(config.task.length);
}

double SequenceFlops(const RunConfig& config) {
  double flops = 0;
  for (const ParameterSpec& spec : ParameterSpecs(config)) {
    if (spec.shape.size() == 2 && !spec.name.starts_with("embedding")) {
      flops += 6.0 * static_cast<double>(spec.size()) * Positions(config, spec);
    }
  }
  return flops;
}

int64_t Evaluations(const RunConfig& config) {
  return TotalSteps(config) / config.train.eval_every + 2;
}

}  // namespace

double StepFlops(const RunConfig& config) {
  return SequenceFlops(config) * static_cast<double>(config.train.batch_size);
}

double RunFlops(const RunConfig& config) {
  // Three sets, each at most so large; the true sizes are known only with the data.
  const double sequences = static_cast<double>(
      3 * std::min(config.train.eval_samples, config.task.samples / 2) * Evaluations(config));
  return StepFlops(config) * static_cast<double>(TotalSteps(config)) +
         kForwardShare * SequenceFlops(config) * sequences;
}

double RunFileBytes(const RunConfig& config) {
  constexpr double kFixed = 40e3;  // groups, attributes and their headers
  constexpr double kPerEvaluation = 8.0 * (2 + 3 * 2);
  const double parameters = 4.0 * static_cast<double>(ParameterCount(ParameterSpecs(config)));
  // A probe is at most about as large as the largest parameter; most are embeddings.
  const double probe = 4.0 * static_cast<double>(ParameterSpecs(config).front().size());
  return kFixed + parameters + kPerEvaluation * static_cast<double>(Evaluations(config)) +
         probe * static_cast<double>(config.probe.names.size() * config.probe.steps.size());
}

double CheckpointBytes(const RunConfig& config) {
  return RunFileBytes(config) + 8.0 * static_cast<double>(ParameterCount(ParameterSpecs(config)));
}

}  // namespace initbias
