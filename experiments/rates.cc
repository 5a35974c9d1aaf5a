#include "experiments/rates.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/config/run_config.h"

namespace initbias {
namespace {

constexpr size_t kMostRates = 100;

void CheckRate(double rate, std::string_view text) {
  if (!(rate >= 0 && rate <= kLargestRate)) {
    throw Error(fmt::format("an initialisation rate of {} is not within 0 .. {}", Trim(text),
                            kLargestRate));
  }
}

double ParseRate(std::string_view text) {
  double rate = 0;
  ParseValue(Trim(text), &rate);
  CheckRate(rate, text);
  return RoundedRate(rate);
}

}  // namespace

std::vector<double> ParseRange(std::string_view text) {
  const std::vector<std::string> ends = Split(text, ':');
  if (ends.size() != 3) {
    throw Error(fmt::format("'{}' is no range: expected from:to:step, as 0.2:1.2:0.1", text));
  }
  double from = 0;
  double to = 0;
  double step = 0;
  ParseValue(Trim(ends[0]), &from);
  ParseValue(Trim(ends[1]), &to);
  ParseValue(Trim(ends[2]), &step);
  if (!(step > 0)) {
    throw Error(fmt::format("'{}': the step of a range is to be above 0", text));
  }
  if (!(to >= from)) {
    throw Error(fmt::format("'{}': the range ends below its start", text));
  }
  if (!((to - from) / step < static_cast<double>(kMostRates))) {
    throw Error(fmt::format("'{}' has more than {} values", text, kMostRates));
  }
  // By counting: adding the step up would miss the last one by rounding.
  const auto steps = std::llround(std::floor((to - from) / step + 1e-6));
  std::vector<double> values;
  for (int64_t i = 0; i <= steps; ++i) {
    values.push_back(RoundedRate(from + static_cast<double>(i) * step));
  }
  return values;
}

void RefuseDecimalCommas(std::string_view list, std::string_view option) {
  const std::vector<std::string> parts = Split(Trim(list), ',');
  const auto whole = [](const std::string& part) {
    return !part.empty() && part.find_first_not_of("0123456789") == std::string::npos;
  };
  if (parts.size() % 2 != 0 || !std::ranges::all_of(parts, whole)) {
    return;
  }
  std::vector<std::string> joined;
  std::vector<std::string> apart;
  for (size_t i = 0; i < parts.size(); i += 2) {
    if (parts[i] != "0") {
      return;
    }
    joined.push_back("0." + parts[i + 1]);
    apart.emplace_back("0.0");
    apart.push_back(parts[i + 1] + ".0");
  }
  throw Error(
      fmt::format("'{0}' is read as the numbers {1}, for commas stand between numbers: write "
                  "{2}{3} for {4}, or {2}{5} for {1}",
                  Trim(list), fmt::join(parts, " and "), option, fmt::join(joined, ","),
                  fmt::join(joined, " and "), fmt::join(apart, ",")));
}

std::vector<double> ParseRates(std::string_view text) {
  RefuseDecimalCommas(text, "--gamma=");
  std::set<double> rates;
  for (const std::string& part : Split(text, ',')) {
    if (part.find(':') == std::string::npos) {
      rates.insert(ParseRate(part));
      continue;
    }
    for (const double rate : ParseRange(part)) {
      CheckRate(rate, part);
      rates.insert(rate);
    }
  }
  if (rates.size() > kMostRates) {
    throw Error(fmt::format("'{}' has more than {} rates", text, kMostRates));
  }
  return {rates.begin(), rates.end()};
}

std::string ErrorText(const std::function<void(const std::string& text)>& parse,
                      const std::string& text) {
  try {
    parse(text);
    return "";
  } catch (const Error& error) {
    return error.what();
  }
}

std::string CheckRates(const std::string& text) { return ErrorText(ParseRates, text); }

}  // namespace initbias
