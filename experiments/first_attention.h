// What figure 6 measures: how close the first attention module is to the averaging operator, and
// what its value matrix W_V passes on. Measurements take a run and a stage (a share of its
// training, 0 .. 1).
#ifndef INITBIAS_EXPERIMENTS_FIRST_ATTENTION_H_
#define INITBIAS_EXPERIMENTS_FIRST_ATTENTION_H_

#include <string>
#include <vector>

#include "experiments/anchor_structure.h"
#include "lib/analysis/matrix.h"
#include "lib/claims/claim.h"
#include "lib/run/run_set.h"
#include "lib/store/figure_file.h"
#include "lib/store/run_file.h"

namespace initbias {

struct FirstAttention {
  double deviation_mean = 0;     // of |A_ij i - 1| over sequences and j <= i, i >= 2
  double deviation_largest = 0;  // of the same
  double dominance = 0;          // first over second singular value of W_V
  // Mean |cosine| of W_V's first left singular vector with the embeddings of the anchors.
  double alignment_reasoning = 0;
  double alignment_memory = 0;
};
FirstAttention MeasureFirstAttention(const RunResult& run, double stage);

// Returns the cosines of the `index`-th (from 0) column of `left` with the embeddings of `tokens`;
// the column's sign is the one that makes the mean over reasoning anchors positive.
std::vector<double> Alignment(const Matrix& left, int64_t index, const RunResult& run, double stage,
                              TokenRange tokens);

// The singular values and vectors of W_V.
Svd ValueMatrix(const RunResult& run, double stage);

// The claims of figure 6 on `runs`, with ids "<prefix>averaging" and so on.
std::vector<Claim> FirstAttentionClaims(const std::string& prefix, const Runs& runs);

// Adds, below `group`: attention [L, L] of the first run; singular_value/{index, value}; and
// alignment/{memory, reasoning}/{token, cosine}, bands over seeds.
void AddFirstAttention(const std::string& group, const Runs& runs, double stage,
                       FigureData* figure);

// Adds the averaging operator [length, length], 1/i in row i, at `path`.
void AddAveragingOperator(const std::string& path, int64_t length, FigureData* figure);

// Adds, below `group`, each over all probed steps as a band over seeds: epoch, deviation_mean,
// deviation_largest, dominance, alignment_reasoning, alignment_memory.
void AddFirstAttentionCourse(const std::string& group, const Runs& runs, FigureData* figure);

}  // namespace initbias

#endif  // INITBIAS_EXPERIMENTS_FIRST_ATTENTION_H_
