// Whether rows lie in their order: tests by permutation, and neighbours in space against neighbours
// in order. Pure functions; the permutations come from the stream "analysis/permutation" of seed 1,
// so that the same numbers give the same probability.
#ifndef INITBIAS_LIB_ANALYSIS_PERMUTATION_H_
#define INITBIAS_LIB_ANALYSIS_PERMUTATION_H_

#include <cstdint>

#include "lib/analysis/matrix.h"

namespace initbias {

// The n things permuted number up to 7: all n! <= 5040 orders are taken, the given one among them,
// and the probability is the share of those at least as extreme. Else it is (1 + the number of
// random permutations at least as extreme) / (1 + permutations). Statistics within 1e-12 count as
// equal, which those of an order and its reverse are but for rounding.
struct PermutationTest {
  double statistic = 0;
  double probability = 0;  // the p-value, one-sided; NaN where the statistic is
};

// How many are drawn where a test does not say it.
inline constexpr int64_t kPermutations = 9999;

// Of all below: NaN where the statistic has no value, be it for few rows, for constant entries or
// for NaN or infinite ones. They abort where a matrix is not square or sizes do not match, and for
// permutations < 1.

// Mantel's test ("The detection of disease clustering and a generalized regression approach", 1967)
// of a symmetric matrix against |i - j|: the statistic is Pearson's correlation of the entries
// above the diagonal with |i - j|, extreme are those as negative under permuting rows and columns
// together. Entries below the diagonal are not read.
PermutationTest DistanceDecayTest(const Matrix& cosines, int64_t permutations = kPermutations);

// Mantel's test of two symmetric matrices of one size: the correlation of their entries above the
// diagonal; extreme are those as positive under permuting rows and columns of one of them.
PermutationTest MantelTest(const Matrix& a, const Matrix& b, int64_t permutations = kPermutations);

// Whether the rows of `points` follow each other in space: the statistic is the Euclidean length of
// the path through the rows in their order over the mean length of all orders, which is rows - 1
// times the mean distance of two rows; extreme are those as short. NaN where all rows are equal.
PermutationTest PathLengthTest(const Matrix& points, int64_t permutations = kPermutations);

}  // namespace initbias

#endif  // INITBIAS_LIB_ANALYSIS_PERMUTATION_H_
