#include "lib/analysis/learning_events.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <vector>

#include "lib/base/error.h"
#include "lib/base/nan.h"

namespace initbias {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

void CheckCurve(std::span<const double> values, std::span<const int64_t> steps) {
  INITBIAS_CHECK(values.size() == steps.size());
  INITBIAS_CHECK(std::ranges::adjacent_find(steps, std::greater_equal<>()) == steps.end());
}

// The index of the first value of which `holds`.
template <typename Predicate>
std::optional<size_t> First(std::span<const double> values, Predicate holds) {
  const auto found = std::ranges::find_if(values, holds);
  if (found == values.end()) {
    return std::nullopt;
  }
  return static_cast<size_t>(found - values.begin());
}

}  // namespace

double StepsTo(std::span<const double> values, std::span<const int64_t> steps, double level) {
  CheckCurve(values, steps);
  if (std::isnan(level)) {
    return kNan;
  }
  const std::optional<size_t> first =
      First(values, [level](double value) { return value <= level || std::isnan(value); });
  if (!first) {
    return kInfinity;
  }
  const size_t i = *first;
  if (std::isnan(values[i])) {
    return kNan;
  }
  const auto step = static_cast<double>(steps[i]);
  if (i == 0 || values[i] == level || std::isinf(values[i - 1])) {
    return step;  // from infinity the line falls at its end
  }
  const auto before = static_cast<double>(steps[i - 1]);
  return before + (step - before) * (values[i - 1] - level) / (values[i - 1] - values[i]);
}

std::optional<size_t> FirstAtMost(std::span<const double> values, double level) {
  return First(values, [level](double value) { return value <= level; });
}

double MeanOver(std::span<const double> values, std::span<const int64_t> steps) {
  CheckCurve(values, steps);
  if (values.empty()) {
    return kNan;
  }
  if (values.size() == 1) {
    return values.front();
  }
  double area = 0;
  for (size_t i = 1; i < values.size(); ++i) {
    area += static_cast<double>(steps[i] - steps[i - 1]) * (values[i - 1] + values[i]) / 2;
  }
  return area / static_cast<double>(steps.back() - steps.front());
}

double MeanLead(std::span<const double> leader, std::span<const double> follower,
                std::span<const int64_t> steps) {
  CheckCurve(leader, steps);
  CheckCurve(follower, steps);
  std::vector<double> leads;
  for (size_t i = 0; i < leader.size(); ++i) {
    if (std::isnan(leader[i]) || std::isnan(follower[i])) {
      return kNan;
    }
    const double larger = std::max(leader[i], follower[i]);
    leads.push_back(larger > 0 ? (follower[i] - leader[i]) / larger : 0.0);
    if (larger < kLearnedLoss) {
      break;
    }
  }
  return MeanOver(leads, steps.first(leads.size()));
}

double Interpolated(std::span<const double> values, std::span<const int64_t> steps, double step) {
  CheckCurve(values, steps);
  const auto above = std::ranges::find_if(
      steps, [step](int64_t evaluated) { return static_cast<double>(evaluated) >= step; });
  if (above == steps.end()) {
    return kNan;
  }
  const auto i = static_cast<size_t>(above - steps.begin());
  const auto after = static_cast<double>(steps[i]);
  if (after == step) {
    return values[i];
  }
  if (i == 0) {
    return kNan;
  }
  const auto before = static_cast<double>(steps[i - 1]);
  return values[i - 1] + (values[i] - values[i - 1]) * (step - before) / (after - before);
}

}  // namespace initbias
