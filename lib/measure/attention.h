// How close the first attention module is to the averaging operator, and what its value matrix W_V
// passes on. Measurements take a run and a share of its training (0 .. 1).
#ifndef INITBIAS_LIB_MEASURE_ATTENTION_H_
#define INITBIAS_LIB_MEASURE_ATTENTION_H_

#include <cstdint>
#include <string>
#include <vector>

#include "lib/analysis/matrix.h"
#include "lib/config/token_range.h"
#include "lib/measure/run_set.h"
#include "lib/measure/stages.h"
#include "lib/result/run_result.h"
#include "lib/store/figure_file.h"

namespace initbias {

// Mean over sequences and j <= i, i >= 2, of |A_ij i - 1|, a share of the averaging operator's
// entries; and of |A_ij - 1/i|, as Lemma 1 has it.
double RelativeDeviation(const RunResult& run, double share);
double AbsoluteDeviation(const RunResult& run, double share);
// The largest |A_ij i - 1|.
double LargestRelativeDeviation(const RunResult& run, double share);

// First over second singular value of W_V.
double ValueDominance(const RunResult& run, double share);
// log2 of the same over the 99 % quantile of a Gaussian matrix of its size.
double DominanceOverChance(const RunResult& run, double share);
// The largest ValueDominance of all snapshots up to the stage "half" (all of them where the run
// does not come so far).
double PeakDominance(const RunResult& run);

// The effective rank (EffectiveRank of lib/analysis/matrix.h) of the first block's W_V, W_Q, W_K.
double ValueRank(const RunResult& run, double share);
double QueryRank(const RunResult& run, double share);
double KeyRank(const RunResult& run, double share);

// The share of the squared norm of the anchors' embeddings that lies along W_V's left singular
// vector number `index` (from 0), and reasoning's share minus memory's along the first.
double ReasoningEnergy(const RunResult& run, double share, int64_t index);
double MemoryEnergy(const RunResult& run, double share, int64_t index);
double EnergyContrast(const RunResult& run, double share);
// The reasoning anchors' share along the first direction minus its mean over the second to the
// `directions`-th.
double FirstOverOthers(const RunResult& run, double share, int64_t directions);
// Root mean square cosine of the first left singular vector with memory anchors' embeddings.
double MemoryCosine(const RunResult& run, double share);

// log2 of the mean ||w_s W_V|| of reasoning anchors over that of memory anchors, of embeddings
// normalised to length 1.
double ValueNormContrast(const RunResult& run, double share);

// Returns the cosines of the `index`-th (from 0) column of `left` with the embeddings of `tokens`;
// the column's sign is the one that makes the mean over reasoning anchors positive.
std::vector<double> Alignment(const Matrix& left, int64_t index, const RunResult& run, double share,
                              TokenRange tokens);

// The singular values and vectors of W_V.
Svd ValueMatrix(const RunResult& run, double share);

// Adds, below `group`: attention [L, L] of the first run; singular_value/{index, value}; and
// alignment, AddAlignment of the first vector.
void AddFirstAttention(const std::string& group, const Runs& runs, const ShareOf& share,
                       FigureData* figure);

// Adds, below `group`: {memory, reasoning}/{token, cosine}, Alignment of W_V's `index`-th (from 0)
// left singular vector as bands over seeds.
void AddAlignment(const std::string& group, int64_t index, const Runs& runs, const ShareOf& share,
                  FigureData* figure);

// Adds the averaging operator [length, length], 1/i in row i, at `path`.
void AddAveragingOperator(const std::string& path, int64_t length, FigureData* figure);

// Adds, below `group`, each over all probed steps as a band over seeds: epoch, deviation_mean
// (relative), deviation_largest, dominance, energy_reasoning, energy_memory.
void AddFirstAttentionCourse(const std::string& group, const Runs& runs, FigureData* figure);

}  // namespace initbias

#endif  // INITBIAS_LIB_MEASURE_ATTENTION_H_
