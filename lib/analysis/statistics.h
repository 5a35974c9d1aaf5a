// Means and medians of a few values, one per seed, and how well they are known.
// Pure functions; deterministic.
#ifndef INITBIAS_LIB_ANALYSIS_STATISTICS_H_
#define INITBIAS_LIB_ANALYSIS_STATISTICS_H_

#include <cstdint>
#include <span>
#include <vector>

namespace initbias {

// The arithmetic mean; of equal values that value itself, without rounding. NaN for no values and
// where one is NaN.
double Mean(std::span<const double> values);

// The middle value, or the mean of the two middle ones; NaN for an empty list or with a NaN in it.
double Median(std::vector<double> values);

// The t with P(T <= t) = probability for Student's T with `degrees` degrees of freedom, from the
// incomplete beta function (Abramowitz and Stegun, 26.5.27) by bisection; relative error below
// 1e-10. -infinity and +infinity for the probabilities 0 and 1. Aborts where the probability is not
// in [0, 1] or degrees < 1.
double StudentQuantile(double probability, int64_t degrees);

// Of independent values, with n - 1, in the square of their unit. Aborts for fewer than two.
double Variance(std::span<const double> values);

// lo <= hi, or both NaN.
struct ConfidenceInterval {
  double lo = 0;
  double hi = 0;
};

// Student's interval of the mean of independent normal values of unknown variance: mean +- t s /
// sqrt(n), s with n - 1 degrees of freedom, in the unit of the values. Equal values v: [v, v]. One
// value: -infinity .. +infinity. NaN bounds for no values and where one is NaN or infinite. Aborts
// where level is not in (0, 1).
ConfidenceInterval StudentInterval(std::span<const double> values, double level = 0.95);

// log2 of `ratio`; NaN where that is not finite or not positive.
double FiniteLog2(double ratio);

// Probability of at least `successes` of `trials` at `probability` each.
double BinomialUpperTail(int64_t successes, int64_t trials, double probability);

}  // namespace initbias

#endif  // INITBIAS_LIB_ANALYSIS_STATISTICS_H_
