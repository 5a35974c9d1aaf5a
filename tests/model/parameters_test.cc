#include "lib/model/parameters.h"

#include <ATen/ops/mm.h>
#include <gtest/gtest.h>

#include "tests/small_runs.h"

namespace initbias {
namespace {

TEST(ParametersTest, ViewsOfOneBuffer) {
  Parameters parameters(ParameterSpecs(SmallTransformerRun()), c10::kCPU);
  parameters.Initialize(7);
  for (const ParameterSpec& spec : parameters.specs()) {
    EXPECT_EQ(parameters.Values(spec.name), InitialValues(spec, 7)) << spec.name;
    EXPECT_EQ(parameters[spec.name].sizes().vec(), spec.shape);
    EXPECT_TRUE(parameters[spec.name].requires_grad());
  }
  parameters.flat().fill_(2.5);
  for (const ParameterSpec& spec : parameters.specs()) {
    EXPECT_EQ(parameters.Values(spec.name),
              std::vector<float>(static_cast<size_t>(spec.size()), 2.5F));
  }
}

// Autograd adds into the flat gradient and does not put buffers of its own in its place.
TEST(ParametersTest, BackwardFillsTheFlatGradient) {
  Parameters parameters(ParameterSpecs(SmallEmbMlpRun()), c10::kCPU);
  parameters.Initialize(7);
  for (int round = 1; round <= 2; ++round) {
    parameters["mlp.w1"].sum().backward();
    EXPECT_EQ(parameters.Gradient("mlp.w1").min().item<float>(), static_cast<float>(round));
    EXPECT_EQ(parameters.Gradient("mlp.w1").max().item<float>(), static_cast<float>(round));
    EXPECT_EQ(parameters.flat_gradient().sum().item<float>(), static_cast<float>(round * 24 * 40));
  }
}

TEST(ParametersDeathTest, UnknownNameOrWrongSize) {
  Parameters parameters(ParameterSpecs(SmallEmbMlpRun()), c10::kCPU);
  EXPECT_DEATH(parameters["mlp.w3"], "internal error");
  EXPECT_DEATH(parameters.Set("mlp.w1", {1.0F}), "internal error");
}

}  // namespace
}  // namespace initbias
