// Properties of GPT-2 that hold whatever its weights are: what it attends to, where it predicts,
// what dropout does. Its numbers are tested against PyTorch's in tests/oracle.
#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/equal.h>
#include <ATen/ops/eye.h>
#include <ATen/ops/full.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>
#include <c10/util/Exception.h>
#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "lib/model/cpu/cpu_model.h"
#include "lib/model/torch/model.h"
#include "lib/rng/stream.h"
#include "tests/model/torch/initialized_model.h"

namespace initbias {
namespace {

constexpr int64_t kBatch = 3;

RunConfig SmallRun(double dropout = 0.0) {
  RunConfig config{.model = ModelKind::kGpt2, .seed = 7};
  config.gpt2 = {
      .vocabulary = 50, .context = 12, .layers = 2, .heads = 2, .d_model = 16, .dropout = dropout};
  return config;
}

// [kBatch, length], the same for every length as far as they go.
at::Tensor SomeTokens(int64_t length) {
  const at::Tensor tokens = at::zeros({kBatch, length}, at::kLong);
  for (int64_t b = 0; b < kBatch; ++b) {
    Stream stream(1, "test/tokens" + std::to_string(b));
    for (int64_t i = 0; i < length; ++i) {
      tokens[b][i].fill_(stream.UniformInt(0, 49));
    }
  }
  return tokens;
}

// The logits at all positions, [B, L, V].
at::Tensor AllLogits(const Model& model, const at::Tensor& tokens,
                     const DropoutRows& dropout = {}) {
  const at::Tensor positions = at::arange(tokens.numel(), at::kLong);
  return model.LogitsAt(tokens, positions, dropout)
      .detach()
      .view({tokens.size(0), tokens.size(1), -1});
}

// Rounding in blocks of other sizes; some five times what is seen.
constexpr double kRounding = 2e-6;

TEST(Gpt2Test, BeginsByTheInitialisationRule) {
  for (const double gamma : {0.3, 0.8}) {
    RunConfig config = SmallRun();
    config.gpt2 = Gpt2Size("gpt2-tiny");
    config.init.gamma = gamma;
    const std::unique_ptr<Model> model = InitializedModel(config);
    const auto width = static_cast<double>(config.gpt2.d_model);
    for (const ParameterSpec& spec : model->parameters().specs()) {
      const at::Tensor values = model->parameters()[spec.name].detach().to(at::kDouble);
      if (values.dim() == 1) {
        const double constant = spec.name.ends_with(".gain") ? 1.0 : 0.0;
        EXPECT_TRUE(values.eq(constant).all().item<bool>()) << spec.name;
        continue;
      }
      const double d_in = spec.name.ends_with("ffn.down.w") ? 4 * width : width;
      const double std = std::pow(d_in, -gamma);
      const auto n = static_cast<double>(values.numel());
      EXPECT_NEAR(values.mean().item<double>(), 0, 4 * std / std::sqrt(n)) << spec.name;
      EXPECT_NEAR(values.square().mean().sqrt().item<double>() / std, 1, 4 / std::sqrt(2 * n))
          << spec.name;
    }
  }
}

TEST(Gpt2Test, LogitsAreThoseAtTheLastPositions) {
  const std::unique_ptr<Model> model = InitializedModel(SmallRun());
  const at::Tensor tokens = SomeTokens(9);
  const at::Tensor last = at::tensor({8, 17, 26}, at::kLong);
  const at::Tensor logits = model->Logits(tokens);
  EXPECT_EQ(logits.sizes().vec(), (std::vector<int64_t>{kBatch, 50}));
  EXPECT_TRUE(logits.equal(model->LogitsAt(tokens, last, {})));
  EXPECT_LT(RelativeError(logits, AllLogits(*model, tokens).select(1, 8)), kRounding);
}

TEST(Gpt2Test, LogitsStandInTheOrderOfThePositions) {
  const std::unique_ptr<Model> model = InitializedModel(SmallRun());
  const at::Tensor tokens = SomeTokens(9);
  const at::Tensor logits = model->LogitsAt(tokens, at::tensor({20, 3, 20}, at::kLong), {});
  const at::Tensor all = AllLogits(*model, tokens);
  EXPECT_LT(RelativeError(logits[0], all[2][2]), kRounding);
  EXPECT_LT(RelativeError(logits[1], all[0][3]), kRounding);
  EXPECT_TRUE(logits[0].equal(logits[2]));
}

// What other sequences of the batch hold does not matter.
TEST(Gpt2Test, SequencesDoNotMix) {
  const std::unique_ptr<Model> model = InitializedModel(SmallRun());
  const at::Tensor tokens = SomeTokens(9);
  const at::Tensor together = AllLogits(*model, tokens);
  for (int64_t b = 0; b < kBatch; ++b) {
    EXPECT_LT(RelativeError(AllLogits(*model, tokens.narrow(0, b, 1))[0], together[b]), kRounding);
  }
}

// Exactly: an earlier position computes with the same numbers in the same order, and what it may
// not see has the weight 0. With dropout attention takes another path.
TEST(Gpt2Test, LaterTokensChangeNoEarlierLogit) {
  const std::unique_ptr<Model> model = InitializedModel(SmallRun(0.3));
  const at::Tensor tokens = SomeTokens(9);
  for (const DropoutRows& dropout : {DropoutRows{}, DropoutRows{"test/dropout"}}) {
    const at::Tensor logits = AllLogits(*model, tokens, dropout);
    for (int64_t i = 0; i < tokens.size(1); ++i) {
      const at::Tensor changed = tokens.clone();
      changed.select(1, i).add_(1).remainder_(50);
      const at::Tensor other = AllLogits(*model, changed, dropout);
      EXPECT_TRUE(other.narrow(1, 0, i).equal(logits.narrow(1, 0, i))) << i;
      for (int64_t later = i; later < tokens.size(1); ++later) {
        EXPECT_GT(RelativeError(other.select(1, later), logits.select(1, later)), 1e-3)
            << later << " sees " << i;
      }
    }
  }
}

// Padding at the end, whatever the token, leaves the labelled positions and the gradient alone.
TEST(Gpt2Test, PaddingChangesNothing) {
  const at::Tensor tokens = SomeTokens(6);
  const auto compute = [&](const at::Tensor& padded, const Model& model) {
    const int64_t length = padded.size(1);
    std::vector<int64_t> positions;
    for (int64_t b = 0; b < kBatch; ++b) {
      for (int64_t i = 0; i < 5; ++i) {
        positions.push_back(b * length + i);
      }
    }
    at::Tensor logits = model.LogitsAt(padded, at::tensor(positions), {});
    at::cross_entropy_loss(logits, tokens.narrow(1, 1, 5).reshape({-1})).backward();
    return logits.detach();
  };
  const std::unique_ptr<Model> model = InitializedModel(SmallRun());
  const at::Tensor logits = compute(tokens, *model);
  for (const int64_t padding : {1, 6}) {
    for (const int64_t token : {0, 49}) {
      const std::unique_ptr<Model> other = InitializedModel(SmallRun());
      const at::Tensor padded = at::cat({tokens, at::full({kBatch, padding}, token, at::kLong)}, 1);
      EXPECT_LT(RelativeError(compute(padded, *other), logits), kRounding);
      EXPECT_LT(
          RelativeError(other->parameters().flat_gradient(), model->parameters().flat_gradient()),
          kRounding);
    }
  }
}

struct PassResult {
  std::vector<float> logits;
  at::Tensor gradient;
};

// Forward and backward on kernels, the logits' own values standing in for their gradients.
PassResult RunPass(const at::Tensor& tokens, const std::vector<int64_t>& positions) {
  const std::unique_ptr<Model> model = InitializedModel(SmallRun());
  const std::unique_ptr<CpuModel> cpu_model = MakeCpuModel(SmallRun(), model->parameters());
  const std::span<float> logits = cpu_model->Forward({.tokens = tokens.const_data_ptr<int64_t>(),
                                                      .sequences = tokens.size(0),
                                                      .length = tokens.size(1),
                                                      .token_stride = tokens.stride(0),
                                                      .positions = positions});
  PassResult result = {.logits = {logits.begin(), logits.end()}};
  cpu_model->Backward(/*add=*/false);
  result.gradient = model->parameters().flat_gradient().clone();
  return result;
}

// On kernels, what comes after a sequence's last prediction is not computed: no bit hangs on it,
// nor on a sequence at which nothing is predicted.
TEST(CpuGpt2Test, WhatPadsABatchChangesNoBit) {
  const std::vector<int64_t> ends = {3, 0, 6};  // predicted positions of each sequence
  const auto run = [&ends](int64_t length, int64_t padding) {
    const at::Tensor tokens = SomeTokens(12).narrow(1, 0, length).clone();
    std::vector<int64_t> positions;
    for (int64_t b = 0; b < kBatch; ++b) {
      const int64_t end = ends[static_cast<size_t>(b)];
      tokens[b].narrow(0, end, length - end).fill_(padding);
      for (int64_t i = 0; i < end; ++i) {
        positions.push_back(b * length + i);
      }
    }
    return RunPass(tokens, positions);
  };
  const PassResult shortest = run(6, 0);
  EXPECT_GT(shortest.gradient.abs().max().item<double>(), 0);
  for (const int64_t length : {6, 7, 12}) {
    const PassResult padded = run(length, 49);
    EXPECT_EQ(padded.logits, shortest.logits) << length;
    EXPECT_TRUE(at::equal(padded.gradient, shortest.gradient)) << length;
  }
}

// Without positions, those are the last ones; so are they in any order.
TEST(CpuGpt2Test, PositionsAreTheLastOnesOrAsGiven) {
  const at::Tensor tokens = SomeTokens(5);
  const PassResult last = RunPass(tokens, {});
  EXPECT_EQ(RunPass(tokens, {4, 9, 14}).logits, last.logits);
  const std::vector<float> turned = RunPass(tokens, {14, 9, 4}).logits;
  ASSERT_EQ(turned.size(), 3U * 50U);
  for (size_t i = 0; i < 50; ++i) {
    EXPECT_EQ(turned[i], last.logits[100 + i]);
    EXPECT_EQ(turned[100 + i], last.logits[i]);
  }
}

// Positions are all that tells one place of a repeated token from another.
TEST(Gpt2Test, PositionsMatter) {
  const std::unique_ptr<Model> model = InitializedModel(SmallRun());
  const at::Tensor tokens = at::full({1, 9}, 5, at::kLong);
  const auto spread = [&] {
    const at::Tensor logits = AllLogits(*model, tokens)[0];
    return RelativeError(logits, logits.narrow(0, 0, 1));
  };
  EXPECT_GT(spread(), 0.1);
  model->parameters().Set("embedding.position", std::vector<float>(12 * 16, 0.0F));
  EXPECT_LT(spread(), kRounding);
}

TEST(Gpt2Test, OrderMatters) {
  const std::unique_ptr<Model> model = InitializedModel(SmallRun());
  const at::Tensor tokens = at::tensor({1, 2, 3, 4}, at::kLong).view({1, 4});
  const at::Tensor swapped = at::tensor({2, 1, 3, 4}, at::kLong).view({1, 4});
  EXPECT_GT(RelativeError(model->Logits(swapped), model->Logits(tokens)), 1e-3);
}

TEST(Gpt2DeathTest, TakesSequencesUpToItsContext) {
  const std::unique_ptr<Model> model = InitializedModel(SmallRun());
  EXPECT_EQ(model->Logits(SomeTokens(12)).size(0), kBatch);
  EXPECT_DEATH(model->Logits(SomeTokens(13)), "config_.context");
}

TEST(Gpt2DeathTest, OtherNetworksPredictAtTheLastPositionOnly) {
  RunConfig config;
  config.model = ModelKind::kEmbMlp;
  const std::unique_ptr<Model> model = InitializedModel(config);
  EXPECT_DEATH(model->LogitsAt(SomeTokens(3), at::zeros({1}, at::kLong), {}), "internal error");
}

TEST(Gpt2DropoutTest, IsOffWithoutAStreamOrAShare) {
  const at::Tensor tokens = SomeTokens(9);
  const at::Tensor plain = AllLogits(*InitializedModel(SmallRun()), tokens);
  EXPECT_TRUE(AllLogits(*InitializedModel(SmallRun()), tokens, {"a"}).equal(plain));
  EXPECT_TRUE(AllLogits(*InitializedModel(SmallRun(0.3)), tokens).equal(plain));
  EXPECT_GT(RelativeError(AllLogits(*InitializedModel(SmallRun(0.3)), tokens, {"a"}), plain), 0.1);
}

TEST(Gpt2DropoutTest, StreamAndSeedNameTheMasks) {
  const at::Tensor tokens = SomeTokens(9);
  RunConfig config = SmallRun(0.3);
  const std::unique_ptr<Model> model = InitializedModel(config);
  const at::Tensor logits = AllLogits(*model, tokens, {"a"});
  EXPECT_TRUE(AllLogits(*model, tokens, {"a"}).equal(logits)) << "a second time";
  EXPECT_TRUE(AllLogits(*InitializedModel(config), tokens, {"a"}).equal(logits))
      << "a second model";
  EXPECT_GT(RelativeError(AllLogits(*model, tokens, {"b"}), logits), 0.1);
  config.seed = 8;
  const std::unique_ptr<Model> other = MakeModel(config, c10::kCPU);
  other->parameters().Initialize(7);
  EXPECT_GT(RelativeError(AllLogits(*other, tokens, {"a"}), logits), 0.1);
}

// A sequence is dropped from by its row in the batch, whichever others are computed with it and
// however they are padded.
TEST(Gpt2DropoutTest, TheRowInTheBatchNamesTheMasks) {
  const std::unique_ptr<Model> model = InitializedModel(SmallRun(0.3));
  const at::Tensor tokens = SomeTokens(9);
  const at::Tensor together = AllLogits(*model, tokens, {"a"});
  for (int64_t b = 0; b < kBatch; ++b) {
    for (const int64_t length : {9, 6, 1}) {
      const at::Tensor alone =
          AllLogits(*model, tokens.narrow(0, b, 1).narrow(1, 0, length), {"a", b});
      EXPECT_LT(RelativeError(alone[0], together[b].narrow(0, 0, length)), kRounding);
    }
  }
  const at::Tensor last_two = AllLogits(*model, tokens.narrow(0, 1, 2), {"a", 1});
  EXPECT_LT(RelativeError(last_two, together.narrow(0, 1, 2)), kRounding);
  const at::Tensor other_row = AllLogits(*model, tokens.narrow(0, 1, 1), {"a", 2});
  EXPECT_GT(RelativeError(other_row[0], together[1]), 0.1);
}

// A share that drops nothing: the path that dropout takes is that without it.
TEST(Gpt2DropoutTest, AttentionByHandIsAttention) {
  const at::Tensor tokens = SomeTokens(9);
  const at::Tensor plain = AllLogits(*InitializedModel(SmallRun()), tokens);
  EXPECT_LT(RelativeError(AllLogits(*InitializedModel(SmallRun(1e-12)), tokens, {"a"}), plain),
            kRounding);
}

// A model that shows what dropout did. Only one place adds to the residual stream: kSmall at the
// even coordinates, 0 at the odd ones. The final LayerNorm subtracts a mean and divides by
// sqrt(1e-5), its epsilon, beside which the variance of such numbers is nothing; the head is the
// identity.
class DropoutMaskTest : public testing::TestWithParam<double> {
 protected:
  static constexpr int64_t kWidth = 64;
  static constexpr int64_t kLength = 64;
  static constexpr int64_t kHeads = 4;
  static constexpr int64_t kSequences = 8;
  static constexpr double kSmall = 0x1p-17;  // 1 - kSmall is a float

  // What the elements of the place are multiplied by, [B, L, d / 2].
  static at::Tensor Factors(const std::string& place) {
    RunConfig config{.model = ModelKind::kGpt2, .seed = 3};
    config.gpt2 = {.vocabulary = kWidth,
                   .context = kLength,
                   .layers = 2,
                   .heads = kHeads,
                   .d_model = kWidth,
                   .dropout = GetParam()};
    const std::unique_ptr<Model> model = MakeModel(config, c10::kCPU);
    const at::NoGradGuard no_grad;
    const Parameters& p = model->parameters();
    p["final_norm.gain"].fill_(1);
    p["embedding.token"].copy_(at::eye(kWidth));
    p["embedding.position"].select(1, 0).fill_(-1);  // takes token 0's embedding away
    at::Tensor source;                               // [.., d]
    if (place == "embedding") {
      source = p["embedding.position"];
    } else if (place.ends_with(".weights")) {  // even weights of one value make a value
      const std::string attention = place.substr(0, place.rfind('.'));
      p[attention + ".out.w"].copy_(at::eye(kWidth));
      source = p[attention + ".qkv.b"].narrow(0, 2 * kWidth, kWidth);
    } else {
      source = p[place + ".b"];
    }
    source.slice(-1, 0, kWidth, 2).add_(kSmall);
    const at::Tensor logits =
        AllLogits(*model, at::zeros({kSequences, kLength}, at::kLong), {"test/dropout"});
    const at::Tensor dropped = logits.slice(-1, 1, 2);  // odd: 0 times anything
    return (logits.slice(-1, 0, kWidth, 2) - dropped) * std::sqrt(1e-5) / kSmall;
  }

  // What a kept element is multiplied by, so that the mean stays.
  static double Kept() { return 1 / (1 - GetParam()); }
};

TEST_P(DropoutMaskTest, DropsItsShareAndKeepsTheMean) {
  std::vector<at::Tensor> all;
  for (const char* place :
       {"embedding", "layer0.attn.out", "layer0.ffn.down", "layer1.attn.out", "layer1.ffn.down"}) {
    const at::Tensor factors = Factors(place);
    const at::Tensor dropped = factors.abs().lt(1e-3);
    const at::Tensor kept = (factors - Kept()).abs().lt(1e-3);
    EXPECT_TRUE(dropped.logical_or(kept).all().item<bool>()) << place;
    const auto n = static_cast<double>(factors.numel());
    EXPECT_NEAR(dropped.to(at::kDouble).mean().item<double>(), GetParam(),
                4 * std::sqrt(GetParam() * (1 - GetParam()) / n))
        << place;
    for (const at::Tensor& other : all) {
      EXPECT_FALSE(other.equal(dropped)) << place << " drops what another place drops";
    }
    all.push_back(dropped);
  }
}

// A position's mixture is the mean of the values that it sees, each dropped or not, and each of its
// elements is dropped or not on the way out.
TEST_P(DropoutMaskTest, DropsAttentionWeights) {
  const double p = GetParam();
  for (const char* place : {"layer0.attn.weights", "layer1.attn.weights"}) {
    const at::Tensor factors = Factors(place);  // [B, L, d / 2]
    const at::Tensor seen = at::arange(1, kLength + 1, at::kFloat).view({1, kLength, 1});
    const at::Tensor count = factors * seen / (Kept() * Kept());  // kept weights, or 0
    EXPECT_LT((count - count.round()).abs().max().item<double>(), 1e-2) << place;
    EXPECT_LT((count / seen).max().item<double>(), 1 + 1e-4) << place;
    // The elements of a head share its weights: the variance of the mean over them, at each
    // position.
    const double odds = p / (1 - p);
    double variance = 0;
    for (int64_t i = 1; i <= kLength; ++i) {
      const double elements = kWidth / 2.0 / kHeads;
      variance += ((1 + odds / static_cast<double>(i)) * (1 + odds / elements) - 1) /
                  (kLength * kLength * kHeads * kSequences);
    }
    EXPECT_NEAR(factors.to(at::kDouble).mean().item<double>(), 1, 4 * std::sqrt(variance)) << place;
    // Position 0 sees one value: dropped by its weight or on the way out.
    const double zero = factors.select(1, 0).abs().lt(1e-3).to(at::kDouble).mean().item<double>();
    EXPECT_GT(zero, p + 0.25 * p * (1 - p)) << place;
  }
}

INSTANTIATE_TEST_SUITE_P(Shares, DropoutMaskTest, testing::Values(0.1, 0.25, 0.5),
                         [](const auto& share) {
                           return std::to_string(std::lround(100 * share.param)) + "Percent";
                         });

}  // namespace
}  // namespace initbias
