#include "lib/train/engine.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

#include "lib/model/cpu/cpu_model.h"

namespace initbias {
namespace {

class AutogradEngine : public Engine {
 public:
  AutogradEngine(const RunConfig& config, Model& model)
      : config_(config),
        model_(model),
        loss_sum_(at::zeros({}, model.parameters().flat().options())) {}

  void ComputeGradient(const Batch& batch, int64_t labels, bool add, const DropoutRows& dropout,
                       PhaseSeconds* phases) override {
    at::Tensor loss;
    {
      const Timed timed(&phases->forward);
      if (!add) {
        model_.parameters().flat_gradient().zero_();
      }
      const at::Tensor logits = Scaled(BatchLogits(model_, batch, dropout), config_);
      loss = at::cross_entropy_loss(logits, batch.labels, /*weight=*/{}, at::Reduction::Sum) /
             static_cast<double>(labels);
    }
    const Timed timed(&phases->backward);
    loss.backward();
    loss_sum_.add_(loss.detach());
  }

  double FlushLoss() override {
    const auto loss = loss_sum_.item<double>();
    loss_sum_.zero_();
    return loss;
  }

  Score Evaluate(const Batch& batch, const at::Tensor& choices) override {
    const at::NoGradGuard no_grad;
    const at::Tensor logits = BatchLogits(model_, batch);
    const at::Tensor predicted =
        choices.defined() ? choices.index_select(0, logits.index_select(1, choices).argmax(1))
                          : logits.argmax(1);
    const at::Tensor loss = at::cross_entropy_loss(Scaled(logits, config_), batch.labels,
                                                   /*weight=*/{}, at::Reduction::Sum);
    return {.loss = loss.item<double>(),
            .correct = static_cast<double>(predicted.eq(batch.labels).sum().item<int64_t>())};
  }

 private:
  const RunConfig config_;
  Model& model_;
  at::Tensor loss_sum_;
};

std::span<const int64_t> Numbers(const at::Tensor& tensor) {
  return {tensor.const_data_ptr<int64_t>(), static_cast<size_t>(tensor.numel())};
}

HostBatch ToHost(const Batch& batch) {
  HostBatch host = ToHostBatch(batch.tokens);
  if (batch.positions.defined()) {
    host.positions = Numbers(batch.positions);
  }
  return host;
}

class CpuEngine : public Engine {
 public:
  CpuEngine(std::unique_ptr<CpuModel> cpu_model, double logit_scale, const Kernels& kernels)
      : cpu_model_(std::move(cpu_model)), logit_scale_(logit_scale), kernels_(kernels) {}

  void ComputeGradient(const Batch& batch, int64_t labels, bool add, const DropoutRows& /*dropout*/,
                       PhaseSeconds* phases) override {
    {
      const Timed timed(&phases->forward);
      const std::span<float> logits = cpu_model_->Forward(ToHost(batch));
      const double scale = 1.0 / static_cast<double>(labels);
      loss_sum_ += scale * CrossEntropy(batch, logits, /*gradient=*/true, scale);
    }
    const Timed timed(&phases->backward);
    cpu_model_->Backward(add);
  }

  double FlushLoss() override { return std::exchange(loss_sum_, 0.0); }

  Score Evaluate(const Batch& batch, const at::Tensor& choices) override {
    const std::span<float> logits = cpu_model_->Forward(ToHost(batch));
    const std::span<const int64_t> labels = Numbers(batch.labels);
    const size_t vocabulary = logits.size() / labels.size();
    Score score;
    for (size_t i = 0; i < labels.size(); ++i) {
      const std::span<const float> row = logits.subspan(i * vocabulary, vocabulary);
      score.correct += Predicts(row, labels[i], choices) ? 1.0 : 0.0;
    }
    score.loss = CrossEntropy(batch, logits, /*gradient=*/false, /*scale=*/1.0);
    return score;
  }

 private:
  // Whether `label` is the first of the most likely labels or choices.
  bool Predicts(std::span<const float> logits, int64_t label, const at::Tensor& choices) const {
    if (choices.defined()) {
      return label == *std::ranges::max_element(Numbers(choices), {}, [&](int64_t choice) {
               return logits[static_cast<size_t>(choice)];
             });
    }
    const float largest = kernels_.largest(static_cast<int64_t>(logits.size()), logits.data());
    return logits[static_cast<size_t>(label)] == largest &&
           std::ranges::find(logits, largest) - logits.begin() == label;
  }

  // The loss of the scaled logits, summed; with `gradient`, the logits become its gradient to them,
  // before they were scaled, times `scale`.
  double CrossEntropy(const Batch& batch, std::span<float> logits, bool gradient,
                      double scale) const {
    if (logit_scale_ != 1) {
      const auto factor = static_cast<float>(logit_scale_);
      for (float& logit : logits) {
        logit *= factor;
      }
      scale *= logit_scale_;
    }
    const int64_t rows = batch.size();
    return kernels_.cross_entropy(rows, static_cast<int64_t>(logits.size()) / rows,
                                  batch.labels.const_data_ptr<int64_t>(), gradient,
                                  static_cast<float>(scale), logits.data());
  }

  std::unique_ptr<CpuModel> cpu_model_;
  double logit_scale_;
  const Kernels& kernels_;
  double loss_sum_ = 0;
};

}  // namespace

std::unique_ptr<Engine> MakeEngine(const RunConfig& config, Model& model, bool autograd,
                                   const Kernels& kernels) {
  if (!autograd && model.parameters().flat().is_cpu()) {
    if (std::unique_ptr<CpuModel> cpu_model = MakeCpuModel(config, model.parameters(), kernels)) {
      return std::make_unique<CpuEngine>(std::move(cpu_model), config.train.logit_scale, kernels);
    }
  }
  return std::make_unique<AutogradEngine>(config, model);
}

}  // namespace initbias
