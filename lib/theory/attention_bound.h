// Lemma 1: at small initialisation attention averages. How far a row of a causal attention matrix
// is from 1/i, and how far it can be at most.
#ifndef INITBIAS_LIB_THEORY_ATTENTION_BOUND_H_
#define INITBIAS_LIB_THEORY_ATTENTION_BOUND_H_

#include <cstdint>
#include <span>

namespace initbias {

// The distance of a causal attention matrix from the averaging operator, whose row i (from 1) holds
// 1/i at the positions 1 .. i. Deviations are relative: |A_ij - 1/i| i, over j <= i and i >= 2 (row
// 1 is always 1).
struct AveragingDeviation {
  double mean = 0;
  double largest = 0;
};

// Of `attention`, [length, length] row-major. Zero for length 1. Aborts on a wrong size.
AveragingDeviation DeviationFromAveraging(std::span<const double> attention, int64_t length);

// The largest relative deviation that scores within +-`score_bound` allow: each entry of row i lies
// between exp(-2 bound) / i and exp(2 bound) / i, so that the deviation is at most exp(2 bound)
// - 1.
double LargestDeviation(double score_bound);

// A bound of all scores x W_Q W_K^T y / sqrt(d_k): norm_x norm_y norm_qk / sqrt(d_k) for embeddings
// of at most these L2 norms and W_Q W_K^T of this spectral norm.
double ScoreBound(double norm_x, double norm_y, double norm_qk, int64_t d_key);

}  // namespace initbias

#endif  // INITBIAS_LIB_THEORY_ATTENTION_BOUND_H_
