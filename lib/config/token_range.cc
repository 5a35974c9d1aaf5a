#include "lib/config/token_range.h"

#include <algorithm>

#include "lib/config/set_names.h"

namespace initbias {
TokenRange MemoryAnchors(const AnchorTaskConfig& task) {
  return {task.memory_min, task.memory_max};
}
TokenRange ReasoningAnchors(const AnchorTaskConfig& task) {
  return {task.reasoning_min, task.reasoning_max};
}
std::array<AnchorKind, 2> AnchorKinds(const AnchorTaskConfig& task) {
  return {{{kMemoryKind, MemoryAnchors(task)}, {kReasoningKind, ReasoningAnchors(task)}}};
}
TokenRange Keys(const AnchorTaskConfig& task) { return {task.key_min, task.key_max}; }

TokenRange SummedTokens(const AnchorTaskConfig& task) {
  return {std::min(task.reasoning_min, task.key_min), std::max(task.reasoning_max, task.key_max)};
}

TokenRange ReasoningLabels(const AnchorTaskConfig& task) {
  return {task.key_min + task.num_anchors * task.reasoning_min,
          task.key_max + task.num_anchors * task.reasoning_max};
}

bool Holds(TokenRange range, int64_t token) { return token >= range.first && token <= range.last; }

int64_t TokenCount(TokenRange range) { return range.last - range.first + 1; }

std::vector<double> TokenIds(TokenRange tokens) {
  std::vector<double> ids;
  for (int64_t token = tokens.first; token <= tokens.last; ++token) {
    ids.push_back(static_cast<double>(token));
  }
  return ids;
}

}  // namespace initbias
