#include <fmt/format.h>

#include <cmath>
#include <optional>
#include <set>

#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/config/combinations.h"
#include "lib/config/run_config.h"

namespace initbias {

CombinationCounts CountCombinations(const AnchorTaskConfig& t) {
  const int64_t group_size = (t.memory_max - t.memory_min + 1) / t.memory_groups;
  CombinationCounts counts{.memory = static_cast<double>(t.memory_groups),
                           .reasoning = t.kinds == TaskKinds::kBoth ? 1.0 : 0.0};
  for (int64_t i = 0; i < t.num_anchors; ++i) {
    counts.memory *= static_cast<double>(group_size);
    counts.reasoning *= static_cast<double>(t.reasoning_max - t.reasoning_min + 1);
  }
  return counts;
}

std::vector<std::vector<int64_t>> AnchorTaskConfig::MaskedCombinations() const {
  std::vector<std::vector<int64_t>> combinations;
  for (const std::string& text : masked) {
    std::vector<int64_t>& combination = combinations.emplace_back();
    for (const std::string& part : Split(text, '-')) {
      const std::optional<int64_t> anchor = ParseInt(part);
      if (!anchor) {
        throw Error(fmt::format("task.masked: '{}' is not of the form 11-13", text));
      }
      combination.push_back(*anchor);
    }
  }
  return combinations;
}

int64_t TrainingSamples(const AnchorTaskConfig& config) {
  if (config.kinds == TaskKinds::kMemory || !config.HasAnchors()) {
    return config.samples;
  }
  const int64_t combinations = static_cast<int64_t>(CountCombinations(config).total());
  return config.samples -
         config.samples / combinations * static_cast<int64_t>(config.masked.size());
}

int64_t TrainingSamples(const RunConfig& config) {
  return config.model == ModelKind::kGpt2
             ? config.text.prontoqa_sequences + config.text.tinystories_sequences
             : TrainingSamples(config.task);
}

int64_t Vocabulary(const RunConfig& config) {
  return config.model == ModelKind::kGpt2 ? config.gpt2.vocabulary : config.task.vocabulary;
}

int64_t StepsPerEpoch(const RunConfig& config) {
  const int64_t batch = config.train.batch_size;
  return (TrainingSamples(config) + batch - 1) / batch;
}

int64_t TotalSteps(const RunConfig& config) { return config.train.epochs * StepsPerEpoch(config); }

double ShareAt(const RunConfig& config, int64_t step) {
  return static_cast<double>(step) / static_cast<double>(TotalSteps(config));
}

double EpochOf(const RunConfig& config, int64_t step) {
  return static_cast<double>(step) / static_cast<double>(StepsPerEpoch(config));
}

std::vector<int64_t> StepsAt(const RunConfig& config, std::span<const double> shares) {
  std::set<int64_t> steps;
  for (const double share : shares) {
    steps.insert(std::llround(share * static_cast<double>(TotalSteps(config))));
  }
  return {steps.begin(), steps.end()};
}

}  // namespace initbias
