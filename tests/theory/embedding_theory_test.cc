#include "lib/theory/embedding_theory.h"

#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace initbias {
namespace {

using testing::ElementsAre;

TEST(EmbeddingVelocityTest, ByHand) {
  // d_m = 2, d_f = 1, d_vob = 2: drive (0.3, -0.3), W2 = (1, 3), W1 = (2, -1)^T.
  const std::vector<double> p = {0.8, 0.2};
  const std::vector<float> w1 = {2, -1};
  const std::vector<float> w2 = {1, 3};
  const std::vector<double> velocity = EmbeddingVelocity(p, 0.5, w1, w2, 2, 1);
  // (0.3 * 1 - 0.3 * 3) = -0.6; times (2, -1), halved.
  ASSERT_EQ(velocity.size(), 2u);
  EXPECT_NEAR(velocity[0], -0.6, 1e-12);
  EXPECT_NEAR(velocity[1], 0.3, 1e-12);
}

TEST(EmbeddingVelocityTest, AUniformLabelDrivesNothing) {
  const std::vector<double> p = {0.25, 0.25, 0.25, 0.25};
  const std::vector<float> w1 = {1, 2};
  const std::vector<float> w2 = {1, -2, 3, 4};
  EXPECT_THAT(EmbeddingVelocity(p, 1, w1, w2, 2, 1), ElementsAre(0.0, 0.0));
}

TEST(CentredDistributionTest, SumsToZero) {
  EXPECT_THAT(CentredDistribution(std::vector<double>{1, 0, 0, 0}),
              ElementsAre(0.75, -0.25, -0.25, -0.25));
}

TEST(ApproximateEmbeddingTest, IsABumpAtTheTokenPlusNoiseOfTheStatedSize) {
  constexpr int64_t kWidth = 200;
  const auto without_noise = [](int64_t s, bool anchor, int64_t i) {
    const auto distance = static_cast<double>(i - s);
    return std::exp(-distance * distance / 12) - (anchor ? 1.0 / kWidth : 0.0);
  };
  for (const bool anchor : {true, false}) {
    const std::vector<double> w = ApproximateEmbedding(15, anchor, kWidth, 0.8, 1);
    ASSERT_EQ(w.size(), 200u);
    double square = 0;
    for (int64_t i = 1; i <= kWidth; ++i) {
      const double noise = w[static_cast<size_t>(i - 1)] - without_noise(15, anchor, i);
      square += noise * noise;
    }
    const double std = std::pow(200.0, -0.8);
    EXPECT_NEAR(std::sqrt(square / kWidth), std, 0.2 * std);  // 4 standard errors
  }
}

TEST(ApproximateEmbeddingTest, SeedAndTokenNameTheNoise) {
  EXPECT_EQ(ApproximateEmbedding(15, true, 50, 0.8, 1), ApproximateEmbedding(15, true, 50, 0.8, 1));
  EXPECT_NE(ApproximateEmbedding(15, true, 50, 0.8, 1), ApproximateEmbedding(15, true, 50, 0.8, 2));
}

TEST(ApproximationErrorOrderTest, FallsWithGammaAndAnchors) {
  EXPECT_NEAR(ApproximationErrorOrder(100, 4, 1.0), 0.5 + 0.01, 1e-12);
  EXPECT_LT(ApproximationErrorOrder(200, 2, 0.8), ApproximationErrorOrder(200, 2, 0.5));
}

TEST(EmbeddingVelocityDeathTest, SizesThatClash) {
  const std::vector<double> p = {0.5, 0.5};
  const std::vector<float> w = {1, 2, 3};
  EXPECT_DEATH(EmbeddingVelocity(p, 1, w, w, 2, 1), "internal error");
}

}  // namespace
}  // namespace initbias
