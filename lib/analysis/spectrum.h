// Whether a matrix is nearly of rank one: how much of it lies along one direction, how far its
// first singular value stands out, and how far it does by chance.
// Pure functions; what is random comes from a fixed stream.
#ifndef INITBIAS_LIB_ANALYSIS_SPECTRUM_H_
#define INITBIAS_LIB_ANALYSIS_SPECTRUM_H_

#include <cstdint>
#include <span>

#include "lib/analysis/matrix.h"

namespace initbias {

// The share of the energy of `rows` E along u, the unit vector along `direction` (which need not be
// of unit length): ||E u||^2 / ||E||_F^2, in [0, 1]. NaN where E or the direction is zero. Aborts
// where the direction has not E.columns entries.
double EnergyShare(const Matrix& rows, std::span<const double> direction);

// The first of decreasing singular values over the second, >= 1: infinity where only the first is
// not 0; NaN for fewer than two and where both are 0.
double Dominance(std::span<const double> singular_values);

// Of random matrices.
struct RandomEdge {
  double mean = 0;
  double quantile99 = 0;  // interpolated linearly (definition 7 of Hyndman and Fan, 1996)
};
// How many are drawn where a call does not say it.
inline constexpr int64_t kRandomMatrices = 200;

// The Dominance of [rows, columns] matrices of independent standard normal entries, over `draws` of
// them from the stream "analysis/random_dominance" of seed 1, each filled row by row. Aborts for
// fewer than two rows or columns and for draws < 1. Takes min^2 (max + min) operations a draw: 10 s
// for 200 of [500, 500].
RandomEdge RandomDominance(int64_t rows, int64_t columns, int64_t draws = kRandomMatrices);

// How strongly W = `map` lets the rows of a through, against those of b: the mean over the rows of
// a of ||a_i W|| over that of b. NaN where one has no rows or both means are 0; infinity where b's
// is. Aborts on sizes that do not match.
double RelativeNorm(const Matrix& rows_a, const Matrix& rows_b, const Matrix& map);

}  // namespace initbias

#endif  // INITBIAS_LIB_ANALYSIS_SPECTRUM_H_
