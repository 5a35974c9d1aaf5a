// What figures 1 and 7 and the appendix ask of GPT-2's runs on text.
#ifndef INITBIAS_EXPERIMENTS_TEXT_RUNS_H_
#define INITBIAS_EXPERIMENTS_TEXT_RUNS_H_

#include <string>
#include <string_view>
#include <vector>

#include "experiments/learning_contrast.h"
#include "lib/measure/run_set.h"
#include "lib/measure/seed_values.h"
#include "lib/measure/text.h"
#include "lib/result/run_result.h"
#include "lib/run/experiment.h"

namespace initbias {

// Rates are compared at matched progress: where TinyStories' loss is this share of its unigram
// entropy. In pilot seed 1 gamma = 0.3, the slowest, passes it at step 820 of 1,000 and ends at
// 0.65; 0.5 and 0.8 pass it at step 350.
inline constexpr double kProgress = 0.75;

// "Default profile: 4 layers of width 128, ..": what figures of TextRun say of its size.
std::string DefaultTextSize();

// GPT-2's runs at `gamma`.
ChooseRuns TextRunsAt(double gamma);
Runs TextRuns(const RunSet& runs, double gamma);

// Of each seed, the smaller of the steps of `metric` from gamma = 0.3 to 0.5 and from 0.5 to 0.8.
SeedValues SmallerTextStep(double (*metric)(const RunResult&));

// ContrastAt and LeadAt there.
double ContrastAtProgress(const RunResult& run);
double LeadAtProgress(const RunResult& run);

// The precondition of what is compared at matched progress: all rates come so far.
PreconditionSpec AllReachProgress();

// That `runs` have learned PrOntoQA half of the way from its unigram entropy.
PreconditionSpec ProntoQaIsLearned(const ChooseRuns& runs);

// "smallest share of the unigram entropy: TinyStories 0.66, PrOntoQA 0.30 at gamma = 0.3, ..":
// means over seeds. For the reasons of claims.
std::string TextReached(const RunSet& runs, const std::vector<double>& gammas);

// "mean <what> there 0.1 at gamma = 0.3, ..; <TextReached of all rates>": of a metric at matched
// progress.
std::string ProgressText(std::string_view what, const RunSet& runs,
                         double (*metric)(const RunResult&), int decimals);

// Tokens of the two corpora are compared where their counts differ by at most this factor.
inline constexpr double kCountFactor = 1.5;
std::vector<IndexPair> MatchedTokens(const RunResult& run);
double MatchedCosineDifference(const RunResult& run, double share);

}  // namespace initbias

#endif  // INITBIAS_EXPERIMENTS_TEXT_RUNS_H_
