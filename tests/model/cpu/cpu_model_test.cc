// The models on kernels, by their engine. One training with every compilation of the kernels that
// this CPU has: the same bits; and by autograd: the same numbers, as far as float arithmetic in
// another order goes. Against PyTorch: tests/oracle.
#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/zeros.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "lib/kernels/kernels.h"
#include "lib/model/torch/model.h"
#include "lib/train/engine.h"
#include "lib/train/training_data.h"
#include "tests/small_runs.h"
#include "tests/train/train_steps.h"

namespace initbias {
namespace {

// A Transformer whose last values are its logits, as many as a token's embedding has.
RunConfig WithoutProjection(Norm norm) {
  RunConfig config = SmallTransformerRun();
  config.task.vocabulary = 101;
  config.transformer.d_model = 104;
  config.transformer.norm = norm;
  config.transformer.projection = false;
  return config;
}

// Every module of another rate.
RunConfig WithModuleRates(RunConfig config) {
  config.init.embedding_gamma = 0.3;
  config.init.qk_gamma = 0.4;
  config.init.vo_gamma = 0.6;
  config.init.mlp_gamma = 0.7;
  config.init.head_gamma = 0.45;
  return config;
}

// The weights decay, visibly, at two of the steps.
RunConfig WithDecayWindow(RunConfig config) {
  config.optimizer.weight_decay = 50;
  const auto total = static_cast<double>(TotalSteps(config));
  config.optimizer.decay_from = 1 / total;
  config.optimizer.decay_to = 3 / total;
  return config;
}

// A temperature of 1/3.
RunConfig WithLogitScale(RunConfig config) {
  config.train.logit_scale = 3;
  return config;
}

// With a weight decay that shows, and without clipping.
RunConfig WithOptimizer(OptimizerKind kind, double learning_rate, RunConfig config) {
  config.optimizer = {
      .kind = kind, .learning_rate = learning_rate, .weight_decay = 0.1, .clip_norm = 0};
  return config;
}

struct NamedRun {
  const char* name;
  RunConfig config;
};

class TrainingKernelsTest : public testing::TestWithParam<NamedRun> {
 protected:
  RunConfig config_ = GetParam().config;
};

TEST_P(TrainingKernelsTest, EveryCompilationGivesTheSameBits) {
  const TrainedSteps best = TrainSteps(config_, /*autograd=*/false, BestKernels());
  EXPECT_NE(best.losses.back(), best.losses.front());
  for (const Kernels* kernels : AvailableKernels()) {
    SCOPED_TRACE(kernels->name);
    const TrainedSteps other = TrainSteps(config_, /*autograd=*/false, *kernels);
    EXPECT_EQ(other.losses, best.losses);
    EXPECT_EQ(other.test_loss, best.test_loss);
    EXPECT_EQ(other.parameters, best.parameters);
  }
}

TEST_P(TrainingKernelsTest, AutogradAgrees) {
  const TrainedSteps ours = TrainSteps(config_, /*autograd=*/false, BestKernels());
  const TrainedSteps reference = TrainSteps(config_, /*autograd=*/true, BestKernels());
  for (size_t i = 0; i < ours.losses.size(); ++i) {
    EXPECT_NEAR(ours.losses[i], reference.losses[i], 2e-5 * reference.losses[i]) << i;
  }
  EXPECT_NEAR(ours.test_loss, reference.test_loss, 2e-5 * reference.test_loss);
}

INSTANTIATE_TEST_SUITE_P(
    All, TrainingKernelsTest,
    testing::Values(
        NamedRun{"emb_mlp", SmallEmbMlpRun()}, NamedRun{"transformer", SmallTransformerRun()},
        NamedRun{"gpt2", SmallGpt2Run()},
        NamedRun{"emb_mlp_rates", WithModuleRates(SmallEmbMlpRun())},
        NamedRun{"transformer_rates", WithModuleRates(SmallTransformerRun())},
        NamedRun{"gpt2_rates", WithModuleRates(SmallGpt2Run())},
        NamedRun{"emb_mlp_decay_window", WithDecayWindow(SmallEmbMlpRun())},
        NamedRun{"transformer_decay_window", WithDecayWindow(SmallTransformerRun())},
        NamedRun{"gpt2_decay_window", WithDecayWindow(SmallGpt2Run())},
        NamedRun{"emb_mlp_logit_scale", WithLogitScale(SmallEmbMlpRun())},
        NamedRun{"transformer_logit_scale", WithLogitScale(SmallTransformerRun())},
        NamedRun{"gpt2_logit_scale", WithLogitScale(SmallGpt2Run())},
        NamedRun{"emb_mlp_sgd", WithOptimizer(OptimizerKind::kSgd, 0.5, SmallEmbMlpRun())},
        NamedRun{"transformer_sgd", WithOptimizer(OptimizerKind::kSgd, 0.5, SmallTransformerRun())},
        NamedRun{"transformer_adam",
                 WithOptimizer(OptimizerKind::kAdam, 1e-3, SmallTransformerRun())},
        NamedRun{"gpt2_sgd", WithOptimizer(OptimizerKind::kSgd, 0.5, SmallGpt2Run())},
        NamedRun{"no_projection_pre", WithoutProjection(Norm::kPre)},
        NamedRun{"no_projection_post", WithoutProjection(Norm::kPost)},
        NamedRun{"no_projection_none", WithoutProjection(Norm::kNone)}),
    [](const testing::TestParamInfo<NamedRun>& test) { return std::string(test.param.name); });

// Loss and gradient of the first batch of a Transformer, whose head makes the logits.
struct FirstBatch {
  double loss = 0;
  std::map<std::string, at::Tensor> gradients;
  Score score;
};

FirstBatch ComputeFirstBatch(const RunConfig& config, double head_factor, bool autograd) {
  const std::unique_ptr<Model> model = MakeModel(config, c10::kCPU);
  model->parameters().Initialize(config.seed);
  model->parameters()["head.w"].detach().mul_(head_factor);
  model->parameters()["head.b"].detach().mul_(head_factor);
  const TrainingData data = MakeTrainingData(config, {}, c10::kCPU);
  const std::unique_ptr<Engine> engine = MakeEngine(config, *model, autograd);
  PhaseSeconds phases;
  engine->ComputeGradient(data.training.Rows(0, 50).ToBatch(), 50, /*add=*/false, {}, &phases);
  FirstBatch first{.loss = engine->FlushLoss()};
  for (const ParameterSpec& spec : model->parameters().specs()) {
    first.gradients[spec.name] = model->parameters().Gradient(spec.name).clone();
  }
  first.score = engine->Evaluate(data.evaluation[0].sequences.ToBatch(), {});
  return first;
}

// Scaled logits are those of a head that is as much larger, to whose parameters the gradient is by
// so much smaller. With a power of two nothing is rounded otherwise.
TEST(LogitScaleTest, IsThatOfALargerHead) {
  RunConfig plain = SmallTransformerRun();
  plain.transformer.bias = Bias::kTorchDefault;
  RunConfig scaled = plain;
  scaled.train.logit_scale = 4;
  for (const bool autograd : {true, false}) {
    SCOPED_TRACE(autograd ? "autograd" : "kernels");
    const FirstBatch ours = ComputeFirstBatch(scaled, /*head_factor=*/1, autograd);
    const FirstBatch reference = ComputeFirstBatch(plain, /*head_factor=*/4, autograd);
    EXPECT_EQ(ours.loss, reference.loss);
    EXPECT_EQ(ours.score.loss, reference.score.loss);
    EXPECT_EQ(ours.score.correct, reference.score.correct);
    for (const auto& [name, gradient] : reference.gradients) {
      const double factor = name.starts_with("head.") ? 4 : 1;
      EXPECT_TRUE(ours.gradients.at(name).equal(gradient * factor)) << name;
    }
  }
}

using NextTokenChoices = std::tuple<Norm, Bias, bool>;  // the last: transformer.pruned

// Next-token training: the mean loss over all positions and its gradient, by hand from the model's
// logits, by autograd and on kernels.
class NextTokenTest : public testing::TestWithParam<NextTokenChoices> {
 protected:
  NextTokenTest() {
    config_.train.target = Target::kNextToken;
    const auto& [norm, bias, pruned] = GetParam();
    config_.transformer.norm = norm;
    config_.transformer.bias = bias;
    config_.transformer.pruned = pruned;
  }

  RunConfig config_ = SmallTransformerRun();
};

TEST_P(NextTokenTest, LossAndEveryGradient) {
  const std::unique_ptr<Model> model = MakeModel(config_, c10::kCPU);
  model->parameters().Initialize(config_.seed);
  const TrainingData data = MakeTrainingData(config_, {}, c10::kCPU);
  RunConfig plain = config_;
  plain.train.target = Target::kLabel;
  const TrainingData label_data = MakeTrainingData(plain, {}, c10::kCPU);
  const int64_t length = config_.task.length;
  const int64_t count = 50;
  const at::Tensor tokens = label_data.training.tokens.narrow(0, 0, count);
  const at::Tensor labels = label_data.training.labels.narrow(0, 0, count);
  at::Tensor loss = at::zeros({}, at::kFloat);
  for (int64_t j = 0; j < length; ++j) {
    const at::Tensor logits =
        model->LogitsAt(tokens, at::arange(count, tokens.options()) * length + j, {});
    const at::Tensor next = j + 1 < length ? tokens.select(1, j + 1) : labels;
    loss = loss + at::cross_entropy_loss(logits, next) / static_cast<double>(length);
  }
  model->parameters().flat_gradient().zero_();
  loss.backward();
  const double largest = model->parameters().flat_gradient().abs().max().item<double>();
  std::map<std::string, at::Tensor> references;
  for (const ParameterSpec& spec : model->parameters().specs()) {
    references[spec.name] = model->parameters().Gradient(spec.name).clone();
  }
  for (const bool autograd : {true, false}) {
    SCOPED_TRACE(autograd ? "autograd" : "kernels");
    const std::unique_ptr<Engine> engine = MakeEngine(config_, *model, autograd);
    const SequenceSet rows = data.training.Rows(0, count);
    EXPECT_EQ(rows.LabelCount(), count * length);
    PhaseSeconds phases;
    for (const ParameterSpec& spec : model->parameters().specs()) {
      model->parameters().Gradient(spec.name).fill_(1.0);  // is set, not added to
    }
    engine->ComputeGradient(rows.ToBatch(), rows.LabelCount(), /*add=*/false, {"dropout"}, &phases);
    EXPECT_NEAR(engine->FlushLoss(), loss.item<double>(), 1e-5 * loss.item<double>());
    const at::Tensor& flat = model->parameters().flat_gradient();
    for (const ParameterSpec& spec : model->parameters().specs()) {
      const at::Tensor difference =
          model->parameters().Gradient(spec.name) - references.at(spec.name);
      // A key's bias has no effect: its gradient is rounding.
      const double scale = spec.name.ends_with(".bk")
                               ? largest
                               : references.at(spec.name).abs().max().item<double>();
      EXPECT_LT(difference.abs().max().item<double>(), 2e-5 * scale) << spec.name;
    }
    const at::Tensor once = flat.clone();
    engine->ComputeGradient(rows.ToBatch(), rows.LabelCount(), /*add=*/true, {"dropout"}, &phases);
    EXPECT_LT((flat - once * 2).abs().max().item<double>(), 1e-5 * largest);
  }
}

TEST_P(NextTokenTest, TrainingAndEvaluationsInTurnsAgree) {
  const TrainedSteps ours = TrainSteps(config_, /*autograd=*/false, BestKernels());
  const TrainedSteps reference = TrainSteps(config_, /*autograd=*/true, BestKernels());
  for (size_t i = 0; i < ours.losses.size(); ++i) {
    EXPECT_NEAR(ours.losses[i], reference.losses[i], 2e-5 * reference.losses[i]) << i;
  }
  EXPECT_NEAR(ours.test_loss, reference.test_loss, 2e-5 * reference.test_loss);
  for (const Kernels* kernels : AvailableKernels()) {
    EXPECT_EQ(TrainSteps(config_, /*autograd=*/false, *kernels).parameters, ours.parameters)
        << kernels->name;
  }
}

INSTANTIATE_TEST_SUITE_P(All, NextTokenTest,
                         testing::Combine(testing::Values(Norm::kPre, Norm::kPost, Norm::kNone),
                                          testing::Values(Bias::kTorchDefault, Bias::kNone),
                                          testing::Bool()));

}  // namespace
}  // namespace initbias
