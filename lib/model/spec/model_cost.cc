#include "lib/model/spec/model_cost.h"

#include <algorithm>
#include <string>

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

// Positions of a sequence that a weight matrix is multiplied with.
double Positions(const RunConfig& config, const ParameterSpec& spec) {
  switch (config.model) {
    case ModelKind::kEmbMlp:
      if (config.emb_mlp.IsOwn()) {  // at most
        return spec.name.starts_with("embedding") ? 0 : static_cast<double>(config.task.length);
      }
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

}  // namespace

double SequenceFlops(const RunConfig& config) {
  double flops = 0;
  for (const ParameterSpec& spec : ParameterSpecs(config)) {
    if (spec.shape.size() == 2) {
      flops += 6.0 * static_cast<double>(spec.size()) * Positions(config, spec);
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
