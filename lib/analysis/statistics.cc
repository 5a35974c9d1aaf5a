#include "lib/analysis/statistics.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <unsupported/Eigen/SpecialFunctions>

#include "lib/base/error.h"
#include "lib/base/nan.h"

namespace initbias {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

bool AreEqual(std::span<const double> values) {
  return std::ranges::adjacent_find(values, std::not_equal_to<>()) == values.end();
}

// P(T > t) for t >= 0, at most 1/2, without loss of digits where it is small.
double UpperTail(double t, double degrees) {
  return 0.5 * Eigen::numext::betainc(degrees / 2, 0.5, degrees / (degrees + t * t));
}

// P(0 < T <= t) for t >= 0, without loss of digits where it is small.
double FromCentre(double t, double degrees) {
  return 0.5 * Eigen::numext::betainc(0.5, degrees / 2, t * t / (degrees + t * t));
}

}  // namespace

double Mean(std::span<const double> values) {
  if (values.empty()) {
    return kNan;
  }
  if (AreEqual(values)) {
    return values.front();
  }
  double sum = 0;
  for (const double value : values) {
    sum += value;
  }
  return sum / static_cast<double>(values.size());
}

double Median(std::vector<double> values) {
  if (values.empty() ||
      std::ranges::any_of(values, [](double value) { return std::isnan(value); })) {
    return kNan;
  }
  std::ranges::sort(values);
  const size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

double StudentQuantile(double probability, int64_t degrees) {
  INITBIAS_CHECK(probability >= 0 && probability <= 1 && degrees >= 1);
  if (probability == 0.5) {
    return 0.0;
  }
  const double sign = probability < 0.5 ? -1.0 : 1.0;
  const double tail = std::min(probability, 1 - probability);
  if (tail == 0) {
    return sign * kInfinity;
  }
  const auto freedom = static_cast<double>(degrees);
  const auto is_below = [&](double t) {
    return tail < 0.25 ? UpperTail(t, freedom) > tail : FromCentre(t, freedom) < 0.5 - tail;
  };
  double lo = 0;
  double hi = 1;
  while (is_below(hi)) {
    lo = hi;
    hi *= 2;
    if (hi > 1e150) {  // its square is near the end of the doubles
      break;
    }
  }
  // To the last bit; the first steps of a small quantile halve hi alone.
  for (double middle = lo + (hi - lo) / 2; lo < middle && middle < hi;
       middle = lo + (hi - lo) / 2) {
    (is_below(middle) ? lo : hi) = middle;
  }
  return sign * hi;
}

double Variance(std::span<const double> values) {
  INITBIAS_CHECK(values.size() >= 2);
  const double mean = Mean(values);
  double squares = 0;
  for (const double value : values) {
    squares += (value - mean) * (value - mean);
  }
  return squares / static_cast<double>(values.size() - 1);
}

ConfidenceInterval StudentInterval(std::span<const double> values, double level) {
  INITBIAS_CHECK(level > 0 && level < 1);
  if (values.empty() ||
      !std::ranges::all_of(values, [](double value) { return std::isfinite(value); })) {
    return {.lo = kNan, .hi = kNan};
  }
  if (values.size() == 1) {
    return {.lo = -kInfinity, .hi = kInfinity};
  }
  const double mean = Mean(values);
  if (AreEqual(values)) {
    return {.lo = mean, .hi = mean};
  }
  const auto n = static_cast<double>(values.size());
  const double t = StudentQuantile((1 + level) / 2, static_cast<int64_t>(values.size()) - 1);
  const double half = t * std::sqrt(Variance(values) / n);
  return {.lo = mean - half, .hi = mean + half};
}

double FiniteLog2(double ratio) {
  return std::isfinite(ratio) && ratio > 0 ? std::log2(ratio) : kNan;
}

double BinomialUpperTail(int64_t successes, int64_t trials, double probability) {
  const auto n = static_cast<double>(trials);
  double tail = 0;
  for (int64_t k = std::max<int64_t>(0, successes); k <= trials; ++k) {
    const auto hits = static_cast<double>(k);
    const double log_choose =
        std::lgamma(n + 1) - std::lgamma(hits + 1) - std::lgamma(n - hits + 1);
    tail +=
        std::exp(log_choose + hits * std::log(probability) + (n - hits) * std::log1p(-probability));
  }
  return std::min(1.0, tail);
}

}  // namespace initbias
