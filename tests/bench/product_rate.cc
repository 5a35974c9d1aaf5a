// How long the matrix products of training runs would take on this machine, all else left out:
//
//   product_rate PROCESSES [MODEL GFLOP]...
//
// GFLOP: the sum over the runs of a MODEL (transformer, emb_mlp or gpt2), whose sizes are taken
// from the default profile. Prints the seconds, as one number. That many processes at a time
// compute, as when they train.
#include <fmt/format.h>

#include <barrier>
#include <chrono>
#include <numeric>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "experiments/base_runs.h"
#include "lib/base/error.h"
#include "lib/base/numerics.h"
#include "lib/base/program.h"
#include "lib/base/runfile.h"
#include "lib/base/text.h"
#include "lib/data/text/text_corpus.h"
#include "lib/train/device.h"
#include "tests/bench/matrix_products.h"
#include "tests/bench/product_loop.h"
#include "tests/bench/workloads.h"

namespace initbias {
namespace {

constexpr auto kTime = std::chrono::milliseconds(1500);  // of measuring, per model

RunConfig RunOf(ModelKind model) {
  switch (model) {
    case ModelKind::kTransformer:
      return TransformerRun(Profile::kDefault, kSmallInit, 1);
    case ModelKind::kEmbMlp:
      return EmbMlpRun(Profile::kDefault, kSmallInit, 1);
    case ModelKind::kGpt2:
      return TextRun(Profile::kDefault, kSmallInit, 1);
  }
  throw Error("no such model");
}

// GFLOP a second of `threads` that compute the products of steps at the same time.
double Rate(const RunConfig& config, int64_t threads) {
  const BatchShape batch = TypicalBatch(config, {.shipped = FindDataFolder()});
  const double flops = Flops(StepProducts(config, batch, SharedInputs::kSeparate));
  std::vector<double> rates(static_cast<size_t>(threads), 0);
  std::barrier start(threads);
  std::vector<std::thread> all;
  for (double& rate : rates) {
    all.emplace_back([&config, &batch, &start, &rate, flops] {
      ProductLoop loop = FastestProductLoop(config, batch);
      loop.Step();
      start.arrive_and_wait();
      const auto begin = std::chrono::steady_clock::now();
      std::chrono::duration<double> taken{};
      int64_t steps = 0;
      for (; taken < kTime; taken = std::chrono::steady_clock::now() - begin) {
        loop.Step();
        ++steps;
      }
      rate = flops * static_cast<double>(steps) / taken.count() / 1e9;
    });
  }
  for (std::thread& thread : all) {
    thread.join();
  }
  return std::accumulate(rates.begin(), rates.end(), 0.0);
}

int Main(const std::vector<std::string>& arguments) {
  const std::optional<int64_t> threads =
      arguments.empty() ? std::nullopt : ParseInt(arguments.front());
  if (!threads || *threads < 1 || arguments.size() % 2 != 1) {
    throw Error("usage: product_rate PROCESSES [MODEL GFLOP]...");
  }
  ApplyNumerics(Numerics::kNative);
  KeepFreedMemory();
  ConfigureTorch();
  double seconds = 0;
  for (size_t i = 1; i < arguments.size(); i += 2) {
    ModelKind model{};
    ParseValue(arguments[i], &model);
    double gflop = 0;
    ParseValue(arguments[i + 1], &gflop);
    seconds += gflop / Rate(RunOf(model), *threads);
  }
  fmt::print("{:.1f}\n", seconds);
  return 0;
}

}  // namespace
}  // namespace initbias

int main(int argc, char** argv) {
  return initbias::RunProgram("product_rate", [&] {
    return initbias::Main({argv + 1, argv + argc});
  });
}
