// Claims: what the paper says, turned into a number and a region before the number is known, and
// the one rule by which a claim is judged. Claims as text: claim_text.h.
//
// A claim's metric is measured once per seed. What is required of it (statement, metric, region,
// preconditions) is registered in git before the seeds that judge it are trained; what was
// registered later is marked wherever its verdict is shown. A claim that fails is shown as
// "differs", one that cannot be told as "undecided", which are results too.
//
// The rule (Judge):
//   holds       the 95 % confidence interval of the mean over seeds (Student's t) lies in the
//               region; of a claim about every seed: each of at least kFewestSeeds seeds lies in it
//   differs     the interval lies wholly outside; of a claim about every seed: none lies in it
//   undecided   all else, with why: a precondition failed, a value is NaN, there are too few
//               seeds, or the interval (the seeds) lies on both sides
//   not judged  the run was not one that can be judged (smoke profile, overrides, other seeds), or
//               no run of its profile measures the claim (no values)
// Where preconditions fail without which a claim may still differ (for_holds_only), and no others,
// it differs if its values alone say so, and is undecided else. The values of a claim with such a
// precondition may be infinite (an event that has not happened yet). There is no interval then: it
// differs if each of at least kFewestSeeds seeds lies outside of the region on the same side.
#ifndef INITBIAS_LIB_CLAIMS_CLAIM_H_
#define INITBIAS_LIB_CLAIMS_CLAIM_H_

#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace initbias {

// The values of a metric that bear a claim out: lo <= value <= hi, or < where a bound is strict.
struct Interval {
  double lo = -std::numeric_limits<double>::infinity();
  double hi = std::numeric_limits<double>::infinity();
  bool strict = false;  // the bounds themselves are outside
};

inline Interval AtLeast(double lo) { return {.lo = lo}; }
inline Interval AtMost(double hi) { return {.hi = hi}; }
inline Interval Between(double lo, double hi) { return {.lo = lo, .hi = hi}; }
inline Interval Above(double lo) { return {.lo = lo, .strict = true}; }
inline Interval Below(double hi) { return {.hi = hi, .strict = true}; }

// Whether `value` lies in `interval`; NaN never does.
bool Contains(const Interval& interval, double value);

// E.g. ">= 0.5", "within -0.1 .. 0.1", "> 0".
std::string IntervalText(const Interval& interval);

// With three digits each, "0.123, 4, nan": a NaN without its sign, which says nothing.
std::string ValuesText(const std::vector<double>& values);

enum class Verdict { kHolds, kDiffers, kUndecided, kNotJudged };

// "holds", "differs", "undecided" or "not judged".
std::string_view VerdictName(Verdict verdict);
// The inverse of VerdictName. Throws Error for any other text.
Verdict ParseVerdict(std::string_view name);

// Whose statement it is.
enum class ClaimKind {
  kText,     // the paper says it in words
  kPicture,  // one of its figures shows it
  kDerived,  // follows from what it says, or is what an appendix of which only the outline is known
             // presumably shows
  kOurs,     // a hypothesis of our own; never counts as the paper's
};
std::string_view ClaimKindName(ClaimKind kind);  // "text", "picture", "derived", "ours"
// The inverse of ClaimKindName. Throws Error for any other text.
ClaimKind ParseClaimKind(std::string_view name);
// In the order of the enumeration.
inline constexpr ClaimKind kClaimKinds[] = {ClaimKind::kText, ClaimKind::kPicture,
                                            ClaimKind::kDerived, ClaimKind::kOurs};

// What a claim requires of the values of the seeds.
enum class ClaimRule {
  kMean,       // the 95 % interval of their mean lies in the region
  kEverySeed,  // each of them lies in it
};
std::string_view ClaimRuleName(ClaimRule rule);  // "mean over seeds", "every seed"
// The inverse of ClaimRuleName. Throws Error for any other text.
ClaimRule ParseClaimRule(std::string_view name);

// The first seed that judges. Seeds 1 .. 3 are the pilot, on which metrics were found.
inline constexpr int64_t kFirstJudgingSeed = 4;
// A claim about every seed needs as many: five heads in a row have a probability of 1/32.
inline constexpr size_t kFewestSeeds = 5;

// What must have happened in every seed for a claim's predicate to mean anything.
struct Precondition {
  std::string text;  // with its metric, e.g. "accuracy on both training sets at the end, the lower"
  Interval expected;
  std::vector<double> values;  // one per seed
  // True where the claim's values can only move away from its region as training goes on (a
  // smallest loss so far): where this fails, the claim cannot hold yet, but may differ.
  bool for_holds_only = false;
};

// What `why` begins with where a precondition failed.
inline constexpr std::string_view kPreconditionFailed = "precondition failed";

struct Claim {
  std::string id;         // e.g. "fig3.A.same_rate"
  std::string statement;  // what the paper says, in our words
  std::string place;      // where: "Section 4.1, figure 3A"
  ClaimKind kind = ClaimKind::kText;
  std::string metric;  // what is measured, so that a reader could do it by hand
  Interval expected;   // the region in which a value bears the statement out
  ClaimRule rule = ClaimRule::kMean;
  std::vector<Precondition> preconditions;
  // Why the region is what it is, where the paper's words do not give it; "" for a sign.
  std::string threshold_reason;
  // Why this entry replaces an earlier registered one of the same id; "" where it is the first.
  std::string amended;
  // The registration in which the entry stands: 1 is experiments/claims.json, n claims_<n>.json.
  int64_t registration = 1;
  // Registered when the runs that judge it had begun, or at a time unknown. No file stores it.
  bool registered_late = false;

  std::vector<double> values;  // one per seed, in the order of `seeds`
  std::vector<int64_t> seeds;
  std::string reason;  // where it differs: the likely reason, made of what was measured; or ""

  // Set by Judge.
  Verdict verdict = Verdict::kNotJudged;
  double mean = 0;  // of `values`; NaN where there are none or one is NaN
  double lo = 0;    // the 95 % interval of the mean; NaN likewise, infinite for one seed
  double hi = 0;
  // Of undecided and not judged: what stands against a verdict. Of one that differs although a
  // precondition failed: which.
  std::string why;
};

// Sets the verdict, the interval and why, by the rule above. `not_judged`: why these runs cannot be
// judged at all; "" where they can.
void Judge(const std::string& not_judged, Claim* claim);

// The rule on pilot seeds, of which there are too few for an interval: holds where every seed's
// value lies in the region, differs where none does; undecided else, where a value is NaN or there
// is none, and where a precondition failed, but one that is for holding only stands in the way of
// that alone.
Verdict PilotVerdict(const Claim& claim);

// The judging seeds of a study at a scale had been seen when a registration was written. To train
// them again makes them no fresher, whatever the times say.
struct SeenBefore {
  int64_t registration;
  std::string_view scale;
  std::string_view study;  // "": of all studies
};
inline constexpr SeenBefore kSeenBefore[] = {
    {.registration = 2, .scale = "reduced", .study = ""},
    {.registration = 4, .scale = "reduced", .study = ""},
    // The first runs at the paper's scale began on 2026-11-25, 23:28 UTC (figure 4 and the figure
    // of appendix C that shares them) and on 2026-11-26, 00:12 UTC (figure 8); the second
    // registration is of 03:04 UTC.
    {.registration = 2, .scale = "paper", .study = "appendix_c_fig4"},
    {.registration = 2, .scale = "paper", .study = "fig4"},
    {.registration = 2, .scale = "paper", .study = "fig8"},
    {.registration = 2, .scale = "extended", .study = "appendix_open_choices"}};

// Whether a claim of `study` and of `registration` was registered too late to judge by runs of
// which the first began at `first_run_start`: not earlier, at a time unknown, or after the seeds of
// that study had been seen at that scale. False where nothing was trained (""). `times`: of each
// registration in their order. All times are UTC, ISO 8601.
bool RegisteredLate(std::string_view study, int64_t registration, std::string_view scale,
                    const std::vector<std::string>& times, std::string_view first_run_start);

// How many of `claims` hold, differ, are undecided and are not judged, in all and by kind.
struct ClaimCounts {
  int64_t all = 0;
  int64_t by_verdict[4] = {0, 0, 0, 0};  // in the order of Verdict
};
ClaimCounts CountClaims(const std::vector<Claim>& claims);
ClaimCounts CountClaims(const std::vector<Claim>& claims, ClaimKind kind);

// "12 claims: 8 hold, 1 differs, 3 undecided", with "not judged" where there are such.
std::string CountsText(const ClaimCounts& counts);

// The scales at which claims are judged, the smallest first.
inline constexpr std::array<std::string_view, 3> kScales = {"reduced", "extended", "paper"};

}  // namespace initbias

#endif  // INITBIAS_LIB_CLAIMS_CLAIM_H_
