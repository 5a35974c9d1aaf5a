// Prints what must be the same on every machine, a line each: digests of random numbers, initial
// weights, training data, and of all that short trainings leave behind. compare.py holds the output
// of two builds, or of one build on two machines, against each other:
//
//   bazel run //tests/portability:digests > x86.txt
//   bazel run --config=arm64 //tests/portability:digests > arm.txt
//   python3 tests/portability/compare.py x86.txt arm.txt
//
// With the argument "small" the models of the paper's size are left out. Which kernels and which
// LibTorch code were at work goes to standard error.
#include <ATen/Version.h>
#include <fmt/format.h>

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/numerics.h"
#include "lib/base/sha256.h"
#include "lib/kernels/kernels.h"
#include "lib/model/spec/parameter_spec.h"
#include "lib/rng/stream.h"
#include "lib/train/device.h"
#include "lib/train/train.h"
#include "tests/small_runs.h"

namespace initbias {
namespace {

template <typename T>
std::string Digest(const std::vector<T>& values) {
  return Sha256Hex({reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)});
}

void Print(const std::string& what, const std::string& digest) {
  fmt::print("{} {}\n", what, digest);
  std::fflush(stdout);
}

// Of a probe's values. A gap is NaN, 0 / 0, whose sign is one on x86 and another on aarch64.
std::string ProbeDigest(std::vector<float> values) {
  for (float& value : values) {
    value = std::isnan(value) ? std::numeric_limits<float>::quiet_NaN() : value;
  }
  return Digest(values);
}

void PrintRandomNumbers() {
  constexpr size_t kCount = 100'000;
  std::vector<uint64_t> bits(kCount);
  Stream bit_stream(/*seed=*/1, "bits");
  for (uint64_t& value : bits) {
    value = bit_stream.NextU64();
  }
  Print("rng bits", Digest(bits));
  std::vector<float> values(kCount);
  Stream(/*seed=*/1, "normal").FillNormal(values, /*std=*/0.3);
  Print("rng normal", Digest(values));
  Stream(/*seed=*/1, "uniform").FillUniform(values, /*bound=*/0.3);
  Print("rng uniform", Digest(values));
  Print("rng permutation", Digest(Stream(/*seed=*/1, "permutation").Permutation(kCount)));
}

void PrintInitialWeights(const std::string& name, const RunConfig& config) {
  for (const ParameterSpec& spec : ParameterSpecs(config)) {
    Print(fmt::format("initial {} {}", name, spec.name), Digest(InitialValues(spec, config.seed)));
  }
}

void PrintTraining(const std::string& name, const RunConfig& config) {
  const RunResult result = Train(config, {.data = {.shipped = "data"}}).result;
  const auto print = [&](const std::string& what, const std::string& digest) {
    Print(fmt::format("training {} {}", name, what), digest);
  };
  print("data", result.data_digest);
  for (const LearningCurve& curve : result.curves) {
    print("loss " + curve.group, Digest(curve.loss));
    print("accuracy " + curve.group, Digest(curve.accuracy));
  }
  print(fmt::format("parameters after {} steps", result.step.back()), result.parameters_digest);
  for (const Snapshot& probe : result.probes) {
    print(fmt::format("{} at step {}", probe.name, probe.step), ProbeDigest(probe.array.values));
  }
}

// A model of the paper's size, for ten steps.
RunConfig FewSteps(ModelKind model) {
  RunConfig config{.model = model, .seed = 1};
  config.task.length = model == ModelKind::kEmbMlp ? 3 : config.task.length;
  config.task.samples = 1'000;
  config.task.key_max = 60;
  config.train.epochs = 1;
  config.train.eval_every = 5;
  config.train.eval_samples = 50;
  config.probe.names.clear();
  return config;
}

int Main(int argc, char** argv) {
  const bool small = argc > 1 && std::string_view(argv[1]) == "small";
  try {
    ApplyNumerics(Numerics::kPinned);
    ConfigureTorch();
    fmt::print(stderr, "{}: our kernels {}, LibTorch's {}\n", CpuIsa(), BestKernels().name,
               at::get_cpu_capability());
    PrintRandomNumbers();
    const RunConfig emb_mlp = FewSteps(ModelKind::kEmbMlp);
    const RunConfig transformer = FewSteps(ModelKind::kTransformer);
    PrintInitialWeights("emb_mlp", emb_mlp);
    PrintInitialWeights("transformer", transformer);
    PrintInitialWeights("gpt2", SmallGpt2Run());
    PrintTraining("small_emb_mlp", SmallEmbMlpRun());
    PrintTraining("small_transformer", SmallTransformerRun());
    PrintTraining("small_gpt2", SmallGpt2Run());
    if (!small) {
      PrintTraining("emb_mlp", emb_mlp);
      PrintTraining("transformer", transformer);
    }
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
  return 0;
}

}  // namespace
}  // namespace initbias

int main(int argc, char** argv) { return initbias::Main(argc, argv); }
