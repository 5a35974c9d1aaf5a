// How fast ours trains, beside loops in PyTorch and JAX and beside the matrix products alone: steps
// a second of runs that fill all cores. README.md says what is compared and how.
//
//   make bench                                     everything; fetches PyTorch for Python at first
//   bazel run -c opt //tests/bench:speed -- --benchmark_filter=Transformer
//   --benchmark_repetitions=9
//
// A repetition is a round, in which all contenders of a workload are timed one after the other;
// the first of them to be asked for has the round played, the others only look their time up.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <regex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/base/command_line.h"
#include "lib/base/error.h"
#include "lib/base/machine.h"
#include "lib/base/runfile.h"
#include "lib/base/text.h"
#include "lib/process/subprocess.h"
#include "lib/store/figure_file.h"
#include "lib/store/results.h"
#include "tests/bench/answers.h"
#include "tests/bench/report.h"
#include "tests/bench/session.h"
#include "tests/bench/workloads.h"

namespace initbias {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kOutFlag = "--benchmark_out=";
constexpr char kNoPython[] = "none";
constexpr char kLeftOut[] = "left out";  // how the reason begins where nothing went wrong

struct Flags {
  std::string python;  // as given
  bool smoke = false;
  int64_t processes = UsableCores();
  double round_seconds = 1;
};

// The interpreter that tools/bench.sh makes.
fs::path DefaultPython() {
  const char* cache = std::getenv("XDG_CACHE_HOME");
  const char* home = std::getenv("HOME");
  const fs::path folder = cache != nullptr && *cache != '\0'
                              ? fs::path(cache)
                              : fs::path(home != nullptr ? home : "") / ".cache";
  return folder / "initbias" / "bench-python" / "bin" / "python";
}

// The interpreter to use, "" for none. Throws Error where the one that was asked for has no torch.
std::string FindPython(const std::string& asked) {
  if (asked == kNoPython) {
    return "";
  }
  std::string python = asked.empty() ? DefaultPython().string() : UserPath(asked).string();
  std::string reason = "there is no such program";
  if (fs::exists(python)) {
    try {
      Subprocess probe({python, "-c", "import torch; print('torch', torch.__version__)"});
      AwaitAnswer(probe, "torch");
      return python;
    } catch (const Error& error) {
      reason = error.what();
    }
  }
  if (!asked.empty()) {
    throw Error(fmt::format("--python={}: {}", asked, reason));
  }
  fmt::print(stderr,
             "Ours and the limit only: there is no Python with torch at {}.\n"
             "tools/bench.sh makes one; --python=PATH names another.\n",
             python);
  return "";
}

double AvailableMemory() {
  std::ifstream file("/proc/meminfo");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("MemAvailable:")) {
      const std::string text = line.substr(line.find(':') + 1);
      const std::string_view number = Trim(std::string_view(text).substr(0, text.find("kB")));
      return 1024 * ParseDouble(number).value_or(0);
    }
  }
  return 0;
}

// Keeps the terminal for the table; errors are shown.
class QuietReporter : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context& /*context*/) override { return true; }
  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) {
      if (run.error_occurred && run.run_type == Run::RT_Iteration) {
        fmt::print(stderr, "{}: {}\n", run.benchmark_name(), run.error_message);
        failed_ = failed_ || !run.error_message.starts_with(kLeftOut);
      }
    }
  }
  bool failed() const { return failed_; }

 private:
  bool failed_ = false;
};

// Has one workload's contenders alive at a time, and keeps what was measured.
class Speed {
 public:
  Speed(SessionOptions options, std::vector<Workload> workloads)
      : options_(std::move(options)), workloads_(std::move(workloads)) {}

  // Registers a benchmark for each contender of each workload that --benchmark_filter selects.
  void Register();

  // Ends what still runs. All measurements, in order.
  const std::vector<Measurement>& Finish();

 private:
  // A benchmark: a contender of a workload.
  void Play(benchmark::State& state, const Workload& workload, const std::string& contender);
  void Begin(const Workload& workload);

  SessionOptions options_;
  std::vector<Workload> workloads_;
  std::map<std::string, std::vector<std::string>> contenders_;  // of each workload
  std::map<std::string, size_t> rounds_;                        // that each benchmark has seen
  std::string current_;                                         // workload
  std::string failure_;                                         // of the current workload
  std::unique_ptr<Session> session_;
  std::vector<Measurement> measurements_;
};

// Whether Google Benchmark will choose `name`; it is not asked what it chose.
bool Selected(const std::string& name) {
  std::string filter = benchmark::GetBenchmarkFilter();
  const bool negative = filter.starts_with('-');
  if (filter.empty() || filter == "all") {
    return true;
  }
  const std::regex regex(negative ? filter.substr(1) : filter, std::regex::extended);
  return std::regex_search(name, regex) != negative;
}

void Speed::Register() {
  for (const Workload& workload : workloads_) {
    for (const std::string contender : kContenders) {
      const std::string name = workload.name + "/" + contender;
      if (!TakesPart(contender, workload.config) ||
          (IsPython(contender) && options_.python.empty())) {
        continue;
      }
      const auto* registered =
          benchmark::RegisterBenchmark(name.c_str(),
                                       [this, &workload, contender](benchmark::State& state) {
                                         Play(state, workload, contender);
                                       })
              ->UseManualTime()
              ->Iterations(1)
              ->Unit(benchmark::kMillisecond);
      static_cast<void>(registered);
      // As Google Benchmark calls it.
      if (Selected(name + "/iterations:1/manual_time")) {
        contenders_[workload.name].push_back(contender);
      }
    }
  }
}

void Speed::Begin(const Workload& workload) {
  Finish();
  current_ = workload.name;
  failure_.clear();
  const std::vector<std::string>& names = contenders_.at(workload.name);
  options_.memory = AvailableMemory();
  double needed = 0;
  for (const std::string& name : names) {
    needed += IsPython(name) ? 0 : MemoryOf(name, workload, options_.processes);
  }
  if (needed > options_.memory) {
    failure_ = fmt::format("{}: takes about {} of memory, {} are free; --processes=N makes it less",
                           kLeftOut, FormatBytes(needed), FormatBytes(options_.memory));
    return;
  }
  try {
    session_ = std::make_unique<Session>(workload, names, options_);
  } catch (const std::exception& error) {
    failure_ = error.what();
  }
}

void Speed::Play(benchmark::State& state, const Workload& workload, const std::string& contender) {
  if (current_ != workload.name) {
    Begin(workload);
  }
  std::optional<double> seconds;
  if (session_ != nullptr) {
    try {
      seconds = session_->Seconds(contender, rounds_[workload.name + "/" + contender]++);
    } catch (const std::exception& error) {
      failure_ = error.what();
      session_.reset();
    }
  }
  if (!failure_.empty()) {
    state.SkipWithError(failure_.c_str());
    return;
  }
  if (!seconds) {
    const std::string reason = fmt::format("{}: {}", kLeftOut, session_->WhyMissing(contender));
    state.SkipWithError(reason.c_str());
    return;
  }
  for (auto _ : state) {
    state.SetIterationTime(*seconds);
  }
  state.SetItemsProcessed(session_->RunSteps(contender));
}

const std::vector<Measurement>& Speed::Finish() {
  if (session_ != nullptr) {
    measurements_.push_back(session_->Finish());
    session_.reset();
  }
  return measurements_;
}

bool Has(int argc, char** argv, std::string_view flag) {
  return std::any_of(argv + 1, argv + argc,
                     [flag](const char* argument) { return std::string_view(argument) == flag; });
}

// Where the numbers go, as JSON.
fs::path OutFile(int argc, char** argv) {
  fs::path out = ResultsRoot("") / "bench" / "speed.json";
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument.starts_with(kOutFlag) && argument.size() > kOutFlag.size()) {
      out = UserPath(argument.substr(kOutFlag.size()));
    }
  }
  return out;
}

// The arguments for Google Benchmark: defaults come before the user's, which then win.
std::vector<std::string> WithDefaults(int argc, char** argv, const fs::path& out) {
  std::vector<std::string> arguments = {argv[0], Has(argc, argv, "--smoke")
                                                     ? "--benchmark_repetitions=3"
                                                     : "--benchmark_repetitions=7"};
  arguments.insert(arguments.end(), argv + 1, argv + argc);
  std::erase_if(arguments, [](const std::string& argument) {
    return argument.starts_with(kOutFlag) && argument.size() > kOutFlag.size();
  });
  // Rounds are interleaved anyway, and more evenly.
  arguments.emplace_back("--benchmark_enable_random_interleaving=false");
  if (!Has(argc, argv, "--benchmark_list_tests") &&
      !Has(argc, argv, "--benchmark_list_tests=true")) {
    arguments.push_back(std::string(kOutFlag) + out.string());
  }
  return arguments;
}

int Run(const Flags& flags, const fs::path& out) {
  const fs::path long_texts = out.parent_path() / "long_texts.txt";
  WriteLongTexts(FindDataFolder(), long_texts);
  Speed speed({.timed_loop = FindRunfile("tests/bench/timed_loop"),
               .plain_pytorch = FindRunfile("tests/bench/plain_pytorch.py"),
               .plain_jax = FindRunfile("tests/bench/plain_jax.py"),
               .data_folder = FindDataFolder(),
               .python = FindPython(flags.python),
               .processes = flags.processes,
               .round_seconds = flags.smoke ? 0.01 : flags.round_seconds},
              Workloads(flags.smoke, long_texts));
  speed.Register();
  QuietReporter reporter;
  if (benchmark::RunSpecifiedBenchmarks(&reporter) == 0) {
    return 1;  // the filter selects nothing, which was told
  }
  const std::vector<Measurement>& measurements = speed.Finish();
  if (!measurements.empty()) {
    fmt::print("{}", SpeedTable(measurements, !flags.smoke));
    const fs::path stored = fs::path(out).replace_extension(".h5");
    WriteFigureFile(stored, SpeedFigure(measurements, !flags.smoke));
    fmt::print("{}\n{}\n", out.string(), stored.string());
  }
  return reporter.failed() ? 1 : 0;
}

int Main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);  // a child that has ended is told of in an Error
  Flags flags;
  CommandLine app("Times training beside PyTorch's, JAX's and the matrix products alone.",
                  "bazel run -c opt //tests/bench:speed --");
  app.Add("--python", flags.python, "interpreter with torch and jax, or none");
  app.AddFlag("--smoke", flags.smoke, "tiny models and short rounds; the numbers mean nothing");
  app.Add("--processes", flags.processes, "of each contender but PyTorch's default")
      .Between(1, 1024);
  app.Add("--round_seconds", flags.round_seconds, "that a contender takes in a round")
      .Between(0.001, 3600.0);
  app.Footer(
      "and Google Benchmark's own: --benchmark_filter=REGEX, --benchmark_repetitions=N\n"
      "(rounds), --benchmark_out=FILE.json (beside it FILE.h5),\n"
      "--benchmark_list_tests=true\n"
      "Example: bazel run -c opt //tests/bench:speed -- --benchmark_filter=Transformer");
  try {
    const fs::path out = OutFile(argc, argv);
    std::vector<std::string> arguments = WithDefaults(argc, argv, out);
    std::vector<char*> pointers;
    for (std::string& argument : arguments) {
      pointers.push_back(argument.data());
    }
    int count = static_cast<int>(pointers.size());
    if (!Has(argc, argv, "--help")) {  // Google Benchmark would print its own and end
      benchmark::Initialize(&count, pointers.data());
    }
    if (const std::optional<int> status = app.Parse(count, pointers.data())) {
      return *status;
    }
    return Run(flags, out);
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}

}  // namespace
}  // namespace initbias

int main(int argc, char** argv) { return initbias::Main(argc, argv); }
