#include "figures/plot/panel_ticks.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "figures/plot/style.h"
#include "figures/plot/text.h"

namespace initbias::plot {
namespace {

constexpr double kXTickEvery = 21.0;  // Not more ticks than one in this many points.

double LabelWidth(const std::string& label) { return TextWidth(label, kFontSizePt, true); }

}  // namespace

double WidestLabel(const std::vector<Tick>& ticks) {
  double widest = 0;
  for (const Tick& tick : ticks) {
    widest = std::max(widest, LabelWidth(tick.label));
  }
  return widest;
}

bool LabelsFit(const std::vector<Tick>& ticks, const AxisRange& range, double width) {
  double end = -1e9;
  for (const Tick& tick : ticks) {
    if (tick.minor || tick.label.empty()) {
      continue;
    }
    const double middle = Position(range, tick.at) * width;
    const double half = LabelWidth(tick.label) / 2;
    if (middle - half < end + kLabelDistancePt) {
      return false;
    }
    end = middle + half;
  }
  return true;
}

std::vector<Tick> FittingXTicks(const AxisRange& range, double width) {
  for (int count = std::max(2, static_cast<int>(width / kXTickEvery));; --count) {
    std::vector<Tick> ticks = MakeTicks(range, count);
    if (count <= 2 || LabelsFit(ticks, range, width)) {
      return ticks;
    }
  }
}

CellAxis MakeCellAxis(const std::vector<std::string>& labels, int count, int start) {
  CellAxis axis;
  for (const std::string& label : labels) {
    axis.labels.push_back(Literal(label));
  }
  if (labels.empty()) {
    for (int i = 0; i < count; ++i) {
      axis.numbers.push_back(start + i);
    }
    axis.labels = FormatNumbers(axis.numbers);
  }
  return axis;
}

std::vector<Tick> CellTicks(const CellAxis& axis, double cell, double distance) {
  size_t stride = 1;
  for (size_t decade = 1; static_cast<double>(stride) * cell < distance; decade *= 10) {
    for (const size_t digit : {size_t{1}, size_t{2}, size_t{5}}) {
      stride = decade * digit;
      if (static_cast<double>(stride) * cell >= distance) {
        break;
      }
    }
  }
  size_t first = 0;
  for (size_t i = 0; i < std::min(stride, axis.numbers.size()); ++i) {
    const double multiple = axis.numbers[i] / static_cast<double>(stride);
    if (std::abs(multiple - std::round(multiple)) < 1e-6) {
      first = i;
      break;
    }
  }
  std::vector<Tick> ticks;
  for (size_t i = first; i < axis.labels.size(); i += stride) {
    ticks.push_back({.at = static_cast<double>(i) + 0.5, .label = axis.labels[i]});
  }
  return ticks;
}

}  // namespace initbias::plot
