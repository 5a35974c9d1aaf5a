#include "tests/config/random_task.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "lib/config/enums.h"

namespace initbias {

std::vector<std::vector<int64_t>> AllCombinations(int64_t min, int64_t max, int64_t q) {
  std::vector<std::vector<int64_t>> combinations;
  std::vector<int64_t> anchors(static_cast<size_t>(q), min);
  for (;;) {
    combinations.push_back(anchors);
    size_t digit = anchors.size();
    while (digit > 0 && anchors[digit - 1] == max) {
      anchors[--digit] = min;
    }
    if (digit == 0) {
      return combinations;
    }
    ++anchors[digit - 1];
  }
}

int64_t MemoryGroup(const AnchorTaskConfig& task, int64_t anchor) {
  const int64_t anchors = task.memory_max - task.memory_min + 1;
  return (anchor - task.memory_min) * task.memory_groups / anchors;
}

std::vector<std::vector<int64_t>> MemoryCombinations(const AnchorTaskConfig& task) {
  std::vector<std::vector<int64_t>> combinations =
      AllCombinations(task.memory_min, task.memory_max, task.num_anchors);
  std::erase_if(combinations, [&task](const std::vector<int64_t>& anchors) {
    return std::ranges::any_of(anchors, [&](int64_t anchor) {
      return MemoryGroup(task, anchor) != MemoryGroup(task, anchors[0]);
    });
  });
  return combinations;
}

std::vector<std::vector<int64_t>> ReasoningCombinations(const AnchorTaskConfig& task) {
  if (task.kinds == TaskKinds::kMemory) {
    return {};
  }
  return AllCombinations(task.reasoning_min, task.reasoning_max, task.num_anchors);
}

AnchorTaskConfig RandomTask(Stream* stream) {
  AnchorTaskConfig task;
  task.kinds = stream->UniformInt(4) == 0 ? TaskKinds::kMemory : TaskKinds::kBoth;
  task.num_anchors = stream->UniformInt(1, 3);
  task.length = stream->UniformInt(0, 2) == 0 ? task.num_anchors + 1
                                              : stream->UniformInt(task.num_anchors + 1, 12);

  task.memory_labels = static_cast<MemoryLabels>(stream->UniformInt(0, 2));
  task.nested_min = stream->UniformInt(0, 5);
  task.nested_step = stream->UniformInt(1, 10);

  std::vector<int32_t> order = stream->Permutation(3);  // 0: keys, 1: memory, 2: reasoning
  const auto keys_at = std::ranges::find(order, 0);
  const auto memory_at = std::ranges::find(order, 1);
  const bool around_key = task.memory_labels == MemoryLabels::kAroundKey;
  if (around_key && keys_at < memory_at) {
    std::iter_swap(keys_at, memory_at);  // keys below the anchors would have negative labels
  }
  int64_t next = stream->UniformInt(0, 2);
  for (const int32_t which : order) {
    if (which == 0 && around_key) {
      next = std::max(next, task.num_anchors * task.memory_max + stream->UniformInt(0, 2));
    }
    int64_t width = which == 0 ? stream->UniformInt(1, 25) : stream->UniformInt(1, 4);
    if (which == 1) {
      task.memory_groups = std::max(int64_t{1}, stream->UniformInt(0, 3));
      width *= task.memory_groups;
    }
    (which == 0 ? task.key_min : which == 1 ? task.memory_min : task.reasoning_min) = next;
    (which == 0   ? task.key_max
     : which == 1 ? task.memory_max
                  : task.reasoning_max) = next + width - 1;
    next += width + stream->UniformInt(0, 2);
  }
  int64_t largest = std::max(task.key_max, task.memory_max);
  if (task.kinds == TaskKinds::kMemory) {
    task.reasoning_min = task.memory_min;
    task.reasoning_max = task.memory_max;
  } else {
    largest = std::max(largest, task.key_max + task.num_anchors * task.reasoning_max);
  }
  if (around_key) {
    largest = std::max(largest, task.key_max + task.num_anchors * task.memory_max);
  } else if (task.memory_labels == MemoryLabels::kNested) {
    largest = std::max(largest, task.nested_min - 1 + task.nested_step * task.memory_groups);
  }
  task.vocabulary = largest + 1 + stream->UniformInt(0, 3);

  std::vector<std::vector<int64_t>> reasoning = ReasoningCombinations(task);
  const size_t memory = MemoryCombinations(task).size();
  const int64_t combinations = static_cast<int64_t>(memory + reasoning.size());
  stream->Shuffle(std::span<std::vector<int64_t>>(reasoning));
  task.masked.clear();
  std::vector<std::vector<int64_t>> masked;
  for (uint64_t left = reasoning.empty() ? 0 : stream->UniformInt(reasoning.size()); left > 0;
       --left) {
    masked.push_back(reasoning[left]);
  }
  std::ranges::sort(masked);
  for (const std::vector<int64_t>& combination : masked) {
    task.masked.push_back(fmt::format("{}", fmt::join(combination, "-")));
  }

  const int64_t keys = task.key_max - task.key_min + 1;
  const bool enumerated = task.length == task.num_anchors + 1 && stream->UniformInt(2) == 0;
  task.sampling = enumerated ? Sampling::kEnumerated : Sampling::kSampled;
  task.samples = combinations * (enumerated ? keys : stream->UniformInt(1, 20));
  return task;
}

}  // namespace initbias
