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

constexpr double kNormEpsilon = 1e-6;  // torch.nn.utils.clip_grad_norm_ has it

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

AdamW::AdamW(const OptimizerConfig& config, at::Tensor parameters, at::Tensor gradients,
             const Kernels& kernels)
    : config_(config),
      kernels_(kernels),
      parameters_(std::move(parameters)),
      gradients_(std::move(gradients)),
      first_moment_(at::zeros_like(parameters_)),
      second_moment_(at::zeros_like(parameters_)),
      steps_(at::zeros({}, parameters_.options())) {}

void AdamW::Step() {
  if (parameters_.is_cpu()) {
    StepOnCpu();
    return;
  }
  const at::NoGradGuard no_grad;
  const at::Tensor norm = at::linalg_vector_norm(gradients_);
  gradients_.mul_(norm.add(kNormEpsilon).reciprocal_().mul_(config_.clip_norm).clamp_max_(1.0));
  steps_.add_(1.0);
  at::_fused_adamw_({parameters_}, {gradients_}, {first_moment_}, {second_moment_}, {}, {steps_},
                    config_.learning_rate, config_.beta1, config_.beta2, config_.weight_decay,
                    config_.epsilon, /*amsgrad=*/false, /*maximize=*/false);
}

void AdamW::StepOnCpu() {
  const int64_t size = parameters_.numel();
  const auto* const gradients = gradients_.const_data_ptr<float>();
  const double norm = std::sqrt(kernels_.sum_of_squares(size, gradients));
  ++steps_done_;
  const auto rounded = [](double x) { return static_cast<float>(x); };
  const AdamWArgs args = {
      .gradient_scale = rounded(std::min(1.0, config_.clip_norm / (norm + kNormEpsilon))),
      .decay = rounded(1.0 - config_.learning_rate * config_.weight_decay),
      .beta2 = rounded(config_.beta2),
      .one_minus_beta1 = rounded(1.0 - config_.beta1),
      .one_minus_beta2 = rounded(1.0 - config_.beta2),
      .step_size = rounded(config_.learning_rate / (1.0 - Power(config_.beta1, steps_done_))),
      .second_scale = rounded(1.0 / std::sqrt(1.0 - Power(config_.beta2, steps_done_))),
      .epsilon = rounded(config_.epsilon)};
  kernels_.adamw(size, args, gradients, parameters_.mutable_data_ptr<float>(),
                 first_moment_.mutable_data_ptr<float>(), second_moment_.mutable_data_ptr<float>());
}

void AdamW::SetSteps(int64_t steps) {
  steps_done_ = steps;
  steps_.fill_(static_cast<double>(steps));
}

}  // namespace initbias
