// What each lever of a training step gives: the paper's models at their size and batch, by autograd
// and on kernels, in full and pruned, with each compilation of the kernels, in one thread.
//
//   bazel run -c opt //tests/bench:levers -- --benchmark_enable_random_interleaving
//       --benchmark_repetitions=5 --benchmark_report_aggregates_only
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <memory>
#include <string>

#include "lib/base/numerics.h"
#include "lib/kernels/kernels.h"
#include "lib/model/torch/model.h"
#include "lib/train/device.h"
#include "lib/train/engine.h"
#include "lib/train/optimizer.h"
#include "lib/train/training_data.h"

namespace initbias {
namespace {

void TrainStep(benchmark::State& state, RunConfig config, bool autograd, const Kernels& kernels) {
  config.task.samples = 20'000;
  const std::unique_ptr<Model> model = MakeModel(config, c10::kCPU);
  model->parameters().Initialize(config.seed);
  const Batch batch =
      MakeTrainingData(config, {}, c10::kCPU).training.Rows(0, config.train.batch_size).ToBatch();
  const std::unique_ptr<Engine> engine = MakeEngine(config, *model, autograd, kernels);
  Optimizer optimizer(config.optimizer, model->parameters().flat(),
                      model->parameters().flat_gradient(), kernels);
  PhaseSeconds phases;
  for (auto _ : state) {
    engine->ComputeGradient(batch, batch.size(), /*add=*/false, /*dropout=*/{}, &phases);
    optimizer.Step();
  }
  const auto steps = static_cast<double>(state.iterations());
  state.counters["forward_ms"] = 1e3 * phases.forward / steps;
  state.counters["backward_ms"] = 1e3 * phases.backward / steps;
}

void Register(const std::string& name, const RunConfig& config, bool autograd,
              const Kernels& kernels) {
  benchmark::RegisterBenchmark(name.c_str(), [=, &kernels](benchmark::State& state) {
    TrainStep(state, config, autograd, kernels);
  })->Unit(benchmark::kMillisecond);
}

void RegisterAll() {
  RunConfig emb_mlp{.model = ModelKind::kEmbMlp};
  emb_mlp.task.length = 3;
  for (const bool pruned : {false, true}) {
    RunConfig transformer;
    transformer.transformer.pruned = pruned;
    const std::string form = pruned ? "pruned" : "full";
    Register("Transformer/autograd/" + form, transformer, /*autograd=*/true, BestKernels());
    for (const Kernels* kernels : AvailableKernels()) {
      Register(fmt::format("Transformer/{}/{}", kernels->name, form), transformer,
               /*autograd=*/false, *kernels);
    }
  }
  Register("Emb-MLP/autograd", emb_mlp, /*autograd=*/true, BestKernels());
  for (const Kernels* kernels : AvailableKernels()) {
    Register(fmt::format("Emb-MLP/{}", kernels->name), emb_mlp, /*autograd=*/false, *kernels);
  }
}

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
  initbias::RegisterAll();
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
