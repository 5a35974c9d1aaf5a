#include "lib/analysis/permutation.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <vector>

#include "lib/base/error.h"
#include "lib/base/nan.h"
#include "lib/rng/stream.h"

namespace initbias {
namespace {

constexpr int64_t kLargestEnumerated = 7;
constexpr double kTie = 1e-12;

using Order = std::vector<int32_t>;

// The probability of a statistic as small as that of the given order among those of `n` things.
double LowerProbability(int64_t n, int64_t permutations,
                        const std::function<double(const Order&)>& statistic) {
  Order order(static_cast<size_t>(n));
  std::iota(order.begin(), order.end(), 0);
  const double bound = statistic(order) + kTie;
  double extreme = 0;
  double count = 0;
  if (n <= kLargestEnumerated) {
    do {
      extreme += statistic(order) <= bound ? 1 : 0;
      ++count;
    } while (std::ranges::next_permutation(order).found);
    return extreme / count;
  }
  Stream stream(1, "analysis/permutation");
  for (int64_t i = 0; i < permutations; ++i) {
    extreme += statistic(stream.Permutation(static_cast<int32_t>(n))) <= bound ? 1 : 0;
  }
  return (1 + extreme) / (1 + static_cast<double>(permutations));
}

// The matrix made symmetric by its entries above the diagonal, those minus their mean, divided by
// their norm. The diagonal is 0.
Matrix Standardised(const Matrix& square) {
  double sum = 0;
  double count = 0;
  for (int64_t i = 0; i < square.rows; ++i) {
    for (int64_t j = i + 1; j < square.rows; ++j) {
      sum += square(i, j);
      ++count;
    }
  }
  Matrix standardised{.rows = square.rows, .columns = square.rows};
  standardised.values.resize(square.values.size(), 0.0);
  double squares = 0;
  for (int64_t i = 0; i < square.rows; ++i) {
    for (int64_t j = i + 1; j < square.rows; ++j) {
      const double value = square(i, j) - sum / count;
      standardised.values[static_cast<size_t>(i * square.rows + j)] = value;
      standardised.values[static_cast<size_t>(j * square.rows + i)] = value;
      squares += value * value;
    }
  }
  for (double& value : standardised.values) {
    value /= std::sqrt(squares);
  }
  return standardised;
}

// Mantel's test; extreme is what is as small where sign is 1, as large where it is -1.
PermutationTest Mantel(const Matrix& a, const Matrix& b, int64_t permutations, double sign) {
  INITBIAS_CHECK(a.rows == a.columns && b.rows == b.columns && a.rows == b.rows);
  INITBIAS_CHECK(permutations >= 1);
  const double correlation = UpperCorrelation(a, b);
  if (std::isnan(correlation)) {
    return {.statistic = kNan, .probability = kNan};
  }
  const Matrix x = Standardised(a);
  const Matrix y = Standardised(b);
  const auto statistic = [&](const Order& order) {
    double sum = 0;
    for (int64_t i = 0; i < y.rows; ++i) {
      const std::span<const double> row = x.Row(order[static_cast<size_t>(i)]);
      for (int64_t j = i + 1; j < y.rows; ++j) {
        sum += row[static_cast<size_t>(order[static_cast<size_t>(j)])] * y(i, j);
      }
    }
    return sign * sum;
  };
  return {.statistic = correlation,
          .probability = LowerProbability(a.rows, permutations, statistic)};
}

double SquaredDistance(std::span<const double> a, std::span<const double> b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    sum += (a[i] - b[i]) * (a[i] - b[i]);
  }
  return sum;
}

}  // namespace

PermutationTest DistanceDecayTest(const Matrix& cosines, int64_t permutations) {
  Matrix distances{.rows = cosines.rows, .columns = cosines.rows};
  for (int64_t i = 0; i < cosines.rows; ++i) {
    for (int64_t j = 0; j < cosines.rows; ++j) {
      distances.values.push_back(static_cast<double>(std::abs(i - j)));
    }
  }
  return Mantel(cosines, distances, permutations, 1.0);
}

PermutationTest MantelTest(const Matrix& a, const Matrix& b, int64_t permutations) {
  return Mantel(a, b, permutations, -1.0);
}

PermutationTest PathLengthTest(const Matrix& points, int64_t permutations) {
  INITBIAS_CHECK(permutations >= 1);
  const int64_t n = points.rows;
  Matrix distances{.rows = n, .columns = n};
  double sum = 0;
  for (int64_t i = 0; i < n; ++i) {
    for (int64_t j = 0; j < n; ++j) {
      distances.values.push_back(std::sqrt(SquaredDistance(points.Row(i), points.Row(j))));
      sum += distances.values.back();
    }
  }
  const double mean = sum / static_cast<double>(n);  // n - 1 times the mean over n (n - 1) pairs
  const auto statistic = [&](const Order& order) {
    double length = 0;
    for (size_t i = 1; i < order.size(); ++i) {
      length += distances(order[i - 1], order[i]);
    }
    return length / mean;
  };
  if (!(mean > 0) || !std::isfinite(mean)) {
    return {.statistic = kNan, .probability = kNan};
  }
  Order given(static_cast<size_t>(n));
  std::iota(given.begin(), given.end(), 0);
  return {.statistic = statistic(given),
          .probability = LowerProbability(n, permutations, statistic)};
}

}  // namespace initbias
