#include "experiments/anchor_structure.h"

#include <fmt/format.h>

#include <utility>

#include "experiments/learning_contrast.h"
#include "lib/analysis/permutation.h"
#include "lib/analysis/statistics.h"
#include "lib/base/error.h"

namespace initbias {

std::vector<ClaimSpec> AnchorClaims(const AnchorClaimPlace& at) {
  const auto means = [at](const RunSet& set) {
    std::vector<double> memory = AtShares(at.runs, at.share, MemoryMeanCosine)(set);
    std::vector<double> contrast = AtShares(at.runs, at.share, MemoryContrast)(set);
    return fmt::format("mean cosine of memory anchors {:.2f}, of reasoning anchors {:.2f}; {}",
                       Mean(memory), Mean(memory) - Mean(contrast), ReachedText(at.runs(set)));
  };
  std::vector<ClaimSpec> claims = {
      {.id = "decay",
       .statement = "The cosine similarity of two reasoning anchors decreases with their distance "
                    "|s_i - s_j|, " +
                    at.when + ".",
       .metric =
           "one-sided probability of the correlation of the cosines of two reasoning anchors' "
           "embeddings with |s_i - s_j| under " +
           PermutationsText() + " of the anchors (Mantel test)",
       .expected = AtMost(kTestLevel),
       .rule = ClaimRule::kEverySeed,
       .threshold_reason = kTestLevelReason,
       .measure = AtShares(at.runs, at.share, DecayProbability)},
      {.id = "contrast",
       .statement = "Memory anchors are alike, more than reasoning anchors are, " + at.when + ".",
       .metric =
           "mean cosine of two memory anchors' embeddings minus that of two reasoning anchors'",
       .expected = Above(0),
       .amended = kReworded,
       .measure = AtShares(at.runs, at.share, MemoryContrast)},
      {.id = "undifferentiated",
       .statement =
           "Memory anchors are not differentiated among each other as reasoning anchors are, " +
           at.when + ".",
       .metric =
           "log2 of the range of cosines (largest minus smallest pair) of reasoning anchors over "
           "that of memory anchors",
       .expected = Above(0),
       .measure = AtShares(at.runs, at.share, SpreadRatio)},
  };
  for (ClaimSpec& claim : claims) {
    claim.id.insert(0, at.prefix);
    claim.kind = at.kind;
    claim.place = at.place;
    claim.reason = means;
  }
  return claims;
}

std::string PermutationsText() {
  return fmt::format("{},{:03} permutations", kPermutations / 1000, kPermutations % 1000);
}

int64_t ShownAnchor(const AnchorTaskConfig& task) {
  constexpr int64_t kPaper = 15;
  return kPaper >= task.reasoning_min && kPaper <= task.reasoning_max
             ? kPaper
             : (task.reasoning_min + task.reasoning_max) / 2;
}

void CheckStructure(const RunConfig& config) {
  constexpr int64_t kFewest = 3;
  for (const auto& [name, tokens] : {std::pair("memory anchors", MemoryAnchors(config.task)),
                                     std::pair("reasoning anchors", ReasoningAnchors(config.task)),
                                     std::pair("keys", Keys(config.task))}) {
    const int64_t count = TokenCount(tokens);
    if (count < kFewest) {
      throw Error(fmt::format("there are {} {}; the structure of embeddings needs {} or more",
                              count, name, kFewest));
    }
  }
  if (config.task.kinds != TaskKinds::kBoth) {
    throw Error("memory is compared with reasoning: task.kinds must be both");
  }
}

void CheckMaskedStructure(const RunConfig& config) {
  CheckStructure(config);
  CheckMasked(config);
}

}  // namespace initbias
