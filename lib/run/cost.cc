#include "lib/run/cost.h"

#include <algorithm>
#include <functional>

#include "lib/model/parameter_spec.h"
#include "lib/store/run_file.h"

namespace initbias {
namespace {

constexpr double kForwardShare = 1.0 / 3.0;  // of the products of a step

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

// Positions of a sequence that a weight matrix is multiplied with.
double Positions(const RunConfig& config, const ParameterSpec& spec) {
  switch (config.model) {
    case ModelKind::kEmbMlp:
      return spec.name.starts_with("embedding") ? 0 : 1;
    case ModelKind::kTransformer:
      break;
    case ModelKind::kGpt2:  // the token embedding is the head
      return spec.name == "embedding.position" ? 0 : TextLength(config);
  }
  if (spec.name.starts_with("embedding")) {
    return 0;
  }
  const auto length = static_cast<double>(config.task.length);
  if (config.train.target == Target::kNextToken) {  // evaluations are cheaper
    return length;
  }
  if (spec.name.starts_with("head")) {
    return 1;
  }
  const TransformerConfig& t = config.transformer;
  const bool last_block = spec.name.starts_with("layer" + std::to_string(t.layers - 1) + ".");
  const bool key_or_value = spec.name.ends_with(".wk") || spec.name.ends_with(".wv");
  return t.pruned && last_block && !key_or_value ? 1 : length;
}

double SequenceFlops(const RunConfig& config) {
  double flops = 0;
  for (const ParameterSpec& spec : ParameterSpecs(config)) {
    if (spec.shape.size() == 2) {
      flops += 6.0 * static_cast<double>(spec.size()) * Positions(config, spec);
    }
  }
  return flops;
}

// Sequences that an evaluation computes; the true number is known only with the data.
int64_t EvaluationSequences(const RunConfig& config) {
  const int64_t most = config.train.eval_samples;
  if (config.model == ModelKind::kGpt2) {
    const TextConfig& t = config.text;
    return std::min(most, t.prontoqa_sequences) + std::min(most, t.tinystories_sequences) +
           static_cast<int64_t>(t.hops.size()) * std::min(most, t.answer_samples);
  }
  return 3 * std::min(most, config.task.samples / 2);
}

// Numbers of a snapshot, at most about.
double ProbeValues(const RunConfig& config, const std::string& name) {
  if (name.starts_with("unigram_entropy") || name == "used_tokens") {
    return 1;
  }
  if (name.starts_with("own_")) {
    const int64_t width = name.starts_with("own_embedding") ? config.gpt2.d_model : 1;
    return static_cast<double>(config.text.corpus_tokens * width);
  }
  const size_t dot = name.find('.') + 1;
  if (name.starts_with("parameter.") || name.starts_with("gradient.")) {
    for (const ParameterSpec& spec : ParameterSpecs(config)) {
      if (spec.name == name.substr(dot)) {
        return static_cast<double>(spec.size());
      }
    }
    return 0;  // there is none: the run will say so
  }
  const int64_t length = config.task.length;
  if (name.starts_with("outputs.")) {
    return static_cast<double>((config.task.memory_groups + 2) * config.task.vocabulary);
  }
  // The last position's scores by four parts and the key's position, or attention by heads.
  return static_cast<double>(length * length * std::max<int64_t>(4, config.transformer.heads));
}

}  // namespace

double StepFlops(const RunConfig& config) {
  return SequenceFlops(config) * static_cast<double>(config.train.batch_size);
}

double EvaluationFlops(const RunConfig& config) {
  return kForwardShare * SequenceFlops(config) * static_cast<double>(EvaluationSequences(config));
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
         EvaluationFlops(config) * static_cast<double>(Evaluations(config));
}

double RunFileBytes(const RunConfig& config) {
  constexpr double kFixed = 40e3;  // groups, attributes and their headers
  const auto sets = config.model == ModelKind::kGpt2 ? 2 + config.text.hops.size() : size_t{3};
  const double per_evaluation = 8.0 * static_cast<double>(2 + sets * 2);
  const int64_t parameters = ParameterCount(ParameterSpecs(config));
  const double stored =
      parameters > kMaxStoredParameters ? 0 : 4.0 * static_cast<double>(parameters);
  double probes = 0;
  for (const std::string& name : config.probe.names) {
    probes += 4.0 * ProbeValues(config, name) * static_cast<double>(config.probe.steps.size());
  }
  return kFixed + stored + per_evaluation * static_cast<double>(Evaluations(config)) + probes;
}

double CheckpointBytes(const RunConfig& config) {
  const auto parameters = static_cast<double>(ParameterCount(ParameterSpecs(config)));
  return RunFileBytes(config) + 12.0 * parameters;
}

}  // namespace initbias
