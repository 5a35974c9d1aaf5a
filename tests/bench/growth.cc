// How one training step's time grows with what it computes: the Transformer at the paper's size, by
// its number of samples (which must not matter: only set-up and memory grow), width, layers and
// batch. One process, one thread, as //tests/bench:speed starts ours.
//
//   bazel run -c opt //tests/bench:growth
//
// Where the operations a second stay the same, the time grows as the arithmetic does.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <functional>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "experiments/base_runs.h"
#include "lib/base/runfile.h"
#include "lib/base/text.h"
#include "lib/run/cost.h"
#include "tests/bench/contender.h"
#include "tests/bench/session.h"
#include "tests/bench/workloads.h"

namespace initbias {
namespace {

struct Options {
  std::string timed_loop;
  std::string data_folder;
  bool smoke = false;
};

// One iteration is as many steps as take some time; the time is that of one of them.
void TimeStep(benchmark::State& state, const RunConfig& config, const Options& options) {
  using Clock = std::chrono::steady_clock;
  const double round_seconds = options.smoke ? 0.005 : 0.3;
  try {
    const Clock::time_point start = Clock::now();
    Contender ours(PlanOf(kOurProgram, {.name = "growth", .config = config}, {},
                          {.timed_loop = options.timed_loop, .data_folder = options.data_folder}));
    ours.WaitUntilReady();
    const double setup = std::chrono::duration<double>(Clock::now() - start).count();
    const int64_t steps = ours.StepsThatTake(round_seconds);
    double seconds = 0;
    for (auto _ : state) {
      const double step = ours.Run(steps) / static_cast<double>(steps);
      state.SetIterationTime(step);
      seconds += step;
    }
    const double step = seconds / static_cast<double>(state.iterations());
    const double flops = StepFlops(config);
    state.counters["FLOP/s"] = flops / step;
    state.counters["setup_s"] = setup;
    state.counters["memory_B"] = ours.peak_memory();
    state.SetLabel(fmt::format("{:.3g} MFLOP, {:.3g} GFLOP/s, set-up {:.2f} s, {}", flops / 1e6,
                               flops / step / 1e9, setup, FormatBytes(ours.peak_memory())));
  } catch (const std::exception& error) {
    state.SkipWithError(error.what());
  }
}

// Registers one benchmark for each value that `set` gives the base's config.
void Register(const std::string& name, const std::vector<int64_t>& values,
              const std::function<void(RunConfig&, int64_t)>& set, const Options& options) {
  constexpr int64_t kIterations = 5;
  for (const int64_t value : values) {
    RunConfig config =
        TransformerRun(options.smoke ? Profile::kSmoke : Profile::kPaper, kSmallInit, 1);
    config.task.samples = std::min<int64_t>(config.task.samples, 20'000);
    set(config, value);
    config = ForTiming(config);
    benchmark::RegisterBenchmark(
        fmt::format("{}:{}", name, value).c_str(),
        [config, options](benchmark::State& state) { TimeStep(state, config, options); })
        ->UseManualTime()
        ->Iterations(kIterations)
        ->Unit(benchmark::kMicrosecond);
  }
}

void RegisterAll(const Options& options) {
  const auto values = [&options](const std::vector<int64_t>& all, const std::vector<int64_t>& few) {
    return options.smoke ? few : all;
  };
  Register(
      "samples", values({10'000, 20'000, 50'000, 100'000, 200'000}, {1'000, 2'000}),
      [](RunConfig& config, int64_t value) { config.task.samples = value; }, options);
  Register(
      "d_model", values({50, 100, 200, 400}, {16, 32}),
      [](RunConfig& config, int64_t value) { config.transformer.d_model = value; }, options);
  Register(
      "layers", values({1, 2, 4, 8}, {1, 2}),
      [](RunConfig& config, int64_t value) { config.transformer.layers = value; }, options);
  Register(
      "batch", values({25, 50, 100, 200, 400}, {25, 50}),
      [](RunConfig& config, int64_t value) { config.train.batch_size = value; }, options);
  Register(
      "pruned", {0, 1},
      [](RunConfig& config, int64_t value) { config.transformer.pruned = value != 0; }, options);
}

int Main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);  // a child that has ended is told of in an Error
  benchmark::Initialize(&argc, argv);
  const bool smoke = argc == 2 && std::string_view(argv[1]) == "--smoke";
  if (!smoke && benchmark::ReportUnrecognizedArguments(argc, argv)) {
    return 1;
  }
  try {
    RegisterAll({.timed_loop = FindRunfile("tests/bench/timed_loop").string(),
                 .data_folder = FindDataFolder().string(),
                 .smoke = smoke});
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
  const bool any = benchmark::RunSpecifiedBenchmarks() > 0;
  benchmark::Shutdown();
  return any ? 0 : 1;
}

}  // namespace
}  // namespace initbias

int main(int argc, char** argv) { return initbias::Main(argc, argv); }
