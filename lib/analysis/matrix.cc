#include "lib/analysis/matrix.h"

#include <Eigen/SVD>
#include <algorithm>
#include <cmath>
#include <functional>

#include "lib/base/error.h"
#include "lib/base/nan.h"

namespace initbias {
namespace {

using EigenMatrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

Eigen::Map<const EigenMatrix> View(const Matrix& matrix) {
  return {matrix.values.data(), matrix.rows, matrix.columns};
}

Matrix FromEigen(const EigenMatrix& matrix) {
  return {.rows = matrix.rows(),
          .columns = matrix.cols(),
          .values = {matrix.data(), matrix.data() + matrix.size()}};
}

double Mean(std::span<const double> x) {
  double sum = 0;
  for (const double value : x) {
    sum += value;
  }
  return sum / static_cast<double>(x.size());
}

bool IsConstant(std::span<const double> x) {
  return std::ranges::adjacent_find(x, std::not_equal_to<>()) == x.end();
}

// The entries above the diagonal, row by row.
std::vector<double> UpperEntries(const Matrix& square) {
  INITBIAS_CHECK(square.rows == square.columns);
  std::vector<double> entries;
  for (int64_t i = 0; i < square.rows; ++i) {
    for (int64_t j = i + 1; j < square.rows; ++j) {
      entries.push_back(square(i, j));
    }
  }
  return entries;
}

// -1 where the entry of largest absolute value of `v` is negative, else 1.
template <typename Vector>
double Sign(const Vector& v) {
  Eigen::Index largest = 0;
  v.cwiseAbs().maxCoeff(&largest);
  return v(largest) < 0 ? -1.0 : 1.0;
}

}  // namespace

Matrix MakeMatrix(int64_t rows, int64_t columns, std::span<const float> values) {
  INITBIAS_CHECK(static_cast<int64_t>(values.size()) == rows * columns);
  return {.rows = rows, .columns = columns, .values = {values.begin(), values.end()}};
}

Matrix Rows(const Matrix& matrix, int64_t first, int64_t last) {
  INITBIAS_CHECK(first >= 0 && first <= last && last < matrix.rows);
  const auto begin = matrix.values.begin() + first * matrix.columns;
  return {.rows = last - first + 1,
          .columns = matrix.columns,
          .values = {begin, begin + (last - first + 1) * matrix.columns}};
}

Matrix Product(const Matrix& a, const Matrix& b) {
  INITBIAS_CHECK(a.columns == b.rows);
  return FromEigen(View(a) * View(b));
}

Matrix Sum(const Matrix& a, double factor, const Matrix& b) {
  INITBIAS_CHECK(a.rows == b.rows && a.columns == b.columns);
  Matrix sum = a;
  for (size_t i = 0; i < sum.values.size(); ++i) {
    sum.values[i] += factor * b.values[i];
  }
  return sum;
}

Matrix Transposed(const Matrix& matrix) { return FromEigen(View(matrix).transpose()); }

std::vector<double> InnerProducts(const Matrix& rows) {
  std::vector<double> products;
  for (int64_t i = 0; i < rows.rows; ++i) {
    for (int64_t j = i; j < rows.rows; ++j) {
      double sum = 0;
      for (int64_t k = 0; k < rows.columns; ++k) {
        sum += rows(i, k) * rows(j, k);
      }
      products.push_back(sum);
    }
  }
  return products;
}

double SquaredNorm(std::span<const double> v) {
  double sum = 0;
  for (const double x : v) {
    sum += x * x;
  }
  return sum;
}

double L2Norm(std::span<const double> v) { return std::sqrt(SquaredNorm(v)); }

double LargestRowNorm(const Matrix& rows) {
  double largest = 0;
  for (int64_t i = 0; i < rows.rows; ++i) {
    largest = std::max(largest, L2Norm(rows.Row(i)));
  }
  return largest;
}

double Cosine(std::span<const double> a, std::span<const double> b) {
  INITBIAS_CHECK(a.size() == b.size());
  double product = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    product += a[i] * b[i];
  }
  const double norms = L2Norm(a) * L2Norm(b);
  return norms > 0 ? product / norms : 0.0;
}

Matrix CosineMatrix(const Matrix& matrix) {
  Matrix cosines{.rows = matrix.rows, .columns = matrix.rows};
  cosines.values.resize(static_cast<size_t>(matrix.rows * matrix.rows));
  for (int64_t i = 0; i < matrix.rows; ++i) {
    for (int64_t j = 0; j < matrix.rows; ++j) {
      const double cosine = i != j                        ? Cosine(matrix.Row(i), matrix.Row(j))
                            : L2Norm(matrix.Row(i)) > 0.0 ? 1.0
                                                          : 0.0;
      cosines.values[static_cast<size_t>(i * matrix.rows + j)] = cosine;
    }
  }
  return cosines;
}

double MeanAtDistance(const Matrix& square, int64_t distance) {
  INITBIAS_CHECK(square.rows == square.columns && distance >= 1);
  double sum = 0;
  for (int64_t i = 0; i + distance < square.rows; ++i) {
    sum += (square(i, i + distance) + square(i + distance, i)) / 2;
  }
  const int64_t count = square.rows - distance;
  return count > 0 ? sum / static_cast<double>(count) : kNan;
}

double MeanOffDiagonal(const Matrix& square) {
  INITBIAS_CHECK(square.rows == square.columns);
  double sum = 0;
  double count = 0;
  for (int64_t i = 0; i < square.rows; ++i) {
    for (int64_t j = 0; j < square.rows; ++j) {
      sum += i != j ? square(i, j) : 0.0;
      count += i != j ? 1 : 0;
    }
  }
  return count > 0 ? sum / count : kNan;
}

double Correlation(std::span<const double> x, std::span<const double> y) {
  INITBIAS_CHECK(x.size() == y.size());
  if (IsConstant(x) || IsConstant(y)) {
    return kNan;  // the rounded mean of equal values may differ from them
  }
  const double mean_x = Mean(x);
  const double mean_y = Mean(y);
  double xx = 0;
  double yy = 0;
  double xy = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    xx += (x[i] - mean_x) * (x[i] - mean_x);
    yy += (y[i] - mean_y) * (y[i] - mean_y);
    xy += (x[i] - mean_x) * (y[i] - mean_y);
  }
  return xx > 0 && yy > 0 ? xy / std::sqrt(xx * yy) : kNan;
}

double UpperCorrelation(const Matrix& a, const Matrix& b) {
  INITBIAS_CHECK(a.rows == b.rows);
  return Correlation(UpperEntries(a), UpperEntries(b));
}

Pca PrincipalComponents(const Matrix& matrix, int64_t components) {
  INITBIAS_CHECK(components >= 1 && components <= matrix.rows && components <= matrix.columns);
  const EigenMatrix centred = View(matrix).rowwise() - View(matrix).colwise().mean();
  const Eigen::BDCSVD<EigenMatrix> svd(centred, Eigen::ComputeThinU | Eigen::ComputeThinV);
  EigenMatrix directions = svd.matrixV().leftCols(components).transpose();
  for (Eigen::Index i = 0; i < components; ++i) {
    directions.row(i) *= Sign(directions.row(i));
  }
  Pca pca{.scores = FromEigen(centred * directions.transpose()),
          .directions = FromEigen(directions)};
  const double total = svd.singularValues().squaredNorm();
  for (Eigen::Index i = 0; i < components; ++i) {
    const double value = svd.singularValues()(i);
    pca.variance.push_back(total > 0 ? value * value / total : 0.0);
  }
  return pca;
}

Svd SingularValues(const Matrix& matrix) {
  const Eigen::BDCSVD<EigenMatrix> svd(View(matrix), Eigen::ComputeThinU | Eigen::ComputeThinV);
  EigenMatrix left = svd.matrixU();
  EigenMatrix right = svd.matrixV();
  for (Eigen::Index i = 0; i < left.cols(); ++i) {
    const double sign = Sign(left.col(i));
    left.col(i) *= sign;
    right.col(i) *= sign;
  }
  const Eigen::VectorXd& values = svd.singularValues();
  return {.values = {values.data(), values.data() + values.size()},
          .left = FromEigen(left),
          .right = FromEigen(right)};
}

double EffectiveRank(std::span<const double> singular_values) {
  double sum = 0;
  for (const double value : singular_values) {
    sum += value;
  }
  if (!(sum > 0)) {
    return kNan;
  }
  double entropy = 0;
  for (const double value : singular_values) {
    const double share = value / sum;
    entropy -= share > 0 ? share * std::log(share) : 0.0;
  }
  return std::exp(entropy);
}

}  // namespace initbias
