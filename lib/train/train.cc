#include "lib/train/train.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/zeros.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "lib/base/error.h"
#include "lib/data/anchor_task.h"
#include "lib/model/model.h"
#include "lib/rng/stream.h"
#include "lib/train/optimizer.h"
#include "lib/train/probes.h"

namespace initbias {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int64_t kFiniteCheckSteps = 50;  // steps between looks at the loss
constexpr int64_t kEvaluationBatch = 500;  // sequences

double Seconds(Clock::time_point since) {
  return std::chrono::duration<double>(Clock::now() - since).count();
}

// Tokens [n, L] and labels [n] on the device, int64.
struct DeviceSamples {
  at::Tensor tokens;
  at::Tensor labels;
};

at::Tensor ToDevice(const std::vector<int32_t>& values, at::IntArrayRef shape, c10::Device device) {
  // from_blob wants a mutable pointer; to() copies.
  return at::from_blob(const_cast<int32_t*>(values.data()), shape, at::kInt)
      .to(at::TensorOptions().dtype(at::kLong).device(device), /*non_blocking=*/false,
          /*copy=*/true);
}

DeviceSamples ToDevice(const Samples& samples, c10::Device device) {
  return {.tokens = ToDevice(samples.tokens, {samples.size(), samples.length}, device),
          .labels = ToDevice(samples.labels, {samples.size()}, device)};
}

DeviceSamples Rows(const DeviceSamples& samples, int64_t first, int64_t count) {
  return {.tokens = samples.tokens.narrow(0, first, count),
          .labels = samples.labels.narrow(0, first, count)};
}

DeviceSamples Select(const DeviceSamples& samples, const at::Tensor& rows) {
  return {.tokens = samples.tokens.index_select(0, rows),
          .labels = samples.labels.index_select(0, rows)};
}

Array ToArray(const at::Tensor& tensor) {
  const at::Tensor host = tensor.cpu().contiguous();
  const float* data = host.const_data_ptr<float>();
  return {.shape = host.sizes().vec(), .values = {data, data + host.numel()}};
}

class Trainer {
 public:
  Trainer(const RunConfig& config, const TrainOptions& options);
  TrainOutcome Run();

 private:
  void AddEvaluationSet(const std::string& group, const DeviceSamples& samples);
  void Resume(const Checkpoint& checkpoint);
  void Observe();
  void Evaluate();
  void Step();
  void SetEpoch(int64_t epoch);
  void CheckFinite();
  void SaveCheckpoint();
  void ReportProgress() const;

  RunConfig config_;
  TrainOptions options_;
  std::unique_ptr<Model> model_;
  AdamW optimizer_;
  DeviceSamples training_;
  std::vector<EvaluationSet> evaluation_;
  std::vector<std::string> probe_names_;
  RunResult result_;
  int64_t step_ = 0;
  int64_t first_step_ = 0;  // of this process
  int64_t total_steps_;
  int64_t steps_per_epoch_;
  int64_t epoch_ = -1;  // whose order `order_` is
  at::Tensor order_;    // [n] rows of the training set
  at::Tensor loss_sum_;
  int64_t checked_step_ = 0;
  double seconds_before_ = 0;  // in earlier processes
  Clock::time_point start_ = Clock::now();
};

Trainer::Trainer(const RunConfig& config, const TrainOptions& options)
    : config_(config),
      options_(options),
      model_(MakeModel(config, options.device)),
      optimizer_(config.optimizer, model_->parameters().flat(),
                 model_->parameters().flat_gradient()),
      probe_names_(config.probe.names),
      total_steps_(TotalSteps(config)),
      steps_per_epoch_(StepsPerEpoch(config)),
      loss_sum_(at::zeros({}, at::TensorOptions().dtype(at::kFloat).device(options.device))) {
  model_->parameters().Initialize(config.seed);
  const AnchorData data = MakeAnchorData(config.task, config.seed);
  result_.config = config;
  result_.data_digest = DataDigest(data);
  const DeviceSamples memory = ToDevice(data.memory, options.device);
  const DeviceSamples reasoning = ToDevice(data.reasoning_train, options.device);
  training_ = {.tokens = at::cat({memory.tokens, reasoning.tokens}),
               .labels = at::cat({memory.labels, reasoning.labels})};
  INITBIAS_CHECK(training_.labels.size(0) == TrainingSamples(config.task));
  const int64_t groups = config.task.memory_groups;
  const int64_t group_size = data.memory.size() / groups;
  for (int64_t i = 0; i < groups; ++i) {
    AddEvaluationSet(groups == 1 ? "memory" : fmt::format("memory_group{}", i + 1),
                     Rows(memory, i * group_size, group_size));
  }
  AddEvaluationSet("reasoning_train", reasoning);
  AddEvaluationSet("reasoning_test", ToDevice(data.reasoning_test, options.device));
  for (const EvaluationSet& set : evaluation_) {
    result_.series.push_back({.group = set.group});
  }
  // By name, as a file lists them: a resumed run then takes them in the order of an unbroken one.
  std::ranges::sort(probe_names_);
  CheckProbes(probe_names_, config_, *model_, evaluation_);
  if (options.resume) {
    Resume(*options.resume);
  }
}

// Adds a random part of `samples`; nothing where there are none.
void Trainer::AddEvaluationSet(const std::string& group, const DeviceSamples& samples) {
  const auto size = static_cast<int32_t>(samples.labels.size(0));
  if (size == 0) {
    return;
  }
  std::vector<int32_t> rows =
      Stream(static_cast<uint64_t>(config_.seed), "eval/" + group).Permutation(size);
  rows.resize(static_cast<size_t>(std::min<int64_t>(size, config_.train.eval_samples)));
  const DeviceSamples chosen =
      Select(samples, ToDevice(rows, {static_cast<int64_t>(rows.size())}, options_.device));
  evaluation_.push_back({.group = group, .tokens = chosen.tokens, .labels = chosen.labels});
}

void Trainer::Resume(const Checkpoint& checkpoint) {
  if (ConfigDigest(checkpoint.partial.config) != ConfigDigest(config_) ||
      checkpoint.partial.data_digest != result_.data_digest) {
    throw Error(fmt::format("the checkpoint is of another run ({}) than {}",
                            RunLabel(checkpoint.partial.config), RunLabel(config_)));
  }
  const at::NoGradGuard no_grad;
  const auto load = [&checkpoint](const std::string& name, const at::Tensor& into) {
    const auto found = std::ranges::find(checkpoint.state, name, &NamedArray::name);
    if (found == checkpoint.state.end() || found->array.shape != into.sizes().vec()) {
      throw Error(fmt::format("the checkpoint has no '{}' of the run's size", name));
    }
    into.copy_(
        at::from_blob(const_cast<float*>(found->array.values.data()), into.sizes(), at::kFloat));
  };
  load("parameters", model_->parameters().flat());
  load("first_moment", optimizer_.first_moment());
  load("second_moment", optimizer_.second_moment());
  optimizer_.SetSteps(checkpoint.step);
  step_ = first_step_ = checked_step_ = checkpoint.step;
  result_.step = checkpoint.partial.step;
  result_.epoch = checkpoint.partial.epoch;
  result_.probes = checkpoint.partial.probes;
  for (Series& series : result_.series) {
    series = checkpoint.partial.Get(series.group);
  }
  result_.provenance.resumed = checkpoint.partial.provenance.resumed + 1;
  seconds_before_ = checkpoint.partial.provenance.seconds;
}

void Trainer::Evaluate() {
  const at::NoGradGuard no_grad;
  result_.step.push_back(step_);
  result_.epoch.push_back(static_cast<double>(step_) / static_cast<double>(steps_per_epoch_));
  for (size_t i = 0; i < evaluation_.size(); ++i) {
    const EvaluationSet& samples = evaluation_[i];
    const int64_t size = samples.labels.size(0);
    double loss = 0;
    double right = 0;
    for (int64_t start = 0; start < size; start += kEvaluationBatch) {
      const int64_t count = std::min(kEvaluationBatch, size - start);
      const at::Tensor logits = model_->Logits(samples.tokens.narrow(0, start, count));
      const at::Tensor labels = samples.labels.narrow(0, start, count);
      loss +=
          at::cross_entropy_loss(logits, labels, /*weight=*/{}, at::Reduction::Sum).item<double>();
      right += static_cast<double>(logits.argmax(1).eq(labels).sum().item<int64_t>());
    }
    if (!std::isfinite(loss)) {
      throw Error(fmt::format(
          "{}: the loss on {} is no longer finite at step {}; a smaller "
          "optimizer.learning_rate ({}) may help",
          RunLabel(config_), evaluation_[i].group, step_, config_.optimizer.learning_rate));
    }
    result_.series[i].loss.push_back(loss / static_cast<double>(size));
    result_.series[i].accuracy.push_back(right / static_cast<double>(size));
  }
}

// Evaluates and probes where this step asks for it. The state's step may have been observed before
// a checkpoint was taken at it.
void Trainer::Observe() {
  const bool observed_before = options_.resume.has_value() && step_ == first_step_;
  if (observed_before) {
    return;
  }
  if (step_ % config_.train.eval_every == 0 || step_ == total_steps_) {
    Evaluate();
  }
  if (std::ranges::binary_search(config_.probe.steps, step_)) {
    for (NamedArray& probe : TakeProbes(probe_names_, config_, *model_, evaluation_)) {
      result_.probes.push_back({step_, std::move(probe.name), std::move(probe.array)});
    }
  }
}

void Trainer::SetEpoch(int64_t epoch) {
  epoch_ = epoch;
  const auto size = static_cast<int32_t>(training_.labels.size(0));
  Stream stream(static_cast<uint64_t>(config_.seed), fmt::format("data/shuffle/epoch{}", epoch));
  order_ = ToDevice(stream.Permutation(size), {size}, options_.device);
}

void Trainer::Step() {
  if (step_ / steps_per_epoch_ != epoch_) {
    SetEpoch(step_ / steps_per_epoch_);
  }
  const int64_t start = step_ % steps_per_epoch_ * config_.train.batch_size;
  const int64_t count = std::min(config_.train.batch_size, order_.size(0) - start);
  const DeviceSamples batch = Select(training_, order_.narrow(0, start, count));
  model_->parameters().flat_gradient().zero_();
  const at::Tensor loss = at::cross_entropy_loss(model_->Logits(batch.tokens), batch.labels);
  loss.backward();
  optimizer_.Step();
  loss_sum_.add_(loss.detach());
  ++step_;
}

// Reads the sum of the losses since the last look: the only wait for the device between
// evaluations.
void Trainer::CheckFinite() {
  if (!std::isfinite(loss_sum_.item<float>())) {
    throw Error(
        fmt::format("{}: the training loss is no longer finite between steps {} and {}; a "
                    "smaller optimizer.learning_rate ({}) may help",
                    RunLabel(config_), checked_step_, step_, config_.optimizer.learning_rate));
  }
  loss_sum_.zero_();
  checked_step_ = step_;
}

void Trainer::SaveCheckpoint() {
  CheckFinite();
  Checkpoint checkpoint{.partial = result_, .step = step_};
  checkpoint.partial.provenance.seconds = seconds_before_ + Seconds(start_);
  checkpoint.state = {{"parameters", ToArray(model_->parameters().flat())},
                      {"first_moment", ToArray(optimizer_.first_moment())},
                      {"second_moment", ToArray(optimizer_.second_moment())}};
  options_.save_checkpoint(checkpoint);
}

void Trainer::ReportProgress() const {
  Progress progress{.step = step_, .total_steps = total_steps_};
  progress.steps_per_second = static_cast<double>(step_ - first_step_) / Seconds(start_);
  for (const Series& series : result_.series) {
    if (!series.loss.empty()) {
      progress.losses.emplace_back(series.group, series.loss.back());
    }
  }
  options_.on_progress(progress);
}

TrainOutcome Trainer::Run() {
  Clock::time_point last_progress = start_;
  Clock::time_point last_checkpoint = start_;
  for (;;) {
    Observe();
    if (step_ == total_steps_) {
      break;
    }
    if (options_.should_stop()) {
      SaveCheckpoint();
      return {.finished = false, .result = result_};
    }
    if (Seconds(last_checkpoint) >= options_.checkpoint_seconds) {
      SaveCheckpoint();
      last_checkpoint = Clock::now();
    }
    if (Seconds(last_progress) >= options_.progress_seconds) {
      ReportProgress();
      last_progress = Clock::now();
    }
    Step();
    if (step_ - checked_step_ >= kFiniteCheckSteps) {
      CheckFinite();
    }
  }
  ReportProgress();
  for (const ParameterSpec& spec : model_->parameters().specs()) {
    result_.parameters.push_back({spec.name, {spec.shape, model_->parameters().Values(spec.name)}});
  }
  result_.parameters_digest = ArraysDigest(result_.parameters);
  result_.provenance.seconds = seconds_before_ + Seconds(start_);
  return {.finished = true, .result = result_};
}

}  // namespace

TrainOutcome Train(const RunConfig& config, const TrainOptions& options) {
  Validate(config);
  return Trainer(config, options).Run();
}

}  // namespace initbias
