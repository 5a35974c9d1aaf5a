#include "experiments/rates.h"

#include <fmt/format.h>

#include <cmath>
#include <set>

#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/config/run_config.h"

namespace initbias {
namespace {

constexpr size_t kMostRates = 100;

double ParseRate(std::string_view text) {
  double rate = 0;
  ParseValue(Trim(text), &rate);
  if (!(rate >= 0 && rate <= kLargestRate)) {
    throw Error(fmt::format("an initialisation rate of {} is not within 0 .. {}", Trim(text),
                            kLargestRate));
  }
  return RoundedRate(rate);
}

}  // namespace

std::vector<double> ParseRates(std::string_view text) {
  std::set<double> rates;
  for (const std::string& part : Split(text, ',')) {
    const std::vector<std::string> ends = Split(part, ':');
    if (ends.size() == 1) {
      rates.insert(ParseRate(part));
      continue;
    }
    if (ends.size() != 3) {
      throw Error(
          fmt::format("'{}' is no range of rates: expected from:to:step, as 0.2:1.2:0.1", part));
    }
    const double from = ParseRate(ends[0]);
    const double to = ParseRate(ends[1]);
    const double step = ParseRate(ends[2]);
    if (step <= 0) {
      throw Error(fmt::format("'{}': the step of a range is to be above 0", part));
    }
    if (to < from) {
      throw Error(fmt::format("'{}': the range ends below its start", part));
    }
    if ((to - from) / step >= static_cast<double>(kMostRates)) {
      throw Error(fmt::format("'{}' has more than {} rates", part, kMostRates));
    }
    // By counting: adding the step up would miss the last one by rounding.
    const auto steps = std::llround(std::floor((to - from) / step + 1e-6));
    for (int64_t i = 0; i <= steps; ++i) {
      rates.insert(RoundedRate(from + static_cast<double>(i) * step));
    }
  }
  if (rates.size() > kMostRates) {
    throw Error(fmt::format("'{}' has more than {} rates", text, kMostRates));
  }
  return {rates.begin(), rates.end()};
}

std::string CheckRates(const std::string& text) {
  try {
    ParseRates(text);
    return "";
  } catch (const Error& error) {
    return error.what();
  }
}

}  // namespace initbias
