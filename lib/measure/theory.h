// What Section 5 says of a run, beside what was measured: where the embeddings of anchors go and
// how fast (Propositions 1 to 3), their inner products (Theorem 1), and how near attention is to an
// average (Lemma 1).
#ifndef INITBIAS_LIB_MEASURE_THEORY_H_
#define INITBIAS_LIB_MEASURE_THEORY_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "lib/config/run_config.h"
#include "lib/config/token_range.h"
#include "lib/result/run_result.h"

namespace initbias {

// The linear path from a token's embedding to the logits along which a distribution of labels pulls
// the embedding. For Emb-MLP it is W2^T W1^T, one for both.
//
// The paper's for a one-layer Transformer is W = (W_f^T + 1)(W_VO^T + 1) (Eqs. 10 and 11), whose
// model ends with d_m outputs (Definition 2); ours has a head behind it, so that P_s - 1/d_vob
// stands for P_s - 1/d_m. In the same terms, ours: a token acts through the average over L
// positions and, where it stands last, through the residual stream, which an anchor does in one of
// (L - q) q of its occurrences; and GELU'(0) = 1/2.
enum class PathFormula { kPaper, kOurs };

// What the theory says of tokens and what was measured of them, an entry a token.
struct VelocityAgreement {
  std::vector<double> gradient;  // cosine of the predicted velocity and the negative gradient
  std::vector<double> step;  // and the change up to the next snapshot; empty at the last snapshot
  std::vector<double> predicted;  // norm of the predicted velocity for r_s = 1
  std::vector<double> measured;   // norm of the gradient
};

// At the snapshot `index` (from 0) of the embeddings, of `tokens`, which are anchors of one kind.
// The run has the probes gradient.embedding.token and parameter.<name> of the embedding and of what
// lies on the path: Emb-MLP's mlp.w1, mlp.w2; of a Transformer of one layer head.w and layer0's
// attn.wv, attn.wo, ffn.w1, ffn.w2. Throws Error where one is missing.
VelocityAgreement CompareVelocity(const RunResult& run, size_t index, TokenRange tokens,
                                  PathFormula formula);

// The median of the cosines with the negative gradient, of memory or of reasoning anchors,
// whichever is smaller.
double MedianAgreement(const RunResult& run, size_t index, PathFormula formula);

// The snapshot up to the step `last_step` at which that is largest, the first of equals, and its
// value.
size_t BestSnapshot(const RunResult& run, PathFormula formula, int64_t last_step);
double BestAgreement(const RunResult& run, PathFormula formula, int64_t last_step);

// n_s / n for each of `tokens`: how often it occurs in the training sequences of `config` (on the
// anchor task), by their number.
std::vector<double> Occurrences(const RunConfig& config, TokenRange tokens);

// Norms of the gradients of `tokens` and what the paper's formula says of them, an entry a token,
// at BestSnapshot of that formula.
struct VelocitySizes {
  std::vector<double> predicted;  // r_s times the norm of the velocity for r_s = 1
  std::vector<double> measured;
};
VelocitySizes SizesOf(const RunResult& run, TokenRange tokens, int64_t last_step);

// The slope through the origin of measured on predicted over the anchors of both kinds: 1 where the
// embeddings move as fast as the paper says.
double SizeSlope(const RunResult& run, int64_t last_step);

// Theorem 1's deviation: sup over pairs of reasoning anchors and keys up to `largest_token` of
// |(w~_i, w~_j) - c^2 (w_i, w_j)|, w~ of Eq. 14 with the run's noise, the smallest over the common
// scale c and over the snapshots: the theory leaves both open.
double TheoremDeviation(const RunResult& run, int64_t largest_token);
// The same as a share of what it is without any embedding, for c = 0: in [0, 1].
double TheoremDeviationShare(const RunResult& run, int64_t largest_token);
// The same by the theorem's order d_m^(1 - gamma) q^(-1/2) + d_m^-gamma; the run is a
// Transformer's.
double TheoremRatio(const RunResult& run, int64_t largest_token);

// The largest relative deviation |A_ij i - 1| of the first block's attention from 1/i at step 0,
// over all sequences and positions; and what Lemma 1 allows at most, by the sizes of the run's
// embeddings of tokens and positions and of W_Q W_K^T at step 0.
double AttentionDeviation(const RunResult& run);
double AttentionBound(const RunResult& run);

}  // namespace initbias

#endif  // INITBIAS_LIB_MEASURE_THEORY_H_
