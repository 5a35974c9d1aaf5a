// The two ways to draw a mask give the same bits, and a sequence the mask of its row in the batch.
// What masks are like is tested in gpt2_test.
#include "lib/model/torch/dropout.h"

#include <ATen/ops/ones.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace initbias {
namespace {

MaskSource Source(double rate, const char* name = "dropout/step3/embedding", int64_t row = 0) {
  return {.stream = Stream(7, name), .first_row = row, .rate = rate};
}

constexpr double kRates[] = {0.0, 1e-12, 0.1, 0.5, 0.999};

TEST(DropoutMaskTest, OperatorsDrawTheSameMask) {
  const std::vector<std::vector<int64_t>> shapes = {{1, 1}, {2, 1}, {7, 3, 5}, {64, 1000}};
  for (const double rate : kRates) {
    for (const std::vector<int64_t>& shape : shapes) {
      for (const int64_t row : {0, 3}) {
        const MaskSource source = Source(rate, "a", row);
        const at::Tensor mask = DropoutMask(source, shape, c10::kCPU);
        EXPECT_EQ(mask.sizes().vec(), shape);
        EXPECT_TRUE(mask.equal(DropoutMaskByOperators(source, shape, c10::kCPU)))
            << rate << ", " << shape.front();
      }
    }
  }
}

TEST(DropoutMaskTest, OperatorsDrawTheSameCausalMask) {
  for (const double rate : kRates) {
    for (const int64_t length : {1, 2, 9}) {
      for (const int64_t heads : {1, 3}) {
        const MaskSource source = Source(rate, "a", 2);
        const at::Tensor mask = CausalDropoutMask(source, 4, heads, length, c10::kCPU);
        EXPECT_EQ(mask.sizes().vec(), (std::vector<int64_t>{4, heads, length, length}));
        EXPECT_TRUE(mask.equal(CausalDropoutMaskByOperators(source, 4, heads, length, c10::kCPU)))
            << rate << ", " << length << ", " << heads;
      }
    }
  }
}

TEST(DropoutMaskTest, DropsWhereTheStreamIsBelowTheRate) {
  const at::Tensor mask = DropoutMask(Source(0.2, "a", 5), {2, 501}, c10::kCPU);
  for (const uint32_t b : {0, 1}) {
    std::vector<float> uniform(501);
    Stream(7, "a").Part(5 + b).FillUniform(uniform, 1);
    for (size_t i = 0; i < uniform.size(); ++i) {
      EXPECT_EQ(mask.const_data_ptr<float>()[b * 501 + i], uniform[i] < -0.6F ? 0.0F : 1.25F) << i;
    }
  }
}

// Whatever a sequence is computed with, and however long it is padded to be.
TEST(DropoutMaskTest, ASequenceHasTheMaskOfItsRow) {
  const at::Tensor all = DropoutMask(Source(0.5), {6, 8, 3}, c10::kCPU);
  const at::Tensor causal = CausalDropoutMask(Source(0.5), 6, 2, 8, c10::kCPU);
  for (int64_t row = 0; row < 6; ++row) {
    for (const int64_t count : {1, 2, 6}) {
      for (const int64_t length : {1, 5, 8}) {
        const int64_t rows = std::min(count, 6 - row);
        const MaskSource source = Source(0.5, "dropout/step3/embedding", row);
        EXPECT_TRUE(DropoutMask(source, {rows, length, 3}, c10::kCPU)
                        .equal(all.narrow(0, row, rows).narrow(1, 0, length)));
        EXPECT_TRUE(
            CausalDropoutMask(source, rows, 2, length, c10::kCPU)
                .equal(causal.narrow(0, row, rows).narrow(2, 0, length).narrow(3, 0, length)));
      }
    }
  }
}

TEST(DropoutMaskTest, CausalMasksAreZeroAboveTheDiagonalAlone) {
  const at::Tensor mask = CausalDropoutMask(Source(0.0), 2, 3, 7, c10::kCPU);
  EXPECT_TRUE(mask.equal(at::ones({2, 3, 7, 7}).tril()));
}

// Against a comparison of nothing with nothing.
TEST(DropoutMaskTest, DropsAndKeeps) {
  const at::Tensor mask = DropoutMaskByOperators(Source(0.25), {2, 1000}, c10::kCPU);
  EXPECT_NEAR(mask.eq(0).sum().item<double>(), 500, 85);
  EXPECT_NEAR(mask.mean().item<double>(), 1, 0.06);
  EXPECT_FALSE(mask[0].equal(mask[1]));
  EXPECT_FALSE(mask.equal(DropoutMaskByOperators(Source(0.25, "b"), {2, 1000}, c10::kCPU)));
  const at::Tensor causal = CausalDropoutMask(Source(0.25), 2, 2, 40, c10::kCPU);
  EXPECT_NEAR(causal.sum().item<double>() / (4 * 820), 1, 0.05);
  EXPECT_FALSE(causal[0][0].equal(causal[0][1]));
}

}  // namespace
}  // namespace initbias
