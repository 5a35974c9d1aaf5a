#include "lib/model/spec/model_cost.h"

#include <algorithm>

#include "lib/model/spec/parameter_spec.h"

namespace initbias {
namespace {

// Positions of a text sequence that are computed, on average: without padding that is not
// predicted. By the lengths of the texts, in tokens, as they were counted (seed 4 of figure 7).
double TextLength(const RunConfig& config) {
  constexpr double kStory = 220;     // of TinyStories
  constexpr double kParagraph = 47;  // of the shipped excerpt
  const TextConfig& text = config.text;
  const auto context = static_cast<double>(config.gpt2.context);
  if (text.packed) {
    return context;
  }
  const double cut = text.padded_length > 0
                         ? std::min(context, static_cast<double>(text.padded_length - 1))
                         : context;
  if (text.padding_labels) {
    return cut;
  }
  double proofs = 0;
  for (const int64_t hops : text.hops) {
    proofs +=
        std::min(cut, 108 + 37 * static_cast<double>(hops)) / static_cast<double>(text.hops.size());
  }
  const double stories = std::min(cut, text.tinystories == "excerpt" ? kParagraph : kStory);
  const auto proof_texts = static_cast<double>(text.prontoqa_sequences);
  const auto story_texts = static_cast<double>(text.tinystories_sequences);
  return (proofs * proof_texts + stories * story_texts) / (proof_texts + story_texts);
}

// Positions of a sequence that a weight matrix is multiplied with, in training; of networks of
// one's own at most.
double Positions(const RunConfig& config, MultipliedAt at) {
  const auto task_length = static_cast<double>(config.task.length);
  switch (at) {
    case MultipliedAt::kNowhere:
      return 0;
    case MultipliedAt::kAllPositions:
      return config.model == ModelKind::kGpt2 ? TextLength(config) : task_length;
    case MultipliedAt::kPredictions:
      break;
  }
  // Evaluations of such a run are cheaper.
  const bool all =
      config.model == ModelKind::kTransformer && config.train.target == Target::kNextToken;
  return all ? task_length : 1;
}

}  // namespace

double SequenceFlops(const RunConfig& config) {
  double flops = 0;
  for (const ParameterSpec& spec : ParameterSpecs(config)) {
    if (spec.shape.size() == 2) {
      flops += 6.0 * static_cast<double>(spec.size()) * Positions(config, spec.multiplied_at);
    }
  }
  return flops;
}

double ParameterBytes(const RunConfig& config) {
  return 4.0 * static_cast<double>(ParameterCount(ParameterSpecs(config)));
}

double ParameterSize(const RunConfig& config, std::string_view name) {
  for (const ParameterSpec& spec : ParameterSpecs(config)) {
    if (spec.name == name) {
      return static_cast<double>(spec.size());
    }
  }
  return 0;
}

}  // namespace initbias
