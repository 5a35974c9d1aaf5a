// Lemma 1: at small initialisation attention averages. How far a row of a causal attention matrix
// is from 1/i, and how far it can be at most.
#ifndef INITBIAS_LIB_THEORY_ATTENTION_BOUND_H_
#define INITBIAS_LIB_THEORY_ATTENTION_BOUND_H_

#include <cstdint>

namespace initbias {

// The largest relative deviation that scores within +-`score_bound` allow: each entry of row i lies
// between exp(-2 bound) / i and exp(2 bound) / i, so that the deviation is at most exp(2 bound)
// - 1.
double LargestDeviation(double score_bound);

// A bound of all scores x W_Q W_K^T y / sqrt(d_k): norm_x norm_y norm_qk / sqrt(d_k) for embeddings
// of at most these L2 norms and W_Q W_K^T of this spectral norm.
double ScoreBound(double norm_x, double norm_y, double norm_qk, int64_t d_key);

}  // namespace initbias

#endif  // INITBIAS_LIB_THEORY_ATTENTION_BOUND_H_
