#include "lib/train/optimizer.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/_fused_adamw.h>
#include <ATen/ops/linalg_vector_norm.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace initbias {
namespace {

constexpr double kClipEpsilon = 1e-6;  // torch.nn.utils.clip_grad_norm_ has it

// base^exponent by squaring: the same bits everywhere, as pow() need not give.
double Power(double base, int64_t exponent) {
  double power = 1.0;
  for (; exponent > 0; exponent /= 2) {
    if (exponent % 2 == 1) {
      power *= base;
    }
    base *= base;
  }
  return power;
}

}  // namespace

Optimizer::Optimizer(const OptimizerConfig& config, at::Tensor parameters, at::Tensor gradients,
                     const Kernels& kernels)
    : config_(config),
      kernels_(kernels),
      parameters_(std::move(parameters)),
      gradients_(std::move(gradients)),
      first_moment_(at::zeros_like(parameters_)),
      second_moment_(at::zeros_like(parameters_)),
      steps_(at::zeros({}, parameters_.options())) {}

void Optimizer::Step() {
  if (parameters_.is_cpu()) {
    StepOnCpu();
    return;
  }
  const at::NoGradGuard no_grad;
  if (config_.clip_norm != 0) {
    const at::Tensor norm = at::linalg_vector_norm(gradients_);
    gradients_.mul_(norm.add(kClipEpsilon).reciprocal_().mul_(config_.clip_norm).clamp_max_(1.0));
  }
  const bool decoupled = config_.kind == OptimizerKind::kAdamW;
  if (!decoupled) {
    gradients_.add_(parameters_, config_.weight_decay);
  }
  if (config_.kind == OptimizerKind::kSgd) {
    parameters_.sub_(gradients_, config_.learning_rate);
    return;
  }
  steps_.add_(1.0);
  at::_fused_adamw_({parameters_}, {gradients_}, {first_moment_}, {second_moment_}, {}, {steps_},
                    config_.learning_rate, config_.beta1, config_.beta2,
                    decoupled ? config_.weight_decay : 0.0, config_.epsilon, /*amsgrad=*/false,
                    /*maximize=*/false);
}

void Optimizer::StepOnCpu() {
  const auto rounded = [](double x) { return static_cast<float>(x); };
  const int64_t size = parameters_.numel();
  auto* const gradients = gradients_.mutable_data_ptr<float>();
  auto* const parameters = parameters_.mutable_data_ptr<float>();
  float gradient_scale = 1;
  if (config_.clip_norm != 0) {
    const double norm = std::sqrt(kernels_.sum_of_squares(size, gradients));
    gradient_scale = rounded(std::min(1.0, config_.clip_norm / (norm + kClipEpsilon)));
  }
  double decay = config_.weight_decay;
  if (config_.kind != OptimizerKind::kAdamW) {
    kernels_.combine(size, rounded(decay), parameters, gradient_scale, gradients);
    gradient_scale = 1;
    decay = 0;
  }
  if (config_.kind == OptimizerKind::kSgd) {
    kernels_.combine(size, rounded(-config_.learning_rate), gradients, 1, parameters);
    return;
  }
  ++steps_done_;
  const AdamWArgs args = {
      .gradient_scale = gradient_scale,
      .decay = rounded(1.0 - config_.learning_rate * decay),
      .beta2 = rounded(config_.beta2),
      .one_minus_beta1 = rounded(1.0 - config_.beta1),
      .one_minus_beta2 = rounded(1.0 - config_.beta2),
      .step_size = rounded(config_.learning_rate / (1.0 - Power(config_.beta1, steps_done_))),
      .second_scale = rounded(1.0 / std::sqrt(1.0 - Power(config_.beta2, steps_done_))),
      .epsilon = rounded(config_.epsilon)};
  kernels_.adamw(size, args, gradients, parameters, first_moment_.mutable_data_ptr<float>(),
                 second_moment_.mutable_data_ptr<float>());
}

void Optimizer::SetSteps(int64_t steps) {
  steps_done_ = steps;
  steps_.fill_(static_cast<double>(steps));
}

}  // namespace initbias
