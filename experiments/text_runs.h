// What figures 1 and 7 and the appendix read from GPT-2's runs on text.
//
// Losses are compared in units of each corpus's unigram entropy (what a guess without any context
// costs a token), which is the guess level of figure 3 for text: PrOntoQA's is the lower one.
#ifndef INITBIAS_EXPERIMENTS_TEXT_RUNS_H_
#define INITBIAS_EXPERIMENTS_TEXT_RUNS_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "experiments/learning_contrast.h"
#include "lib/analysis/matrix.h"
#include "lib/run/experiment.h"
#include "lib/run/run_set.h"
#include "lib/store/run_file.h"

namespace initbias {

inline constexpr char kProntoQa[] = "prontoqa";
inline constexpr char kTinyStories[] = "tinystories";

// Rates are compared at matched progress: where TinyStories' loss is this share of its unigram
// entropy. In pilot seed 1 gamma = 0.3, the slowest, passes it at step 820 of 1,000 and ends at
// 0.65; 0.5 and 0.8 pass it at step 350.
inline constexpr double kProgress = 0.75;

// GPT-2's runs at `gamma`.
Runs TextRuns(const RunSet& runs, double gamma);
ChooseRuns TextRunsAt(double gamma);

// Of each seed, the smaller of the steps of `metric` from gamma = 0.3 to 0.5 and from 0.5 to 0.8.
SeedValues SmallerTextStep(double (*metric)(const RunResult&));

// (L_TinyStories - L_PrOntoQA) / L_PrOntoQA at each evaluation: figure 7's dL.
std::vector<double> LossContrast(const RunResult& run);

// The loss of `corpus` at each evaluation divided by the entropy of its labels' distribution: 1 is
// what a guess without any context reaches.
std::vector<double> LossByEntropy(const RunResult& run, const std::string& corpus);

// The step at which that comes to `share`, linear between evaluations; infinite where it does not.
double StepsToShare(const RunResult& run, const std::string& corpus, double share);

// Its smallest value.
double SmallestShareOfEntropy(const RunResult& run, const std::string& corpus);

// log2 of TinyStories' steps to half of its unigram entropy over PrOntoQA's to half of its own: 1
// where PrOntoQA is twice as fast. TinyStories counts with the run's length where it does not get
// there, a lower bound; NaN where PrOntoQA does not.
double ProntoQaSpeed(const RunResult& run);

// dL at matched progress, linear between evaluations; NaN for a run that does not come so far.
double ContrastAtProgress(const RunResult& run);

// How far PrOntoQA's loss is ahead there, both in units of their entropies: (T - P) / T.
double LeadAtProgress(const RunResult& run);

// MeanLead of PrOntoQA's loss over TinyStories', each divided by its entropy.
double LeadByEntropy(const RunResult& run);

// The precondition of what is compared at matched progress: all rates come so far.
ClaimSpec::Gate AllReachProgress();

// "smallest share of the unigram entropy: TinyStories 0.66, PrOntoQA 0.30 at gamma = 0.3, ..":
// means over seeds. For the reasons of claims.
std::string TextReached(const RunSet& runs, const std::vector<double>& gammas);

// The first evaluated step at which PrOntoQA's loss is at most half of its unigram entropy: figure
// 7B's date. The paper says "early in training" and no more; it is where the one corpus is half
// learned. -1 where the run does not come so far.
int64_t HalfLearnedStep(const RunResult& run);

// Its share of the run; 1 where it does not come so far.
double HalfLearnedShare(const RunResult& run);

// The mean over training of the share of right answers to questions of `hops`.
double MeanAnswerAccuracy(const RunResult& run, int64_t hops);

// The smallest probability, over the numbers of hops, that so many answers of the best evaluation
// would be right by guessing, times the evaluations (a bound, as the best of them is taken).
double AnswersByChance(const RunResult& run);

// Probability of at least `successes` of `trials` at `probability` each.
double BinomialUpperTail(int64_t successes, int64_t trials, double probability);

// The cosines between the embeddings of the tokens of `corpus` alone in the snapshot nearest to
// `share` of the run.
Matrix TokenCosines(const RunResult& run, const std::string& corpus, double share);

// The mean of these cosines off the diagonal.
double MeanTokenCosine(const RunResult& run, const std::string& corpus, double share);

// Pairs (i, j) of entries of two falling lists of counts, which differ by at most `factor`: each
// entry of `a`, in order, with the nearest one of `b` that is still free (in ratio; the first of
// equals), or with none.
struct IndexPair {
  int64_t a = 0;
  int64_t b = 0;
};
std::vector<IndexPair> MatchCounts(const std::vector<double>& a, const std::vector<double>& b,
                                   double factor);

// The pairs of a PrOntoQA-only and a TinyStories-only token matched so, with counts within
// kCountFactor.
inline constexpr double kCountFactor = 1.5;
std::vector<IndexPair> MatchedTokens(const RunResult& run);

// The mean cosine of TinyStories' matched tokens minus that of PrOntoQA's at `share` of the run;
// NaN for fewer than two pairs.
double MatchedCosineDifference(const RunResult& run, double share);

// `metric` at each snapshot of the embeddings, given its share of the run.
std::vector<double> AtSnapshots(const RunResult& run,
                                const std::function<double(const RunResult&, double)>& metric);

}  // namespace initbias

#endif  // INITBIAS_EXPERIMENTS_TEXT_RUNS_H_
