// Energies and singular values of matrices of known spectrum.
#include "lib/analysis/spectrum.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "lib/rng/stream.h"
#include "tests/non_finite.h"

namespace initbias {
namespace {

using Values = std::vector<double>;

TEST(EnergyShareTest, ByHand) {
  const Matrix rows{.rows = 2, .columns = 2, .values = {3, 0, 0, 4}};
  EXPECT_EQ(EnergyShare(rows, Values{1, 0}), 9.0 / 25);
  EXPECT_EQ(EnergyShare(rows, Values{0, 1}), 16.0 / 25);
  EXPECT_EQ(EnergyShare(rows, Values{0, -7}), 16.0 / 25) << "the length does not matter";
  EXPECT_DOUBLE_EQ(EnergyShare(rows, Values{1, 1}), 0.5);
}

TEST(EnergyShareTest, RankOne) {
  const Matrix rows{.rows = 3, .columns = 2, .values = {1, 2, -2, -4, 0.5, 1}};
  EXPECT_DOUBLE_EQ(EnergyShare(rows, Values{1, 2}), 1.0);
  EXPECT_DOUBLE_EQ(EnergyShare(rows, Values{2, -1}), 0.0);
}

TEST(EnergyShareTest, OfSingularVectorsIsTheirSquare) {
  Stream stream(1, "test/energy_share");
  Matrix rows{.rows = 5, .columns = 3};
  for (int i = 0; i < 15; ++i) {
    rows.values.push_back(stream.Normal());
  }
  const Svd svd = SingularValues(rows);
  double sum = 0;
  for (int64_t k = 0; k < 3; ++k) {
    const Values u = {svd.right(0, k), svd.right(1, k), svd.right(2, k)};
    const double value = svd.values[static_cast<size_t>(k)];
    double all = 0;
    for (const double other : svd.values) {
      all += other * other;
    }
    EXPECT_NEAR(EnergyShare(rows, u), value * value / all, 1e-12);
    sum += EnergyShare(rows, u);
  }
  EXPECT_NEAR(sum, 1.0, 1e-12);
}

TEST(EnergyShareTest, NoNumber) {
  const Matrix rows{.rows = 1, .columns = 2, .values = {3, 0}};
  EXPECT_TRUE(std::isnan(EnergyShare(rows, Values{0, 0})));
  EXPECT_TRUE(std::isnan(EnergyShare({.rows = 1, .columns = 1, .values = {0}}, Values{1})));
  EXPECT_TRUE(std::isnan(EnergyShare({.rows = 1, .columns = 1, .values = {kNan}}, Values{1})));
  EXPECT_DEATH(EnergyShare(rows, Values{1}), "internal error");
}

TEST(DominanceTest, KnownValues) {
  EXPECT_EQ(Dominance(Values{6, 2, 1}), 3.0);
  EXPECT_EQ(Dominance(Values{2, 2}), 1.0);
  EXPECT_EQ(Dominance(Values{2, 0}), kInfinity);
  EXPECT_TRUE(std::isnan(Dominance(Values{0, 0})));
  EXPECT_TRUE(std::isnan(Dominance(Values{2})));
  EXPECT_TRUE(std::isnan(Dominance(Values{})));
}

// The same draws through the singular value decomposition.
TEST(RandomDominanceTest, IsThatOfSingularValues) {
  Stream stream(1, "analysis/random_dominance");
  double sum = 0;
  for (int draw = 0; draw < 20; ++draw) {
    Matrix matrix{.rows = 4, .columns = 6};
    for (int i = 0; i < 24; ++i) {
      matrix.values.push_back(stream.Normal());
    }
    sum += Dominance(SingularValues(matrix).values);
  }
  EXPECT_NEAR(RandomDominance(4, 6, 20).mean, sum / 20, 1e-12);
}

TEST(RandomDominanceTest, OneDrawIsItsOwnQuantile) {
  const RandomEdge edge = RandomDominance(5, 3, 1);
  EXPECT_GT(edge.mean, 1.0);
  EXPECT_EQ(edge.quantile99, edge.mean);
}

// The first singular values of large matrices lie close together.
TEST(RandomDominanceTest, ComesNearOneForLargeMatrices) {
  const RandomEdge small = RandomDominance(4, 4);
  const RandomEdge large = RandomDominance(60, 40);
  EXPECT_GT(small.mean, 1.3);
  EXPECT_LT(large.mean, 1.1);
  EXPECT_GT(large.mean, 1.0);
  EXPECT_GT(small.quantile99, small.mean);
  EXPECT_GT(large.quantile99, large.mean);
  EXPECT_LT(large.quantile99, 1.25);
}

TEST(RandomDominanceDeathTest, RefusesVectors) {
  EXPECT_DEATH(RandomDominance(1, 5), "internal error");
  EXPECT_DEATH(RandomDominance(5, 1), "internal error");
  EXPECT_DEATH(RandomDominance(5, 5, 0), "internal error");
}

TEST(RelativeNormTest, ByHand) {
  const Matrix map{.rows = 2, .columns = 2, .values = {2, 0, 0, 1}};
  const Matrix a{.rows = 2, .columns = 2, .values = {3, 8, 0, 4}};  // to norms 10 and 4
  const Matrix b{.rows = 1, .columns = 2, .values = {1, 0}};        // to norm 2
  EXPECT_EQ(RelativeNorm(a, b, map), 3.5);
  EXPECT_EQ(RelativeNorm(b, a, map), 1 / 3.5);
  EXPECT_EQ(RelativeNorm(a, a, map), 1.0);
}

TEST(RelativeNormTest, NoNumber) {
  const Matrix map{.rows = 1, .columns = 1, .values = {1}};
  const Matrix one{.rows = 1, .columns = 1, .values = {1}};
  const Matrix zero{.rows = 1, .columns = 1, .values = {0}};
  EXPECT_EQ(RelativeNorm(one, zero, map), kInfinity);
  EXPECT_TRUE(std::isnan(RelativeNorm(zero, zero, map)));
  EXPECT_TRUE(std::isnan(RelativeNorm({.rows = 0, .columns = 1}, one, map)));
  EXPECT_DEATH(RelativeNorm({.rows = 1, .columns = 2, .values = {1, 2}}, one, map),
               "internal error");
}

}  // namespace
}  // namespace initbias
