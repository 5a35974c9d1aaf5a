#include "tests/bench/product_loop.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

namespace initbias {
namespace {

constexpr Multiplier kMultipliers[] = {MultiplyByBlas, MultiplyByKernels};

// op(a) op(b) by its definition.
std::vector<double> Expected(const MatrixProduct& p, const ProductLoop& loop) {
  const float* a = loop.Memory(p.a).data();
  const float* b = loop.Memory(p.b).data();
  std::vector<double> c;
  for (int64_t i = 0; i < p.m; ++i) {
    for (int64_t j = 0; j < p.n; ++j) {
      double sum = 0;
      for (int64_t l = 0; l < p.k; ++l) {
        const float left = a[p.transpose_a ? l * p.m + i : i * p.k + l];
        const float right = b[p.transpose_b ? j * p.k + l : l * p.n + j];
        sum += static_cast<double>(left) * static_cast<double>(right);
      }
      c.push_back(sum);
    }
  }
  return c;
}

TEST(ProductLoopTest, ComputesWhatAProductIsDefinedAs) {
  for (const Multiplier multiplier : kMultipliers) {
    for (const bool transpose_a : {false, true}) {
      for (const bool transpose_b : {false, true}) {
        const MatrixProduct product{.transpose_a = transpose_a,
                                    .transpose_b = transpose_b,
                                    .m = 5,
                                    .n = 7,
                                    .k = 3,
                                    .a = "a",
                                    .b = "b",
                                    .c = "c"};
        ProductLoop loop({product}, multiplier);
        loop.Step();
        const std::vector<double> expected = Expected(product, loop);
        ASSERT_EQ(loop.Memory("c").size(), expected.size());
        for (size_t i = 0; i < expected.size(); ++i) {
          EXPECT_NEAR(loop.Memory("c")[i], expected[i], 1e-6);
        }
      }
    }
  }
}

TEST(ProductLoopTest, AccumulatesAnewInEachStep) {
  const MatrixProduct first{.m = 2, .n = 2, .k = 4, .a = "a", .b = "b", .c = "c"};
  MatrixProduct second = first;
  second.accumulate = true;
  for (const Multiplier multiplier : kMultipliers) {
    ProductLoop loop({first, second}, multiplier);
    loop.Step();
    loop.Step();
    const std::vector<double> expected = Expected(first, loop);
    for (size_t i = 0; i < expected.size(); ++i) {
      EXPECT_NEAR(loop.Memory("c")[i], 2 * expected[i], 1e-5);
    }
  }
}

// All of a Transformer's and of a GPT-2's products can be computed, in both forms.
TEST(ProductLoopTest, StepsOfModelsAreFinite) {
  RunConfig gpt2{.model = ModelKind::kGpt2};
  gpt2.gpt2 = Gpt2Size("gpt2-tiny");
  for (const RunConfig& config : {RunConfig{}, gpt2}) {
    for (const SharedInputs inputs : {SharedInputs::kSeparate, SharedInputs::kJoined}) {
      const std::vector<MatrixProduct> products = StepProducts(config, {2, 9, 2}, inputs);
      ProductLoop loop(products, MultiplyByBlas);
      loop.ChooseMultipliers();
      loop.Step();
      EXPECT_GE(loop.KernelShare(), 0);
      EXPECT_LE(loop.KernelShare(), 1);
      for (const MatrixProduct& product : products) {
        for (const float value : loop.Memory(product.c)) {
          ASSERT_TRUE(std::isfinite(value)) << product.c;
        }
      }
    }
  }
}

}  // namespace
}  // namespace initbias
