#include "lib/theory/attention_bound.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "lib/rng/stream.h"

namespace initbias {
namespace {

TEST(DeviationFromAveragingTest, AveragingItselfHasNone) {
  const std::vector<double> averaging = {1, 0, 0, 0.5, 0.5, 0, 1.0 / 3, 1.0 / 3, 1.0 / 3};
  const AveragingDeviation deviation = DeviationFromAveraging(averaging, 3);
  EXPECT_NEAR(deviation.mean, 0, 1e-15);
  EXPECT_NEAR(deviation.largest, 0, 1e-15);
}

TEST(DeviationFromAveragingTest, ByHand) {
  // Row 2: (0.75, 0.25) deviates by 0.5 twice; row 3: (1, 0, 0) by 2, 1 and 1.
  const std::vector<double> attention = {1, 0, 0, 0.75, 0.25, 0, 1, 0, 0};
  const AveragingDeviation deviation = DeviationFromAveraging(attention, 3);
  EXPECT_NEAR(deviation.mean, (0.5 + 0.5 + 2 + 1 + 1) / 5, 1e-12);
  EXPECT_NEAR(deviation.largest, 2, 1e-12);
}

TEST(DeviationFromAveragingTest, OneRowIsAlwaysAveraging) {
  EXPECT_EQ(DeviationFromAveraging(std::vector<double>{1}, 1).mean, 0);
}

// No scores within the bound deviate by more than it says, and some reach most of it.
TEST(LargestDeviationTest, BoundsSoftmaxOfBoundedScores) {
  Stream stream(1, "test/scores");
  double reached = 0;
  constexpr double kBound = 0.3;
  constexpr int64_t kLength = 9;
  for (int trial = 0; trial < 2000; ++trial) {
    std::vector<double> attention(kLength * kLength, 0.0);
    for (size_t i = 0; i < kLength; ++i) {
      double sum = 0;
      for (size_t j = 0; j <= i; ++j) {
        const bool extreme = trial % 2 == 0;
        const double u = stream.Uniform();
        const double score = extreme ? (u < 1.0 / 9 ? kBound : -kBound) : kBound * (2 * u - 1);
        attention[i * kLength + j] = std::exp(score);
        sum += attention[i * kLength + j];
      }
      for (size_t j = 0; j <= i; ++j) {
        attention[i * kLength + j] /= sum;
      }
    }
    reached = std::max(reached, DeviationFromAveraging(attention, kLength).largest);
  }
  EXPECT_LE(reached, LargestDeviation(kBound));
  EXPECT_GT(reached, 0.7 * LargestDeviation(kBound));
}

TEST(ScoreBoundTest, IsTheProductOverTheRootOfTheKeyWidth) {
  EXPECT_DOUBLE_EQ(ScoreBound(2, 3, 0.5, 9), 1.0);
}

TEST(DeviationFromAveragingDeathTest, WrongSize) {
  EXPECT_DEATH(DeviationFromAveraging(std::vector<double>{1, 0}, 2), "internal error");
}

}  // namespace
}  // namespace initbias
