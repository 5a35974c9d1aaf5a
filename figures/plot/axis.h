// Numbers on axes: ranges from data, ticks, tick labels, and where a value stands.
#ifndef INITBIAS_FIGURES_PLOT_AXIS_H_
#define INITBIAS_FIGURES_PLOT_AXIS_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "figures/plot/figure.h"

namespace initbias::plot {

// The smallest and the largest finite value seen; empty until one was added.
struct Extent {
  std::optional<double> min;
  std::optional<double> max;

  void Add(double value);  // NaN and infinities are skipped.
  void Add(const std::vector<double>& values);
  void Add(const Extent& other);
};

// The range an axis shows; min < max.
struct AxisRange {
  double min = 0;
  double max = 1;
  bool log = false;

  bool operator==(const AxisRange&) const = default;
};

// A tick with its label (markup: 10^{-3}), or a shorter one without.
struct Tick {
  double at = 0;
  std::string label;
  bool minor = false;

  bool operator==(const Tick&) const = default;
};

// The range of `axis` over data of `extent`: its fixed limits, else the data's, widened by the part
// `padding` of their span (of their decades on a log axis). Padding does not cross 0. A range
// without width, or without data, is given one. Fixed limits must leave a width (check.h).
AxisRange ResolveRange(const Axis& axis, const Extent& extent, double padding);

// Where `value` stands in `range`: 0 at min, 1 at max. NaN where it stands nowhere.
double Position(const AxisRange& range, double value);

// Ticks inside `range`: at most `max_count` (at least 2) labelled ones on round numbers, on log
// axes with minor ones between decades.
std::vector<Tick> MakeTicks(const AxisRange& range, int max_count);

// Labels of numbers that stand together: the same digits after the point, as many as are needed,
// "20k" and "3M" from 10000 on, "2×10^{-5}" where all are tiny or huge, and a true minus sign.
std::vector<std::string> FormatNumbers(const std::vector<double>& values);

// "label (unit)", or the label alone.
std::string AxisTitle(const Axis& axis);

}  // namespace initbias::plot

#endif  // INITBIAS_FIGURES_PLOT_AXIS_H_
