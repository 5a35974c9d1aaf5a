#include "figures/plot/axis.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

namespace initbias::plot {
namespace {

// Numbers within this part of a step are taken for equal, so that 0.3 = 3 * 0.1 is a tick.
constexpr double kTolerance = 1e-9;

// A range narrower than this part of its numbers has no width: its ticks would all read the same.
constexpr double kSmallestSpan = 1e-9;

bool HasWidth(double min, double max) {
  constexpr double kSmallest = 1e-100;  // Of all: powers of ten must stay normal numbers.
  return max - min > std::max(kSmallestSpan * std::max(std::abs(min), std::abs(max)), kSmallest);
}

// 10^exponent; exact for the exponents that matter, unlike repeated multiplication.
double PowerOfTen(int exponent) { return std::pow(10.0, exponent); }

int FloorLog10(double value) {
  return static_cast<int>(std::floor(std::log10(value) + kTolerance));
}

// `count` multiples of 10^exponent: rounded once, so that ticks are the nearest doubles.
double Decimal(double count, int exponent) {
  return exponent >= 0 ? count * PowerOfTen(exponent) : count / PowerOfTen(-exponent);
}

// Multiples of mantissa * 10^exponent inside of the range.
std::vector<double> Multiples(const AxisRange& range, double mantissa, int exponent) {
  const double step = Decimal(mantissa, exponent);
  std::vector<double> values;
  const double first = std::ceil(range.min / step - kTolerance);
  const double last = std::floor(range.max / step + kTolerance);
  for (double i = first; i <= last; ++i) {
    values.push_back(i == 0 ? 0 : Decimal(i * mantissa, exponent));  // No -0.
  }
  return values;
}

// At most `max_count` multiples of the smallest step 1, 2 or 5 times a power of ten; where that
// would leave fewer than two, those of the step before it.
std::vector<double> LinearTicks(const AxisRange& range, int max_count) {
  std::vector<double> values;
  const double spacing = (range.max - range.min) / max_count;
  if (!(spacing > 0)) {  // no width, or one too small to be told from none
    return values;
  }
  for (int exponent = FloorLog10(spacing) - 1;; ++exponent) {
    for (const double mantissa : {1.0, 2.0, 5.0}) {
      std::vector<double> fewer = Multiples(range, mantissa, exponent);
      if (fewer.size() < 2) {
        return values;
      }
      values = std::move(fewer);
      if (std::cmp_less_equal(values.size(), max_count)) {
        return values;
      }
    }
  }
}

// Digits after the point that show `values` without rounding, at most 6.
int DecimalsNeeded(const std::vector<double>& values, double largest) {
  for (int decimals = 0; decimals < 6; ++decimals) {
    const double scale = PowerOfTen(decimals);
    if (std::all_of(values.begin(), values.end(), [&](double value) {
          return std::abs(std::round(value * scale) / scale - value) <= kTolerance * largest;
        })) {
      return decimals;
    }
  }
  return 6;
}

std::vector<double> Divided(std::vector<double> values, double unit) {
  for (double& value : values) {
    value /= unit;
  }
  return values;
}

std::string WithMinus(std::string number) {
  if (number.starts_with('-')) {
    const bool zero = number.find_first_not_of("-0.") == std::string::npos;
    number = (zero ? "" : "−") + number.substr(1);
  }
  return number;
}

std::vector<Tick> LogTicks(const AxisRange& range, int max_count) {
  std::vector<double> decades;
  const int first = static_cast<int>(std::ceil(std::log10(range.min) - kTolerance));
  const int last = static_cast<int>(std::floor(std::log10(range.max) + kTolerance));
  if (last - first < 1) {
    return {};
  }
  const int stride = (last - first) / max_count + 1;
  const bool plain = first >= -2 && last <= 3;
  std::vector<Tick> ticks;
  for (int e = first; e <= last; ++e) {
    if ((e - first) % stride == 0) {
      ticks.push_back({.at = Decimal(1, e),
                       .label = plain ? fmt::format("{}", Decimal(1, e))
                                      : fmt::format("10^{{{}}}", WithMinus(fmt::format("{}", e)))});
    } else {
      ticks.push_back({.at = Decimal(1, e), .minor = true});
    }
  }
  // Minor ticks only where they can be told apart.
  if (last - first <= 4) {
    for (int e = first - 1; e <= last; ++e) {
      for (int digit = 2; digit <= 9; ++digit) {
        const double at = Decimal(digit, e);
        if (at >= range.min && at <= range.max) {
          ticks.push_back({.at = at, .minor = true});
        }
      }
    }
  }
  return ticks;
}

}  // namespace

void Extent::Add(double value) {
  if (!std::isfinite(value)) {
    return;
  }
  min = min ? std::min(*min, value) : value;
  max = max ? std::max(*max, value) : value;
}

void Extent::Add(const std::vector<double>& values) {
  for (const double value : values) {
    Add(value);
  }
}

void Extent::Add(const Extent& other) {
  if (other.min) {
    Add(*other.min);
    Add(*other.max);
  }
}

AxisRange ResolveRange(const Axis& axis, const Extent& extent, double padding) {
  double min = axis.min.value_or(extent.min.value_or(axis.log ? 0.1 : 0.0));
  double max = axis.max.value_or(extent.max.value_or(axis.log ? 10.0 : 1.0));
  if (axis.log) {
    const double widen = std::pow(max / min, padding);
    min = axis.min ? min : min / widen;
    max = axis.max ? max : max * widen;
    if (!HasWidth(min, max)) {
      min = axis.min ? min : max / 2;
      max = axis.max ? max : min * 4;
    }
    return {.min = min, .max = max, .log = true};
  }
  const double widen = (max - min) * padding;
  const bool positive = min >= 0;
  const bool negative = max <= 0;
  if (!axis.min) {
    min = positive ? std::max(0.0, min - widen) : min - widen;
  }
  if (!axis.max) {
    max = negative ? std::min(0.0, max + widen) : max + widen;
  }
  if (!HasWidth(min, max)) {
    const double half = min == 0 ? 0.5 : 0.1 * std::abs(min);
    min = axis.min ? min : max - half;
    max = axis.max ? max : min + 2 * half;
  }
  return {.min = min, .max = max, .log = false};
}

double Position(const AxisRange& range, double value) {
  if (range.log) {
    return std::log(value / range.min) / std::log(range.max / range.min);
  }
  return (value - range.min) / (range.max - range.min);
}

std::vector<Tick> MakeTicks(const AxisRange& range, int max_count) {
  max_count = std::max(max_count, 2);
  std::vector<Tick> ticks;
  if (range.log) {
    ticks = LogTicks(range, max_count);
  }
  if (ticks.empty()) {
    const std::vector<double> values = LinearTicks(range, max_count);
    const std::vector<std::string> labels = FormatNumbers(values);
    for (size_t i = 0; i < values.size(); ++i) {
      ticks.push_back({.at = values[i], .label = labels[i]});
    }
  }
  return ticks;
}

std::vector<std::string> FormatNumbers(const std::vector<double>& values) {
  double largest = 0;
  for (const double value : values) {
    largest = std::max(largest, std::abs(value));
  }
  // What all numbers are divided by, and what is written behind each but 0.
  double unit = 1;
  std::string suffix;
  if (largest > 0) {
    if (largest < 1e-3 || largest >= 1e9) {
      const int exponent = FloorLog10(largest);
      unit = PowerOfTen(exponent);
      suffix = fmt::format("×10^{{{}}}", WithMinus(fmt::format("{}", exponent)));
    } else if (largest >= 1e4) {
      // "20k" is short, and read at a glance; "20.125k" is not.
      const double prefix = largest >= 1e6 ? 1e6 : 1e3;
      if (DecimalsNeeded(Divided(values, prefix), largest / prefix) <= 2) {
        unit = prefix;
        suffix = largest >= 1e6 ? "M" : "k";
      }
    }
  }
  const std::vector<double> scaled = Divided(values, unit);
  const int digits = DecimalsNeeded(scaled, largest / unit);
  std::vector<std::string> labels;
  for (const double value : scaled) {
    const bool bare_zero = value == 0 && !suffix.empty();
    labels.push_back(bare_zero ? "0" : WithMinus(fmt::format("{:.{}f}", value, digits)) + suffix);
  }
  return labels;
}

std::string AxisTitle(const Axis& axis) {
  return axis.unit.empty() ? axis.label : fmt::format("{} ({})", axis.label, axis.unit);
}

}  // namespace initbias::plot
