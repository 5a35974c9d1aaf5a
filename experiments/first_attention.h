// What the paper says of the first attention module (figure 6), as claims on any runs.
#ifndef INITBIAS_EXPERIMENTS_FIRST_ATTENTION_H_
#define INITBIAS_EXPERIMENTS_FIRST_ATTENTION_H_

#include <string>
#include <vector>

#include "experiments/stages.h"
#include "lib/config/token_range.h"
#include "lib/measure/attention.h"
#include "lib/measure/embedding_arrays.h"
#include "lib/measure/embeddings.h"
#include "lib/measure/seed_values.h"
#include "lib/run/experiment.h"

namespace initbias {

// The claims of figure 6 on `runs`, judged at `stage`, with ids "<prefix>averaging" and so on.
std::vector<ClaimSpec> FirstAttentionClaims(const std::string& prefix, const std::string& place,
                                            ClaimKind kind, const ChooseRuns& runs, Stage stage);

// That W_V has a dominant direction at `stage`, without which statements on that direction mean
// nothing.
PreconditionSpec ValuesHaveADirection(const ChooseRuns& runs, Stage stage);

}  // namespace initbias

#endif  // INITBIAS_EXPERIMENTS_FIRST_ATTENTION_H_
