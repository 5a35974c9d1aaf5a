// Sentences on what a figure's numbers say, made of these: right whatever they are. A value that
// is not there is said not to be.
#ifndef INITBIAS_EXPERIMENTS_FINDINGS_H_
#define INITBIAS_EXPERIMENTS_FINDINGS_H_

#include <cstddef>
#include <string>
#include <vector>

#include "lib/store/figure_file.h"

namespace initbias {

// What was measured at one place, a value a seed in their order; NaN where there is none.
struct SeedList {
  std::string name;  // of the place: "gamma = 0.8"
  std::vector<double> values;
};

// The place of `name` among `names`. Throws NoSuchFigureData where it is not among them.
size_t PlaceOf(const std::vector<std::string>& names, const std::string& name);

// Median and range: "0.52 (0.41 .. 0.60)"; "0.52 (0.41 .. 0.60, 2 of 3 seeds)" where some are
// missing, "no value" where half or more are.
std::string RangeText(const std::vector<double>& values);

// How the medians of two places lie, both values, and of how many seeds that is true: "X lies above
// Y: 0.90 (0.88 .. 0.93) beside 0.50 (0.45 .. 0.52), in 3 of 3 seeds"; "X lies below Y: ..", "X is
// as Y: .." for equal medians; "X cannot be compared with Y: 0.90 (0.88 .. 0.93) beside no value"
// where one has no median. Aborts where one has more seeds than the other.
std::string CompareText(const SeedList& x, const SeedList& y);

// CompareText of the last column (SeedsOfColumn) of an array whose rows are the seeds, which is
// called `last`, beside the first: a measure at the ends of what was varied.
std::string EndsText(const FigureArray& seeds, const std::string& last, const std::string& first);

// "largest with X, 0.90 (0.88 .. 0.93), and smallest with Y, 0.10 (0.08 .. 0.11)", by medians, the
// first of equals; ", without a value with Z" after it. "measured nowhere" where no place has a
// median.
std::string ExtremesText(const std::vector<SeedList>& places);

// Of those places at which the values lie above `others`' (each beside the one at its place) in
// every seed: "gamma = 0.8, gamma = 1 (2 of 5)", "none of 5"; "; without all values: gamma = 1"
// after it where a value of one of both is missing.
std::string EverywhereAbove(const std::vector<SeedList>& places,
                            const std::vector<std::vector<double>>& others);

}  // namespace initbias

#endif  // INITBIAS_EXPERIMENTS_FINDINGS_H_
