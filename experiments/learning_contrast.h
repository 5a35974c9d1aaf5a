// What figure 3 measures: how far the loss on reasoning runs ahead of the loss on memory, and
// whether masked sequences are learned.
#ifndef INITBIAS_EXPERIMENTS_LEARNING_CONTRAST_H_
#define INITBIAS_EXPERIMENTS_LEARNING_CONTRAST_H_

#include <string>
#include <vector>

#include "lib/claims/claim.h"
#include "lib/config/run_config.h"
#include "lib/run/run_set.h"
#include "lib/store/run_file.h"

namespace initbias {

// How far the loss on the reasoning training data runs ahead of the loss on memory (RelativeLead).
double TrainLead(const RunResult& run);

// The smaller of the leads on training and masked sequences: both are to be learned first.
double SmallerLead(const RunResult& run);

// The best accuracy on masked sequences over training.
double BestTestAccuracy(const RunResult& run);

// Throws Error where a config has no masked sequences, of which figure 3 speaks.
void CheckMasked(const RunConfig& config);

// The claims of one panel of figure 3 on runs at gamma = 0.3 (`large`) and 0.8 (`small`), with ids
// "<prefix>large_same_rate" and so on. "Nearly the same rate": on average the two losses are within
// 10 % of each other. "Much faster": on average the loss is at most half of the memory loss. "Does
// not generalise": never more than 10 % of the masked sequences are right. `place` begins the
// statements; the reasons say why the first and the last of the claims may differ.
struct Contrast {
  std::string prefix;
  std::string place;
  std::string same_rate_reason;
  std::string first_reason;
};
std::vector<Claim> ContrastClaims(const Contrast& contrast,
                                  const std::vector<const RunResult*>& large,
                                  const std::vector<const RunResult*>& small);

// The claim that gamma = 0.5 (`usual`) lies between.
Claim BetweenClaim(const Contrast& contrast, const std::vector<const RunResult*>& large,
                   const std::vector<const RunResult*>& usual,
                   const std::vector<const RunResult*>& small);

}  // namespace initbias

#endif  // INITBIAS_EXPERIMENTS_LEARNING_CONTRAST_H_
