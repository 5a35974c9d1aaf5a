// The path of a GPU without one: every model trains on a device of the test's own (see
// stand_in_device.h) by the code that CUDA runs.
//
// Proven so: every tensor of a model, its data, its optimiser, its dropout and its probes is on the
// device, and none of the CPU's goes into an operator with them; the host reads none through a
// pointer; no step copies between device and host or waits for the device, but for one number, the
// loss, every 50 steps and one copy to the device an epoch, of the order of its sequences (beside
// evaluations, probes and checkpoints, which read what they report); losses are those of autograd
// on the CPU within 2e-5, probes within 4e-3, dropout's masks the same; a run goes on from a
// checkpoint to the same bits.
//
// Not proven, for want of a GPU: CUDA's own kernels, that is their numbers, whether they give the
// same bits twice, whether one of them waits on its own account or has no deterministic form (then
// it throws); streams; loading libtorch_cuda.so; limits of memory; speed. gpu_test is for these.
#include "tests/train/stand_in_device.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/index.h>
#include <ATen/ops/ones.h>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <iostream>
#include <string>
#include <vector>

#include "lib/train/train.h"
#include "tests/expect_same.h"
#include "tests/small_runs.h"

namespace initbias {
namespace {

constexpr int64_t kCheckSteps = 50;      // steps between checks of the loss
constexpr double kLossTolerance = 2e-5;  // of the largest value
// Of the largest value. Score parts are differences of larger numbers: 1.8e-3 on an Intel Xeon,
// below 1e-3 on AMD's processors.
constexpr double kProbeTolerance = 4e-3;

const DataFolders kDataFolders = {.shipped = "data", .downloaded = "nowhere", .user = "."};

at::Tensor Ones(c10::Device device) { return at::ones({3}, at::TensorOptions(device)); }

TEST(StandInDeviceTest, Computes) {
  const at::Tensor x = at::arange(4, at::TensorOptions(StandInDevice()).dtype(at::kFloat));
  EXPECT_EQ(x.device(), StandInDevice());
  const at::Tensor y = (x * 2 + 1).view({2, 2}).t();
  EXPECT_EQ(y.device(), StandInDevice());
  EXPECT_EQ(y.select(0, 1).sum().item<double>(), 3 + 7);
  EXPECT_EQ(y.cpu().select(0, 1).sum().item<double>(), 3 + 7);
}

TEST(StandInDeviceTest, RefusesToMixWithTheCpu) {
  EXPECT_THROW(Ones(StandInDevice()) + Ones(c10::kCPU), c10::Error);
  EXPECT_THROW(Ones(c10::kCPU).dot(Ones(StandInDevice())), c10::Error);
  EXPECT_THROW(at::cat({Ones(StandInDevice()), Ones(c10::kCPU)}), c10::Error);
  EXPECT_THROW(Ones(StandInDevice()) + Ones(c10::kCPU).sum(), c10::Error);
}

TEST(StandInDeviceTest, CountsWhatIsAskedFor) {
  const DeviceTraffic before = TrafficSoFar();
  const at::Tensor x = Ones(c10::kCPU).to(StandInDevice());
  x.sum().item<float>();
  x.index({x.gt(0)});
  x.cpu();
  const DeviceTraffic traffic = TrafficSoFar() - before;
  EXPECT_EQ(traffic.from_host, 1);
  EXPECT_EQ(traffic.to_host, 1);
  EXPECT_EQ(traffic.reads, 1);
  EXPECT_EQ(traffic.waits, 1);
  EXPECT_GT(traffic.operators, 0);
  EXPECT_GT(traffic.fallback, 0);
}

TEST(StandInDeviceDeathTest, TheHostCannotReadItsMemory) {
  const at::Tensor x = Ones(StandInDevice());
  EXPECT_DEATH(std::cout << *x.const_data_ptr<float>(), "");
}

struct DeviceRun {
  std::string name;
  RunConfig config;
};

void PrintTo(const DeviceRun& run, std::ostream* out) { *out << run.name; }

std::vector<DeviceRun> Runs() {
  std::vector<DeviceRun> runs = {{"emb_mlp", SmallEmbMlpRun()}};
  for (const Norm norm : {Norm::kPre, Norm::kPost, Norm::kNone}) {
    RunConfig config = SmallTransformerRun();
    config.transformer.norm = norm;
    config.probe.names.insert(
        config.probe.names.end(),
        {"attention_by_key.layer0.memory", "score_parts.layer0.reasoning", "key_patch.layer1",
         "accuracy.clean", "accuracy.without_positions", "accuracy.shuffled_positions"});
    runs.push_back({"transformer_" + FormatValue(norm) + "_norm", config});
  }
  RunConfig next_token = SmallTransformerRun();
  next_token.train.target = Target::kNextToken;
  runs.push_back({"transformer_next_token", next_token});
  for (const OptimizerKind kind : {OptimizerKind::kAdam, OptimizerKind::kSgd}) {
    RunConfig config = SmallEmbMlpRun();
    config.optimizer.kind = kind;
    config.optimizer.weight_decay = 0.1;
    runs.push_back({"emb_mlp_" + FormatValue(kind), config});
  }
  RunConfig choices = SmallTransformerRun();
  choices.train.logit_scale = 2;
  choices.optimizer.clip_norm = 0;
  choices.optimizer.decay_to = 0.5;
  runs.push_back({"transformer_choices", choices});
  RunConfig gpt2 = SmallGpt2Run();
  runs.push_back({"gpt2", gpt2});
  gpt2.gpt2.dropout = 0.1;
  gpt2.gpt2.layers = 1;  // masks are many operators, and slow on the stand-in
  gpt2.gpt2.heads = 1;
  runs.push_back({"gpt2_dropout", gpt2});
  return runs;
}

TrainOptions OnTheDevice() { return {.device = StandInDevice(), .data = kDataFolders}; }

// The largest difference of two lists, as a part of the largest value.
template <typename T>
double Difference(const std::vector<T>& a, const std::vector<T>& b) {
  EXPECT_EQ(a.size(), b.size());
  double difference = 0;
  double largest = 0;
  for (size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    if (std::isnan(a[i]) && std::isnan(b[i])) {
      continue;
    }
    EXPECT_TRUE(std::isfinite(a[i]) && std::isfinite(b[i])) << i;
    difference = std::max(difference, std::fabs(static_cast<double>(a[i] - b[i])));
    largest = std::max(largest, std::fabs(static_cast<double>(b[i])));
  }
  return largest == 0 ? difference : difference / largest;
}

class StandInTrainingTest : public testing::TestWithParam<DeviceRun> {
 protected:
  RunConfig config_ = GetParam().config;
};

TEST_P(StandInTrainingTest, LossesAndProbesAreThoseOfAutogradOnTheCpu) {
  const RunResult ours = Train(config_, OnTheDevice()).result;
  const RunResult reference = Train(config_, {.autograd = true, .data = kDataFolders}).result;
  ASSERT_EQ(ours.step, reference.step);
  EXPECT_NE(ours.curves.front().loss.front(), ours.curves.front().loss.back());
  double losses = 0;
  for (const LearningCurve& curve : reference.curves) {
    const double difference = Difference(ours.Get(curve.group).loss, curve.loss);
    EXPECT_LT(difference, kLossTolerance) << curve.group;
    losses = std::max(losses, difference);
  }
  double probes = 0;
  ASSERT_EQ(ours.probes.size(), reference.probes.size());
  for (size_t i = 0; i < ours.probes.size(); ++i) {
    const Snapshot& probe = reference.probes[i];
    ASSERT_EQ(ours.probes[i].name, probe.name);
    ASSERT_EQ(ours.probes[i].array.shape, probe.array.shape);
    const double difference = Difference(ours.probes[i].array.values, probe.array.values);
    EXPECT_LT(difference, kProbeTolerance) << probe.name << " at step " << probe.step;
    probes = std::max(probes, difference);
  }
  std::cout << fmt::format("{}: {} steps, losses differ by {:.1e}, probes by {:.1e}\n",
                           GetParam().name, ours.step.back(), losses, probes);
}

TEST_P(StandInTrainingTest, NoStepWaitsForTheHostButToLookAtTheLoss) {
  const int64_t steps = StepsPerEpoch(config_);
  const int64_t checks = config_.model == ModelKind::kEmbMlp ? 2 : 1;
  config_.train.epochs = checks * kCheckSteps / steps + 1;
  config_.train.eval_every = TotalSteps(config_);
  config_.probe = {};
  TrainOptions options = OnTheDevice();
  std::vector<DeviceTraffic> before_step;
  options.should_stop = [&] {
    before_step.push_back(TrafficSoFar());
    return false;
  };
  Train(config_, options);
  ASSERT_EQ(before_step.size(), TotalSteps(config_));
  for (size_t i = 0; i + 1 < before_step.size(); ++i) {  // after the last one is an evaluation
    SCOPED_TRACE(i);
    const auto step = static_cast<int64_t>(i);
    const DeviceTraffic traffic = before_step[i + 1] - before_step[i];
    EXPECT_GT(traffic.operators, 0);
    EXPECT_EQ(traffic.from_host, step % steps == 0 ? 1 : 0);  // the epoch's order
    EXPECT_EQ(traffic.reads, (step + 1) % kCheckSteps == 0 ? 1 : 0);
    EXPECT_EQ(traffic.to_host, 0);
    EXPECT_EQ(traffic.waits, 0);
  }
  const DeviceTraffic all = before_step.back() - before_step.front();
  std::cout << fmt::format(
      "{}: in {} steps, of {} operators each, {} copies to the device (orders of {} epochs), {} "
      "back, {} numbers read; the fallback copied {} times\n",
      GetParam().name, before_step.size() - 1,
      all.operators / static_cast<int64_t>(before_step.size() - 1), all.from_host,
      config_.train.epochs, all.to_host, all.reads, all.fallback);
}

INSTANTIATE_TEST_SUITE_P(Models, StandInTrainingTest, testing::ValuesIn(Runs()),
                         [](const auto& param) { return param.param.name; });

TEST(StandInResumeTest, GivesTheSameBits) {
  RunConfig gpt2 = SmallGpt2Run();
  gpt2.gpt2.dropout = 0.1;
  gpt2.gpt2.layers = 1;
  for (RunConfig config : {SmallTransformerRun(), gpt2}) {
    config.probe = {};
    config.train.epochs = 2;
    const RunResult reference = Train(config, OnTheDevice()).result;
    TrainOptions options = OnTheDevice();
    int64_t calls = 0;
    options.should_stop = [&] { return calls++ == 3; };
    options.save_checkpoint = [&](const Checkpoint& checkpoint) { options.resume = checkpoint; };
    EXPECT_FALSE(Train(config, options).finished);
    options.should_stop = [] { return false; };
    ExpectSame(Train(config, options).result, reference);
  }
}

}  // namespace
}  // namespace initbias
