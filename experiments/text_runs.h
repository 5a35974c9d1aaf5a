// What figures 1 and 7 and the appendix read from GPT-2's runs on text.
#ifndef INITBIAS_EXPERIMENTS_TEXT_RUNS_H_
#define INITBIAS_EXPERIMENTS_TEXT_RUNS_H_

#include <string>
#include <vector>

#include "lib/analysis/matrix.h"
#include "lib/store/run_file.h"

namespace initbias {

inline constexpr char kProntoQa[] = "prontoqa";
inline constexpr char kTinyStories[] = "tinystories";

// (L_TinyStories - L_PrOntoQA) / L_PrOntoQA at each evaluation: figure 7's dL.
std::vector<double> LossContrast(const RunResult& run);

// The mean of LossContrast over all evaluations but the one before the first step.
double MeanLossContrast(const RunResult& run);

// The loss of `corpus` at each evaluation divided by the entropy of its labels' distribution: 1 is
// what a guess without any context reaches.
std::vector<double> LossByEntropy(const RunResult& run, const std::string& corpus);

// The cosines between the embeddings of the tokens of `corpus` alone in the snapshot nearest to
// `share` of the run.
Matrix TokenCosines(const RunResult& run, const std::string& corpus, double share);

// The mean of these cosines off the diagonal in each snapshot.
std::vector<double> MeanTokenCosines(const RunResult& run, const std::string& corpus);

}  // namespace initbias

#endif  // INITBIAS_EXPERIMENTS_TEXT_RUNS_H_
