#include "lib/data/anchor/anchor_task.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <utility>

#include "lib/base/error.h"
#include "lib/base/sha256.h"
#include "lib/config/set_names.h"
#include "lib/config/token_range.h"
#include "lib/rng/stream.h"

namespace initbias {
namespace {

// All anchor combinations (a_1, .., a_q) of the anchors min .. max, in lexicographic order.
std::vector<std::vector<int64_t>> Combinations(int64_t min, int64_t max, int64_t q) {
  std::vector<std::vector<int64_t>> combinations = {{}};
  for (int64_t i = 0; i < q; ++i) {
    std::vector<std::vector<int64_t>> longer;
    for (const std::vector<int64_t>& prefix : combinations) {
      for (int64_t anchor = min; anchor <= max; ++anchor) {
        longer.push_back(prefix);
        longer.back().push_back(anchor);
      }
    }
    combinations = std::move(longer);
  }
  return combinations;
}

struct MemoryCombination {
  int64_t group = 0;
  std::vector<int64_t> anchors;
};

// The combinations of the memory anchors, group after group.
std::vector<MemoryCombination> MemoryCombinations(const AnchorTaskConfig& config) {
  const int64_t group_size = (config.memory_max - config.memory_min + 1) / config.memory_groups;
  std::vector<MemoryCombination> combinations;
  for (int64_t group = 0; group < config.memory_groups; ++group) {
    const int64_t min = config.memory_min + group * group_size;
    for (std::vector<int64_t>& anchors :
         Combinations(min, min + group_size - 1, config.num_anchors)) {
      combinations.push_back({group, std::move(anchors)});
    }
  }
  return combinations;
}

// Makes sequences one after the other, from one stream.
class SequenceMaker {
 public:
  SequenceMaker(const AnchorTaskConfig& config, int64_t seed, std::string_view stream)
      : config_(config), stream_(static_cast<uint64_t>(seed), stream) {}

  // Appends the `index`-th of the sequences with this anchor combination to `out`, without its
  // label, and returns its key.
  int64_t Append(const std::vector<int64_t>& anchors, int64_t index, AnchorSequences* out) {
    const int64_t length = config_.length;
    const bool enumerated = config_.sampling == Sampling::kEnumerated;
    const int64_t key = enumerated ? config_.key_min + index : RandomKey();
    const int64_t position =
        enumerated ? 0 : stream_.UniformInt(int64_t{0}, length - 1 - config_.num_anchors);
    for (int64_t i = 0; i < length; ++i) {
      const int64_t offset = i - position;
      int64_t token = key;
      if (offset > 0 && offset <= config_.num_anchors) {
        token = anchors[static_cast<size_t>(offset - 1)];
      } else if (offset != 0) {
        token = RandomKey();
      }
      out->tokens.push_back(static_cast<int32_t>(token));
    }
    return key;
  }

 private:
  int64_t RandomKey() { return stream_.UniformInt(config_.key_min, config_.key_max); }

  const AnchorTaskConfig& config_;
  Stream stream_;
};

std::map<std::string, MakeSource>& Sources() {
  static std::map<std::string, MakeSource> sources;
  return sources;
}

void CheckSequences(const AnchorTaskConfig& config, const AnchorSequences& sequences,
                    const char* set) {
  const auto n = static_cast<size_t>(sequences.size());
  if (sequences.size() > 0 && sequences.length != config.length) {
    throw Error(fmt::format("task.source = {}: {} has sequences of {} tokens, task.length is {}",
                            config.source, set, sequences.length, config.length));
  }
  if (sequences.tokens.size() != n * static_cast<size_t>(sequences.length)) {
    throw Error(fmt::format("task.source = {}: {} has {} tokens for {} labels", config.source, set,
                            sequences.tokens.size(), n));
  }
  for (const std::vector<int32_t>* const numbers : {&sequences.tokens, &sequences.labels}) {
    for (const int32_t token : *numbers) {
      if (token < 0 || token >= config.vocabulary) {
        throw Error(
            fmt::format("task.source = {}: {} has the token {}, outside of the vocabulary "
                        "0 .. {}",
                        config.source, set, token, config.vocabulary - 1));
      }
    }
  }
}

AnchorData MakeOwnData(const AnchorTaskConfig& config, int64_t seed) {
  AnchorData data = Sources().at(config.source)(config, seed);
  CheckSequences(config, data.memory, kMemorySet);
  CheckSequences(config, data.reasoning_train, kReasoningTrainSet);
  CheckSequences(config, data.reasoning_test, kReasoningTestSet);
  for (AnchorSequences* const set : {&data.memory, &data.reasoning_train, &data.reasoning_test}) {
    set->length = config.length;  // of empty ones, too
  }
  if (const int64_t size = data.memory.size() + data.reasoning_train.size();
      size != config.samples) {
    throw Error(fmt::format("task.source = {}: {} training sequences, task.samples is {}",
                            config.source, size, config.samples));
  }
  return data;
}

// Replaces the labels of `share` of the sequences by random ones of `labels`.
void RandomizeLabels(double share, TokenRange labels, int64_t seed, AnchorSequences* samples) {
  const auto count =
      static_cast<size_t>(std::llround(share * static_cast<double>(samples->size())));
  if (count == 0) {
    return;
  }
  const std::vector<int32_t> order = Stream(static_cast<uint64_t>(seed), "data/random_labels/order")
                                         .Permutation(static_cast<int32_t>(samples->size()));
  Stream label_stream(static_cast<uint64_t>(seed), "data/random_labels");
  for (size_t i = 0; i < count; ++i) {
    samples->labels[static_cast<size_t>(order[i])] =
        static_cast<int32_t>(label_stream.UniformInt(labels.first, labels.last));
  }
}

void Digest(const AnchorSequences& sequences, Sha256* sha) {
  sha->Update(sequences.tokens.data(), sequences.tokens.size() * sizeof(int32_t));
  sha->Update(sequences.labels.data(), sequences.labels.size() * sizeof(int32_t));
}

}  // namespace

TokenRange MemoryLabelRange(const AnchorTaskConfig& config, int64_t group, int64_t key,
                            int64_t anchor_sum) {
  switch (config.memory_labels) {
    case MemoryLabels::kKeys:
      break;
    case MemoryLabels::kAroundKey:
      return {key - anchor_sum, key + anchor_sum};
    case MemoryLabels::kNested:
      return {config.nested_min, config.nested_min - 1 + config.nested_step * (group + 1)};
  }
  return {config.key_min, config.key_max};
}

bool AddSource(const std::string& name, MakeSource make) {
  AddOwnName(OwnPart::kSource, name);
  Sources()[name] = make;
  return true;
}

AnchorData MakeAnchorData(const AnchorTaskConfig& config, int64_t seed) {
  if (!config.HasAnchors()) {
    return MakeOwnData(config, seed);
  }
  AnchorData data;
  data.memory.length = data.reasoning_train.length = data.reasoning_test.length = config.length;
  const auto memory_combinations = MemoryCombinations(config);
  std::vector<std::vector<int64_t>> reasoning_combinations;
  if (config.kinds == TaskKinds::kBoth) {
    reasoning_combinations =
        Combinations(config.reasoning_min, config.reasoning_max, config.num_anchors);
  }
  const int64_t repeats = config.samples / static_cast<int64_t>(memory_combinations.size() +
                                                                reasoning_combinations.size());

  SequenceMaker memory(config, seed, "data/memory");
  Stream label_stream(static_cast<uint64_t>(seed), "data/memory_labels");
  for (const auto& [group, anchors] : memory_combinations) {
    const int64_t sum = std::accumulate(anchors.begin(), anchors.end(), int64_t{0});
    std::vector<int64_t> label_of_key;
    for (int64_t key = config.key_min; key <= config.key_max; ++key) {
      const TokenRange range = MemoryLabelRange(config, group, key, sum);
      label_of_key.push_back(label_stream.UniformInt(range.first, range.last));
    }
    for (int64_t i = 0; i < repeats; ++i) {
      const int64_t key = memory.Append(anchors, i, &data.memory);
      data.memory.labels.push_back(
          static_cast<int32_t>(label_of_key[static_cast<size_t>(key - config.key_min)]));
    }
  }

  SequenceMaker reasoning(config, seed, "data/reasoning");
  const std::vector<std::vector<int64_t>> listed = config.MaskedCombinations();
  const std::set<std::vector<int64_t>> masked(listed.begin(), listed.end());
  for (const std::vector<int64_t>& anchors : reasoning_combinations) {
    const bool is_masked = masked.contains(anchors);
    AnchorSequences& out = is_masked ? data.reasoning_test : data.reasoning_train;
    const int64_t sum = std::accumulate(anchors.begin(), anchors.end(), int64_t{0});
    for (int64_t i = 0; i < repeats; ++i) {
      const int64_t key = reasoning.Append(anchors, i, &out);
      out.labels.push_back(static_cast<int32_t>(key + sum));
    }
  }
  RandomizeLabels(config.random_labels, ReasoningLabels(config), seed, &data.reasoning_train);
  return data;
}

int64_t KeyPosition(const AnchorTaskConfig& config, const AnchorSequences& sequences, int64_t row) {
  const TokenRange keys = Keys(config);
  const auto begin = sequences.tokens.begin() + row * sequences.length;
  const auto anchor = std::find_if(begin, begin + sequences.length,
                                   [keys](int32_t token) { return !Holds(keys, token); });
  return anchor - begin - 1;
}

std::vector<int32_t> KeyAndAnchors(const AnchorTaskConfig& config, const AnchorSequences& sequences,
                                   int64_t row) {
  const auto begin =
      sequences.tokens.begin() + row * sequences.length + KeyPosition(config, sequences, row);
  return {begin, begin + config.num_anchors + 1};
}

std::string DataDigest(const AnchorData& data) {
  Sha256 sha;
  Digest(data.memory, &sha);
  Digest(data.reasoning_train, &sha);
  Digest(data.reasoning_test, &sha);
  return sha.HexDigest();
}

}  // namespace initbias
