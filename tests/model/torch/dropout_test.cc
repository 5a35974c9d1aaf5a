// The two ways to draw a mask give the same bits. What masks are like is tested in gpt2_test.
#include "lib/model/torch/dropout.h"

#include <gtest/gtest.h>

#include <vector>

namespace initbias {
namespace {

TEST(DropoutMaskTest, OperatorsDrawTheSameMask) {
  const std::vector<std::vector<int64_t>> shapes = {{1}, {2}, {7, 3, 5}, {64, 1000}};
  for (const double rate : {0.0, 1e-12, 0.1, 0.5, 0.999}) {
    for (const std::vector<int64_t>& shape : shapes) {
      const Stream stream(7, "dropout/step3/sequence0/embedding");
      const at::Tensor mask = DropoutMask(stream, rate, shape, c10::kCPU);
      EXPECT_EQ(mask.sizes().vec(), shape);
      EXPECT_TRUE(mask.equal(DropoutMaskByOperators(stream, rate, shape, c10::kCPU)))
          << rate << ", " << shape.front();
    }
  }
}

TEST(DropoutMaskTest, DropsWhereTheStreamIsBelowTheRate) {
  std::vector<float> uniform(501);
  Stream(7, "a").FillUniform(uniform, 1);
  const at::Tensor mask = DropoutMask(Stream(7, "a"), 0.2, {501}, c10::kCPU);
  for (size_t i = 0; i < uniform.size(); ++i) {
    EXPECT_EQ(mask.const_data_ptr<float>()[i], uniform[i] < -0.6F ? 0.0F : 1.25F) << i;
  }
}

// Against a comparison of nothing with nothing.
TEST(DropoutMaskTest, DropsAndKeeps) {
  const at::Tensor mask = DropoutMaskByOperators(Stream(7, "a"), 0.25, {1000}, c10::kCPU);
  EXPECT_NEAR(mask.eq(0).sum().item<double>(), 250, 60);
  EXPECT_NEAR(mask.mean().item<double>(), 1, 0.08);
  EXPECT_FALSE(mask.equal(DropoutMaskByOperators(Stream(7, "b"), 0.25, {1000}, c10::kCPU)));
}

}  // namespace
}  // namespace initbias
