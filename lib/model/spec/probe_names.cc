#include "lib/model/spec/probe_names.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <iterator>
#include <set>

#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/config/set_names.h"
#include "lib/model/spec/model_cost.h"
#include "lib/model/spec/parameter_spec.h"

namespace initbias {
namespace {

struct Kind {
  std::string_view name;
  ProbeKind kind;
};

constexpr Kind kKinds[] = {
    {"parameter", ProbeKind::kParameter},
    {"gradient", ProbeKind::kGradient},
    {"outputs", ProbeKind::kOutputs},
    {"accuracy", ProbeKind::kAccuracy},
    {"attention", ProbeKind::kAttention},
    {"attention_deviation", ProbeKind::kAttentionDeviation},
    {"attention_by_key", ProbeKind::kAttentionByKey},
    {"score_parts", ProbeKind::kScoreParts},
    {"key_patch", ProbeKind::kKeyPatch},
    {"own_tokens", ProbeKind::kOwnTokens},
    {"own_counts", ProbeKind::kOwnCounts},
    {"own_rows", ProbeKind::kOwnRows},
    {"own_embedding", ProbeKind::kOwnEmbedding},
    {"unigram_entropy", ProbeKind::kUnigramEntropy},
    {"used_tokens", ProbeKind::kUsedTokens},
};

// `rest`: "layer<i>", or "layer<i>.memory" or ".reasoning".
std::optional<ProbeName> OfLayer(ProbeKind kind, std::string_view rest) {
  constexpr std::string_view kLayer = "layer";
  if (!rest.starts_with(kLayer)) {
    return std::nullopt;
  }
  const size_t end = std::min(rest.find('.'), rest.size());
  const std::optional<int64_t> layer = ParseInt(rest.substr(kLayer.size(), end - kLayer.size()));
  if (!layer || *layer < 0) {
    return std::nullopt;
  }
  if (end == rest.size()) {
    return ProbeName{.kind = kind, .of = "", .layer = *layer};
  }
  const std::string_view sequences = rest.substr(end + 1);
  if ((kind != ProbeKind::kAttentionByKey && kind != ProbeKind::kScoreParts) ||
      (sequences != kMemoryKind && sequences != kReasoningKind)) {
    return std::nullopt;
  }
  return ProbeName{.kind = kind, .of = sequences, .layer = *layer};
}

// `parameters`: their names.
bool HasProbe(const RunConfig& config, const std::set<std::string, std::less<>>& parameters,
              const ProbeName& probe) {
  const bool anchors = config.model != ModelKind::kGpt2 && config.task.HasAnchors();
  switch (probe.kind) {
    case ProbeKind::kParameter:
    case ProbeKind::kGradient:
      return parameters.contains(probe.of);
    case ProbeKind::kOutputs:
      return anchors;
    case ProbeKind::kAccuracy:
      return anchors && (probe.of == "clean" || parameters.contains("embedding.position"));
    case ProbeKind::kAttention:
    case ProbeKind::kAttentionDeviation:
    case ProbeKind::kAttentionByKey:
    case ProbeKind::kScoreParts:
    case ProbeKind::kKeyPatch:
      return anchors && config.model == ModelKind::kTransformer &&
             probe.layer < config.transformer.layers &&
             (probe.of != kReasoningKind || config.task.kinds == TaskKinds::kBoth);
    case ProbeKind::kOwnTokens:
    case ProbeKind::kOwnCounts:
    case ProbeKind::kOwnRows:
    case ProbeKind::kOwnEmbedding:
    case ProbeKind::kUnigramEntropy:
    case ProbeKind::kUsedTokens:
      return config.model == ModelKind::kGpt2;
  }
  return false;
}

}  // namespace

std::optional<ProbeName> ParseProbeName(std::string_view name) {
  const size_t dot = std::min(name.find('.'), name.size());
  const auto* const known = std::ranges::find(kKinds, name.substr(0, dot), &Kind::name);
  if (known == std::end(kKinds)) {
    return std::nullopt;
  }
  const ProbeKind kind = known->kind;
  const std::string_view rest = name.substr(std::min(dot + 1, name.size()));
  const auto one_of = [&](std::initializer_list<std::string_view> names) {
    return std::ranges::find(names, rest) != names.end()
               ? std::optional(ProbeName{.kind = kind, .of = rest})
               : std::nullopt;
  };
  switch (kind) {
    case ProbeKind::kParameter:
    case ProbeKind::kGradient:
      return ProbeName{.kind = kind, .of = rest};
    case ProbeKind::kOutputs:
      return one_of({"argmax", "probability"});
    case ProbeKind::kAccuracy:
      return one_of({"clean", "without_positions", "shuffled_positions"});
    case ProbeKind::kAttention:
    case ProbeKind::kAttentionDeviation:
    case ProbeKind::kAttentionByKey:
    case ProbeKind::kScoreParts:
    case ProbeKind::kKeyPatch:
      return OfLayer(kind, rest);
    case ProbeKind::kOwnTokens:
    case ProbeKind::kOwnCounts:
    case ProbeKind::kOwnRows:
    case ProbeKind::kOwnEmbedding:
    case ProbeKind::kUnigramEntropy:
      return one_of({kProntoQa, kTinyStories});
    case ProbeKind::kUsedTokens:
      return dot == name.size() ? one_of({""}) : std::nullopt;
  }
  return std::nullopt;
}

std::string NoSuchProbe(std::string_view name) {
  return fmt::format(
      "probe.names: the model has no '{}'; expected parameter.<name>, "
      "gradient.<name>, outputs.argmax, outputs.probability, accuracy.clean, for "
      "a Transformer attention, attention_deviation, attention_by_key or "
      "score_parts with .layer<i>, the last two with .layer<i>.memory or "
      ".layer<i>.reasoning too, key_patch.layer<i>, accuracy.without_positions or "
      "accuracy.shuffled_positions, or for gpt2 own_tokens, own_counts, "
      "own_rows, own_embedding or unigram_entropy with .prontoqa or .tinystories",
      name);
}

double ProbeSize(const RunConfig& config, std::string_view name) {
  const std::optional<ProbeName> probe = ParseProbeName(name);
  if (!probe) {
    return 0;
  }
  switch (probe->kind) {
    case ProbeKind::kParameter:
    case ProbeKind::kGradient:
      return ParameterSize(config, probe->of);
    case ProbeKind::kOutputs:
      return static_cast<double>((config.task.memory_groups + 2) * config.task.vocabulary);
    case ProbeKind::kAccuracy:
    case ProbeKind::kAttention:
    case ProbeKind::kAttentionDeviation:
    case ProbeKind::kAttentionByKey:
    case ProbeKind::kScoreParts:
    case ProbeKind::kKeyPatch: {
      // The last position's scores by four parts and the key's position, or attention by heads.
      const int64_t length = config.task.length;
      return static_cast<double>(length * length * std::max<int64_t>(4, config.transformer.heads));
    }
    case ProbeKind::kOwnTokens:
    case ProbeKind::kOwnCounts:
    case ProbeKind::kOwnRows:
      return static_cast<double>(config.text.corpus_tokens);
    case ProbeKind::kOwnEmbedding:
      return static_cast<double>(config.text.corpus_tokens * config.gpt2.d_model);
    case ProbeKind::kUnigramEntropy:
    case ProbeKind::kUsedTokens:
      return 1;
  }
  return 0;
}

bool MayHaveGaps(std::string_view name) {
  const std::optional<ProbeName> probe = ParseProbeName(name);
  return probe &&
         (probe->kind == ProbeKind::kAttentionByKey || probe->kind == ProbeKind::kScoreParts);
}

void CheckProbeNames(const RunConfig& config) {
  if (config.probe.names.empty()) {
    return;
  }
  std::set<std::string, std::less<>> parameters;
  for (const ParameterSpec& spec : ParameterSpecs(config)) {
    parameters.insert(spec.name);
  }
  for (const std::string& name : config.probe.names) {
    const std::optional<ProbeName> probe = ParseProbeName(name);
    if (!probe || !HasProbe(config, parameters, *probe)) {
      throw Error(NoSuchProbe(name));
    }
    if (probe->kind == ProbeKind::kKeyPatch && config.task.key_min == config.task.key_max) {
      throw Error(kOneKey);
    }
  }
}

}  // namespace initbias
