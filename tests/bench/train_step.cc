// One optimiser step of the paper's two small models at their size and batch: forward, backward,
// clip and AdamW, in one thread with pinned numerics, as a worker computes it.
//
//   bazel run //tests/bench:train_step
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/from_blob.h>
#include <benchmark/benchmark.h>

#include <memory>
#include <vector>

#include "lib/base/numerics.h"
#include "lib/data/anchor_task.h"
#include "lib/model/model.h"
#include "lib/train/device.h"
#include "lib/train/optimizer.h"

namespace initbias {
namespace {

at::Tensor FirstRows(const std::vector<int32_t>& values, int64_t rows, int64_t columns) {
  // from_blob wants a mutable pointer; to() copies.
  return at::from_blob(const_cast<int32_t*>(values.data()), {rows, columns}, at::kInt)
      .to(at::kLong);
}

void TrainStep(benchmark::State& state, RunConfig config) {
  config.task.samples = 20'000;
  const int64_t batch = config.train.batch_size;
  const Samples samples = MakeAnchorData(config.task, config.seed).memory;
  const at::Tensor tokens = FirstRows(samples.tokens, batch, samples.length);
  const at::Tensor labels = FirstRows(samples.labels, batch, 1).squeeze(1);
  const std::unique_ptr<Model> model = MakeModel(config, c10::kCPU);
  model->parameters().Initialize(config.seed);
  AdamW optimizer(config.optimizer, model->parameters().flat(),
                  model->parameters().flat_gradient());
  for (auto _ : state) {
    model->parameters().flat_gradient().zero_();
    at::cross_entropy_loss(model->Logits(tokens), labels).backward();
    optimizer.Step();
  }
  state.counters["steps/s"] = benchmark::Counter(1, benchmark::Counter::kIsIterationInvariantRate);
}

void BM_Transformer(benchmark::State& state) {
  RunConfig config;
  config.transformer.pruned = state.range(0) != 0;
  TrainStep(state, config);
}
BENCHMARK(BM_Transformer)->ArgName("pruned")->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

void BM_EmbMlp(benchmark::State& state) {
  RunConfig config{.model = ModelKind::kEmbMlp};
  config.task.length = 3;
  TrainStep(state, config);
}
BENCHMARK(BM_EmbMlp)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace initbias

int main(int argc, char** argv) {
  initbias::ApplyNumerics(initbias::Numerics::kPinned);
  initbias::KeepFreedMemory();
  initbias::ConfigureTorch();
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) {
    return 1;
  }
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
