// Our networks, loss, gradients and optimiser against numbers exported from PyTorch by
// export_oracle.py: an implementation of the same equations that shares no code with ours.
// GPT-2's are in gpt2_oracle_test.cc.
#include <ATen/core/Tensor.h>
#include <fmt/format.h>
#include <gtest/gtest.h>

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

std::vector<CaseName> AllCases() {
  std::vector<CaseName> cases = CasesOf("emb_mlp");
  for (const CaseName& name : CasesOf("transformer")) {
    cases.push_back(name);
  }
  return cases;
}

class OracleTest : public testing::TestWithParam<CaseName> {
 protected:
  OracleTest() : oracle_(GetParam()) {
    const auto size = [this](const std::string& name) { return oracle_.Int(name); };
    config_.task.vocabulary = size("vocab_size");
    config_.task.length = size("sequence_length");
    ParseValue(oracle_.String("model"), &config_.model);
    Activation activation{};
    ParseValue(oracle_.String("activation"), &activation);
    if (config_.model == ModelKind::kEmbMlp) {
      config_.emb_mlp = {
          .d_model = size("d_model"), .d_ff = size("d_ff"), .activation = activation};
    } else {
      config_.transformer = {.layers = size("num_layers"),
                             .heads = size("num_heads"),
                             .d_model = size("d_model"),
                             .d_ff = size("d_ff"),
                             .d_head = size("d_key"),
                             .bias = size("bias") != 0 ? Bias::kZero : Bias::kNone,
                             .activation = activation};
      ParseValue(oracle_.String("norm"), &config_.transformer.norm);
    }
    config_.optimizer = oracle_.Optimizer();
  }

  // The key biases have no effect on the attention (they add the same to all scores of a row), so
  // that their gradients are rounding noise: measured against the query biases' instead.
  static bool IsKeyBias(const std::string& name) { return name.ends_with(".attn.bk"); }

  std::vector<double> Logits(Model& model, bool autograd) const {
    const at::Tensor tokens = oracle_.Ints("tokens");
    if (autograd) {
      return ToDoubles(model.Logits(tokens));
    }
    const std::unique_ptr<CpuModel> cpu_model = MakeCpuModel(config_, model.parameters());
    const std::span<const float> logits =
        cpu_model->Forward({.tokens = tokens.const_data_ptr<int64_t>(),
                            .sequences = tokens.size(0),
                            .length = tokens.size(1),
                            .token_stride = tokens.stride(0)});
    return {logits.begin(), logits.end()};
  }

  void ComputeGradient(Engine& engine) const {
    const Batch batch = {.tokens = oracle_.Ints("tokens"), .labels = oracle_.Ints("targets")};
    PhaseSeconds phases;
    engine.ComputeGradient(batch, batch.size(), /*add=*/false, /*dropout=*/{}, &phases);
  }

  OracleCase oracle_;
  RunConfig config_;
};

// By autograd and on kernels, with the last block pruned and in full.
TEST_P(OracleTest, LogitsLossAndEveryGradient) {
  for (const bool pruned : {true, false}) {
    for (const bool autograd : {true, false}) {
      SCOPED_TRACE(
          fmt::format("{}, {}", pruned ? "pruned" : "full", autograd ? "autograd" : "kernels"));
      config_.transformer.pruned = pruned;
      const std::unique_ptr<Model> model = oracle_.LoadModel(config_);
      EXPECT_LT(LargestError(Logits(*model, autograd), oracle_.Doubles("logits")),
                kLogitsTolerance);
      const std::unique_ptr<Engine> engine = MakeEngine(config_, *model, autograd);
      model->parameters().flat_gradient().fill_(1.0);  // is set, not added to
      ComputeGradient(*engine);
      EXPECT_LT(LargestError({engine->FlushLoss()}, oracle_.Doubles("loss")), kLossTolerance);
      for (const std::string& name : oracle_.List("gradients")) {
        const std::vector<double> reference = oracle_.Doubles("gradients/" + name);
        const std::vector<double> ours = ToDoubles(model->parameters().Gradient(name));
        std::string scale_name = name;
        if (IsKeyBias(name)) {
          scale_name.replace(scale_name.size() - 2, 2, "bq");
        }
        const double scale = MaxAbs(oracle_.Doubles("gradients/" + scale_name));
        EXPECT_LT(LargestError(ours, reference, scale), kGradientTolerance) << name;
      }
    }
  }
}

TEST_P(OracleTest, Attention) {
  if (config_.model != ModelKind::kTransformer) {
    EXPECT_FALSE(oracle_.Exists("attention"));
    return;
  }
  Activations activations;
  const at::Tensor logits =
      oracle_.LoadModel(config_)->Logits(oracle_.Ints("tokens"), &activations);
  EXPECT_LT(LargestError(ToDoubles(logits), oracle_.Doubles("logits")), kLogitsTolerance);
  ASSERT_EQ(static_cast<int64_t>(activations.attention.size()), config_.transformer.layers);
  for (size_t i = 0; i < activations.attention.size(); ++i) {
    const std::string path = fmt::format("attention/layer{}", i);
    EXPECT_EQ(activations.attention[i].sizes().vec(), oracle_.Shape(path));
    EXPECT_LT(LargestError(ToDoubles(activations.attention[i]), oracle_.Doubles(path)),
              kAttentionTolerance);
  }
}

TEST_P(OracleTest, TenTrainingSteps) {
  for (const bool autograd : {true, false}) {
    SCOPED_TRACE(autograd ? "autograd" : "kernels");
    const std::unique_ptr<Model> model = oracle_.LoadModel(config_);
    const std::unique_ptr<Engine> engine = MakeEngine(config_, *model, autograd);
    Optimizer optimizer(config_.optimizer, model->parameters().flat(),
                        model->parameters().flat_gradient());
    std::vector<double> losses;
    for (int64_t step = 0; step < oracle_.Int("train_steps"); ++step) {
      ComputeGradient(*engine);
      losses.push_back(engine->FlushLoss());
      optimizer.Step();
    }
    const std::vector<double> reference = oracle_.Doubles("train/loss64");
    ASSERT_EQ(losses.size(), 10u);
    EXPECT_LT(LargestError(losses, reference), kTrainingLossTolerance);
    EXPECT_LT(losses.back(), losses.front());
    for (const std::string& name : oracle_.List("train/parameters64")) {
      if (!IsKeyBias(name)) {  // AdamW makes steps of full size out of their noise
        EXPECT_LT(LargestError(ToDoubles(model->parameters()[name]),
                               oracle_.Doubles("train/parameters64/" + name)),
                  kTrainedParameterTolerance)
            << name;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, OracleTest, testing::ValuesIn(AllCases()),
                         [](const testing::TestParamInfo<CaseName>& param) {
                           return param.param.file + "_" + param.param.name;
                         });

}  // namespace
}  // namespace initbias
