// One process of a contender of //tests/bench:speed:
//
//   timed_loop ours DATA_FOLDER     trains with lib/train as lib/run/worker does
//   timed_loop limit LENGTH LABELS  computes the step's matrix products and nothing else
//
// Standard input begins with the run, as FormatOrder has it, and an empty line. Then, in lines:
// "ready ..." is said once, after the set-up; each "go N" is answered by "done ..." after N steps;
// "stop" or the end of the input ends it, of ours with "shares ...", the parts of a step's time.
#include <fmt/format.h>
#include <sys/prctl.h>
#include <torch/version.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <exception>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>

#include "lib/base/error.h"
#include "lib/base/numerics.h"
#include "lib/base/text.h"
#include "lib/config/run_config.h"
#include "lib/kernels/kernels.h"
#include "lib/run/message.h"
#include "lib/train/device.h"
#include "lib/train/train.h"
#include "tests/bench/matrix_products.h"
#include "tests/bench/product_loop.h"

namespace initbias {
namespace {

using Clock = std::chrono::steady_clock;

double Seconds(Clock::time_point since) {
  return std::chrono::duration<double>(Clock::now() - since).count();
}

RunConfig ReadConfig() {
  std::string text;
  for (std::string line; std::getline(std::cin, line) && !line.empty();) {
    text += line + "\n";
  }
  text.resize(text.size() - std::min<size_t>(1, text.size()));  // the end of the last line
  return ParseOrder(text).config;
}

void SayReady(const std::string& more) {
  std::cout << fmt::format("ready torch={} kernels={}{}", TORCH_VERSION, BestKernels().name, more)
            << std::endl;
}

void SayDone(double seconds) {
  std::cout << fmt::format("done seconds={} memory={}", seconds, PeakMemoryBytes()) << std::endl;
}

// The number of steps that are asked for; nothing where it is to stop.
std::optional<int64_t> NextCommand() {
  std::string line;
  if (!std::getline(std::cin, line) || !line.starts_with("go ")) {
    return std::nullopt;
  }
  return ParseInt(std::string_view(line).substr(3));
}

// Train() asks before each step whether to stop: there, steps are counted and commands waited for.
void TrainOnCommand(const RunConfig& config, const std::string& data_folder) {
  int64_t left = 0;
  bool ready = false;
  double stepping = 0;
  Clock::time_point start;
  TrainOptions options{.data = {.shipped = data_folder}};
  options.checkpoint_seconds = 1e9;
  options.should_stop = [&] {
    if (left > 0) {
      --left;
      return false;
    }
    if (ready) {
      const double seconds = Seconds(start);
      stepping += seconds;
      SayDone(seconds);
    } else {
      SayReady("");
      ready = true;
    }
    const std::optional<int64_t> steps = NextCommand();
    if (!steps) {
      return true;
    }
    left = *steps - 1;
    start = Clock::now();
    return false;
  };
  const TrainOutcome outcome = Train(config, options);
  const PhaseSeconds& phases = outcome.phases;
  const double known = phases.data + phases.forward + phases.backward + phases.optimizer;
  const auto share = [stepping](double seconds) { return stepping > 0 ? seconds / stepping : 0; };
  // Evaluation and storage are no part of these steps: the one came before, the other comes after.
  std::cout << fmt::format("shares data={} forward={} backward={} optimizer={} rest={}",
                           share(phases.data), share(phases.forward), share(phases.backward),
                           share(phases.optimizer), share(stepping - known))
            << std::endl;
}

void MultiplyOnCommand(const RunConfig& config, const BatchShape& batch) {
  ProductLoop loop = FastestProductLoop(config, batch);
  SayReady(fmt::format(" share_by_kernels={}", loop.KernelShare()));
  while (const std::optional<int64_t> steps = NextCommand()) {
    const Clock::time_point start = Clock::now();
    for (int64_t i = 0; i < *steps; ++i) {
      loop.Step();
    }
    SayDone(Seconds(start));
  }
}

int Main(int argc, char** argv) {
  // The program that started this one ends it, whichever way it ends itself.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  try {
    const std::string_view kind = argc > 1 ? argv[1] : "";
    // The limit is free to take what this CPU is fastest with.
    ApplyNumerics(kind == "ours" ? Numerics::kPinned : Numerics::kNative);
    KeepFreedMemory();
    ConfigureTorch();
    if (kind == "ours" && argc == 3) {
      TrainOnCommand(ReadConfig(), argv[2]);
      return 0;
    }
    const std::optional<int64_t> length = argc == 4 ? ParseInt(argv[2]) : std::nullopt;
    const std::optional<int64_t> labels = argc == 4 ? ParseInt(argv[3]) : std::nullopt;
    if (kind != "limit" || !length || !labels) {
      throw Error("usage: timed_loop ours DATA_FOLDER | timed_loop limit LENGTH LABELS");
    }
    const RunConfig config = ReadConfig();
    MultiplyOnCommand(config, {config.train.batch_size, *length, *labels});
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
  return 0;
}

}  // namespace
}  // namespace initbias

int main(int argc, char** argv) { return initbias::Main(argc, argv); }
