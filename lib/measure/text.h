// What GPT-2's runs on text have learned, corpus by corpus.
//
// Losses are compared in units of each corpus's unigram entropy (what a guess without any context
// costs a token), which is the guess level of text: PrOntoQA's is the lower one.
#ifndef INITBIAS_LIB_MEASURE_TEXT_H_
#define INITBIAS_LIB_MEASURE_TEXT_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "lib/analysis/count_matching.h"
#include "lib/analysis/matrix.h"
#include "lib/config/set_names.h"
#include "lib/result/run_result.h"

namespace initbias {

// (L_TinyStories - L_PrOntoQA) / L_PrOntoQA at each evaluation: figure 7's dL.
std::vector<double> LossContrast(const RunResult& run);

// The loss of `corpus` at each evaluation divided by the entropy of its labels' distribution: 1 is
// what a guess without any context reaches.
std::vector<double> LossByEntropy(const RunResult& run, const std::string& corpus);

// The step at which that comes to `share`, linear between evaluations; infinite where it does not.
double StepsToShare(const RunResult& run, const std::string& corpus, double share);

// The smallest value of LossByEntropy.
double SmallestShareOfEntropy(const RunResult& run, const std::string& corpus);

// log2 of TinyStories' steps to half of its unigram entropy over PrOntoQA's to half of its own: 1
// where PrOntoQA is twice as fast. TinyStories counts with the run's length where it does not get
// there, a lower bound; NaN where PrOntoQA does not.
double ProntoQaSpeed(const RunResult& run);

// dL where TinyStories' loss is `progress` of its unigram entropy, linear between evaluations; NaN
// for a run that does not come so far.
double ContrastAt(const RunResult& run, double progress);

// How far PrOntoQA's loss is ahead there, both in units of their entropies: (T - P) / T.
double LeadAt(const RunResult& run, double progress);

// MeanLead of PrOntoQA's loss over TinyStories', each divided by its entropy.
double LeadByEntropy(const RunResult& run);

// The first evaluated step at which PrOntoQA's loss is at most half of its unigram entropy: figure
// 7B's date. The paper says "early in training" and no more; it is where the one corpus is half
// learned. -1 where the run does not come so far.
int64_t HalfLearnedStep(const RunResult& run);

// The share of the run at which that is; 1 where it does not come so far.
double HalfLearnedShare(const RunResult& run);

// The mean over training of the share of right answers to questions of `hops`.
double MeanAnswerAccuracy(const RunResult& run, int64_t hops);

// The smallest probability, over the numbers of hops, that so many answers of the best evaluation
// would be right by guessing, times the evaluations (a bound, as the best of them is taken).
double AnswersByChance(const RunResult& run);

// The cosines between the embeddings of the tokens of `corpus` alone in the snapshot nearest to
// `share` of the run.
Matrix TokenCosines(const RunResult& run, const std::string& corpus, double share);

// The mean of these cosines off the diagonal.
double MeanTokenCosine(const RunResult& run, const std::string& corpus, double share);

// The pairs of a PrOntoQA-only and a TinyStories-only token whose counts differ by at most `factor`
// (MatchCounts).
std::vector<IndexPair> MatchTokens(const RunResult& run, double factor);

// The mean cosine of TinyStories' matched tokens minus that of PrOntoQA's at `share` of the run;
// NaN for fewer than two pairs.
double MatchedDifference(const RunResult& run, double share, double factor);

// `metric` at each snapshot of the embeddings, given its share of the run.
std::vector<double> AtSnapshots(const RunResult& run,
                                const std::function<double(const RunResult&, double)>& metric);

}  // namespace initbias

#endif  // INITBIAS_LIB_MEASURE_TEXT_H_
