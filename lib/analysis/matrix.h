// Linear algebra on stored numbers: cosine similarities, principal components, singular values.
// Pure functions; deterministic, with the signs of vectors fixed.
#ifndef INITBIAS_LIB_ANALYSIS_MATRIX_H_
#define INITBIAS_LIB_ANALYSIS_MATRIX_H_

#include <cstdint>
#include <span>
#include <vector>

namespace initbias {

// A row-major matrix of doubles.
struct Matrix {
  int64_t rows = 0;
  int64_t columns = 0;
  std::vector<double> values;  // [rows * columns]

  double operator()(int64_t row, int64_t column) const {
    return values[static_cast<size_t>(row * columns + column)];
  }
  std::span<const double> Row(int64_t row) const {
    return {values.data() + row * columns, static_cast<size_t>(columns)};
  }
};

// `values` (floats of a stored array) as a matrix. Aborts when their number is not rows * columns.
Matrix MakeMatrix(int64_t rows, int64_t columns, std::span<const float> values);

// The rows `first` .. `last` (both included) of `matrix`. Aborts where there are no such rows.
Matrix Rows(const Matrix& matrix, int64_t first, int64_t last);

// a b. Aborts on sizes that do not match.
Matrix Product(const Matrix& a, const Matrix& b);

// a + factor b. Aborts on unequal sizes.
Matrix Sum(const Matrix& a, double factor, const Matrix& b);

Matrix Transposed(const Matrix& matrix);

// Inner products of all pairs of rows i <= j, a row with itself included: (0, 0), (0, 1), ..,
// (1, 1), ..; rows (rows + 1) / 2 of them.
std::vector<double> InnerProducts(const Matrix& rows);

// The sum of squares, and its root; 0 for an empty vector.
double SquaredNorm(std::span<const double> v);
double L2Norm(std::span<const double> v);

// The largest L2 norm of a row; 0 where there is none.
double LargestRowNorm(const Matrix& rows);

// The cosine of the angle between a and b; 0 where one of them is zero. Aborts on unequal sizes.
double Cosine(std::span<const double> a, std::span<const double> b);

// Returns [rows, rows]: the cosine similarities of the rows of `matrix`, exactly 1 on the diagonal
// (0 for zero rows).
Matrix CosineMatrix(const Matrix& matrix);

// The mean of the entries of a square matrix off its diagonal with |i - j| = distance >= 1. NaN
// where there are none.
double MeanAtDistance(const Matrix& square, int64_t distance);

// Pearson's correlation of the entries above the diagonals of two square matrices of one size. NaN
// where one of them is constant there.
double UpperCorrelation(const Matrix& a, const Matrix& b);

// The mean of the entries of a square matrix off its diagonal. NaN where there are none.
double MeanOffDiagonal(const Matrix& square);

// Pearson's correlation of x and y; NaN where one of them is constant or both are empty. Aborts on
// unequal sizes.
double Correlation(std::span<const double> x, std::span<const double> y);

// Principal components of the rows of `matrix` about their mean.
struct Pca {
  Matrix scores;                 // [rows, components]
  Matrix directions;             // [components, columns], unit rows
  std::vector<double> variance;  // share of the total, decreasing
};
// The first `components` of them; aborts where the matrix has fewer rows or columns. The entry of
// largest absolute value in each direction is positive (the first of equals).
Pca PrincipalComponents(const Matrix& matrix, int64_t components);

// Singular value decomposition, thin: matrix = left diag(values) right^T.
struct Svd {
  std::vector<double> values;  // decreasing
  Matrix left;                 // [rows, k], k = min(rows, columns); columns are the vectors
  Matrix right;                // [columns, k]
};
// The entry of largest absolute value in each left vector is positive (the first of equals).
Svd SingularValues(const Matrix& matrix);

// The exponential of the entropy of the normalised singular values (Roy & Vetterli, "The effective
// rank", 2007): between 1 and their number. NaN where all are zero.
double EffectiveRank(std::span<const double> singular_values);

}  // namespace initbias

#endif  // INITBIAS_LIB_ANALYSIS_MATRIX_H_
