// What the theory says of embeddings: how they move at small initialisation (Propositions 1 to 3)
// and what they end up like (Theorem 1, Eq. 14).
//
// Pure functions on vectors in double precision; matrices are row-major.
#ifndef INITBIAS_LIB_THEORY_EMBEDDING_THEORY_H_
#define INITBIAS_LIB_THEORY_EMBEDDING_THEORY_H_

#include <cstdint>
#include <span>
#include <vector>

namespace initbias {

// P - 1/d_vob, entry by entry: the drive of an embedding under a uniform output (Prop. 1).
std::vector<double> CentredDistribution(std::span<const double> distribution);

// The velocity of an embedding under gradient flow at small initialisation,
//   dw_s/dt = factor (P_s - 1/d_vob) W2^T W1^T    (Prop. 1, with sigma'(0) = 1).
// `w1` is [d_m, d_f], `w2` is [d_f, d_vob], `distribution` has d_vob entries; the result has d_m.
// `factor` is r_s, the share of sequences with s, in Prop. 1, and r_s / L in Props. 2 and 3, where
// W1 and W2 stand for the path from the averaged embeddings to the logits. Aborts on sizes that
// clash.
std::vector<double> EmbeddingVelocity(std::span<const double> distribution, double factor,
                                      std::span<const float> w1, std::span<const float> w2,
                                      int64_t d_model, int64_t d_ff);

// Theorem 1's approximate embedding (Eq. 14) of the token s in a space of d_m dimensions:
//   w~_s(i) = exp(-(i - s)^2 / 12) - [s is a reasoning anchor] / d_m + eps_i, i = 1 .. d_m,
// eps_i ~ N(0, (d_m^-gamma)^2) from the stream "theory/embedding/<s>" of `seed`.
std::vector<double> ApproximateEmbedding(int64_t s, bool reasoning_anchor, int64_t d_model,
                                         double gamma, int64_t seed);

// Theorem 1's order of the error of inner products: d_m^(1 - gamma) q^(-1/2) + d_m^-gamma.
double ApproximationErrorOrder(int64_t d_model, int64_t num_anchors, double gamma);

}  // namespace initbias

#endif  // INITBIAS_LIB_THEORY_EMBEDDING_THEORY_H_
