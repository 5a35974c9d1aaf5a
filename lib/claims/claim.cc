#include "lib/claims/claim.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <optional>
#include <utility>

#include "lib/analysis/statistics.h"
#include "lib/base/error.h"
#include "lib/base/nan.h"
#include "lib/base/text.h"

namespace initbias {
namespace {

constexpr double kLevel = 0.95;
// On which side of `region` a value lies: -1 below, 1 above, else 0. An infinite value does not lie
// beyond a bound that there is not.
int SideOf(const Interval& region, double value) {
  if (!std::isinf(region.lo) && (region.strict ? value <= region.lo : value < region.lo)) {
    return -1;
  }
  return !std::isinf(region.hi) && (region.strict ? value >= region.hi : value > region.hi) ? 1 : 0;
}

// Whether lo .. hi lies wholly outside of `region`.
bool LiesOutside(const Interval& region, double lo, double hi) {
  return SideOf(region, hi) < 0 || SideOf(region, lo) > 0;
}

bool IsMet(const Precondition& condition) {
  return !condition.values.empty() && std::ranges::all_of(condition.values, [&](double value) {
    return Contains(condition.expected, value);
  });
}

// The first precondition that failed, with what was measured; nothing where all are met.
std::optional<std::string> FailedPrecondition(const Claim& claim) {
  const auto failed = std::ranges::find_if_not(claim.preconditions, IsMet);
  if (failed == claim.preconditions.end()) {
    return std::nullopt;
  }
  return fmt::format("{}: {} {} (measured {})", kPreconditionFailed, failed->text,
                     IntervalText(failed->expected), ValuesText(failed->values));
}

// The names of an enumeration in its order.
constexpr std::string_view kVerdictNames[] = {"holds", "differs", "undecided", "not judged"};
constexpr std::string_view kKindNames[] = {"text", "picture", "derived", "ours"};
constexpr std::string_view kRuleNames[] = {"mean over seeds", "every seed"};

template <typename Enum, size_t n>
Enum ParseName(std::string_view name, const std::string_view (&names)[n], const char* what) {
  for (size_t i = 0; i < n; ++i) {
    if (names[i] == name) {
      return static_cast<Enum>(i);
    }
  }
  throw Error(
      fmt::format("unknown {} '{}': expected one of {}", what, name, fmt::join(names, ", ")));
}

void SetUndecided(std::string why, Claim* claim) {
  claim->verdict = Verdict::kUndecided;
  claim->why = std::move(why);
}

// Of a claim about every seed.
void DecideEverySeed(Claim* claim) {
  const std::vector<double>& values = claim->values;
  const auto inside = static_cast<size_t>(std::ranges::count_if(
      values, [claim](double value) { return Contains(claim->expected, value); }));
  if (values.size() < kFewestSeeds) {
    SetUndecided(fmt::format("too few seeds: {}, of {}", values.size(), kFewestSeeds), claim);
  } else if (inside == values.size()) {
    claim->verdict = Verdict::kHolds;
  } else if (inside == 0) {
    claim->verdict = Verdict::kDiffers;
  } else {
    SetUndecided(fmt::format("{} of {} seeds bear it out", inside, values.size()), claim);
  }
}

// Whether the claim differs by values that have no interval, one of them being infinite.
bool DiffersWithoutInterval(const Claim& claim) {
  if (claim.values.size() < kFewestSeeds ||
      std::ranges::none_of(claim.preconditions, &Precondition::for_holds_only)) {
    return false;
  }
  const int side = SideOf(claim.expected, claim.values.front());
  return side != 0 && std::ranges::all_of(claim.values, [&](double value) {
           return SideOf(claim.expected, value) == side;
         });
}

// Of a claim about the mean.
void DecideMean(Claim* claim) {
  const size_t seeds = claim->values.size();
  if (seeds < 2) {
    SetUndecided(fmt::format("too few seeds: {}, an interval needs 2 or more", seeds), claim);
  } else if (std::isnan(claim->lo)) {
    if (DiffersWithoutInterval(*claim)) {
      claim->verdict = Verdict::kDiffers;
    } else {
      SetUndecided("a value is infinite", claim);
    }
  } else if (Contains(claim->expected, claim->lo) && Contains(claim->expected, claim->hi)) {
    claim->verdict = Verdict::kHolds;
  } else if (LiesOutside(claim->expected, claim->lo, claim->hi)) {
    claim->verdict = Verdict::kDiffers;
  } else {
    SetUndecided("the interval lies on both sides of the region's edge", claim);
  }
}

// By the values alone, whatever the preconditions.
void DecideByValues(Claim* claim) {
  if (std::ranges::any_of(claim->values, [](double value) { return std::isnan(value); })) {
    SetUndecided("a value is NaN", claim);
  } else if (claim->rule == ClaimRule::kEverySeed) {
    DecideEverySeed(claim);
  } else {
    DecideMean(claim);
  }
}

void Decide(Claim* claim) {
  const std::optional<std::string> failed = FailedPrecondition(*claim);
  if (!failed) {
    DecideByValues(claim);
    return;
  }
  const bool may_differ = std::ranges::all_of(
      claim->preconditions,
      [](const Precondition& condition) { return condition.for_holds_only || IsMet(condition); });
  if (may_differ) {
    DecideByValues(claim);
    if (claim->verdict == Verdict::kDiffers) {
      claim->why = "it differs all the same; " + *failed;
      return;
    }
  }
  SetUndecided(*failed, claim);
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

std::string ValuesText(const std::vector<double>& values) {
  std::vector<std::string> texts;
  for (const double value : values) {
    texts.push_back(std::isnan(value) ? "nan" : fmt::format("{:.3g}", value));
  }
  return fmt::format("{}", fmt::join(texts, ", "));
}

std::string_view VerdictName(Verdict verdict) {
  return kVerdictNames[static_cast<size_t>(verdict)];
}
Verdict ParseVerdict(std::string_view name) {
  return ParseName<Verdict>(name, kVerdictNames, "verdict");
}
std::string_view ClaimKindName(ClaimKind kind) { return kKindNames[static_cast<size_t>(kind)]; }
ClaimKind ParseClaimKind(std::string_view name) {
  return ParseName<ClaimKind>(name, kKindNames, "kind of claim");
}
std::string_view ClaimRuleName(ClaimRule rule) { return kRuleNames[static_cast<size_t>(rule)]; }
ClaimRule ParseClaimRule(std::string_view name) {
  return ParseName<ClaimRule>(name, kRuleNames, "rule");
}

void Judge(const std::string& not_judged, Claim* claim) {
  const ConfidenceInterval interval = StudentInterval(claim->values, kLevel);
  claim->mean = claim->values.empty() ? kNan : Mean(claim->values);
  claim->lo = interval.lo;
  claim->hi = interval.hi;
  claim->why.clear();
  if (!not_judged.empty()) {
    claim->verdict = Verdict::kNotJudged;
    claim->why = not_judged;
    return;
  }
  if (claim->values.empty()) {
    claim->verdict = Verdict::kNotJudged;
    claim->why = "no run of this profile measures it";
    return;
  }
  Decide(claim);
}

Verdict PilotVerdict(const Claim& claim) {
  bool can_hold = true;
  for (const Precondition& condition : claim.preconditions) {
    const bool met = IsMet(condition);
    if (!met && !condition.for_holds_only) {
      return Verdict::kUndecided;
    }
    can_hold = can_hold && met;
  }
  const std::vector<double>& values = claim.values;
  if (values.empty() ||
      std::ranges::any_of(values, [](double value) { return std::isnan(value); })) {
    return Verdict::kUndecided;
  }
  const auto inside = static_cast<size_t>(std::ranges::count_if(
      values, [&claim](double value) { return Contains(claim.expected, value); }));
  return inside == 0                           ? Verdict::kDiffers
         : inside == values.size() && can_hold ? Verdict::kHolds
                                               : Verdict::kUndecided;
}

bool RegisteredLate(std::string_view study, int64_t registration, std::string_view scale,
                    const std::vector<std::string>& times, std::string_view first_run_start) {
  if (first_run_start.empty()) {
    return false;
  }
  if (registration < 1 || static_cast<size_t>(registration) > times.size()) {
    return true;
  }
  if (std::ranges::any_of(kSeenBefore, [&](const SeenBefore& seen) {
        return seen.registration == registration && seen.scale == scale &&
               (seen.study.empty() || seen.study == study);
      })) {
    return true;
  }
  // Texts of one format, year first, so that the order of letters is that of times.
  const std::string& time = times[static_cast<size_t>(registration - 1)];
  const bool known = !time.empty() && time.front() >= '0' && time.front() <= '9';
  return !known || time >= first_run_start;
}

ClaimCounts CountClaims(const std::vector<Claim>& claims) {
  ClaimCounts counts;
  for (const Claim& claim : claims) {
    ++counts.all;
    ++counts.by_verdict[static_cast<size_t>(claim.verdict)];
  }
  return counts;
}

ClaimCounts CountClaims(const std::vector<Claim>& claims, ClaimKind kind) {
  std::vector<Claim> of_kind;
  std::ranges::copy_if(claims, std::back_inserter(of_kind),
                       [kind](const Claim& claim) { return claim.kind == kind; });
  return CountClaims(of_kind);
}

std::string CountsText(const ClaimCounts& counts) {
  std::string text =
      fmt::format("{}: {}, {}, {} undecided", Counted(counts.all, "claim", "claims"),
                  Counted(counts.by_verdict[0], "holds", "hold"),
                  Counted(counts.by_verdict[1], "differs", "differ"), counts.by_verdict[2]);
  if (counts.by_verdict[3] > 0) {
    text += fmt::format(", {} not judged", counts.by_verdict[3]);
  }
  return text;
}

}  // namespace initbias
