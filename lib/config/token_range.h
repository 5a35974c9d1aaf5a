// Ranges of tokens, and those of the anchor task.
#ifndef INITBIAS_LIB_CONFIG_TOKEN_RANGE_H_
#define INITBIAS_LIB_CONFIG_TOKEN_RANGE_H_

#include <array>
#include <cstdint>
#include <vector>

#include "lib/config/run_config.h"

namespace initbias {

// Tokens first .. last.
struct TokenRange {
  int64_t first = 0;
  int64_t last = 0;
};

TokenRange MemoryAnchors(const AnchorTaskConfig& task);
TokenRange ReasoningAnchors(const AnchorTaskConfig& task);
// Both, under the names that figures have for them.
struct AnchorKind {
  const char* name = "";
  TokenRange tokens;
};
std::array<AnchorKind, 2> AnchorKinds(const AnchorTaskConfig& task);

TokenRange Keys(const AnchorTaskConfig& task);
// The reasoning anchors and the keys, of which labels are sums, and what lies between them.
TokenRange SummedTokens(const AnchorTaskConfig& task);

// The labels of reasoning sequences, from the smallest sum of key and anchors to the largest.
TokenRange ReasoningLabels(const AnchorTaskConfig& task);

bool Holds(TokenRange range, int64_t token);
int64_t TokenCount(TokenRange range);
std::vector<double> TokenIds(TokenRange tokens);

}  // namespace initbias

#endif  // INITBIAS_LIB_CONFIG_TOKEN_RANGE_H_
