#include "figures/report/alt_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace initbias {
namespace {

std::vector<double> Finite(const std::vector<double>& values) {
  std::vector<double> finite;
  std::ranges::copy_if(values, std::back_inserter(finite),
                       [](double v) { return std::isfinite(v); });
  return finite;
}

// How the numbers of a plot go; "" where there are none.
std::string Course(const FigurePlot& plot, const FigureArray& array) {
  const std::vector<double> values = Finite(array.values);
  if (values.empty()) {
    return "";
  }
  const std::string units = array.units.empty() || array.units == "1" ? "" : " " + array.units;
  // What is drawn over a training is a course; all else is a set of values.
  const bool course = array.shape.size() == 1 && !plot.axes.empty() &&
                      (plot.axes[0] == "epoch" || plot.axes[0] == "step");
  if (!course) {
    const auto [lo, hi] = std::ranges::minmax(values);
    return fmt::format("{} between {:.3g} and {:.3g}{}", plot.signal, lo, hi, units);
  }
  const double first = values.front();
  const double last = values.back();
  const char* const verb = last < first ? "falls" : last > first ? "rises" : "stays";
  return first == last
             ? fmt::format("{} stays at {:.3g}{}", plot.signal, last, units)
             : fmt::format("{} {} from {:.3g} to {:.3g}{}", plot.signal, verb, first, last, units);
}

}  // namespace

std::string AltText(const FigureData& data) {
  std::string text = data.caption;
  size_t told = 0;
  size_t more = 0;
  for (const FigurePlot& plot : data.plots) {
    const std::string path = plot.group + "/" + plot.signal;
    const std::string course = data.Has(path) ? Course(plot, data.Get(path)) : "";
    if (course.empty()) {
      continue;
    }
    if (told == kAltPlots) {
      ++more;
      continue;
    }
    std::string group = plot.group;
    std::ranges::replace(group, '/', ' ');
    text += fmt::format("{} {}: {}", told == 0 ? "." : ";", group, course);
    ++told;
  }
  if (more > 0) {
    text += fmt::format("; and {} more", more);
  }
  return text + ".";
}

}  // namespace initbias
