#include "lib/theory/attention_bound.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "lib/rng/stream.h"

namespace initbias {
namespace {

// No scores within the bound deviate by more than it says, and some reach most of it.
TEST(LargestDeviationTest, BoundsSoftmaxOfBoundedScores) {
  Stream stream(1, "test/scores");
  double reached = 0;
  constexpr double kBound = 0.3;
  constexpr int64_t kLength = 9;
  for (int trial = 0; trial < 2000; ++trial) {
    for (int64_t row = 1; row <= kLength; ++row) {
      std::vector<double> entries;
      double sum = 0;
      for (int64_t j = 0; j < row; ++j) {
        const bool extreme = trial % 2 == 0;
        const double u = stream.Uniform();
        const double score = extreme ? (u < 1.0 / 9 ? kBound : -kBound) : kBound * (2 * u - 1);
        entries.push_back(std::exp(score));
        sum += entries.back();
      }
      for (const double entry : entries) {
        reached = std::max(reached, std::fabs(entry / sum * static_cast<double>(row) - 1));
      }
    }
  }
  EXPECT_LE(reached, LargestDeviation(kBound));
  EXPECT_GT(reached, 0.7 * LargestDeviation(kBound));
}

TEST(ScoreBoundTest, IsTheProductOverTheRootOfTheKeyWidth) {
  EXPECT_DOUBLE_EQ(ScoreBound(2, 3, 0.5, 9), 1.0);
}

}  // namespace
}  // namespace initbias
