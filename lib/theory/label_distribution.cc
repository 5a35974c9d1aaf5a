#include "lib/theory/label_distribution.h"

#include <utility>

#include "lib/base/error.h"
#include "lib/config/token_range.h"

namespace initbias {
namespace {

// The distribution of `sum` + shift over the vocabulary.
std::vector<double> OverVocabulary(const SumDistribution& sum, int64_t shift, int64_t vocabulary) {
  std::vector<double> distribution(static_cast<size_t>(vocabulary), 0.0);
  for (size_t i = 0; i < sum.probability.size(); ++i) {
    const int64_t label = sum.offset + static_cast<int64_t>(i) + shift;
    INITBIAS_CHECK(label >= 0 && label < vocabulary);  // a valid config has all labels inside
    distribution[static_cast<size_t>(label)] = sum.probability[i];
  }
  return distribution;
}

UniformRange KeyRange(const AnchorTaskConfig& task) { return {task.key_min, task.key_max}; }

std::vector<UniformRange> AnchorRanges(const AnchorTaskConfig& task, int64_t count) {
  return std::vector<UniformRange>(static_cast<size_t>(count),
                                   {task.reasoning_min, task.reasoning_max});
}

}  // namespace

SumDistribution ConvolvedUniforms(const std::vector<UniformRange>& ranges) {
  INITBIAS_CHECK(!ranges.empty());
  SumDistribution sum{.offset = 0, .probability = {1.0}};
  for (const UniformRange& range : ranges) {
    INITBIAS_CHECK(range.min <= range.max);
    const auto values = static_cast<size_t>(range.max - range.min + 1);
    std::vector<double> next(sum.probability.size() + values - 1, 0.0);
    for (size_t i = 0; i < sum.probability.size(); ++i) {
      for (size_t j = 0; j < values; ++j) {
        next[i + j] += sum.probability[i] / static_cast<double>(values);
      }
    }
    sum.offset += range.min;
    sum.probability = std::move(next);
  }
  return sum;
}

std::vector<double> MemoryLabelDistribution(const AnchorTaskConfig& task) {
  INITBIAS_CHECK(task.memory_labels == MemoryLabels::kKeys);
  return OverVocabulary(ConvolvedUniforms({KeyRange(task)}), 0, task.vocabulary);
}

std::vector<double> ReasoningLabelDistribution(const AnchorTaskConfig& task, int64_t s) {
  INITBIAS_CHECK(s >= task.reasoning_min && s <= task.reasoning_max);
  std::vector<UniformRange> others = AnchorRanges(task, task.num_anchors - 1);
  others.push_back(KeyRange(task));
  std::vector<double> distribution = OverVocabulary(ConvolvedUniforms(others), s, task.vocabulary);
  if (task.random_labels > 0) {
    const TokenRange labels = ReasoningLabels(task);
    for (double& probability : distribution) {
      probability *= 1 - task.random_labels;
    }
    for (int64_t label = labels.first; label <= labels.last; ++label) {
      distribution[static_cast<size_t>(label)] +=
          task.random_labels / static_cast<double>(TokenCount(labels));
    }
  }
  return distribution;
}

}  // namespace initbias
