#include "lib/claims/claim_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "lib/base/error.h"
#include "lib/base/text.h"

namespace initbias {
namespace {

constexpr size_t kIndent = 12;  // of what stands below a claim's verdict
constexpr std::string_view kNotMade = "-";

// The columns of a terminal of `width`, of which narrow ones are taken to be wider.
size_t Columns(int width) { return static_cast<size_t>(std::max(width, 40)); }

// The columns of a table with a line a claim.
size_t LineColumns(int width) {
  return static_cast<size_t>(std::clamp(width, 80, kClaimLineWidth));
}

std::string NumberText(double value) { return ValuesText({value}); }

// As IntervalText, but shorter where there are two bounds: "in [-0.1, 0.1]".
std::string ShortIntervalText(const Interval& interval) {
  return std::isinf(interval.lo) || std::isinf(interval.hi)
             ? IntervalText(interval)
             : fmt::format("in {}{:.3g}, {:.3g}{}", interval.strict ? "(" : "[", interval.lo,
                           interval.hi, interval.strict ? ")" : "]");
}

// Whether an interval of the mean says anything.
bool HasInterval(const Claim& claim) { return claim.values.size() > 1 && !std::isnan(claim.lo); }

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

std::string ScaleNote(std::vector<std::string> missing, const std::vector<std::string>& partial,
                      size_t studies, int width) {
  std::string note =
      "A verdict at reduced scale is evidence at that scale alone, and neither proves nor disproves "
      "what the paper says at its own. One at extended scale is of the paper's data, model and "
      "batch, but of a twentieth of the Transformer's epochs (GPT-2 and some appendix runs are as at "
      "reduced scale): what has not happened by then still may. One at paper scale is of the "
      "paper's own sizes and epochs.";
  const bool none = missing.size() == studies;
  missing.insert(missing.end(), partial.begin(), partial.end());
  if (none) {
    note += studies == 1 ? fmt::format(" {} has no file at the paper's scale.", missing.front())
                         : " None of these studies has a file at the paper's scale.";
  } else if (!missing.empty()) {
    note += fmt::format(" Without a file at the paper's scale: {}.", fmt::join(missing, ", "));
  }
  return Wrapped(note, 0, Columns(width));
}

}  // namespace initbias
