// The runs that several figures share, at each profile's size. A figure that asks for one of these
// never trains it twice, whichever figure asked first.
#ifndef INITBIAS_EXPERIMENTS_BASE_RUNS_H_
#define INITBIAS_EXPERIMENTS_BASE_RUNS_H_

#include "lib/config/run_config.h"
#include "lib/run/experiment.h"

namespace initbias {

// The Transformer on the anchor task (figures 3A, 5 and 6).
RunConfig TransformerRun(Profile profile, double gamma, int64_t seed);

// Emb-MLP on the anchor task without noise (figures 3B and 4).
RunConfig EmbMlpRun(Profile profile, double gamma, int64_t seed);

}  // namespace initbias

#endif  // INITBIAS_EXPERIMENTS_BASE_RUNS_H_
