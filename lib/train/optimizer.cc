#include "lib/train/optimizer.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/_fused_adamw.h>
#include <ATen/ops/linalg_vector_norm.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>

#include <utility>

namespace initbias {

AdamW::AdamW(const OptimizerConfig& config, at::Tensor parameters, at::Tensor gradients)
    : config_(config),
      parameters_(std::move(parameters)),
      gradients_(std::move(gradients)),
      first_moment_(at::zeros_like(parameters_)),
      second_moment_(at::zeros_like(parameters_)),
      steps_(at::zeros({}, parameters_.options())) {}

void AdamW::Step() {
  const at::NoGradGuard no_grad;
  constexpr double kNormEpsilon = 1e-6;  // torch.nn.utils.clip_grad_norm_ has it
  const at::Tensor norm = at::linalg_vector_norm(gradients_);
  gradients_.mul_(norm.add(kNormEpsilon).reciprocal_().mul_(config_.clip_norm).clamp_max_(1.0));
  steps_.add_(1.0);
  at::_fused_adamw_({parameters_}, {gradients_}, {first_moment_}, {second_moment_}, {}, {steps_},
                    config_.learning_rate, config_.beta1, config_.beta2, config_.weight_decay,
                    config_.epsilon, /*amsgrad=*/false, /*maximize=*/false);
}

void AdamW::SetSteps(int64_t steps) { steps_.fill_(static_cast<double>(steps)); }

}  // namespace initbias
