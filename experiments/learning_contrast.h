// What the paper says of losses on memory, reasoning and masked sequences (figure 3A), as claims on
// Transformers at three rates.
#ifndef INITBIAS_EXPERIMENTS_LEARNING_CONTRAST_H_
#define INITBIAS_EXPERIMENTS_LEARNING_CONTRAST_H_

#include <string>
#include <vector>

#include "lib/config/run_config.h"
#include "lib/measure/learning.h"
#include "lib/measure/seed_values.h"
#include "lib/run/experiment.h"
#include "lib/run/run_set.h"

namespace initbias {

// Why claims whose words alone changed have a second entry.
inline constexpr char kReworded[] =
    "the statement can be read alone now; what is asked is unchanged";

// Throws Error where a config has no masked sequences, of which figure 3 speaks.
void CheckMasked(const RunConfig& config);

// That large weights, the ones of `runs`, have learned something: without it a bias beside them
// would mean nothing. `kReferenceAmended`: why claims got this precondition.
ClaimSpec::Gate ReferenceLearns(const ChooseRuns& runs);
inline constexpr char kReferenceAmended[] =
    "the bias at gamma = 0.8 beside that at 0.3 was judged even where nothing was learned at 0.3; a "
    "precondition asks for it now";

// Figure 3A's claims on Transformers at three rates, with ids "<prefix>large_same_rate" and so on;
// `place` is their place and `kind` whose statement they are.
struct Contrast {
  std::string prefix;
  std::string place;
  ClaimKind kind = ClaimKind::kText;
  ChooseRuns large;
  ChooseRuns usual;
  ChooseRuns small;
};
std::vector<ClaimSpec> ContrastClaims(const Contrast& contrast);

// What was reached at the end on each set: "at the end memory 2.36 nats (accuracy 0.31), ..", means
// over seeds, beside the guess levels. For the reasons of claims.
std::string ReachedText(const Runs& runs);

}  // namespace initbias

#endif  // INITBIAS_EXPERIMENTS_LEARNING_CONTRAST_H_
