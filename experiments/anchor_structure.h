// What the paper says of anchors' embeddings (figures 4A and 5A), as claims on any runs.
#ifndef INITBIAS_EXPERIMENTS_ANCHOR_STRUCTURE_H_
#define INITBIAS_EXPERIMENTS_ANCHOR_STRUCTURE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "experiments/stages.h"
#include "lib/claims/claim.h"
#include "lib/config/run_config.h"
#include "lib/config/token_range.h"
#include "lib/measure/embedding_arrays.h"
#include "lib/measure/embeddings.h"
#include "lib/measure/seed_values.h"
#include "lib/run/experiment.h"

namespace initbias {

// Figure 4A's and 5A's statements on `runs` at one stage, with ids "<prefix>decay", "contrast" and
// "undifferentiated".
struct AnchorClaimPlace {
  std::string prefix;
  std::string place;
  ClaimKind kind = ClaimKind::kText;
  std::string when;  // "at epoch 50 of 1000 (..)", in statement and metric
  ChooseRuns runs;
  ShareOf share;  // NaN where a run does not come so far
};
std::vector<ClaimSpec> AnchorClaims(const AnchorClaimPlace& at);

// The reasoning anchor whose cosines are drawn beside Theorem 1's (figure 5C): the paper's, 15,
// where there is such a one.
int64_t ShownAnchor(const AnchorTaskConfig& task);

// The level of a permutation test that each of five seeds has to pass, and why it is this one.
inline constexpr double kTestLevel = 0.01;
inline constexpr char kTestLevelReason[] = "the usual level of a test that is made five times";

// "9,999 permutations": how many the tests of lib/measure/embeddings draw.
std::string PermutationsText();

// Throws Error where a config has too few tokens of a kind for a structure to show.
void CheckStructure(const RunConfig& config);
// That, and CheckMasked (learning_contrast.h).
void CheckMaskedStructure(const RunConfig& config);

}  // namespace initbias

#endif  // INITBIAS_EXPERIMENTS_ANCHOR_STRUCTURE_H_
