#include "experiments/findings.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "lib/analysis/statistics.h"
#include "lib/base/error.h"
#include "lib/measure/stored_seeds.h"

namespace initbias {
namespace {

// Whole where it is large, as steps are.
std::string NumberText(double value) {
  return std::abs(value) >= 100 ? fmt::format("{:.0f}", value) : fmt::format("{:.2f}", value);
}

}  // namespace

size_t PlaceOf(const std::vector<std::string>& names, const std::string& name) {
  const auto found = std::ranges::find(names, name);
  if (found == names.end()) {
    throw NoSuchFigureData(
        fmt::format("the figure file has no {} among {}", name, fmt::join(names, ", ")));
  }
  return static_cast<size_t>(found - names.begin());
}

std::string RangeText(const std::vector<double>& values) {
  const std::vector<double> present = PresentSeeds(values);
  if (present.empty()) {
    return "no value";
  }
  const auto [lo, hi] = std::ranges::minmax(present);
  return fmt::format("{} ({} .. {}{})", NumberText(Median(present)), NumberText(lo), NumberText(hi),
                     present.size() < values.size()
                         ? fmt::format(", {} of {} seeds", present.size(), values.size())
                         : "");
}

std::string CompareText(const SeedList& x, const SeedList& y) {
  INITBIAS_CHECK(x.values.size() == y.values.size());
  const double first = MedianOfSeeds(x.values);
  const double second = MedianOfSeeds(y.values);
  const std::string values = fmt::format("{} beside {}", RangeText(x.values), RangeText(y.values));
  if (std::isnan(first) || std::isnan(second)) {
    return fmt::format("{} cannot be compared with {}: {}", x.name, y.name, values);
  }
  size_t agree = 0;
  for (size_t i = 0; i < x.values.size(); ++i) {
    agree += (first > second && x.values[i] > y.values[i]) ||
                     (first < second && x.values[i] < y.values[i]) ||
                     (first == second && x.values[i] == y.values[i])
                 ? 1
                 : 0;
  }
  return fmt::format("{} {} {}: {}, in {} of {} seeds", x.name,
                     first > second   ? "lies above"
                     : first < second ? "lies below"
                                      : "is as",
                     y.name, values, agree, x.values.size());
}

std::string EndsText(const FigureArray& seeds, const std::string& last, const std::string& first) {
  const auto columns = static_cast<size_t>(seeds.shape.at(1));
  return CompareText({last, SeedsOfColumn(seeds, columns - 1)}, {first, SeedsOfColumn(seeds, 0)});
}

std::string ExtremesText(const std::vector<SeedList>& places) {
  const SeedList* smallest = nullptr;
  const SeedList* largest = nullptr;
  std::vector<std::string> without;
  for (const SeedList& place : places) {
    const double median = MedianOfSeeds(place.values);
    if (std::isnan(median)) {
      without.push_back(place.name);
      continue;
    }
    if (largest == nullptr || median > MedianOfSeeds(largest->values)) {
      largest = &place;
    }
    if (smallest == nullptr || median < MedianOfSeeds(smallest->values)) {
      smallest = &place;
    }
  }
  if (largest == nullptr) {
    return "measured nowhere";
  }
  return fmt::format(
      "largest with {}, {}, and smallest with {}, {}{}", largest->name, RangeText(largest->values),
      smallest->name, RangeText(smallest->values),
      without.empty() ? "" : fmt::format(", without a value with {}", fmt::join(without, ", ")));
}

std::string EverywhereAbove(const std::vector<SeedList>& places,
                            const std::vector<std::vector<double>>& others) {
  INITBIAS_CHECK(places.size() == others.size());
  std::vector<std::string> above;
  std::vector<std::string> without;
  for (size_t i = 0; i < places.size(); ++i) {
    const std::vector<double>& values = places[i].values;
    INITBIAS_CHECK(values.size() == others[i].size());
    bool every = !values.empty();
    bool missing = false;
    for (size_t seed = 0; seed < values.size(); ++seed) {
      every = every && values[seed] > others[i][seed];
      missing = missing || std::isnan(values[seed]) || std::isnan(others[i][seed]);
    }
    if (every) {
      above.push_back(places[i].name);
    }
    if (missing) {
      without.push_back(places[i].name);
    }
  }
  const std::string note =
      without.empty() ? "" : fmt::format("; without all values: {}", fmt::join(without, ", "));
  return (above.empty()
              ? fmt::format("none of {}", places.size())
              : fmt::format("{} ({} of {})", fmt::join(above, ", "), above.size(), places.size())) +
         note;
}

}  // namespace initbias
