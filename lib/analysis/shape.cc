#include "lib/analysis/shape.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "lib/analysis/statistics.h"
#include "lib/base/error.h"
#include "lib/base/nan.h"

namespace initbias {
double RootMeanSquareError(std::span<const double> a, std::span<const double> b) {
  INITBIAS_CHECK(a.size() == b.size());
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    sum += (a[i] - b[i]) * (a[i] - b[i]);
  }
  return std::sqrt(sum / static_cast<double>(a.size()));
}

double LargestDistance(std::span<const double> a, double scale, std::span<const double> b) {
  INITBIAS_CHECK(a.size() == b.size());
  double largest = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    largest = std::max(largest, std::fabs(a[i] - scale * b[i]));
  }
  return largest;
}

double SmallestDistance(std::span<const double> a, std::span<const double> b) {
  INITBIAS_CHECK(a.size() == b.size());
  double biggest = 0;
  double unit = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    biggest = std::max(biggest, std::fabs(a[i]));
    unit = std::max(unit, std::fabs(b[i]));
  }
  if (unit == 0) {
    return biggest;
  }
  const double golden = (std::sqrt(5.0) - 1) / 2;
  constexpr int kSteps = 100;
  double lo = 0;
  double hi = 2 * biggest / unit;  // beyond, the largest b alone is further off than at 0
  for (int step = 0; step < kSteps; ++step) {
    const double left = hi - golden * (hi - lo);
    const double right = lo + golden * (hi - lo);
    (LargestDistance(a, left, b) < LargestDistance(a, right, b) ? hi : lo) =
        LargestDistance(a, left, b) < LargestDistance(a, right, b) ? right : left;
  }
  return LargestDistance(a, (lo + hi) / 2, b);
}

double Slope(std::span<const double> x, std::span<const double> y) {
  INITBIAS_CHECK(x.size() == y.size());
  double xx = 0;
  double xy = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    xx += x[i] * x[i];
    xy += x[i] * y[i];
  }
  return xx > 0 ? xy / xx : kNan;
}

StraightLine LinearFit(std::span<const double> x, std::span<const double> y) {
  INITBIAS_CHECK(x.size() == y.size());
  const double mean_x = Mean(x);  // exact where all are equal
  const double mean_y = Mean(y);
  std::vector<double> centred_x;
  std::vector<double> centred_y;
  for (size_t i = 0; i < x.size(); ++i) {
    centred_x.push_back(x[i] - mean_x);
    centred_y.push_back(y[i] - mean_y);
  }
  const double slope = Slope(centred_x, centred_y);
  return {.slope = slope, .intercept = mean_y - slope * mean_x};
}

ShapeFit CompareShapes(std::span<const double> measured_by_distance,
                       std::span<const double> theory_by_distance) {
  std::vector<double> distances(measured_by_distance.size());
  std::iota(distances.begin(), distances.end(), 0.0);
  const StraightLine line = LinearFit(distances, measured_by_distance);
  std::vector<double> fitted;
  for (const double distance : distances) {
    fitted.push_back(line.slope * distance + line.intercept);
  }
  return {.theory = RootMeanSquareError(measured_by_distance, theory_by_distance),
          .line = RootMeanSquareError(measured_by_distance, fitted)};
}

}  // namespace initbias
