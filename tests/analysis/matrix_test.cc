#include "lib/analysis/matrix.h"

#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "lib/rng/stream.h"
#include "tests/non_finite.h"

namespace initbias {
namespace {

using testing::ElementsAre;

Matrix RandomMatrix(int64_t rows, int64_t columns, uint64_t seed) {
  Stream stream(seed, "test/matrix");
  Matrix matrix{.rows = rows, .columns = columns};
  for (int64_t i = 0; i < rows * columns; ++i) {
    matrix.values.push_back(stream.Normal());
  }
  return matrix;
}

TEST(MatrixTest, RowsAndEntries) {
  const Matrix m = MakeMatrix(3, 2, std::vector<float>{1, 2, 3, 4, 5, 6});
  EXPECT_EQ(m(2, 1), 6);
  EXPECT_THAT(m.Row(1), ElementsAre(3, 4));
  EXPECT_THAT(Rows(m, 1, 2).values, ElementsAre(3, 4, 5, 6));
  EXPECT_EQ(Rows(m, 1, 2).rows, 2);
}

TEST(ProductTest, KnownMatrix) {
  const Matrix a{.rows = 2, .columns = 3, .values = {1, 2, 3, 4, 5, 6}};
  const Matrix b{.rows = 3, .columns = 1, .values = {1, 0, -2}};
  const Matrix product = Product(a, b);
  EXPECT_EQ(product.rows, 2);
  EXPECT_EQ(product.columns, 1);
  EXPECT_THAT(product.values, ElementsAre(-5, -8));
}

TEST(ProductTest, IsTheSumOverTheInnerIndex) {
  const Matrix a = RandomMatrix(4, 7, 4);
  const Matrix b = RandomMatrix(7, 3, 5);
  const Matrix product = Product(a, b);
  ASSERT_EQ(product.rows, 4);
  ASSERT_EQ(product.columns, 3);
  for (int64_t i = 0; i < 4; ++i) {
    for (int64_t j = 0; j < 3; ++j) {
      double sum = 0;
      for (int64_t k = 0; k < 7; ++k) {
        sum += a(i, k) * b(k, j);
      }
      EXPECT_NEAR(product(i, j), sum, 1e-12);
    }
  }
}

TEST(TransposedTest, ExchangesRowsAndColumns) {
  const Matrix m{.rows = 2, .columns = 3, .values = {1, 2, 3, 4, 5, 6}};
  EXPECT_EQ(Transposed(m).rows, 3);
  EXPECT_EQ(Transposed(m).columns, 2);
  EXPECT_THAT(Transposed(m).values, ElementsAre(1, 4, 2, 5, 3, 6));
}

TEST(InnerProductsTest, AreOfAllPairsOfRowsAndOfARowWithItself) {
  const Matrix m{.rows = 3, .columns = 2, .values = {1, 2, 3, 4, -1, 0}};
  EXPECT_THAT(InnerProducts(m), ElementsAre(5, 11, -1, 25, -3, 1));
}

TEST(LargestRowNormTest, KnownMatrix) {
  EXPECT_EQ(LargestRowNorm({.rows = 2, .columns = 2, .values = {1, 1, -3, 4}}), 5);
  EXPECT_EQ(LargestRowNorm({.rows = 0, .columns = 2, .values = {}}), 0);
}

TEST(SumTest, AddsAMultiple) {
  const Matrix a{.rows = 2, .columns = 2, .values = {1, 2, 3, 4}};
  const Matrix b{.rows = 2, .columns = 2, .values = {10, 0, -2, 1}};
  const Matrix sum = Sum(a, -0.5, b);
  EXPECT_EQ(sum.rows, 2);
  EXPECT_EQ(sum.columns, 2);
  EXPECT_THAT(sum.values, ElementsAre(-4, 2, 4, 3.5));
}

TEST(CosineTest, KnownAngles) {
  EXPECT_NEAR(Cosine(std::vector<double>{1, 0}, std::vector<double>{1, 1}), std::sqrt(0.5), 1e-15);
  EXPECT_NEAR(Cosine(std::vector<double>{2, 0}, std::vector<double>{-5, 0}), -1, 1e-15);
  EXPECT_EQ(Cosine(std::vector<double>{0, 0}, std::vector<double>{1, 1}), 0);
}

TEST(CosineMatrixTest, KnownMatrix) {
  const Matrix m{.rows = 3, .columns = 2, .values = {1, 0, 0, 2, -3, 0}};
  EXPECT_THAT(CosineMatrix(m).values, ElementsAre(1, 0, -1, 0, 1, 0, -1, 0, 1));
}

TEST(CosineMatrixTest, SymmetricWithinBoundsAndBlindToScale) {
  Matrix m = RandomMatrix(7, 5, 1);
  const Matrix cosines = CosineMatrix(m);
  for (double& value : m.values) {
    value *= 3.5;
  }
  const Matrix scaled = CosineMatrix(m);
  for (int64_t i = 0; i < 7; ++i) {
    for (int64_t j = 0; j < 7; ++j) {
      EXPECT_EQ(cosines(i, j), cosines(j, i));
      EXPECT_LE(std::fabs(cosines(i, j)), 1 + 1e-12);
      EXPECT_NEAR(cosines(i, j), scaled(i, j), 1e-12);
    }
  }
}

TEST(MeanAtDistanceTest, MeanOfTheOffDiagonal) {
  const Matrix m{.rows = 3, .columns = 3, .values = {1, 2, 3, 4, 5, 6, 7, 8, 9}};
  EXPECT_DOUBLE_EQ(MeanAtDistance(m, 1), (2 + 4 + 6 + 8) / 4.0);
  EXPECT_DOUBLE_EQ(MeanAtDistance(m, 2), 5);
  EXPECT_TRUE(std::isnan(MeanAtDistance(m, 3)));
}

TEST(MeanOffDiagonalTest, LeavesTheDiagonalOut) {
  EXPECT_DOUBLE_EQ(
      MeanOffDiagonal({.rows = 3, .columns = 3, .values = {100, 2, 3, 4, 100, 6, 7, 8, 100}}),
      (2 + 3 + 4 + 6 + 7 + 8) / 6.0);
  EXPECT_TRUE(std::isnan(MeanOffDiagonal({.rows = 1, .columns = 1, .values = {5}})));
}

TEST(CorrelationTest, KnownValues) {
  const std::vector<double> x = {1, 2, 3, 4};
  EXPECT_NEAR(Correlation(x, std::vector<double>{-1, 1, 3, 5}), 1, 1e-15);
  EXPECT_NEAR(Correlation(x, std::vector<double>{4, 3, 2, 1}), -1, 1e-15);
  EXPECT_NEAR(Correlation(x, std::vector<double>{1, -1, -1, 1}), 0, 1e-15);
  // Deviations from the means: -1.5, -0.5, 0.5, 1.5 and -1, 0, -1, 2.
  EXPECT_NEAR(Correlation(x, std::vector<double>{1, 2, 1, 4}), 4 / std::sqrt(5.0 * 6.0), 1e-15);
}

TEST(CorrelationTest, ConstantsAndNothingHaveNone) {
  const std::vector<double> x = {1, 2, 3};
  // The sum of three times 0.1 is not 0.3: rounding must not make a constant vary.
  for (const double constant : {0.0, 5.0, 0.1}) {
    const std::vector<double> y(3, constant);
    EXPECT_TRUE(std::isnan(Correlation(x, y))) << constant;
    EXPECT_TRUE(std::isnan(Correlation(y, x))) << constant;
    EXPECT_TRUE(std::isnan(Correlation(y, y))) << constant;
  }
  EXPECT_TRUE(std::isnan(Correlation(std::vector<double>{}, std::vector<double>{})));
  EXPECT_TRUE(std::isnan(Correlation(x, std::vector<double>{1, kNan, 3})));
}

TEST(UpperCorrelationTest, KnownValues) {
  const Matrix a{.rows = 3, .columns = 3, .values = {9, 1, 2, 9, 9, 4, 9, 9, 9}};
  Matrix b = a;
  EXPECT_NEAR(UpperCorrelation(a, b), 1, 1e-12);
  b.values = {0, -2, -4, 0, 0, -8, 0, 0, 0};
  EXPECT_NEAR(UpperCorrelation(a, b), -1, 1e-12);
  b.values = std::vector<double>(9, 0.1);  // rounding must not make a constant vary
  EXPECT_TRUE(std::isnan(UpperCorrelation(a, b)));
}

TEST(PrincipalComponentsTest, FindsTheLineThatPointsLieOn) {
  // Points on (1, 2) + t (3, 4) / 5.
  Matrix m{.rows = 5, .columns = 2};
  for (int t = -2; t <= 2; ++t) {
    m.values.push_back(1 + t * 0.6);
    m.values.push_back(2 + t * 0.8);
  }
  const Pca pca = PrincipalComponents(m, 2);
  EXPECT_NEAR(pca.directions(0, 0), 0.6, 1e-12);
  EXPECT_NEAR(pca.directions(0, 1), 0.8, 1e-12);  // the largest entry is positive
  EXPECT_NEAR(pca.variance[0], 1, 1e-12);
  EXPECT_NEAR(pca.variance[1], 0, 1e-12);
  for (int t = -2; t <= 2; ++t) {
    EXPECT_NEAR(pca.scores(t + 2, 0), t, 1e-12);
  }
}

TEST(PrincipalComponentsTest, SignsDoNotDependOnTheDatasSign) {
  Matrix m = RandomMatrix(20, 6, 2);
  const Pca pca = PrincipalComponents(m, 3);
  for (double& value : m.values) {
    value = -value;
  }
  const Pca mirrored = PrincipalComponents(m, 3);
  for (size_t i = 0; i < pca.directions.values.size(); ++i) {
    EXPECT_NEAR(pca.directions.values[i], mirrored.directions.values[i], 1e-9);
  }
  for (size_t i = 0; i < pca.scores.values.size(); ++i) {
    EXPECT_NEAR(pca.scores.values[i], -mirrored.scores.values[i], 1e-9);
  }
}

TEST(SingularValuesTest, KnownMatrix) {
  // diag(3, -2) and a zero row.
  const Svd svd = SingularValues({.rows = 3, .columns = 2, .values = {0, -2, 3, 0, 0, 0}});
  EXPECT_NEAR(svd.values[0], 3, 1e-12);
  EXPECT_NEAR(svd.values[1], 2, 1e-12);
  EXPECT_NEAR(svd.left(1, 0), 1, 1e-12);
  EXPECT_NEAR(svd.right(0, 0), 1, 1e-12);
  EXPECT_NEAR(svd.left(0, 1), 1, 1e-12);
  EXPECT_NEAR(svd.right(1, 1), -1, 1e-12);
}

TEST(SingularValuesTest, ReconstructsWideAndTallMatrices) {
  for (const auto& [rows, columns] : {std::pair(9, 4), std::pair(4, 9), std::pair(40, 40)}) {
    const Matrix m = RandomMatrix(rows, columns, 3);
    const Svd svd = SingularValues(m);
    const auto k = static_cast<int64_t>(svd.values.size());
    EXPECT_EQ(k, std::min(rows, columns));
    for (int64_t i = 0; i < rows; ++i) {
      for (int64_t j = 0; j < columns; ++j) {
        double sum = 0;
        for (int64_t s = 0; s < k; ++s) {
          sum += svd.left(i, s) * svd.values[static_cast<size_t>(s)] * svd.right(j, s);
        }
        EXPECT_NEAR(sum, m(i, j), 1e-10);
      }
    }
    for (int64_t s = 0; s < k; ++s) {
      double largest = 0;
      for (int64_t i = 0; i < rows; ++i) {
        largest = std::fabs(svd.left(i, s)) > std::fabs(largest) ? svd.left(i, s) : largest;
      }
      EXPECT_GT(largest, 0);
      EXPECT_GE(svd.values[static_cast<size_t>(s)],
                s + 1 < k ? svd.values[static_cast<size_t>(s + 1)] : 0);
    }
  }
}

TEST(EffectiveRankTest, KnownSpectra) {
  EXPECT_NEAR(EffectiveRank(std::vector<double>{2, 2, 2, 2}), 4, 1e-12);
  EXPECT_NEAR(EffectiveRank(std::vector<double>{5, 0, 0}), 1, 1e-12);
  EXPECT_TRUE(std::isnan(EffectiveRank(std::vector<double>{0, 0})));
}

TEST(MatrixDeathTest, WrongSizes) {
  EXPECT_DEATH(MakeMatrix(2, 2, std::vector<float>{1, 2, 3}), "internal error");
  EXPECT_DEATH(Cosine(std::vector<double>{1}, std::vector<double>{1, 2}), "internal error");
  EXPECT_DEATH(PrincipalComponents(RandomMatrix(3, 2, 1), 3), "internal error");
  EXPECT_DEATH(Rows(RandomMatrix(3, 2, 1), 1, 3), "internal error");
  EXPECT_DEATH(Product(RandomMatrix(3, 2, 1), RandomMatrix(3, 2, 1)), "internal error");
  EXPECT_DEATH(Sum(RandomMatrix(3, 2, 1), 1, RandomMatrix(2, 3, 1)), "internal error");
  EXPECT_DEATH(Sum(RandomMatrix(2, 2, 1), 1, RandomMatrix(2, 3, 1)), "internal error");
  EXPECT_DEATH(MeanOffDiagonal(RandomMatrix(3, 2, 1)), "internal error");
  EXPECT_DEATH(Correlation(std::vector<double>{1, 2}, std::vector<double>{1}), "internal error");
  EXPECT_DEATH(UpperCorrelation(RandomMatrix(3, 3, 1), RandomMatrix(2, 2, 1)), "internal error");
}

}  // namespace
}  // namespace initbias
