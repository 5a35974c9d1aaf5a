// The chi-square statistic of counts, as a number that is easy to judge.
#ifndef INITBIAS_TESTS_RNG_CHI_SQUARE_H_
#define INITBIAS_TESTS_RNG_CHI_SQUARE_H_

#include <cmath>
#include <cstdint>
#include <span>

namespace initbias {

// How many standard deviations the chi-square statistic of `counts` against equal probabilities
// lies above its mean: nearly standard normal if they are equal (Wilson and Hilferty, 1931), large
// if they are not, very negative if the counts are too even to be random. At least two counts.
inline double ChiSquareDeviation(std::span<const int64_t> counts) {
  double total = 0;
  for (const int64_t count : counts) {
    total += static_cast<double>(count);
  }
  const double expected = total / static_cast<double>(counts.size());
  double chi_square = 0;
  for (const int64_t count : counts) {
    const double difference = static_cast<double>(count) - expected;
    chi_square += difference * difference / expected;
  }
  const double freedom = static_cast<double>(counts.size() - 1);
  const double variance = 2.0 / (9.0 * freedom);
  return (std::cbrt(chi_square / freedom) - (1.0 - variance)) / std::sqrt(variance);
}

}  // namespace initbias

#endif  // INITBIAS_TESTS_RNG_CHI_SQUARE_H_
