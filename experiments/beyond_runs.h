// What the studies beyond the paper train and draw alike.
#ifndef INITBIAS_EXPERIMENTS_BEYOND_RUNS_H_
#define INITBIAS_EXPERIMENTS_BEYOND_RUNS_H_

#include <cstdint>
#include <vector>

#include "lib/config/run_config.h"
#include "lib/run/experiment.h"

namespace initbias {

inline constexpr char kBeyondPlace[] = "beyond the paper";

// Of the studies with many runs a seed: fewer seeds than others, so that all of these studies take
// no more than `make figures`.
inline std::vector<int64_t> BeyondSeeds() { return {4, 5, 6}; }

// Why claims that judge these seeds were registered once more.
inline constexpr char kThreeSeeds[] =
    "judged by the three seeds that the study trains; the entry named five, of which two would never "
    "have been trained";

// The Transformer of the studies beyond the paper, of which there are many: at default short
// sequences and kBeyondSize (base_runs.h); at extended figure 3A's of the default profile; at paper
// the paper's.
RunConfig BeyondRun(Profile profile, double gamma, int64_t seed);

}  // namespace initbias

#endif  // INITBIAS_EXPERIMENTS_BEYOND_RUNS_H_
