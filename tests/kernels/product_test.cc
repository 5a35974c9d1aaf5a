// The matrix product against plain loops. Small integers make every sum exact, so that one missing
// or doubled term shows; the rounding is tested apart.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "lib/kernels/kernels.h"
#include "lib/rng/stream.h"
#include "tests/kernels/kernel_test.h"

namespace initbias {
namespace {

class ProductTest : public KernelTest {};

INSTANTIATE_TEST_SUITE_P(, ProductTest, testing::ValuesIn(AvailableKernels()), KernelName);

struct Shape {
  int64_t rows;
  int64_t columns;
  int64_t inner;
};

// A product with its operands. Strides are larger than the widths; the gaps hold NaN.
struct Product {
  Shape shape;
  MatrixProductArgs args;
  std::vector<float> a;
  std::vector<float> b;
  std::vector<float> c;

  double A(int64_t i, int64_t k) const { return At(a, i, k, args.a_stride, args.transpose_a); }
  double B(int64_t k, int64_t j) const { return At(b, k, j, args.b_stride, args.transpose_b); }

  void Run(const Kernels& kernels) {
    std::vector<float> scratch(kProductScratch, std::nanf(""));
    args.a = a.data();
    args.b = b.data();
    args.c = c.data();
    kernels.multiply(args, scratch.data());
  }

 private:
  static double At(const std::vector<float>& matrix, int64_t row, int64_t column, int64_t stride,
                   bool transposed) {
    return matrix[static_cast<size_t>(transposed ? column * stride + row : row * stride + column)];
  }
};

std::vector<float> WithGaps(int64_t rows, int64_t columns, int64_t stride, bool integers,
                            Stream& stream) {
  std::vector<float> matrix(static_cast<size_t>(rows * stride), std::nanf(""));
  for (int64_t i = 0; i < rows; ++i) {
    for (int64_t j = 0; j < columns; ++j) {
      matrix[static_cast<size_t>(i * stride + j)] = static_cast<float>(
          integers ? static_cast<double>(stream.UniformInt(-8, 8)) : stream.Normal());
    }
  }
  return matrix;
}

Product MakeProduct(const Shape& shape, bool transpose_a, bool transpose_b, bool add,
                    bool integers) {
  Stream stream(/*seed=*/3, "test/product");
  Product product{.shape = shape};
  MatrixProductArgs& args = product.args;
  args = {.rows = shape.rows,
          .columns = shape.columns,
          .inner = shape.inner,
          .transpose_a = transpose_a,
          .transpose_b = transpose_b,
          .add = add};
  args.a_stride = (transpose_a ? shape.rows : shape.inner) + 2;
  args.b_stride = (transpose_b ? shape.inner : shape.columns) + 1;
  args.c_stride = shape.columns + 3;
  product.a = WithGaps(transpose_a ? shape.inner : shape.rows, args.a_stride - 2, args.a_stride,
                       integers, stream);
  product.b = WithGaps(transpose_b ? shape.columns : shape.inner, args.b_stride - 1, args.b_stride,
                       integers, stream);
  product.c = WithGaps(shape.rows, add ? shape.columns : 0, args.c_stride, integers, stream);
  return product;
}

// Checks c against `before` plus the product in double, to `relative` times the sum of the absolute
// terms.
void ExpectProduct(const Product& product, const std::vector<float>& before, double relative) {
  const auto& [rows, columns, inner] = product.shape;
  std::vector<double> b;  // stored once in the loop's order
  for (int64_t k = 0; k < inner; ++k) {
    for (int64_t j = 0; j < columns; ++j) {
      b.push_back(product.B(k, j));
    }
  }
  std::vector<double> sums(static_cast<size_t>(columns));
  std::vector<double> sizes(static_cast<size_t>(columns));
  for (int64_t i = 0; i < rows; ++i) {
    const auto start = static_cast<size_t>(i * product.args.c_stride);
    for (size_t j = 0; j < sums.size(); ++j) {
      sums[j] = product.args.add ? static_cast<double>(before[start + j]) : 0.0;
      sizes[j] = std::abs(sums[j]);
    }
    for (int64_t k = 0; k < inner; ++k) {
      const double a = product.A(i, k);
      const double* const row = &b[static_cast<size_t>(k * columns)];
      for (size_t j = 0; j < sums.size(); ++j) {
        sums[j] += a * row[j];
        sizes[j] += std::abs(a * row[j]);
      }
    }
    for (size_t j = 0; j < sums.size(); ++j) {
      const double error = std::abs(static_cast<double>(product.c[start + j]) - sums[j]);
      ASSERT_TRUE(error <= relative * sizes[j])
          << "[" << rows << ", " << columns << ", " << inner << "]"
          << (product.args.transpose_a ? " a^T" : "") << (product.args.transpose_b ? " b^T" : "")
          << (product.args.add ? " added" : "") << " at (" << i << ", " << j
          << "): " << product.c[start + j] << ", not " << sums[j];
    }
    for (size_t j = sums.size(); j < static_cast<size_t>(product.args.c_stride); ++j) {
      ASSERT_TRUE(std::isnan(product.c[start + j])) << "wrote between the rows";
    }
  }
}

// All four transpositions, plain and added.
void CheckAll(const Kernels& kernels, const Shape& shape, bool integers, double relative) {
  for (const bool transpose_a : {false, true}) {
    for (const bool transpose_b : {false, true}) {
      for (const bool add : {false, true}) {
        Product product = MakeProduct(shape, transpose_a, transpose_b, add, integers);
        const std::vector<float> before = product.c;
        product.Run(kernels);
        ExpectProduct(product, before, relative);
      }
    }
  }
}

// Tiles have 6 or 12 rows and 16 or 32 columns.
TEST_P(ProductTest, EveryTileAndTailIsExactOnIntegers) {
  for (const int64_t rows : {1, 2, 5, 6, 7, 11, 12, 13, 25}) {
    for (const int64_t columns : {1, 7, 8, 9, 15, 16, 17, 24, 31, 32, 33, 65}) {
      for (const int64_t inner : {1, 2, 3, 4, 5, 9}) {
        CheckAll(Tested(), {rows, columns, inner}, /*integers=*/true, /*relative=*/0);
      }
    }
  }
}

// Blocks have 480 rows, 512 columns and 256 inner indices.
TEST_P(ProductTest, EveryBlockIsExactOnIntegers) {
  for (const Shape& shape : std::vector<Shape>{{3, 17, 255},
                                               {3, 17, 256},
                                               {3, 17, 257},
                                               {2, 9, 511},
                                               {2, 9, 513},
                                               {5, 4, 1000},
                                               {479, 5, 3},
                                               {480, 5, 3},
                                               {481, 5, 3},
                                               {967, 3, 2},
                                               {3, 511, 4},
                                               {3, 512, 4},
                                               {3, 513, 4},
                                               {2, 1029, 3},
                                               {3, 515, 258}}) {
    CheckAll(Tested(), shape, /*integers=*/true, /*relative=*/0);
  }
}

TEST_P(ProductTest, ManyBlocksEachWay) {
  Product product = MakeProduct({482, 514, 258}, /*transpose_a=*/true, /*transpose_b=*/true,
                                /*add=*/false, /*integers=*/true);
  product.Run(Tested());
  ExpectProduct(product, product.c, /*relative=*/0);
}

// One rounding a term, in chains of 256 terms at most, one a block and one for c: each errs by
// half an ULP of a partial sum, which is not beyond the sum of the absolute terms.
TEST_P(ProductTest, RoundsOnceATerm) {
  for (const Shape& shape :
       std::vector<Shape>{{13, 33, 1}, {13, 33, 30}, {7, 20, 256}, {3, 9, 700}}) {
    const auto chain = static_cast<double>(std::min<int64_t>(shape.inner, 256));
    const double blocks = std::ceil(static_cast<double>(shape.inner) / 256);
    CheckAll(Tested(), shape, /*integers=*/false, (chain + blocks + 1) * kRoundoff);
  }
}

// 1 + e - 1 with e = 2^-12: e^2 is lost by a rounded square and kept by a fused one.
TEST_P(ProductTest, ProductsAreNotRounded) {
  constexpr float kA = 1.0F + 0x1p-12F;
  Product product = MakeProduct({1, 1, 2}, false, false, false, /*integers=*/true);
  product.a = {-1.0F - 0x1p-11F, kA};
  product.b = {1.0F, 0.0F, kA, 0.0F};
  product.Run(Tested());
  EXPECT_EQ(product.c[0], 0x1p-24F);
}

// The sum of no terms.
TEST_P(ProductTest, NoInnerIndexGivesZeros) {
  for (const bool add : {false, true}) {
    Product product = MakeProduct({3, 18, 0}, false, false, add, /*integers=*/true);
    const std::vector<float> before = product.c;
    product.Run(Tested());
    ExpectProduct(product, before, /*relative=*/0);
  }
}

TEST_P(ProductTest, NoRowsOrColumnsWriteNothing) {
  for (const Shape& shape : std::vector<Shape>{{0, 5, 3}, {5, 0, 3}}) {
    Product product = MakeProduct(shape, false, false, false, /*integers=*/true);
    product.Run(Tested());
    for (const float value : product.c) {
      EXPECT_TRUE(std::isnan(value));
    }
  }
}

// A NaN or an infinity reaches its row or column and nothing else.
TEST_P(ProductTest, NotANumberStaysInItsRowAndColumn) {
  Product product = MakeProduct({14, 35, 20}, false, false, false, /*integers=*/true);
  product.a[static_cast<size_t>(13 * product.args.a_stride + 4)] = std::nanf("");
  product.b[static_cast<size_t>(7 * product.args.b_stride + 34)] = std::nanf("");
  product.Run(Tested());
  for (int64_t i = 0; i < 14; ++i) {
    for (int64_t j = 0; j < 35; ++j) {
      const float c = product.c[static_cast<size_t>(i * product.args.c_stride + j)];
      EXPECT_EQ(std::isnan(c), i == 13 || j == 34) << i << ", " << j;
    }
  }
}

}  // namespace
}  // namespace initbias
