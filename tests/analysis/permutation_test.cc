// Permutation tests on matrices whose probability can be counted by hand, and their behaviour on
// order and on noise.
#include "lib/analysis/permutation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <vector>

#include "lib/rng/stream.h"
#include "tests/non_finite.h"

namespace initbias {
namespace {

Matrix Square(int64_t size, const std::function<double(int64_t, int64_t)>& entry) {
  Matrix matrix{.rows = size, .columns = size};
  for (int64_t i = 0; i < size; ++i) {
    for (int64_t j = 0; j < size; ++j) {
      matrix.values.push_back(entry(i, j));
    }
  }
  return matrix;
}

// Falls with the distance, exactly in line with it.
Matrix Decay(int64_t size) {
  return Square(size, [](int64_t i, int64_t j) { return 1 - 0.1 * std::abs(double(i - j)); });
}

Matrix Column(const std::vector<double>& values) {
  return {.rows = static_cast<int64_t>(values.size()), .columns = 1, .values = values};
}

Matrix Noise(int64_t rows, int64_t columns, uint64_t seed) {
  Stream stream(seed, "test/permutation");
  Matrix matrix{.rows = rows, .columns = columns};
  for (int64_t i = 0; i < rows * columns; ++i) {
    matrix.values.push_back(stream.Normal());
  }
  return matrix;
}

// Of the n! orders only the given one and its reverse keep all distances.
TEST(DistanceDecayTestTest, PerfectDecayIsMatchedByItsReverseAlone) {
  double orders = 2;
  for (int64_t n = 3; n <= 7; ++n) {
    orders *= static_cast<double>(n);
    const PermutationTest test = DistanceDecayTest(Decay(n));
    EXPECT_NEAR(test.statistic, -1.0, 1e-12);
    EXPECT_DOUBLE_EQ(test.probability, 2 / orders) << n;
  }
}

// With one near pair of three, it lies beside each other in 4 of 6 orders.
TEST(DistanceDecayTestTest, ByHand) {
  const Matrix near = Square(3, [](int64_t i, int64_t j) { return i + j == 1 ? 1.0 : 0.0; });
  EXPECT_NEAR(DistanceDecayTest(near).statistic, -0.5, 1e-12);
  EXPECT_DOUBLE_EQ(DistanceDecayTest(near).probability, 4.0 / 6);
  const Matrix far = Square(3, [](int64_t i, int64_t j) { return i + j == 2 ? 1.0 : 0.0; });
  EXPECT_NEAR(DistanceDecayTest(far).statistic, 1.0, 1e-12);
  EXPECT_DOUBLE_EQ(DistanceDecayTest(far).probability, 1.0);
}

TEST(DistanceDecayTestTest, SampledOrdersOfManyRows) {
  const PermutationTest test = DistanceDecayTest(Decay(20), 999);
  EXPECT_NEAR(test.statistic, -1.0, 1e-12);
  EXPECT_DOUBLE_EQ(test.probability, 1.0 / 1000);
  const Matrix rising = Square(20, [](int64_t i, int64_t j) { return std::abs(double(i - j)); });
  EXPECT_DOUBLE_EQ(DistanceDecayTest(rising, 99).probability, 1.0);
}

TEST(DistanceDecayTestTest, IsDeterministic) {
  const Matrix noise = CosineMatrix(Noise(12, 5, 1));
  EXPECT_EQ(DistanceDecayTest(noise, 500).probability, DistanceDecayTest(noise, 500).probability);
}

TEST(DistanceDecayTestTest, ReadsAboveTheDiagonalAlone) {
  Matrix matrix = Decay(6);
  for (int64_t i = 0; i < 6; ++i) {
    for (int64_t j = 0; j <= i; ++j) {
      matrix.values[static_cast<size_t>(i * 6 + j)] = kNan;
    }
  }
  EXPECT_EQ(DistanceDecayTest(matrix).statistic, DistanceDecayTest(Decay(6)).statistic);
  EXPECT_EQ(DistanceDecayTest(matrix).probability, DistanceDecayTest(Decay(6)).probability);
}

// Under the hypothesis that the order means nothing, p <= 0.2 in a fifth of the cases: 4 standard
// deviations of 200 tests.
TEST(DistanceDecayTestTest, KeepsItsLevelOnNoise) {
  int rejected = 0;
  for (uint64_t seed = 0; seed < 200; ++seed) {
    rejected += DistanceDecayTest(CosineMatrix(Noise(9, 6, seed)), 199).probability <= 0.2 ? 1 : 0;
  }
  EXPECT_NEAR(rejected, 40, 23);
}

TEST(DistanceDecayTestTest, NoNumber) {
  Matrix with_nan = Decay(5);
  with_nan.values[1] = kNan;
  const Matrix constant = Square(5, [](int64_t, int64_t) { return 0.3; });
  for (const Matrix& matrix : {Matrix{}, Decay(1), Decay(2), with_nan, constant}) {
    EXPECT_TRUE(std::isnan(DistanceDecayTest(matrix).statistic));
    EXPECT_TRUE(std::isnan(DistanceDecayTest(matrix).probability));
  }
}

TEST(MantelTestTest, AMatrixAgreesWithItself) {
  const Matrix matrix = CosineMatrix(Noise(6, 4, 3));
  EXPECT_NEAR(MantelTest(matrix, matrix).statistic, 1.0, 1e-12);
  EXPECT_DOUBLE_EQ(MantelTest(matrix, matrix).probability, 1.0 / 720);
  const Matrix large = CosineMatrix(Noise(15, 4, 3));
  EXPECT_DOUBLE_EQ(MantelTest(large, large, 99).probability, 1.0 / 100);
}

TEST(MantelTestTest, ScaleAndShiftDoNotMatterTheSignDoes) {
  const Matrix a = CosineMatrix(Noise(6, 4, 4));
  const Matrix b = CosineMatrix(Noise(6, 4, 5));
  Matrix c = b;
  Matrix d = b;
  for (size_t i = 0; i < b.values.size(); ++i) {
    c.values[i] = 3 * b.values[i] + 7;
    d.values[i] = -b.values[i];
  }
  EXPECT_NEAR(MantelTest(a, c).statistic, MantelTest(a, b).statistic, 1e-12);
  EXPECT_EQ(MantelTest(a, c).probability, MantelTest(a, b).probability);
  EXPECT_NEAR(MantelTest(a, d).statistic, -MantelTest(a, b).statistic, 1e-12);
  EXPECT_NEAR(MantelTest(a, d).probability + MantelTest(a, b).probability, 1 + 1.0 / 720, 1e-12)
      << "without ties but with itself";
  EXPECT_NEAR(MantelTest(b, a).probability, MantelTest(a, b).probability, 1e-12);
}

TEST(MantelTestTest, AgreesWithTheTestOfDecay) {
  const Matrix noise = CosineMatrix(Noise(10, 4, 6));
  const Matrix nearness = Square(10, [](int64_t i, int64_t j) { return -std::abs(double(i - j)); });
  EXPECT_NEAR(MantelTest(noise, nearness).statistic, -DistanceDecayTest(noise).statistic, 1e-12);
  EXPECT_EQ(MantelTest(noise, nearness).probability, DistanceDecayTest(noise).probability);
}

TEST(MantelTestDeathTest, RefusesSizesThatClash) {
  EXPECT_DEATH(MantelTest(Decay(3), Decay(4)), "internal error");
  EXPECT_DEATH(DistanceDecayTest(Noise(3, 4, 1)), "internal error");
  EXPECT_DEATH(DistanceDecayTest(Decay(3), 0), "internal error");
}

// Points on a line in order: length n - 1, mean distance (n + 1) / 3; only the reverse is as short.
TEST(PathLengthTestTest, PointsOnALine) {
  const PermutationTest test = PathLengthTest(Column({0, 1, 2, 3, 4}));
  EXPECT_NEAR(test.statistic, 0.5, 1e-12);
  EXPECT_DOUBLE_EQ(test.probability, 2.0 / 120);
}

// 0 2 1: length 3 of 2, 3, 3, 3, 3, 2, whose mean is 8/3.
TEST(PathLengthTestTest, ByHand) {
  const PermutationTest test = PathLengthTest(Column({0, 2, 1}));
  EXPECT_NEAR(test.statistic, 9.0 / 8, 1e-12);
  EXPECT_DOUBLE_EQ(test.probability, 1.0);
}

TEST(PathLengthTestTest, TheMeanOfAllOrdersIsOne) {
  Matrix points = Noise(5, 3, 7);
  double sum = 0;
  double count = 0;
  std::vector<int64_t> order = {0, 1, 2, 3, 4};
  do {
    Matrix permuted{.rows = 5, .columns = 3};
    for (const int64_t i : order) {
      permuted.values.insert(permuted.values.end(), points.Row(i).begin(), points.Row(i).end());
    }
    sum += PathLengthTest(permuted).statistic;
    ++count;
  } while (std::next_permutation(order.begin(), order.end()));
  EXPECT_NEAR(sum / count, 1.0, 1e-12);
}

TEST(PathLengthTestTest, ManyPoints) {
  std::vector<double> line;
  for (int i = 0; i < 30; ++i) {
    line.push_back(0.1 * i);
  }
  EXPECT_NEAR(PathLengthTest(Column(line), 999).statistic, 3.0 / 31, 1e-12);
  EXPECT_DOUBLE_EQ(PathLengthTest(Column(line), 999).probability, 1.0 / 1000);
  EXPECT_GT(PathLengthTest(Noise(30, 8, 8), 999).probability, 0.01);
}

TEST(PathLengthTestTest, TwoPointsSayNothing) {
  EXPECT_DOUBLE_EQ(PathLengthTest(Column({1, 4})).statistic, 1.0);
  EXPECT_DOUBLE_EQ(PathLengthTest(Column({1, 4})).probability, 1.0);
}

TEST(PathLengthTestTest, NoNumber) {
  for (const Matrix& points :
       {Matrix{}, Column({1}), Column({2, 2, 2}), Column({1, kNan, 2}), Column({1, INFINITY, 2})}) {
    EXPECT_TRUE(std::isnan(PathLengthTest(points).statistic));
    EXPECT_TRUE(std::isnan(PathLengthTest(points).probability));
  }
}

}  // namespace
}  // namespace initbias
