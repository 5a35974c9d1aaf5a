// Each optimiser's steps beside the update rule that PyTorch documents for it, computed in double.
#include "lib/train/optimizer.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/zeros.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <tuple>
#include <vector>

#include "lib/kernels/kernels.h"
#include "lib/rng/stream.h"

namespace initbias {
namespace {

constexpr int64_t kSize = 100;
constexpr int kSteps = 10;

std::vector<float> RandomFloats(const std::string& stream) {
  std::vector<float> values(kSize);
  Stream(1, stream).FillNormal(values, 1.0);
  return values;
}

void CopyTo(const std::vector<float>& values, const at::Tensor& tensor) {
  std::ranges::copy(values, tensor.mutable_data_ptr<float>());
}

std::vector<float> Gradient(int step) { return RandomFloats("gradient" + std::to_string(step)); }

// The parameters after some steps by `kernels`.
std::vector<float> Stepped(const OptimizerConfig& config, const Kernels& kernels) {
  const at::Tensor parameters = at::zeros({kSize}, at::kFloat);
  const at::Tensor gradients = at::zeros({kSize}, at::kFloat);
  CopyTo(RandomFloats("parameters"), parameters);
  Optimizer optimizer(config, parameters, gradients, kernels);
  for (int t = 1; t <= kSteps; ++t) {
    CopyTo(Gradient(t), gradients);
    optimizer.Step();
  }
  const auto* const values = parameters.const_data_ptr<float>();
  return {values, values + kSize};
}

// The same by the rules of torch.optim's pages of AdamW, Adam (amsgrad and maximize False) and SGD
// (momentum 0, nesterov and maximize False), after torch.nn.utils.clip_grad_norm_.
std::vector<double> ByTheRule(const OptimizerConfig& config) {
  const std::vector<float> initial = RandomFloats("parameters");
  std::vector<double> theta(initial.begin(), initial.end());
  std::vector<double> m(kSize);
  std::vector<double> v(kSize);
  const double lambda = config.weight_decay;
  for (int t = 1; t <= kSteps; ++t) {
    const std::vector<float> gradient = Gradient(t);
    double norm = 0;
    for (const float g : gradient) {
      norm += static_cast<double>(g) * static_cast<double>(g);
    }
    const double clip =
        config.clip_norm == 0 ? 1.0 : std::min(1.0, config.clip_norm / (std::sqrt(norm) + 1e-6));
    for (size_t i = 0; i < theta.size(); ++i) {
      double g = clip * static_cast<double>(gradient[i]);
      if (config.kind == OptimizerKind::kAdamW) {
        theta[i] -= config.learning_rate * lambda * theta[i];
      } else {
        g += lambda * theta[i];
      }
      if (config.kind == OptimizerKind::kSgd) {
        theta[i] -= config.learning_rate * g;
        continue;
      }
      m[i] = config.beta1 * m[i] + (1 - config.beta1) * g;
      v[i] = config.beta2 * v[i] + (1 - config.beta2) * g * g;
      const double m_hat = m[i] / (1 - std::pow(config.beta1, t));
      const double v_hat = v[i] / (1 - std::pow(config.beta2, t));
      theta[i] -= config.learning_rate * m_hat / (std::sqrt(v_hat) + config.epsilon);
    }
  }
  return theta;
}

class OptimizerTest : public testing::TestWithParam<std::tuple<OptimizerKind, double>> {
 protected:
  OptimizerConfig config_ = {.kind = std::get<0>(GetParam()),
                             .learning_rate = 0.01,
                             .weight_decay = 0.3,
                             .clip_norm = std::get<1>(GetParam())};
};

// A parameter, of at most 5, is rounded a few times a step and moves by some hundredths.
TEST_P(OptimizerTest, StepsAreThoseOfTheRuleInDouble) {
  const std::vector<float> ours = Stepped(config_, BestKernels());
  const std::vector<double> rule = ByTheRule(config_);
  for (size_t i = 0; i < ours.size(); ++i) {
    EXPECT_NEAR(static_cast<double>(ours[i]), rule[i], 5e-6) << i;
  }
}

TEST_P(OptimizerTest, EveryCompilationGivesTheSameBits) {
  const std::vector<float> best = Stepped(config_, BestKernels());
  for (const Kernels* kernels : AvailableKernels()) {
    EXPECT_EQ(Stepped(config_, *kernels), best) << kernels->name;
  }
}

TEST_P(OptimizerTest, IsLikeNoOther) {
  for (const OptimizerKind kind :
       {OptimizerKind::kAdamW, OptimizerKind::kAdam, OptimizerKind::kSgd}) {
    OptimizerConfig other = config_;
    other.kind = kind;
    EXPECT_EQ(Stepped(other, BestKernels()) == Stepped(config_, BestKernels()),
              kind == config_.kind);
  }
}

// An infinite norm clips nothing either.
TEST_P(OptimizerTest, ANormOfZeroIsNoClipping) {
  OptimizerConfig unclipped = config_;
  unclipped.clip_norm = 0;
  OptimizerConfig infinite = config_;
  infinite.clip_norm = INFINITY;
  EXPECT_EQ(Stepped(unclipped, BestKernels()), Stepped(infinite, BestKernels()));
}

INSTANTIATE_TEST_SUITE_P(All, OptimizerTest,
                         testing::Combine(testing::Values(OptimizerKind::kAdamW,
                                                          OptimizerKind::kAdam,
                                                          OptimizerKind::kSgd),
                                          testing::Values(0.0, 0.5)));

}  // namespace
}  // namespace initbias
