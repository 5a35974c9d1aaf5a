#include "lib/train/train.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/from_blob.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <span>
#include <utility>

#include "lib/base/error.h"
#include "lib/model/spec/probe_names.h"
#include "lib/model/torch/model.h"
#include "lib/rng/stream.h"
#include "lib/train/engine.h"
#include "lib/train/optimizer.h"
#include "lib/train/probes.h"
#include "lib/train/schedule.h"
#include "lib/train/training_data.h"

namespace initbias {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int64_t kFiniteCheckSteps = 50;  // steps between checks of the loss

double Seconds(Clock::time_point since) {
  return std::chrono::duration<double>(Clock::now() - since).count();
}

// Whether all are finite, or, with `gaps`, finite or NaN.
bool IsFinite(std::span<const float> values, bool gaps) {
  return std::ranges::all_of(
      values, [gaps](float x) { return std::isfinite(x) || (gaps && std::isnan(x)); });
}

class Trainer {
 public:
  Trainer(const RunConfig& config, const TrainOptions& options);
  TrainOutcome Run();

 private:
  void Resume(const Checkpoint& checkpoint);
  void Observe();
  void Evaluate();
  SequenceSet NextBatch();
  void Step();
  void SetEpoch(int64_t epoch);
  void CheckFinite();
  std::string WhatMayHelp() const;
  void SaveCheckpoint();
  void ReportProgress() const;

  RunConfig config_;
  TrainOptions options_;
  std::unique_ptr<Model> model_;
  std::unique_ptr<Engine> engine_;
  Optimizer optimizer_;
  TrainingData data_;
  std::vector<std::string> probe_names_;
  RunResult result_;
  int64_t step_ = 0;
  int64_t first_step_ = 0;  // of this process
  int64_t total_steps_;
  int64_t steps_per_epoch_;
  int64_t epoch_ = -1;          // whose order `order_` is
  std::vector<int32_t> order_;  // rows of the training set
  at::Tensor device_order_;     // [n], the same
  int64_t checked_step_ = 0;
  double seconds_before_ = 0;  // in earlier processes
  PhaseSeconds phases_;
  Clock::time_point start_ = Clock::now();
};

Trainer::Trainer(const RunConfig& config, const TrainOptions& options)
    : config_(config),
      options_(options),
      model_(MakeModel(config, options.device)),
      engine_(MakeEngine(config, *model_, options.autograd)),
      optimizer_(config.optimizer, model_->parameters().flat(),
                 model_->parameters().flat_gradient()),
      data_(MakeTrainingData(config, options.data, options.device)),
      probe_names_(config.probe.names),
      total_steps_(TotalSteps(config)),
      steps_per_epoch_(StepsPerEpoch(config)) {
  model_->parameters().Initialize(config.seed);
  result_.config = config;
  result_.data_digest = data_.digest;
  for (const EvaluationSet& set : data_.evaluation) {
    result_.curves.push_back({.group = set.group});
  }
  // By name, as a file lists them: a resumed run then takes them in the order of an unbroken one.
  std::ranges::sort(probe_names_);
  CheckProbes(probe_names_, config_, *model_, data_);
  for (const std::string& note : data_.notes) {
    options_.on_note(note);
  }
  if (options.resume) {
    Resume(*options.resume);
  }
}

void Trainer::Resume(const Checkpoint& checkpoint) {
  if (ConfigDigest(checkpoint.partial.config) != ConfigDigest(config_) ||
      checkpoint.partial.data_digest != result_.data_digest) {
    throw Error(
        ConfigDigest(checkpoint.partial.config) == ConfigDigest(config_)
            ? fmt::format("the checkpoint of {} was made from other data", RunLabel(config_))
            : fmt::format("the checkpoint is of another run ({}) than {}",
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
  for (LearningCurve& curve : result_.curves) {
    curve = checkpoint.partial.Get(curve.group);
  }
  result_.provenance.resumed = checkpoint.partial.provenance.resumed + 1;
  seconds_before_ = checkpoint.partial.provenance.seconds;
}

void Trainer::Evaluate() {
  result_.step.push_back(step_);
  result_.epoch.push_back(static_cast<double>(step_) / static_cast<double>(steps_per_epoch_));
  for (size_t i = 0; i < data_.evaluation.size(); ++i) {
    const EvaluationSet& set = data_.evaluation[i];
    const int64_t size = set.sequences.size();
    double loss = 0;
    double correct = 0;
    for (int64_t start = 0; start < size; start += set.BatchSize()) {
      const Batch batch =
          set.sequences.Rows(start, std::min(set.BatchSize(), size - start)).ToBatch();
      const Score score = engine_->Evaluate(batch, set.choices);
      loss += score.loss;
      correct += score.correct;
    }
    if (!std::isfinite(loss)) {
      throw Error(fmt::format("the loss on {} is not finite at step {}; {}", set.group, step_,
                              WhatMayHelp()));
    }
    const auto labels = static_cast<double>(set.sequences.LabelCount());
    result_.curves[i].loss.push_back(loss / labels);
    result_.curves[i].accuracy.push_back(correct / labels);
  }
}

// Evaluates and probes where either is due at this step. The state's step may have been observed
// before a checkpoint was taken at it.
void Trainer::Observe() {
  const bool observed_before = options_.resume.has_value() && step_ == first_step_;
  if (observed_before) {
    return;
  }
  const bool probed = std::ranges::binary_search(config_.probe.steps, step_);
  if (step_ % config_.train.eval_every == 0 || step_ == total_steps_ || probed) {
    const Timed timed(&phases_.evaluation);
    Evaluate();
  }
  if (probed) {
    const Timed timed(&phases_.storage);
    for (NamedArray& probe : ComputeProbes(probe_names_, config_, *model_, data_)) {
      if (!IsFinite(probe.array.values, MayHaveGaps(probe.name))) {
        throw Error(
            fmt::format("{} is not finite at step {}; {}", probe.name, step_, WhatMayHelp()));
      }
      result_.probes.push_back({step_, std::move(probe.name), std::move(probe.array)});
    }
  }
}

void Trainer::SetEpoch(int64_t epoch) {
  epoch_ = epoch;
  const auto size = static_cast<int32_t>(data_.training.size());
  Stream stream(static_cast<uint64_t>(config_.seed), fmt::format("data/shuffle/epoch{}", epoch));
  order_ = stream.Permutation(size);
  device_order_ = ToDevice(order_, {size}, options_.device);
}

SequenceSet Trainer::NextBatch() {
  const Timed timed(&phases_.data);
  if (step_ / steps_per_epoch_ != epoch_) {
    SetEpoch(step_ / steps_per_epoch_);
  }
  const int64_t start = step_ % steps_per_epoch_ * config_.train.batch_size;
  const int64_t count =
      std::min(config_.train.batch_size, static_cast<int64_t>(order_.size()) - start);
  return data_.training.Select(
      std::span(order_).subspan(static_cast<size_t>(start), static_cast<size_t>(count)),
      device_order_.narrow(0, start, count));
}

void Trainer::Step() {
  const SequenceSet batch = NextBatch();
  const int64_t count = batch.size();
  const int64_t labels = batch.LabelCount();
  const int64_t part = config_.train.micro_batch_size > 0 ? config_.train.micro_batch_size : count;
  for (int64_t i = 0; i < count; i += part) {
    Batch rows;
    {
      const Timed timed(&phases_.data);
      rows = batch.Rows(i, std::min(part, count - i)).ToBatch();
    }
    engine_->ComputeGradient(rows, labels, /*add=*/i > 0,
                             {.stream = fmt::format("dropout/step{}", step_), .first_row = i},
                             &phases_);
  }
  {
    const Timed timed(&phases_.optimizer);
    optimizer_.SetLearningRate(LearningRateAt(config_, step_));
    optimizer_.SetWeightDecay(WeightDecayAt(config_, step_));
    optimizer_.Step();
  }
  ++step_;
}

// Where a number is not finite at the present step: the field that is to be changed.
std::string Trainer::WhatMayHelp() const {
  if (step_ > 0) {
    return fmt::format("a smaller optimizer.learning_rate ({}) may help",
                       config_.optimizer.learning_rate);
  }
  const InitConfig& init = config_.init;
  std::string fields = fmt::format("{} = {}", kGammaField, init.gamma);
  for (const auto& [name, value] :
       {std::pair("memory_gamma", init.memory_gamma),
        std::pair("embedding_std", init.embedding_std),
        std::pair("embedding_gamma", init.embedding_gamma), std::pair("qk_gamma", init.qk_gamma),
        std::pair("vo_gamma", init.vo_gamma), std::pair("mlp_gamma", init.mlp_gamma),
        std::pair("head_gamma", init.head_gamma)}) {
    if (value != 0) {
      fields += fmt::format(", init.{} = {}", name, value);
    }
  }
  return fmt::format("nothing is trained yet: the initial weights are too large ({})", fields);
}

// Reads the sum of the losses since the last check: the only wait for the device between
// evaluations.
void Trainer::CheckFinite() {
  if (!std::isfinite(engine_->FlushLoss())) {
    throw Error(fmt::format("the training loss is not finite between steps {} and {}; {}",
                            checked_step_, step_, WhatMayHelp()));
  }
  checked_step_ = step_;
}

void Trainer::SaveCheckpoint() {
  const Timed timed(&phases_.storage);
  CheckFinite();
  Checkpoint checkpoint{.partial = result_, .step = step_};
  checkpoint.partial.provenance.seconds = seconds_before_ + Seconds(start_);
  checkpoint.state = {{"parameters", ToArray(model_->parameters().flat())},
                      {"first_moment", ToArray(optimizer_.first_moment())},
                      {"second_moment", ToArray(optimizer_.second_moment())}};
  options_.save_checkpoint(std::move(checkpoint));
}

void Trainer::ReportProgress() const {
  Progress progress{.step = step_, .total_steps = total_steps_};
  progress.steps_per_second = static_cast<double>(step_ - first_step_) / Seconds(start_);
  for (const LearningCurve& curve : result_.curves) {
    if (!curve.loss.empty()) {
      progress.losses.emplace_back(curve.group, curve.loss.back());
    }
  }
  options_.on_progress(progress);
}

TrainOutcome Trainer::Run() {
  Clock::time_point last_progress = start_;
  Clock::time_point last_checkpoint = start_;
  double checkpoint_seconds = options_.checkpoint_seconds;
  for (;;) {
    Observe();
    if (step_ == total_steps_) {
      break;
    }
    if (options_.should_stop()) {
      SaveCheckpoint();
      return {.finished = false, .result = result_, .phases = phases_};
    }
    if (Seconds(last_checkpoint) >= checkpoint_seconds) {
      const Clock::time_point begin = Clock::now();
      SaveCheckpoint();
      last_checkpoint = Clock::now();
      // Checkpoints of a large model take seconds: no more than a fiftieth of the time, unless they
      // are saved at every step.
      if (options_.checkpoint_seconds > 0) {
        checkpoint_seconds = std::max(options_.checkpoint_seconds, 50 * Seconds(begin));
      }
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
    // The losses may be finite: they do not see all parameters.
    if (!IsFinite(result_.parameters.back().array.values, /*gaps=*/false)) {
      throw Error(
          fmt::format("the parameter {} is not finite at the end; {}", spec.name, WhatMayHelp()));
    }
  }
  result_.parameters_digest = ArraysDigest(result_.parameters);
  if (ParameterCount(model_->parameters().specs()) > kMaxStoredParameters) {
    result_.parameters.clear();
  }
  result_.provenance.seconds = seconds_before_ + Seconds(start_);
  return {.finished = true, .result = result_, .phases = phases_};
}

}  // namespace

TrainOutcome Train(const RunConfig& config, const TrainOptions& options) {
  Validate(config);
  return Trainer(config, options).Run();
}

}  // namespace initbias
