// Claims: what the paper says, turned into a number and an interval before the number is known.
//
// A claim's metric is measured once per seed; its median decides. The interval stands in the source
// beside the paper's words and is never fitted to a result: a claim that fails is shown as
// "differs", which is a result too.
#ifndef INITBIAS_LIB_CLAIMS_CLAIM_H_
#define INITBIAS_LIB_CLAIMS_CLAIM_H_

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

// Whether `value` lies in `interval`; NaN never does.
bool Contains(const Interval& interval, double value);

// E.g. ">= 0.5", "within -0.1 .. 0.1", "> 0".
std::string IntervalText(const Interval& interval);

enum class Verdict { kHolds, kDiffers, kNotJudged };

// "holds", "differs" or "not judged".
std::string_view VerdictName(Verdict verdict);
// The inverse of VerdictName. Throws Error for any other text.
Verdict ParseVerdict(std::string_view name);

struct Claim {
  std::string id;              // e.g. "fig3.A.same_rate"
  std::string statement;       // what the paper says, with its place
  std::string metric;          // what is measured, so that a reader could do it by hand
  Interval expected;           // where the metric's median is to lie
  std::vector<double> values;  // one per seed
  std::string reason;          // where it may differ: the likely reason; or ""
  Verdict verdict = Verdict::kNotJudged;

  // The median of `values`; NaN where there are none or one is NaN.
  double MedianValue() const;
};

// Sets the verdict from the median. Where `judged` is false (a profile too small to mean anything),
// it is kNotJudged.
void Judge(Claim* claim, bool judged);

// The middle value, or the mean of the two middle ones; NaN for an empty list or with a NaN in it.
double Median(std::vector<double> values);

// The claims as a table for a terminal of `width` columns, with a line that counts the verdicts.
std::string ClaimTable(const std::vector<Claim>& claims, int width);

}  // namespace initbias

#endif  // INITBIAS_LIB_CLAIMS_CLAIM_H_
