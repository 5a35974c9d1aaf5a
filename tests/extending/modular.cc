// A data set of one's own: addition modulo the number of keys. Each sequence has a mark, two keys
// and, up to its length, keys that mean nothing. Behind the smallest reasoning anchor the label is
// the key that is the sum of the two; pairs of the same key twice are held out. Behind the smallest
// memory anchor it was drawn once for each pair.
#include <map>
#include <utility>

#include "lib/data/anchor/anchor_task.h"
#include "lib/rng/stream.h"

namespace initbias {
namespace {

AnchorData Make(const AnchorTaskConfig& config, int64_t seed) {
  const int64_t keys = config.key_max - config.key_min + 1;
  Stream draws(static_cast<uint64_t>(seed), "data/modular");
  std::map<std::pair<int64_t, int64_t>, int64_t> drawn;  // labels of memory pairs
  AnchorData data;
  const auto append = [&](int64_t mark, int64_t first, int64_t second, int64_t label,
                          AnchorSequences* to) {
    to->length = config.length;
    std::vector<int64_t> sequence = {mark, config.key_min + first, config.key_min + second};
    while (static_cast<int64_t>(sequence.size()) < config.length) {
      sequence.push_back(draws.UniformInt(config.key_min, config.key_max));
    }
    for (const int64_t token : sequence) {
      to->tokens.push_back(static_cast<int32_t>(token));
    }
    to->labels.push_back(static_cast<int32_t>(config.key_min + label));
  };
  while (data.memory.size() + data.reasoning_train.size() < config.samples) {
    const int64_t first = draws.UniformInt(0, keys - 1);
    const int64_t second = draws.UniformInt(0, keys - 1);
    const auto known = drawn.try_emplace({first, second}, draws.UniformInt(0, keys - 1)).first;
    if (data.memory.size() < config.samples / 2) {
      append(config.memory_min, first, second, known->second, &data.memory);
    } else {
      append(config.reasoning_min, first, second, (first + second) % keys,
             first == second ? &data.reasoning_test : &data.reasoning_train);
    }
  }
  return data;
}

[[maybe_unused]] const bool kAdded = AddSource("modular", Make);

}  // namespace
}  // namespace initbias
