// The runs that several figures share, at each profile's size. A figure that asks for one of these
// never trains it twice, whichever figure asked first: all probes that any figure reads are part of
// them.
#ifndef INITBIAS_EXPERIMENTS_BASE_RUNS_H_
#define INITBIAS_EXPERIMENTS_BASE_RUNS_H_

#include <vector>

#include "lib/config/run_config.h"
#include "lib/run/experiment.h"

namespace initbias {

// gamma of large, usual and small initial weights (figure 3).
inline constexpr double kLargeInit = 0.3;
inline constexpr double kUsualInit = 0.5;
inline constexpr double kSmallInit = 0.8;
inline constexpr double kAllGammas[] = {kLargeInit, kUsualInit, kSmallInit};

// The early and the late stage of figure 4: epochs 50 and 900 of 1000, as shares of the training.
inline constexpr double kEarly = 0.05;
inline constexpr double kLate = 0.9;

// The Transformer on the anchor task (figures 3A, 5 and 6).
RunConfig TransformerRun(Profile profile, double gamma, int64_t seed);

// The same at all three initialisation rates.
std::vector<RunConfig> TransformerRuns(Profile profile, int64_t seed);

// Emb-MLP on the anchor task without noise (figures 3B and 4).
RunConfig EmbMlpRun(Profile profile, double gamma, int64_t seed);

// GPT-2 on PrOntoQA and TinyStories, mixed (figures 1 and 7).
RunConfig TextRun(Profile profile, double gamma, int64_t seed);

// The same at all three initialisation rates.
std::vector<RunConfig> TextRunsOfAllRates(Profile profile, int64_t seed);

// The stage of GPT-2's training at which figure 7B looks at embeddings, as a share of the run. The
// paper says "early in training" and gives no date: epoch 50 of its 200, the epoch that its figure
// 4 calls early.
inline constexpr double kTextEarly = 0.25;

// The Transformer in one reading of what the paper leaves open. Below the paper profile the runs
// are short, as there are many of them.
struct Reading {
  Norm norm = Norm::kPre;
  Bias bias = Bias::kZero;
  bool slow = false;  // the smaller of the study's two learning rates
};
RunConfig ReadingRun(Profile profile, const Reading& reading, double gamma, int64_t seed);

// The stage of a Transformer's training at which figures 5 and 6 look at its weights, as a share of
// the run. The paper does not date these figures: they are taken where (learning rate * steps) is
// that of the paper's early stage, epoch 50 at 1e-5, for with AdamW the two bound together how far
// a weight can have come. The end of the run where it is shorter.
double StructureStage(const RunConfig& config);

}  // namespace initbias

#endif  // INITBIAS_EXPERIMENTS_BASE_RUNS_H_
