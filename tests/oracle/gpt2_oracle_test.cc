// GPT-2: logits, loss, gradients and optimiser steps against numbers exported from PyTorch by
// export_oracle.py, of a batch whose sequences are padded and have positions without a label.
#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/from_blob.h>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "lib/model/cpu/cpu_model.h"
#include "lib/model/torch/model.h"
#include "lib/train/engine.h"
#include "lib/train/optimizer.h"
#include "lib/train/training_data.h"
#include "tests/oracle/oracle_case.h"

namespace initbias {
namespace {

constexpr int64_t kNoLabel = -100;

// A parameter, or a third of qkv: the maps to queries, keys and values have gradients of different
// sizes and are judged one by one.
struct Part {
  std::string name;
  at::Tensor values;
  bool is_key_bias = false;  // see oracle_test.cc: the gradient is rounding noise
};

std::vector<Part> PartsOf(const std::string& name, const at::Tensor& values) {
  if (name.find(".qkv.") == std::string::npos) {
    return {{name, values}};
  }
  const std::vector<at::Tensor> thirds = values.chunk(3, -1);
  return {{name + "[q]", thirds[0]},
          {name + "[k]", thirds[1], values.dim() == 1},
          {name + "[v]", thirds[2]}};
}

class Gpt2OracleTest : public testing::TestWithParam<CaseName> {
 protected:
  Gpt2OracleTest() : oracle_(GetParam()) {
    config_.model = ModelKind::kGpt2;
    config_.gpt2 = {.vocabulary = oracle_.Int("vocab_size"),
                    .context = oracle_.Int("context"),
                    .layers = oracle_.Int("num_layers"),
                    .heads = oracle_.Int("num_heads"),
                    .d_model = oracle_.Int("d_model")};
    config_.optimizer = oracle_.Optimizer();
  }

  // The sequences from `first` to before `end`.
  Batch Sequences(int64_t first, int64_t end) const {
    const at::Tensor labels = oracle_.Ints("targets").narrow(0, first, end - first).reshape({-1});
    const at::Tensor positions = labels.ne(kNoLabel).nonzero().squeeze(1);
    return {.tokens = oracle_.Ints("tokens").narrow(0, first, end - first),
            .positions = positions,
            .labels = labels.index_select(0, positions)};
  }
  Batch WholeBatch() const { return Sequences(0, oracle_.Int("batch_size")); }

  static void ComputeGradient(Engine& engine, const Batch& batch, int64_t labels, bool add) {
    PhaseSeconds phases;
    engine.ComputeGradient(batch, labels, add, /*dropout=*/{}, &phases);
  }

  // [as its parameter], float64.
  at::Tensor Reference(const std::string& folder, const std::string& name) const {
    const std::string path = folder + "/" + name;
    std::vector<double> values = oracle_.Doubles(path);
    return at::from_blob(values.data(), oracle_.Shape(path), at::kDouble).clone();
  }

  void ExpectOraclesGradients(const Model& model) const {
    for (const std::string& name : oracle_.List("gradients")) {
      const std::vector<Part> ours = PartsOf(name, model.parameters().Gradient(name));
      const std::vector<Part> reference = PartsOf(name, Reference("gradients", name));
      for (size_t i = 0; i < ours.size(); ++i) {
        const double scale = MaxAbs(ToDoubles(reference[reference[i].is_key_bias ? 0 : i].values));
        EXPECT_GT(scale, 1e-4) << ours[i].name;
        EXPECT_LT(LargestError(ToDoubles(ours[i].values), ToDoubles(reference[i].values), scale),
                  kGpt2GradientTolerance)
            << ours[i].name;
      }
    }
  }

  OracleCase oracle_;
  RunConfig config_;
};

TEST_P(Gpt2OracleTest, TheCaseIsOneOfOurs) {
  EXPECT_EQ(oracle_.String("model"), "gpt2");
  EXPECT_EQ(oracle_.String("activation"), "gelu_tanh");
  EXPECT_LT(WholeBatch().labels.size(0), WholeBatch().tokens.numel()) << "some have no label";
}

// By autograd and on kernels.
TEST_P(Gpt2OracleTest, LogitsLossAndEveryGradient) {
  for (const bool autograd : {true, false}) {
    SCOPED_TRACE(autograd ? "autograd" : "kernels");
    const std::unique_ptr<Model> model = oracle_.LoadModel(config_);
    const Batch batch = WholeBatch();
    if (autograd) {
      const at::Tensor logits = model->LogitsAt(batch.tokens, batch.positions, {});
      EXPECT_EQ(logits.sizes().vec(), oracle_.Shape("logits"));
      EXPECT_LT(LargestError(ToDoubles(logits), oracle_.Doubles("logits")), kLogitsTolerance);
    } else {
      const std::unique_ptr<CpuModel> cpu_model = MakeCpuModel(config_, model->parameters());
      const std::span<const float> logits =
          cpu_model->Forward({.tokens = batch.tokens.const_data_ptr<int64_t>(),
                              .sequences = batch.tokens.size(0),
                              .length = batch.tokens.size(1),
                              .token_stride = batch.tokens.stride(0),
                              .positions = {batch.positions.const_data_ptr<int64_t>(),
                                            static_cast<size_t>(batch.size())}});
      EXPECT_LT(LargestError({logits.begin(), logits.end()}, oracle_.Doubles("logits")),
                kLogitsTolerance);
    }
    const std::unique_ptr<Engine> engine = MakeEngine(config_, *model, autograd);
    model->parameters().flat_gradient().fill_(1.0);  // is set, not added to
    ComputeGradient(*engine, batch, batch.size(), /*add=*/false);
    EXPECT_LT(LargestError({engine->FlushLoss()}, oracle_.Doubles("loss")), kLossTolerance);
    ExpectOraclesGradients(*model);
  }
}

// Whatever the parts are: the losses are summed and divided by the labels of the whole batch, not
// averaged over parts that have different numbers of them.
TEST_P(Gpt2OracleTest, MicroBatchesAddUpToTheBatchsGradient) {
  const int64_t size = oracle_.Int("batch_size");
  for (const bool autograd : {true, false}) {
    for (int64_t micro_batch = 1; micro_batch < size; ++micro_batch) {
      SCOPED_TRACE(fmt::format("{} at a time, {}", micro_batch, autograd ? "autograd" : "kernels"));
      const std::unique_ptr<Model> model = oracle_.LoadModel(config_);
      const std::unique_ptr<Engine> engine = MakeEngine(config_, *model, autograd);
      for (int64_t first = 0; first < size; first += micro_batch) {
        ComputeGradient(*engine, Sequences(first, std::min(first + micro_batch, size)),
                        WholeBatch().size(), /*add=*/first > 0);
      }
      EXPECT_LT(LargestError({engine->FlushLoss()}, oracle_.Doubles("loss")), kLossTolerance);
      ExpectOraclesGradients(*model);
    }
  }
}

TEST_P(Gpt2OracleTest, TenTrainingSteps) {
  for (const bool autograd : {true, false}) {
    SCOPED_TRACE(autograd ? "autograd" : "kernels");
    const std::unique_ptr<Model> model = oracle_.LoadModel(config_);
    const std::unique_ptr<Engine> engine = MakeEngine(config_, *model, autograd);
    Optimizer optimizer(config_.optimizer, model->parameters().flat(),
                        model->parameters().flat_gradient());
    const Batch batch = WholeBatch();
    std::vector<double> losses;
    for (int64_t step = 0; step < oracle_.Int("train_steps"); ++step) {
      ComputeGradient(*engine, batch, batch.size(), /*add=*/false);
      losses.push_back(engine->FlushLoss());
      optimizer.Step();
    }
    ASSERT_EQ(losses.size(), 10u);
    EXPECT_LT(LargestError(losses, oracle_.Doubles("train/loss64")), kTrainingLossTolerance);
    EXPECT_LT(losses.back(), losses.front());
    for (const std::string& name : oracle_.List("train/parameters64")) {
      const std::vector<Part> ours = PartsOf(name, model->parameters()[name]);
      const std::vector<Part> reference = PartsOf(name, Reference("train/parameters64", name));
      for (size_t i = 0; i < ours.size(); ++i) {
        if (!ours[i].is_key_bias) {  // AdamW makes steps of full size out of their noise
          EXPECT_LT(LargestError(ToDoubles(ours[i].values), ToDoubles(reference[i].values)),
                    kTrainedParameterTolerance)
              << ours[i].name;
        }
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, Gpt2OracleTest, testing::ValuesIn(CasesOf("gpt2")),
                         [](const testing::TestParamInfo<CaseName>& param) {
                           return param.param.name;
                         });

}  // namespace
}  // namespace initbias
