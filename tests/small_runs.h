// Runs small enough to be trained within a test.
#ifndef INITBIAS_TESTS_SMALL_RUNS_H_
#define INITBIAS_TESTS_SMALL_RUNS_H_

#include "lib/config/run_config.h"

namespace initbias {

// Some 36 steps of a narrow two-block Transformer, or of a narrow Emb-MLP, with evaluations, an
// incomplete last batch and probes at steps 0, 7 and 20.
RunConfig SmallTransformerRun();
RunConfig SmallEmbMlpRun();

// Some 12 steps of a narrow two-block GPT-2 on 14 packed sequences, with evaluations, an incomplete
// last batch, parts of a batch, and probes at steps 0, 3 and 8.
RunConfig SmallGpt2Run();

}  // namespace initbias

#endif  // INITBIAS_TESTS_SMALL_RUNS_H_
