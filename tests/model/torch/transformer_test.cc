// Properties of the Transformer that hold whatever its weights are. Its numbers are tested against
// PyTorch's in tests/oracle.
#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/eye.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/zeros.h>
#include <gtest/gtest.h>

#include <memory>
#include <span>
#include <tuple>
#include <vector>

#include "lib/data/anchor/anchor_task.h"
#include "lib/model/cpu/cpu_model.h"
#include "lib/model/torch/model.h"
#include "tests/model/torch/initialized_model.h"
#include "tests/small_runs.h"

namespace initbias {
namespace {

at::Tensor Ints(const std::vector<int32_t>& values, at::IntArrayRef shape) {
  return at::from_blob(const_cast<int32_t*>(values.data()), shape, at::kInt).to(at::kLong);
}

using Choices = std::tuple<Norm, Bias, Activation, int>;  // the last: heads

class TransformerChoicesTest : public testing::TestWithParam<Choices> {
 protected:
  TransformerChoicesTest() : config_(SmallTransformerRun()) {
    const auto& [norm, bias, activation, heads] = GetParam();
    config_.transformer.norm = norm;
    config_.transformer.bias = bias;
    config_.transformer.activation = activation;
    config_.transformer.heads = heads;
  }
  RunConfig config_;
};

// Last-position pruning is exact: the same logits to within 1e-6 of the largest, gradients to
// within 2e-6 (MKL adds up in other orders for other shapes, and on Intel's processors than on
// AMD's).
TEST_P(TransformerChoicesTest, PrunedEqualsFull) {
  const AnchorSequences samples = MakeAnchorData(config_.task, 3).reasoning_train;
  const at::Tensor tokens =
      Ints(samples.tokens, {samples.size(), samples.length}).narrow(0, 0, 100);
  const at::Tensor labels = Ints(samples.labels, {samples.size()}).narrow(0, 0, 100);
  config_.transformer.pruned = true;
  const std::unique_ptr<Model> pruned = InitializedModel(config_);
  config_.transformer.pruned = false;
  const std::unique_ptr<Model> full = InitializedModel(config_);
  at::Tensor logits[2];
  for (const auto& [model, i] : {std::pair(pruned.get(), 0), std::pair(full.get(), 1)}) {
    logits[i] = model->Logits(tokens);
    at::cross_entropy_loss(logits[i], labels).backward();
  }
  EXPECT_LT(RelativeError(logits[0], logits[1]), 1e-6);
  for (const ParameterSpec& spec : full->parameters().specs()) {
    const at::Tensor reference = full->parameters().Gradient(spec.name);
    if (spec.name.ends_with(".bk")) {
      // Exactly zero in theory (a row's scores all shift alike); against the gradient as a whole.
      const double scale = full->parameters().flat_gradient().abs().max().item<double>();
      EXPECT_LT((pruned->parameters().Gradient(spec.name) - reference).abs().max().item<double>(),
                1e-6 * scale);
      continue;
    }
    EXPECT_GT(reference.abs().max().item<double>(), 0) << spec.name;
    EXPECT_LT(RelativeError(pruned->parameters().Gradient(spec.name), reference), 2e-6)
        << spec.name;
  }
}

// Attention is causal, and each row's weights are a distribution.
TEST_P(TransformerChoicesTest, AttentionIsCausalAndNormalised) {
  const std::unique_ptr<Model> model = InitializedModel(config_);
  const AnchorSequences samples = MakeAnchorData(config_.task, 3).memory;
  const at::Tensor tokens = Ints(samples.tokens, {samples.size(), samples.length}).narrow(0, 0, 20);
  Activations activations;
  model->Logits(tokens, &activations);
  ASSERT_EQ(activations.attention.size(), 2u);
  for (const at::Tensor& attention : activations.attention) {
    EXPECT_EQ(attention.sizes().vec(), (std::vector<int64_t>{20, config_.transformer.heads,
                                                             samples.length, samples.length}));
    EXPECT_EQ(attention.triu(1).abs().max().item<double>(), 0.0);
    EXPECT_LT((attention.sum(-1) - 1).abs().max().item<double>(), 1e-6);
  }
}

// The logits at a position are those at the last one of a model that sees no further: with the
// position table cut, on tokens cut alike. By autograd and on kernels, pruned or not.
TEST_P(TransformerChoicesTest, LogitsAtEveryPositionAreThoseOfShorterSequences) {
  const at::NoGradGuard no_grad;
  const int64_t length = config_.task.length;
  const AnchorSequences samples = MakeAnchorData(config_.task, 3).memory;
  const at::Tensor tokens = Ints(samples.tokens, {samples.size(), length}).narrow(0, 0, 20);
  const std::unique_ptr<Model> model = InitializedModel(config_);
  const at::Tensor positions = at::arange(20 * length, tokens.options());
  const at::Tensor logits = model->LogitsAt(tokens, positions, {});  // [20 * L, V]
  const std::unique_ptr<CpuModel> cpu_model = MakeCpuModel(config_, model->parameters());
  const std::span<float> ours = cpu_model->Forward(
      {.tokens = tokens.const_data_ptr<int64_t>(),
       .sequences = 20,
       .length = length,
       .token_stride = tokens.stride(0),
       .positions = {positions.const_data_ptr<int64_t>(), static_cast<size_t>(20 * length)}});
  ASSERT_EQ(static_cast<int64_t>(ours.size()), logits.numel());
  EXPECT_LT(RelativeError(at::from_blob(ours.data(), logits.sizes(), at::kFloat), logits), 1e-5);
  for (int64_t j = 0; j < length; ++j) {
    RunConfig shorter = config_;
    shorter.task.length = j + 1;
    const std::unique_ptr<Model> seeing = MakeModel(shorter, c10::kCPU);
    for (const ParameterSpec& spec : seeing->parameters().specs()) {
      std::vector<float> values = model->parameters().Values(spec.name);
      values.resize(static_cast<size_t>(spec.size()));  // the first rows of the position table
      seeing->parameters().Set(spec.name, values);
    }
    const at::Tensor reference = seeing->Logits(tokens.narrow(1, 0, j + 1));
    EXPECT_LT(RelativeError(logits.view({20, length, -1}).select(1, j), reference), 1e-5) << j;
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, TransformerChoicesTest,
    testing::Combine(testing::Values(Norm::kPre, Norm::kPost, Norm::kNone),
                     testing::Values(Bias::kZero, Bias::kTorchDefault, Bias::kNone),
                     testing::Values(Activation::kGelu, Activation::kTanh, Activation::kRelu),
                     testing::Values(1, 2)));

// Definition 2's: what the blocks leave is the answer. With an identity as the map to the logits,
// the same.
TEST(TransformerTest, WithoutProjectionTheResidualStreamIsTheLogits) {
  RunConfig config = SmallTransformerRun();
  config.transformer.d_model = config.task.vocabulary;
  config.transformer.norm = Norm::kNone;
  const std::unique_ptr<Model> with = InitializedModel(config);
  with->parameters()["head.w"].detach().copy_(at::eye(config.task.vocabulary));
  config.transformer.projection = false;
  const std::unique_ptr<Model> without = InitializedModel(config);
  EXPECT_FALSE(without->parameters().Has("head.w"));
  EXPECT_FALSE(without->parameters().Has("head.b"));
  const at::Tensor tokens = Ints({21, 22, 23, 24, 25, 26, 27, 11, 12}, {1, 9});
  EXPECT_LT(RelativeError(without->Logits(tokens), with->Logits(tokens)), 1e-6);
}

// The order of the keys before a key-anchor combination matters through positions alone: without
// them, and with averaging attention, permuting earlier tokens changes nothing.
TEST(TransformerTest, PositionsDistinguishOrders) {
  const RunConfig config = SmallTransformerRun();
  const std::unique_ptr<Model> model = InitializedModel(config);
  std::vector<int32_t> tokens = {21, 22, 23, 24, 25, 26, 27, 11, 12};
  std::vector<int32_t> swapped = {22, 21, 23, 24, 25, 26, 27, 11, 12};
  const auto logits = [&](const std::vector<int32_t>& row) {
    return model->Logits(Ints(row, {1, 9})).detach();
  };
  EXPECT_GT((logits(tokens) - logits(swapped)).abs().max().item<double>(), 0);
  model->parameters().Set("embedding.position", std::vector<float>(9 * 24, 0.0F));
  for (const char* name : {"layer0.attn.wq", "layer1.attn.wq"}) {
    model->parameters().Set(name, std::vector<float>(24 * 12, 0.0F));
  }
  // With zero queries every position averages over those before it. The swap is seen by position 0
  // alone, whose own stream differs; the last position's first-block average does not.
  model->parameters().Set("layer1.attn.wo", std::vector<float>(12 * 24, 0.0F));
  EXPECT_LT((logits(tokens) - logits(swapped)).abs().max().item<double>(), 1e-6);
}

TEST(EmbMlpTest, IsBlindToOrder) {
  const std::unique_ptr<Model> model = InitializedModel(SmallEmbMlpRun());
  const at::Tensor a = model->Logits(Ints({30, 11, 17}, {1, 3}));
  const at::Tensor b = model->Logits(Ints({17, 30, 11}, {1, 3}));
  const at::Tensor c = model->Logits(Ints({17, 31, 11}, {1, 3}));
  EXPECT_LT((a - b).abs().max().item<double>(), 1e-6);
  EXPECT_GT((a - c).abs().max().item<double>(), 1e-4);
}

}  // namespace
}  // namespace initbias
