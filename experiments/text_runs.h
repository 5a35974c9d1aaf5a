// What figures 1 and 7 and the appendix read from GPT-2's runs on text.
#ifndef INITBIAS_EXPERIMENTS_TEXT_RUNS_H_
#define INITBIAS_EXPERIMENTS_TEXT_RUNS_H_

#include <string>
#include <vector>

#include "lib/analysis/matrix.h"
#include "lib/run/run_set.h"
#include "lib/store/run_file.h"

namespace initbias {

inline constexpr char kProntoQa[] = "prontoqa";
inline constexpr char kTinyStories[] = "tinystories";

// GPT-2's runs at `gamma`.
Runs TextRuns(const RunSet& runs, double gamma);

// Of each seed, the smaller of the steps of `metric` from gamma = 0.3 to 0.5 and from 0.5 to 0.8:
// positive where the metric rises throughout.
std::vector<double> SmallerStep(const RunSet& runs, double (*metric)(const RunResult&));

// (L_TinyStories - L_PrOntoQA) / L_PrOntoQA at each evaluation: figure 7's dL.
std::vector<double> LossContrast(const RunResult& run);

// The mean of LossContrast over all evaluations but the one before the first step.
double MeanLossContrast(const RunResult& run);

// Its last value.
double FinalLossContrast(const RunResult& run);

// The loss of `corpus` at each evaluation divided by the entropy of its labels' distribution: 1 is
// what a guess without any context reaches.
std::vector<double> LossByEntropy(const RunResult& run, const std::string& corpus);

// How far PrOntoQA's loss runs ahead of TinyStories' (RelativeLead), and the same of losses divided
// by their entropies.
double TextLead(const RunResult& run);
double TextLeadByEntropy(const RunResult& run);

// The share of right answers to questions of `hops`, mean over all evaluations.
double MeanAnswerAccuracy(const RunResult& run, int64_t hops);

// The cosines between the embeddings of the tokens of `corpus` alone in the snapshot nearest to
// `share` of the run.
Matrix TokenCosines(const RunResult& run, const std::string& corpus, double share);

// The mean of these cosines off the diagonal at kTextEarly.
double EarlyTokenCosine(const RunResult& run, const std::string& corpus);

// The same in each snapshot.
std::vector<double> MeanTokenCosines(const RunResult& run, const std::string& corpus);

}  // namespace initbias

#endif  // INITBIAS_EXPERIMENTS_TEXT_RUNS_H_
