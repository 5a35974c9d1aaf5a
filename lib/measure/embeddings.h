// How the embeddings of anchors and keys lie to each other, beside what the theory says of them.
// Measurements take a run and a share of its training (0 .. 1).
#ifndef INITBIAS_LIB_MEASURE_EMBEDDINGS_H_
#define INITBIAS_LIB_MEASURE_EMBEDDINGS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "lib/analysis/matrix.h"
#include "lib/config/run_config.h"
#include "lib/config/token_range.h"
#include "lib/result/run_result.h"

namespace initbias {

// Returns [tokens, d]: their embeddings at `share`.
Matrix Embeddings(const RunResult& run, double share, TokenRange tokens);

// Returns [tokens, tokens]: the cosine similarities of their embeddings.
Matrix EmbeddingCosines(const RunResult& run, double share, TokenRange tokens);

// Returns [reasoning anchors, V]: P_s - 1/V (Eq. 8).
Matrix CentredLabelDistributions(const AnchorTaskConfig& task);

// Returns [tokens, d]: w~_s of Theorem 1 (Eq. 14) for reasoning anchors and keys, with the run's
// width, gamma and seed; without its noise where `noise` is false.
Matrix TheoreticalEmbeddings(const RunConfig& config, TokenRange tokens, bool noise = true);

// What the noise of Theorem 1's embeddings is drawn from in a figure of `config`, so that it can be
// drawn again.
std::string NoiseText(const RunConfig& config);

// Measures of one run at `share`. Probabilities are those of permutation tests (9,999 permutations
// of the tokens; see lib/analysis/permutation.h): small where what is seen is no accident.
//
// Mantel test of the reasoning anchors' cosines against their distance, and its statistic.
double DecayProbability(const RunResult& run, double share);
double DecayCorrelation(const RunResult& run, double share);
// Mean cosine of two memory anchors; minus that of two reasoning anchors.
double MemoryMeanCosine(const RunResult& run, double share);
double MemoryContrast(const RunResult& run, double share);
// Mean absolute cosine of two anchors of a kind: 1 where all lie on one line, however they point.
// How far they have condensed.
double MemoryCondensation(const RunResult& run, double share);
double ReasoningCondensation(const RunResult& run, double share);
// Of all anchors and keys: the effective rank of their embeddings (EffectiveRank of
// lib/analysis/matrix.h), and the share of pairs whose |cosine| is above `cosine`.
double EmbeddingRank(const RunResult& run, double share);
double ParallelShare(const RunResult& run, double share, double cosine);
// log2 of the range (largest minus smallest) of the reasoning anchors' cosines over memory's.
double SpreadRatio(const RunResult& run, double share);
// Mantel test of the reasoning anchors' cosines against those of P_s - 1/d_vob, and its statistic.
double LabelProbability(const RunResult& run, double share);
double LabelAgreement(const RunResult& run, double share);
// The same against those of Eq. 14 without its noise.
double TheoryProbability(const RunResult& run, double share);
double TheoryAgreement(const RunResult& run, double share);
// PathLengthTest of the keys (reasoning anchors) in the plane of the first two principal components
// of all embeddings, and its statistic: the path's length as a share of a random path's.
double KeyOrderProbability(const RunResult& run, double share);
double AnchorOrderProbability(const RunResult& run, double share);
double KeyPathLength(const RunResult& run, double share);
// RMSE of the mean cosine of reasoning anchors by distance to Eq. 14's minus that to its own best
// straight line: negative where the shape is Theorem 1's rather than any decay.
double ShapeExcess(const RunResult& run, double share);
// The same of one anchor's cosines: with the other reasoning anchors, and with the keys.
double RowShapeExcess(const RunResult& run, double share, int64_t s);
double KeyRowExcess(const RunResult& run, double share, int64_t s);
// The mean of each over all reasoning anchors s.
double MeanRowShapeExcess(const RunResult& run, double share);
double MeanKeyRowExcess(const RunResult& run, double share);

// The mean cosine at each distance 1, 2, .. of two tokens of `cosines`.
std::vector<double> ByDistance(const Matrix& cosines);

}  // namespace initbias

#endif  // INITBIAS_LIB_MEASURE_EMBEDDINGS_H_
