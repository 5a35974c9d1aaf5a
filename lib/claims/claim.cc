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
#include "lib/base/text.h"

namespace initbias {
namespace {

constexpr double kLevel = 0.95;
constexpr size_t kIndent = 12;    // of what stands below a claim's verdict
constexpr size_t kVerdicts = 24;  // columns of two verdicts
constexpr std::string_view kNotMade = "not made";

// The columns of a terminal of `width`, of which narrow ones are taken to be wider.
size_t Columns(int width) { return static_cast<size_t>(std::max(width, 40)); }

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

std::string ValuesText(const std::vector<double>& values) {
  std::vector<std::string> texts;
  for (const double value : values) {
    texts.push_back(fmt::format("{:.3g}", value));
  }
  return fmt::format("{}", fmt::join(texts, ", "));
}

// As IntervalText, but shorter where there are two bounds: "in [-0.1, 0.1]".
std::string ShortIntervalText(const Interval& interval) {
  return std::isinf(interval.lo) || std::isinf(interval.hi)
             ? IntervalText(interval)
             : fmt::format("in {}{:.3g}, {:.3g}{}", interval.strict ? "(" : "[", interval.lo,
                           interval.hi, interval.strict ? ")" : "]");
}

// Whether an interval of the mean says anything.
bool HasInterval(const Claim& claim) { return claim.values.size() > 1 && !std::isnan(claim.lo); }

// Whether lo .. hi lies wholly outside of `region`.
bool LiesOutside(const Interval& region, double lo, double hi) {
  return region.strict ? hi <= region.lo || lo >= region.hi : hi < region.lo || lo > region.hi;
}

std::string Placed(const Claim& claim) {
  return fmt::format("{} [{}; {}]", claim.statement, claim.place, ClaimKindName(claim.kind));
}

std::string MeasuredText(const Claim& claim) {
  return fmt::format(
      "measured {:.3g}{}, expected {}{}", claim.mean,
      HasInterval(claim) ? fmt::format(" (95 % interval {:.3g} .. {:.3g})", claim.lo, claim.hi)
                         : "",
      IntervalText(claim.expected), claim.rule == ClaimRule::kEverySeed ? " in every seed" : "");
}

std::string SeedsText(const Claim& claim) {
  return fmt::format("seeds {}: {}", fmt::join(claim.seeds, ", "), ValuesText(claim.values));
}

// What is to be said of the verdict, if anything.
std::vector<std::string> Remarks(const Claim& claim) {
  std::vector<std::string> remarks;
  if (!claim.why.empty()) {
    remarks.push_back("why: " + claim.why);
  }
  const bool open = claim.verdict == Verdict::kDiffers || claim.verdict == Verdict::kUndecided;
  if (open && !claim.reason.empty()) {
    remarks.push_back("likely reason: " + claim.reason);
  }
  return remarks;
}

// A claim's first line, or two of them where it is too long: its verdict, id and scale.
std::string Head(std::string_view verdict, size_t verdict_width, const std::string& id,
                 std::string_view scale, size_t columns) {
  const std::string head = fmt::format("{:<{}}{}", verdict, verdict_width, id);
  const std::string at = fmt::format("({} scale)", scale);
  return head.size() + 2 + at.size() <= columns ? fmt::format("{}  {}\n", head, at)
                                                : head + "\n" + Wrapped(at, kIndent, columns);
}

std::string VerdictsText(const ScaledClaim& claim) {
  const auto name = [](const Claim* one) {
    return one != nullptr ? VerdictName(one->verdict) : kNotMade;
  };
  return fmt::format("{} / {}", name(claim.reduced), name(claim.paper));
}

// `rest` after the verdict and the id, in kClaimLineWidth letters. Ids stand below each other as
// far as there is room; one without any is cut.
std::string Line(const std::string& verdict, const std::string& id, const std::string& rest) {
  constexpr size_t kIdColumns = 36;
  const size_t used = std::min(verdict.size() + rest.size(), kClaimLineWidth - 1);
  const size_t room = kClaimLineWidth - used;
  const std::string shown = id.size() > room ? id.substr(0, room - 1) + "~" : id;
  return fmt::format("{}{:<{}}{}", verdict, shown, std::min(room, kIdColumns), rest)
      .substr(0, kClaimLineWidth);
}

std::string ExpectedText(const Claim& claim) {
  return ShortIntervalText(claim.expected) +
         (claim.rule == ClaimRule::kEverySeed ? ", every seed" : "");
}

// The precondition that failed, with what was measured; nothing where all are met.
std::optional<std::string> FailedPrecondition(const Claim& claim) {
  for (const Precondition& condition : claim.preconditions) {
    const bool met =
        !condition.values.empty() && std::ranges::all_of(condition.values, [&](double value) {
          return Contains(condition.expected, value);
        });
    if (!met) {
      return fmt::format("precondition failed: {} {} (measured {})", condition.text,
                         IntervalText(condition.expected), ValuesText(condition.values));
    }
  }
  return std::nullopt;
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

void Decide(Claim* claim) {
  const auto undecided = [claim](std::string why) {
    claim->verdict = Verdict::kUndecided;
    claim->why = std::move(why);
  };
  const std::vector<double>& values = claim->values;
  if (const std::optional<std::string> failed = FailedPrecondition(*claim)) {
    undecided(*failed);
    return;
  }
  if (std::ranges::any_of(values, [](double value) { return std::isnan(value); })) {
    undecided("a value is NaN");
    return;
  }
  if (claim->rule == ClaimRule::kEverySeed) {
    const auto inside = static_cast<size_t>(std::ranges::count_if(
        values, [claim](double value) { return Contains(claim->expected, value); }));
    if (values.size() < kFewestSeeds) {
      undecided(fmt::format("too few seeds: {}, of {}", values.size(), kFewestSeeds));
    } else if (inside == values.size()) {
      claim->verdict = Verdict::kHolds;
    } else if (inside == 0) {
      claim->verdict = Verdict::kDiffers;
    } else {
      undecided(fmt::format("{} of {} seeds bear it out", inside, values.size()));
    }
    return;
  }
  if (values.size() < 2) {
    undecided(fmt::format("too few seeds: {}, an interval needs 2 or more", values.size()));
  } else if (std::isnan(claim->lo)) {
    undecided("a value is infinite");
  } else if (Contains(claim->expected, claim->lo) && Contains(claim->expected, claim->hi)) {
    claim->verdict = Verdict::kHolds;
  } else if (LiesOutside(claim->expected, claim->lo, claim->hi)) {
    claim->verdict = Verdict::kDiffers;
  } else {
    undecided("the interval lies on both sides of the region's edge");
  }
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
  claim->mean =
      claim->values.empty() ? std::numeric_limits<double>::quiet_NaN() : Mean(claim->values);
  claim->lo = interval.lo;
  claim->hi = interval.hi;
  claim->why.clear();
  if (!not_judged.empty()) {
    claim->verdict = Verdict::kNotJudged;
    claim->why = not_judged;
    return;
  }
  Decide(claim);
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
  const auto verb = [](int64_t count, const char* one, const char* many) {
    return fmt::format("{} {}", count, count == 1 ? one : many);
  };
  std::string text =
      fmt::format("{}: {}, {}, {} undecided", verb(counts.all, "claim", "claims"),
                  verb(counts.by_verdict[0], "holds", "hold"),
                  verb(counts.by_verdict[1], "differs", "differ"), counts.by_verdict[2]);
  if (counts.by_verdict[3] > 0) {
    text += fmt::format(", {} not judged", counts.by_verdict[3]);
  }
  return text;
}

std::string ClaimRows(const std::vector<Claim>& claims, std::string_view scale, int width) {
  const size_t columns = Columns(width);
  std::string rows;
  const auto add = [&](const std::string& text) { rows += Wrapped(text, kIndent, columns); };
  for (const Claim& claim : claims) {
    rows += Head(VerdictName(claim.verdict), kIndent, claim.id, scale, columns);
    add(Placed(claim));
    add(MeasuredText(claim));
    add(SeedsText(claim));
    add("metric: " + claim.metric);
    std::ranges::for_each(Remarks(claim), add);
  }
  return rows;
}

std::string ClaimTotals(const std::vector<Claim>& claims, int width) {
  std::string totals;
  for (const ClaimKind kind : kClaimKinds) {
    const ClaimCounts counts = CountClaims(claims, kind);
    if (counts.all > 0) {
      totals += Wrapped(fmt::format("{:<8} {}", ClaimKindName(kind), CountsText(counts)), 0,
                        Columns(width));
    }
  }
  return totals;
}

std::string ClaimTable(const std::vector<Claim>& claims, std::string_view scale, int width) {
  return ClaimRows(claims, scale, width) + "\n" + ClaimTotals(claims, width);
}

std::string ClaimLine(const Claim& claim, std::string_view scale) {
  const std::string rest =
      fmt::format("  {:<7}  {:.3g}{}, {}", scale, claim.mean,
                  HasInterval(claim) ? fmt::format(" [{:.3g}, {:.3g}]", claim.lo, claim.hi) : "",
                  ExpectedText(claim));
  return Line(fmt::format("{:<{}}", VerdictName(claim.verdict), kIndent), claim.id, rest);
}

std::vector<ScaledClaim> PairClaims(const std::vector<Claim>& reduced,
                                    const std::vector<Claim>& paper) {
  std::vector<ScaledClaim> pairs;
  for (const Claim& claim : reduced) {
    pairs.push_back({.reduced = &claim});
  }
  for (const Claim& claim : paper) {
    const auto same = std::ranges::find_if(pairs, [&claim](const ScaledClaim& pair) {
      return pair.reduced != nullptr && pair.reduced->id == claim.id;
    });
    if (same != pairs.end()) {
      same->paper = &claim;
    } else {
      pairs.push_back({.paper = &claim});
    }
  }
  return pairs;
}

std::string ClaimRows(const std::vector<ScaledClaim>& claims, int width) {
  const size_t columns = Columns(width);
  std::string rows;
  const auto add = [&](const std::string& text) { rows += Wrapped(text, kIndent, columns); };
  for (const ScaledClaim& pair : claims) {
    const Claim& either = pair.reduced != nullptr ? *pair.reduced : *pair.paper;
    rows += Head(VerdictsText(pair), kVerdicts, either.id, "reduced / paper", columns);
    add(Placed(either));
    add("metric: " + either.metric);
    for (const auto& [scale, claim] :
         {std::pair("reduced", pair.reduced), std::pair("paper", pair.paper)}) {
      if (claim == nullptr) {
        add(fmt::format("{} scale: {}", scale, kNotMade));
        continue;
      }
      add(fmt::format("{} scale: {}", scale, MeasuredText(*claim)));
      add(SeedsText(*claim));
      std::ranges::for_each(Remarks(*claim), add);
    }
  }
  return rows;
}

std::string ClaimLine(const ScaledClaim& claim) {
  const Claim& either = claim.reduced != nullptr ? *claim.reduced : *claim.paper;
  const auto mean = [](const Claim* one) {
    return one != nullptr ? fmt::format("{:.3g}", one->mean) : "-";
  };
  return Line(
      fmt::format("{:<{}}", VerdictsText(claim), kVerdicts), either.id,
      fmt::format("  {} / {}, {}", mean(claim.reduced), mean(claim.paper), ExpectedText(either)));
}

std::string ScaleNote(const std::vector<std::string>& missing, size_t studies, int width) {
  std::string note =
      "A verdict at reduced scale is evidence at that scale alone, and neither proves nor disproves "
      "what the paper says at its own.";
  if (missing.size() == studies) {
    note += " No study has a file at the paper's scale.";
  } else if (!missing.empty()) {
    note += fmt::format(" Without a file at the paper's scale: {}.", fmt::join(missing, ", "));
  }
  return Wrapped(note, 0, Columns(width));
}

}  // namespace initbias
