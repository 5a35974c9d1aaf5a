#include "lib/analysis/spectrum.h"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <vector>

#include "lib/analysis/statistics.h"
#include "lib/base/error.h"
#include "lib/base/nan.h"
#include "lib/rng/stream.h"

namespace initbias {
namespace {

// Of values in any order; position 0 is the smallest, 1 the largest.
double Quantile(std::vector<double> values, double position) {
  std::ranges::sort(values);
  const double place = position * static_cast<double>(values.size() - 1);
  const auto below = static_cast<size_t>(place);
  const size_t above = std::min(below + 1, values.size() - 1);
  return values[below] + (values[above] - values[below]) * (place - static_cast<double>(below));
}

double MeanNorm(const Matrix& rows) {
  std::vector<double> norms;
  for (int64_t i = 0; i < rows.rows; ++i) {
    norms.push_back(L2Norm(rows.Row(i)));
  }
  return Mean(norms);
}

}  // namespace

double EnergyShare(const Matrix& rows, std::span<const double> direction) {
  INITBIAS_CHECK(static_cast<int64_t>(direction.size()) == rows.columns);
  double along = 0;
  for (int64_t i = 0; i < rows.rows; ++i) {
    const std::span<const double> row = rows.Row(i);
    double product = 0;
    for (size_t j = 0; j < row.size(); ++j) {
      product += row[j] * direction[j];
    }
    along += product * product;
  }
  const double all = SquaredNorm(rows.values) * SquaredNorm(direction);
  return all > 0 ? along / all : kNan;
}

double Dominance(std::span<const double> singular_values) {
  return singular_values.size() < 2 ? kNan : singular_values[0] / singular_values[1];
}

RandomEdge RandomDominance(int64_t rows, int64_t columns, int64_t draws) {
  INITBIAS_CHECK(rows >= 2 && columns >= 2 && draws >= 1);
  using EigenMatrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  Stream stream(1, "analysis/random_dominance");
  std::vector<double> dominances;
  EigenMatrix matrix(rows, columns);
  for (int64_t draw = 0; draw < draws; ++draw) {
    std::ranges::generate(std::span(matrix.data(), static_cast<size_t>(matrix.size())),
                          [&stream] { return stream.Normal(); });
    // The eigenvalues of the smaller Gram matrix are the squares of the singular values.
    const EigenMatrix gram = rows < columns ? EigenMatrix(matrix * matrix.transpose())
                                            : EigenMatrix(matrix.transpose() * matrix);
    const Eigen::SelfAdjointEigenSolver<EigenMatrix> solver(gram, Eigen::EigenvaluesOnly);
    const Eigen::Index last = gram.rows() - 1;  // they increase
    dominances.push_back(
        std::sqrt(solver.eigenvalues()(last) / std::max(0.0, solver.eigenvalues()(last - 1))));
  }
  return {.mean = Mean(dominances), .quantile99 = Quantile(dominances, 0.99)};
}

double RelativeNorm(const Matrix& rows_a, const Matrix& rows_b, const Matrix& map) {
  return MeanNorm(Product(rows_a, map)) / MeanNorm(Product(rows_b, map));
}

}  // namespace initbias
