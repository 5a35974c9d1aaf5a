#include "lib/claims/claim.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "lib/base/error.h"
#include "lib/base/text.h"

namespace initbias {
namespace {

// `text` in lines of at most `width` letters, each after `indent` spaces.
std::string Wrapped(std::string_view text, size_t indent, size_t width) {
  std::string lines;
  std::string line;
  for (const std::string& word : Split(text, ' ')) {
    if (!line.empty() && indent + line.size() + 1 + word.size() > width) {
      lines += fmt::format("{:{}}{}\n", "", indent, line);
      line.clear();
    }
    line += (line.empty() ? "" : " ") + word;
  }
  return lines + fmt::format("{:{}}{}\n", "", indent, line);
}

}  // namespace

bool Contains(const Interval& interval, double value) {
  return interval.strict ? value > interval.lo && value < interval.hi
                         : value >= interval.lo && value <= interval.hi;
}

std::string IntervalText(const Interval& interval) {
  const std::string_view equal = interval.strict ? "" : "=";
  if (std::isinf(interval.lo) && std::isinf(interval.hi)) {
    return "any";
  }
  if (std::isinf(interval.lo)) {
    return fmt::format("<{} {}", equal, interval.hi);
  }
  if (std::isinf(interval.hi)) {
    return fmt::format(">{} {}", equal, interval.lo);
  }
  return fmt::format("{}within {} .. {}", interval.strict ? "strictly " : "", interval.lo,
                     interval.hi);
}

std::string_view VerdictName(Verdict verdict) {
  switch (verdict) {
    case Verdict::kHolds:
      return "holds";
    case Verdict::kDiffers:
      return "differs";
    case Verdict::kNotJudged:
      return "not judged";
  }
  INITBIAS_CHECK(false && "unknown verdict");
}

Verdict ParseVerdict(std::string_view name) {
  for (const Verdict verdict : {Verdict::kHolds, Verdict::kDiffers, Verdict::kNotJudged}) {
    if (VerdictName(verdict) == name) {
      return verdict;
    }
  }
  throw Error(fmt::format("unknown verdict '{}': expected holds, differs or not judged", name));
}

double Claim::MedianValue() const { return Median(values); }

void Judge(Claim* claim, bool judged) {
  if (!judged) {
    claim->verdict = Verdict::kNotJudged;
    return;
  }
  claim->verdict =
      Contains(claim->expected, claim->MedianValue()) ? Verdict::kHolds : Verdict::kDiffers;
}

double Median(std::vector<double> values) {
  if (values.empty() ||
      std::ranges::any_of(values, [](double value) { return std::isnan(value); })) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  std::ranges::sort(values);
  const size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

std::string ClaimTable(const std::vector<Claim>& claims, int width) {
  const size_t columns = static_cast<size_t>(std::max(width, 40));
  std::string table;
  size_t counts[3] = {0, 0, 0};
  for (const Claim& claim : claims) {
    ++counts[static_cast<size_t>(claim.verdict)];
    std::vector<std::string> values;
    for (const double value : claim.values) {
      values.push_back(fmt::format("{:.3g}", value));
    }
    table += fmt::format("{:<10}  {}\n", VerdictName(claim.verdict), claim.id);
    table += Wrapped(claim.statement, 12, columns);
    table += Wrapped(fmt::format("measured {:.3g}, expected {} (per seed: {})", claim.MedianValue(),
                                 IntervalText(claim.expected), fmt::join(values, ", ")),
                     12, columns);
    table += Wrapped("metric: " + claim.metric, 12, columns);
    if (claim.verdict == Verdict::kDiffers && !claim.reason.empty()) {
      table += Wrapped("likely reason: " + claim.reason, 12, columns);
    }
  }
  return table + Wrapped(fmt::format("{} claims: {} hold, {} differ, {} not judged", claims.size(),
                                     counts[0], counts[1], counts[2]),
                         0, columns);
}

}  // namespace initbias
