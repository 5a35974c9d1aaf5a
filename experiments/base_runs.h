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
inline constexpr double kPaperEarly = 0.05;
inline constexpr double kPaperLate = 0.9;

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

// The Transformer in one reading of what the paper leaves open. At the extended profile it has the
// size of the default profile's TransformerRun; at default it is smaller still, as there are many.
struct Reading {
  Norm norm = Norm::kPre;
  Bias bias = Bias::kZero;
  Schedule schedule = Schedule::kConstant;
};
RunConfig ReadingRun(Profile profile, const Reading& reading, double gamma, int64_t seed);

// The reading of figures 3A, 5, 6 and the appendix.
inline constexpr Reading kMainReading = {
    .norm = Norm::kPost, .bias = Bias::kZero, .schedule = Schedule::kConstant};

// The probes of a Transformer's run, at steps that follow its length.
void SetTransformerProbes(RunConfig* run);

// Gives `run` this schedule: with a warm-up the run's learning rate is the peak (the base at the
// paper's own rate), see the body.
void SetSchedule(Schedule schedule, RunConfig* run);

}  // namespace initbias

#endif  // INITBIAS_EXPERIMENTS_BASE_RUNS_H_
