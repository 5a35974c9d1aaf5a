#include "lib/claims/claim.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
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
constexpr size_t kIndent = 12;  // of what stands below a claim's verdict
constexpr std::string_view kNotMade = "-";

// The columns of a terminal of `width`, of which narrow ones are taken to be wider.
size_t Columns(int width) { return static_cast<size_t>(std::max(width, 40)); }

// Those of a line a claim.
size_t LineColumns(int width) {
  return static_cast<size_t>(std::clamp(width, 80, kClaimLineWidth));
}

// Three digits; a NaN without its sign, which says nothing.
std::string NumberText(double value) {
  return std::isnan(value) ? "nan" : fmt::format("{:.3g}", value);
}

std::string ValuesText(const std::vector<double>& values) {
  std::vector<std::string> texts;
  for (const double value : values) {
    texts.push_back(NumberText(value));
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

std::string Placed(const Claim& claim) {
  return fmt::format("{} [{}; {}]", claim.statement, claim.place, ClaimKindName(claim.kind));
}

std::string MeasuredText(const Claim& claim) {
  return fmt::format(
      "measured {}{}, expected {}{}", NumberText(claim.mean),
      HasInterval(claim) ? fmt::format(" (95 % interval {:.3g} .. {:.3g})", claim.lo, claim.hi)
                         : "",
      IntervalText(claim.expected), claim.rule == ClaimRule::kEverySeed ? " in every seed" : "");
}

std::string SeedsText(const Claim& claim) {
  return fmt::format("seeds {}: {}", fmt::join(claim.seeds, ", "), ValuesText(claim.values));
}

// The metric, and why it is another than was registered first.
std::vector<std::string> MetricLines(const Claim& claim) {
  std::vector<std::string> lines = {"metric: " + claim.metric};
  if (!claim.amended.empty()) {
    lines.push_back("amended: " + claim.amended);
  }
  return lines;
}

// What is to be said of the verdict, if anything.
std::vector<std::string> Remarks(const Claim& claim) {
  std::vector<std::string> remarks;
  if (!claim.why.empty()) {
    remarks.push_back("why: " + claim.why);
  }
  const bool open = claim.verdict == Verdict::kDiffers || claim.verdict == Verdict::kUndecided;
  const bool unmeasured = claim.verdict == Verdict::kNotJudged && claim.values.empty();
  if ((open || unmeasured) && !claim.reason.empty()) {
    remarks.push_back("likely reason: " + claim.reason);
  }
  return remarks;
}

// A claim's first line, or two of them where it is too long: its verdict, id and scale.
std::string Head(const Claim& claim, std::string_view scale, size_t columns) {
  const std::string head = fmt::format("{:<{}}{}", VerdictText(claim), kIndent, claim.id);
  const std::string at = fmt::format("({} scale)", scale);
  return head.size() + 2 + at.size() <= columns ? fmt::format("{}  {}\n", head, at)
                                                : head + "\n" + Wrapped(at, kIndent, columns);
}

// The verdicts of each claim at all scales, "holds    | differs* | -", in columns of equal width
// over all of them.
std::vector<std::string> VerdictColumns(const std::vector<ScaledClaim>& claims) {
  std::vector<std::string> rows(claims.size());
  for (size_t scale = 0; scale < kScales.size(); ++scale) {
    std::vector<std::string> cells;
    size_t width = 0;
    for (const ScaledClaim& claim : claims) {
      cells.push_back(claim[scale] != nullptr ? VerdictText(*claim[scale]) : std::string(kNotMade));
      width = std::max(width, cells.back().size());
    }
    for (size_t i = 0; i < claims.size(); ++i) {
      rows[i] += fmt::format("{}{:<{}}", scale == 0 ? "" : " | ", cells[i], width);
    }
  }
  return rows;
}

// Columns of an id, as far as they fit.
constexpr size_t kIdColumns = 36;

// `parts` after the verdict and the id, as many from the first on as fit in `width`
// letters. Ids stand below each other in `id_columns` as far as that fits. In kClaimLineWidth
// the first part always stands, and the id is cut where it must be.
std::string Line(const std::string& verdict, const std::string& id, size_t id_columns,
                 const std::vector<std::string>& parts, size_t width) {
  std::string rest;
  for (const std::string& part : parts) {
    const bool must = rest.empty() && width >= kClaimLineWidth;
    if (!must && verdict.size() + id.size() + rest.size() + part.size() > width) {
      break;
    }
    rest += part;
  }
  const size_t used = std::min(verdict.size() + rest.size(), width - 1);
  const size_t available = width - used;
  const std::string shown = id.size() > available ? id.substr(0, available - 1) + "~" : id;
  std::string line =
      fmt::format("{}{:<{}}{}", verdict, shown, std::min(available, id_columns), rest)
          .substr(0, width);
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

std::string ExpectedText(const Claim& claim) {
  return ShortIntervalText(claim.expected) +
         (claim.rule == ClaimRule::kEverySeed ? ", every seed" : "");
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

std::string VerdictText(const Claim& claim) {
  const bool marked = claim.registered_late && claim.verdict != Verdict::kNotJudged;
  return fmt::format("{}{}", VerdictName(claim.verdict), marked ? "*" : "");
}

const Claim& FirstOf(const ScaledClaim& claim) {
  const auto first = std::ranges::find_if(claim, [](const Claim* one) { return one != nullptr; });
  INITBIAS_CHECK(first != claim.end());
  return **first;
}

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
  if (claim->values.empty()) {
    claim->verdict = Verdict::kNotJudged;
    claim->why = "no run of this profile measures it";
    return;
  }
  Decide(claim);
}

bool RegisteredLate(int64_t registration, std::string_view scale,
                    const std::vector<std::string>& times, std::string_view first_run_start) {
  if (first_run_start.empty()) {
    return false;
  }
  if (registration < 1 || static_cast<size_t>(registration) > times.size()) {
    return true;
  }
  if (std::ranges::any_of(kSeenBefore, [&](const SeenBefore& seen) {
        return seen.registration == registration && seen.scale == scale;
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

std::string ClaimRows(const std::vector<Claim>& claims, std::string_view scale, int width) {
  const size_t columns = Columns(width);
  std::string rows;
  const auto add = [&](const std::string& text) { rows += Wrapped(text, kIndent, columns); };
  for (const Claim& claim : claims) {
    rows += Head(claim, scale, columns);
    add(Placed(claim));
    add(MeasuredText(claim));
    add(SeedsText(claim));
    std::ranges::for_each(MetricLines(claim), add);
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
  const auto late = std::ranges::count_if(claims, [](const Claim& claim) {
    return claim.registered_late && claim.verdict != Verdict::kNotJudged;
  });
  if (late > 0) {
    totals += Wrapped(fmt::format("* {} of them {} registered after these seeds' runs began (or it "
                                  "is unknown when): read {} as exploratory until fresh seeds or "
                                  "another scale judge {}",
                                  late, late == 1 ? "was" : "were", late == 1 ? "it" : "them",
                                  late == 1 ? "it" : "them"),
                      0, Columns(width));
  }
  return totals;
}

std::string ClaimTable(const std::vector<Claim>& claims, std::string_view scale, int width) {
  return ClaimRows(claims, scale, width) + "\n" + ClaimTotals(claims, width);
}

std::string ClaimLine(const Claim& claim, std::string_view scale, int width) {
  return Line(fmt::format("{:<{}}", VerdictText(claim), kIndent), claim.id, kIdColumns,
              {fmt::format("  {:<7}  {}", scale, NumberText(claim.mean)),
               HasInterval(claim) ? fmt::format(" [{:.3g}, {:.3g}]", claim.lo, claim.hi) : "",
               ", " + ExpectedText(claim)},
              LineColumns(width));
}

std::vector<ScaledClaim> MatchClaims(const std::array<std::vector<Claim>, kScales.size()>& scales) {
  std::vector<ScaledClaim> matched;
  for (size_t scale = 0; scale < kScales.size(); ++scale) {
    for (const Claim& claim : scales[scale]) {
      auto same = std::ranges::find_if(
          matched, [&claim](const ScaledClaim& other) { return FirstOf(other).id == claim.id; });
      if (same == matched.end()) {
        same = matched.insert(same, ScaledClaim{});
      }
      (*same)[scale] = &claim;
    }
  }
  return matched;
}

std::string ClaimRows(const std::vector<ScaledClaim>& claims, int width) {
  const size_t columns = Columns(width);
  std::string rows;
  const auto add = [&](const std::string& text) { rows += Wrapped(text, kIndent, columns); };
  const std::vector<std::string> verdicts = VerdictColumns(claims);
  for (size_t i = 0; i < claims.size(); ++i) {
    // At another scale the claim may read otherwise, where it was amended in between.
    const Claim* stated = &FirstOf(claims[i]);
    const bool fits = verdicts[i].size() + 2 + stated->id.size() <= columns;
    rows += fits ? fmt::format("{}  {}\n", verdicts[i], stated->id)
                 : fmt::format("{}\n", Trim(verdicts[i]));
    if (!fits) {
      add(stated->id);
    }
    add(Placed(*stated));
    std::ranges::for_each(MetricLines(*stated), add);
    for (size_t scale = 0; scale < kScales.size(); ++scale) {
      const Claim* const claim = claims[i][scale];
      if (claim == nullptr) {
        continue;
      }
      add(fmt::format("{} scale: {}", kScales[scale], MeasuredText(*claim)));
      add(SeedsText(*claim));
      if (Placed(*claim) != Placed(*stated)) {
        add(Placed(*claim));
      }
      if (MetricLines(*claim) != MetricLines(*stated)) {
        std::ranges::for_each(MetricLines(*claim), add);
      }
      stated = claim;
      std::ranges::for_each(Remarks(*claim), add);
    }
  }
  return rows;
}

std::string ClaimLines(const std::vector<ScaledClaim>& claims, int width) {
  size_t ids = 0;
  for (const ScaledClaim& claim : claims) {
    ids = std::max(ids, FirstOf(claim).id.size());
  }
  ids = std::min(ids, kIdColumns);
  std::string lines;
  const std::vector<std::string> verdicts = VerdictColumns(claims);
  for (size_t i = 0; i < claims.size(); ++i) {
    const Claim& first = FirstOf(claims[i]);
    const std::string region = ExpectedText(first);
    std::vector<std::string> means;
    bool same_region = true;
    for (const Claim* claim : claims[i]) {
      means.push_back(claim != nullptr ? NumberText(claim->mean) : std::string(kNotMade));
      same_region = same_region && (claim == nullptr || ExpectedText(*claim) == region);
    }
    const std::string verdict = verdicts[i] + "  ";
    std::vector<std::string> parts = {fmt::format("  {}", fmt::join(means, " | "))};
    if (same_region) {
      parts.push_back(", " + region);
    }
    lines += Line(verdict, first.id, ids, parts, LineColumns(width)) + "\n";
  }
  return lines;
}

std::string ScaleNote(const std::vector<std::string>& missing, size_t studies, int width) {
  std::string note =
      "A verdict at reduced scale is evidence at that scale alone, and neither proves nor disproves "
      "what the paper says at its own. One at extended scale is of the paper's data, model and "
      "batch, but of a twentieth of the Transformer's epochs (GPT-2 and some appendix runs are as at "
      "reduced scale): what has not happened by then still may. One at paper scale is of the "
      "paper's own sizes and epochs.";
  if (missing.size() == studies) {
    note += " No study has a file at the paper's scale.";
  } else if (!missing.empty()) {
    note += fmt::format(" Without a file at the paper's scale: {}.", fmt::join(missing, ", "));
  }
  return Wrapped(note, 0, Columns(width));
}

}  // namespace initbias
