// Trains one run: the only binary that loads LibTorch. Its order (message.h) comes on standard
// input; messages go to standard output; the run file goes to the store.
//
// SIGTERM, SIGHUP or SIGXCPU asks it to write a checkpoint and stop; so does the death of the
// process that started it. SIGINT is ignored: on Ctrl-C the starter hears it too, and decides.
#include <ATen/Version.h>
#include <c10/util/Exception.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <torch/version.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <iterator>
#include <mutex>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "lib/base/atomic_file.h"
#include "lib/base/build_info.h"
#include "lib/base/command_line.h"
#include "lib/base/error.h"
#include "lib/base/file_access.h"
#include "lib/base/numerics.h"
#include "lib/base/text.h"
#include "lib/config/run_config.h"
#include "lib/data/text/text_corpus.h"
#include "lib/kernels/kernels.h"
#include "lib/result/run_result.h"
#include "lib/run/cost.h"
#include "lib/run/message.h"
#include "lib/run/mode.h"
#include "lib/run/run_lock.h"
#include "lib/store/hdf5_file.h"
#include "lib/store/header.h"
#include "lib/store/results.h"
#include "lib/store/run_file.h"
#include "lib/store/run_index.h"
#include "lib/train/device.h"
#include "lib/train/train.h"

namespace initbias {
namespace {

namespace fs = std::filesystem;

#if defined(__clang__)
constexpr char kCompiler[] = "clang++ " __clang_version__;
#elif defined(__GNUC__)
constexpr char kCompiler[] = "g++ " __VERSION__;
#else
constexpr char kCompiler[] = "unknown";
#endif

std::atomic<bool> g_stop{false};  // set by the signal handler

std::atomic<bool> g_no_time{false};  // that was why

void RequestStop(int signal) {
  if (signal == SIGXCPU) {
    g_no_time = true;
  }
  g_stop = true;
}

void Send(const Message& message) {
  static std::mutex one_at_a_time;  // the lock's thread has notes, too
  const std::lock_guard guard(one_at_a_time);
  // One write a line; a closed pipe means that nobody listens any more.
  std::cout << FormatMessage(message) << std::endl;
  if (!std::cout) {
    g_stop = true;
  }
}

void SendNote(const std::string& text) { Send(NoteMessage{.text = text}); }

// `refused`: errno, where the system refused a file. With what may help where it is memory that
// LibTorch, or the C++ library, did not get.
void SendError(const std::string& text, int refused = 0) {
  const bool memory = refused == ENOMEM || text.find("allocate memory") != std::string::npos;
  Send(FailedMessage{.error = memory ? text + "; a smaller --jobs or train.batch_size takes less, "
                                              "--dry-run estimates how much"
                                     : text,
                     .refused = refused});
}

// What to know of the speed before waiting; empty where it is as it should be.
std::string SpeedRemark(c10::Device device) {
  if (!device.is_cpu() || BestKernels().name != std::string_view("generic")) {
    return "";
  }
  return "the kernels in plain C++ are taken (AVX2 with FMA, or NEON, is not here, or "
         "INITBIAS_KERNELS says so): the results are the same, but training takes some 50 times as "
         "long";
}

struct Flags {
  std::string results;
  DataFolders data;
  std::string profile;
  std::string device = "auto";
  std::string numerics = "pinned";
  std::string argv;
  std::string folders;  // HeldFolders::Marks of who started it
  double checkpoint_seconds = 60;
  double stale_seconds = RunLockOptions().stale_seconds;
  bool measure = false;
  bool describe = false;
};

// "BLAS: Intel(R) oneAPI Math Kernel Library Version 2024.2-Product ..." in one line.
std::string BlasName() {
  std::string name = at::get_mkl_version();
  return name.substr(0, name.find('\n'));
}

void FillProvenance(const Flags& flags, c10::Device device, const std::string& start,
                    Provenance* p) {
  char host[256] = "";
  gethostname(host, sizeof(host) - 1);
  p->commit = kGitCommit;
  p->dirty = kGitDirty;
  p->torch_version = TORCH_VERSION;
  p->hdf5_version = Hdf5Version();
  p->compiler = kCompiler;
  p->blas = BlasName();
  p->cpu = CpuModelName();
  p->isa = CpuIsa();
  p->cpu_capability = at::get_cpu_capability();
  p->kernels = device.is_cpu() ? BestKernels().name : "";
  p->host = host;
  p->device = DescribeDevice(device);
  p->numerics = flags.numerics;
  p->argv = flags.argv;
  p->start = start;
  p->peak_memory = PeakMemoryBytes();
}

// `value` to so many decimals: more would fill the log.
double Rounded(double value, int decimals) {
  const double scale = std::pow(10.0, decimals);
  return std::round(value * scale) / scale;
}

void SendProgress(const Progress& progress) {
  ProgressMessage message{.step = progress.step,
                          .total = progress.total_steps,
                          .rate = Rounded(progress.steps_per_second, 2)};
  for (const auto& [group, loss] : progress.losses) {
    message.losses[group] = Rounded(loss, 4);
  }
  Send(message);
}

// Reads the checkpoint, or nothing where there is none that can be used: one of other kernels, of
// another version or run, or damaged, is moved aside, for it may be of use to others. Throws
// FileRefused where the system does not let us read or move it: it may be whole, and the run is not
// to replace it. `now`: how this process computes.
std::optional<Checkpoint> FindCheckpoint(const fs::path& path, const RunConfig& config,
                                         const Provenance& now) {
  if (!FileExists(path)) {
    return std::nullopt;
  }
  std::string reason;
  const char* ending = "aside";
  try {
    Checkpoint checkpoint = ReadCheckpoint(path);
    const Mode made = ModeOf(config, checkpoint.partial.provenance);
    if (ConfigDigest(checkpoint.partial.config) != ConfigDigest(config)) {
      reason = fmt::format("{} is of another run", path.string());
    } else if (made != ModeOf(config, now)) {
      // To go on would mix the bits of two devices or kernels in one run.
      reason = fmt::format("the checkpoint was made on {}, this is {}", ModeText(made),
                           ModeText(ModeOf(config, now)));
    } else {
      return checkpoint;
    }
  } catch (const FileRefused&) {
    throw;
  } catch (const SchemaVersionError& error) {
    reason = error.what();
  } catch (const Error& error) {
    reason = error.what();
    ending = "damaged";
  }
  SendNote(fmt::format("{}: starting anew; it is kept as {}", reason,
                       MoveAside(path, ending).filename().string()));
  return std::nullopt;
}

// Whether an evaluation of the run is short enough to be timed: that of a large model, of minutes,
// is estimated from its arithmetic.
bool TimesEvaluation(const RunConfig& config) {
  constexpr double kMostFlops = 3e11;
  return EvaluationFlops(config) < kMostFlops;
}

// The config to time in place of a run, with one evaluation and one snapshot before its first step
// where these are short. Of a large model on text: as fast a step, but made ready sooner, and
// without the TinyStories files, which may not be there yet. PrOntoQA examples are about as long as
// stories (some 220 tokens each), so that nearly all of the sequences are made of them.
RunConfig ForMeasuring(RunConfig config) {
  config.train.eval_every = TotalSteps(config);
  if (TimesEvaluation(config)) {
    if (!config.probe.names.empty()) {
      config.probe.steps = {0};
    }
    return config;
  }
  config.probe = {};
  if (config.model == ModelKind::kGpt2) {
    TextConfig& text = config.text;
    if (text.tinystories == "full") {
      text.tinystories = "excerpt";
      text.tinystories_sha256.clear();
      text.prontoqa_sequences =
          std::min<int64_t>(text.prontoqa_sequences + text.tinystories_sequences - 1, 200);
      text.tinystories_sequences = 1;
    }
    text.answer_samples = 1;
    config.train.eval_samples = 1;
    config.train.eval_every = TotalSteps(config);
  }
  return config;
}

// Times a few steps of the run, and says what the whole would take; nothing of that where it was
// stopped.
void Measure(const RunConfig& run, const Flags& flags, c10::Device device) {
  using Clock = std::chrono::steady_clock;
  constexpr int64_t kWarmUpSteps = 5;
  constexpr int64_t kMaxSteps = 200;
  constexpr double kMaxSeconds = 2.0;
  constexpr double kMaxWarmUpSeconds = 20.0;
  const RunConfig config = ForMeasuring(run);
  const bool looks = TimesEvaluation(run);
  const Clock::time_point start = Clock::now();
  Clock::time_point ready = start;
  Clock::time_point warm = start;
  Clock::time_point end = start;
  int64_t steps = -1;
  const auto seconds = [](Clock::time_point from, Clock::time_point to) {
    return std::chrono::duration<double>(to - from).count();
  };
  TrainOptions options{.device = device, .data = flags.data};
  options.checkpoint_seconds = 1e9;
  options.should_stop = [&] {
    ++steps;
    const Clock::time_point now = Clock::now();
    ready = steps == 0 ? now : ready;
    warm = steps == kWarmUpSteps ? now : warm;
    end = now;  // the last time is when it stops, before the state is gathered
    return g_stop || steps >= kMaxSteps ||
           (steps > kWarmUpSteps && seconds(warm, now) > kMaxSeconds) ||
           (steps > 0 && seconds(ready, now) > kMaxWarmUpSeconds);
  };
  const PhaseSeconds phases = Train(config, options).phases;
  if (g_stop) {  // after fewer steps than a measurement takes
    Send(StoppedMessage{.step = 0});
    return;
  }
  const bool timed = steps > kWarmUpSteps;
  const double step_seconds =
      timed ? seconds(warm, end) / static_cast<double>(steps - kWarmUpSteps)
            : seconds(ready, end) / static_cast<double>(std::max<int64_t>(steps, 1));
  Send(MeasuredMessage{.setup = seconds(start, ready) - phases.evaluation - phases.storage,
                       .evaluation = looks ? phases.evaluation : 0.0,
                       .snapshot = looks ? phases.storage : 0.0,
                       .flops_per_second = StepFlops(config) / step_seconds,
                       .memory = PeakMemoryBytes()});
}

// Trains the run, unless another process has. Returns false, where it `gives_way`, once another has
// taken the run's lease over from this one, which was stopped for long and is going on now: what
// that one writes is to be waited for.
bool TrainUnlessTaken(const RunConfig& config, const Flags& flags, c10::Device device,
                      bool gives_way) {
  const ResultsFolder folder(flags.results, flags.profile);
  const std::string id = RunId(config);
  // Who started it has made them; where they go there is nothing to train for.
  const HeldFolders held(folder.TrainingFolders());
  if (!flags.folders.empty()) {
    held.CheckMarks(flags.folders);
  }
  RunLockOptions lock_options;
  lock_options.should_stop = [] { return g_stop.load(); };
  lock_options.on_note = SendNote;
  const RunLockOptions usual;
  lock_options.stale_seconds = flags.stale_seconds;
  lock_options.refresh_seconds = usual.refresh_seconds / usual.stale_seconds * flags.stale_seconds;
  RunLock lock(folder.Lock(id), lock_options);
  if (!lock.held()) {
    Send(StoppedMessage{.step = 0});
    return true;
  }
  RemoveTemporaries(folder.Run(id));
  RemoveTemporaries(folder.Checkpoint(id));
  const std::string start = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
  Provenance now;
  FillProvenance(flags, device, start, &now);
  if (FileExists(folder.Run(id))) {  // trained by the process that we waited for
    const RunResult found = ReadRunFile(folder.Run(id), config);
    CheckModeOfNow(folder.Run(id).string(), ModeOf(config, found.provenance), ModeOf(config, now),
                   flags.device);
    Send(FoundMessage{});
    return true;
  }
  TrainOptions options{.device = device, .data = flags.data};
  options.on_note = SendNote;
  options.resume = FindCheckpoint(folder.Checkpoint(id), config, now);
  options.checkpoint_seconds = flags.checkpoint_seconds;
  options.should_stop = [&] { return g_stop || (gives_way && lock.lost()); };
  options.on_progress = SendProgress;
  int64_t saved_step = options.resume ? options.resume->step : 0;
  bool told = false;  // that checkpoints cannot be written
  options.save_checkpoint = [&](Checkpoint checkpoint) {
    if (gives_way && lock.LostNow()) {
      return;  // the other's is of a later step, or will be
    }
    checkpoint.partial.profile = flags.profile;
    FillProvenance(flags, device, start, &checkpoint.partial.provenance);
    const bool last = g_stop;  // before it is written: a signal may come meanwhile
    try {
      WriteCheckpoint(folder.Checkpoint(id), checkpoint);
      saved_step = checkpoint.step;
      told = false;
    } catch (const FolderGone&) {
      throw;  // it does not come back
    } catch (const Error& error) {
      if (last) {  // what it would have saved is lost
        throw;
      }
      if (!std::exchange(told, true)) {
        SendNote(fmt::format("{}; training goes on, {}", error.what(),
                             saved_step > 0
                                 ? fmt::format("the last checkpoint is that of step {}", saved_step)
                                 : "without a checkpoint until one can be written"));
      }
    }
  };
  TrainOutcome outcome = Train(config, options);
  if (!outcome.finished) {
    if (!g_stop) {
      return false;
    }
    if (g_no_time) {
      Send(FailedMessage{
          .error =
              fmt::format("the limit on processor time of a process (`ulimit -t`) is reached; the "
                          "same command goes on from step {} where more is allowed",
                          saved_step)});
      return true;
    }
    Send(StoppedMessage{.step = saved_step});
    return true;
  }
  // Also where the lease is another's: the bits are the same, and the file is whole.
  outcome.result.profile = flags.profile;
  FillProvenance(flags, device, start, &outcome.result.provenance);
  WriteRunFile(folder.Run(id), outcome.result);
  RememberRun(folder.Run(id));
  try {
    RemoveFile(folder.Checkpoint(id));
  } catch (const FileRefused& error) {  // of no use any more, and no harm
    SendNote(error.what());
  }
  Send(FinishedMessage{.seconds = outcome.result.provenance.seconds,
                       .evaluation = outcome.phases.evaluation,
                       .storage = outcome.phases.storage,
                       .memory = PeakMemoryBytes()});
  return true;
}

void TrainAndStore(const RunConfig& config, const Flags& flags, c10::Device device) {
  // Twice it does not give way: where leases do not last, two processes would for ever.
  if (!TrainUnlessTaken(config, flags, device, /*gives_way=*/true)) {
    TrainUnlessTaken(config, flags, device, /*gives_way=*/false);
  }
}

int Main(int argc, char** argv) {
  std::signal(SIGINT, SIG_IGN);
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGTERM, RequestStop);
  std::signal(SIGXCPU, RequestStop);
  if (std::signal(SIGHUP, RequestStop) == SIG_IGN) {  // nohup
    std::signal(SIGHUP, SIG_IGN);
  }
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  Flags flags;
  CommandLine app("Trains one run; started by the experiments.");
  app.Add("--results", flags.results).Required();
  app.Add("--profile", flags.profile).Required();
  app.Add("--data", flags.data.shipped);
  app.Add("--downloads", flags.data.downloaded);
  app.Add("--user-folder", flags.data.user);
  app.Add("--device", flags.device);
  app.Add("--numerics", flags.numerics);
  app.Add("--checkpoint-seconds", flags.checkpoint_seconds);
  app.Add("--stale-seconds", flags.stale_seconds);
  app.Add("--folders", flags.folders);
  app.AddFlag("--measure", flags.measure);
  app.AddFlag("--describe", flags.describe);  // what "started" says, and no more
  if (const std::optional<int> status = app.Parse(argc, argv)) {
    return *status;
  }
  try {
    ApplyNumerics(ParseNumerics(flags.numerics));
    KeepFreedMemory();
    const c10::Device device =
        ChooseDevice(flags.device, flags.device == "cpu" ? CudaStatus{} : LoadCuda());
    ConfigureTorch();
    Send(StartedMessage{.device = DescribeDevice(device),
                        .remark = SpeedRemark(device),
                        .torch = TORCH_VERSION,
                        .capability = at::get_cpu_capability()});
    if (flags.describe) {
      return 0;
    }
    const WorkerOrder order = ParseOrder(std::string(std::istreambuf_iterator<char>(std::cin), {}));
    const RunConfig& config = order.config;
    flags.argv = order.argv;
    if (flags.measure) {
      Measure(config, flags, device);
    } else {
      TrainAndStore(config, flags, device);
    }
  } catch (const c10::Error& error) {  // its what() is a stack trace of many lines
    SendError(std::string(Trim(error.what_without_backtrace())));
    return 1;
  } catch (const std::bad_alloc&) {
    SendError("can't allocate memory");
    return 1;
  } catch (const FileRefused& error) {
    SendError(error.what(), error.number());
    return 1;
  } catch (const std::exception& error) {
    SendError(error.what());
    return 1;
  }
  return 0;
}

}  // namespace
}  // namespace initbias

int main(int argc, char** argv) {
  std::signal(SIGXFSZ, SIG_IGN);  // too long a file is an error of its writing
  return initbias::Main(argc, argv);
}
