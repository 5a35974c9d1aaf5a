#include "lib/model/spec/probe_names.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <span>

#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/config/set_names.h"
#include "lib/model/spec/parameter_spec.h"

namespace initbias {
namespace {

constexpr std::string_view kOfCorpora[] = {"own_tokens", "own_counts", "own_rows", "own_embedding",
                                           "unigram_entropy"};
constexpr std::string_view kOfLayers[] = {"attention", "attention_deviation", "attention_by_key",
                                          "score_parts", "key_patch"};

bool IsIn(std::string_view name, std::span<const std::string_view> names) {
  return std::ranges::find(names, name) != names.end();
}

// `rest`: "layer<i>", or "layer<i>.memory" or ".reasoning".
bool HasOfLayer(const RunConfig& config, std::string_view kind, std::string_view rest) {
  constexpr std::string_view kLayer = "layer";
  if (config.model != ModelKind::kTransformer || !rest.starts_with(kLayer)) {
    return false;
  }
  const size_t end = std::min(rest.find('.'), rest.size());
  const std::optional<int64_t> layer = ParseInt(rest.substr(kLayer.size(), end - kLayer.size()));
  if (!layer || *layer < 0 || *layer >= config.transformer.layers) {
    return false;
  }
  if (end == rest.size()) {
    return IsIn(kind, kOfLayers);
  }
  const std::string_view sequences = rest.substr(end + 1);
  return (kind == "attention_by_key" || kind == "score_parts") &&
         (sequences == "memory" ||
          (sequences == "reasoning" && config.task.kinds == TaskKinds::kBoth));
}

// `parameters`: their names.
bool HasProbe(const RunConfig& config, const std::set<std::string, std::less<>>& parameters,
              std::string_view name) {
  const size_t dot = name.find('.');
  const std::string_view kind = name.substr(0, dot);
  const std::string_view rest = dot == std::string_view::npos ? "" : name.substr(dot + 1);
  if (kind == "parameter" || kind == "gradient") {
    return parameters.contains(rest);
  }
  if (config.model == ModelKind::kGpt2) {
    return name == "used_tokens" ||
           (IsIn(kind, kOfCorpora) && (rest == kProntoQa || rest == kTinyStories));
  }
  if (!config.task.HasAnchors()) {
    return false;
  }
  if (kind == "outputs") {
    return rest == "argmax" || rest == "probability";
  }
  if (kind == "accuracy") {
    return rest == "clean" || ((rest == "without_positions" || rest == "shuffled_positions") &&
                               parameters.contains("embedding.position"));
  }
  return HasOfLayer(config, kind, rest);
}

}  // namespace

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

bool MayHaveGaps(std::string_view name) {
  return name.starts_with("attention_by_key.") || name.starts_with("score_parts.");
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
    if (!HasProbe(config, parameters, name)) {
      throw Error(NoSuchProbe(name));
    }
    if (name.starts_with("key_patch.") && config.task.key_min == config.task.key_max) {
      throw Error(kOneKey);
    }
  }
}

}  // namespace initbias
