#include "lib/run/worker_pool.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <csignal>
#include <map>
#include <memory>
#include <numeric>
#include <optional>
#include <set>
#include <string_view>
#include <utility>
#include <variant>

#include "lib/base/error.h"
#include "lib/base/file_access.h"
#include "lib/base/text.h"
#include "lib/config/run_labels.h"
#include "lib/config/set_names.h"
#include "lib/process/subprocess.h"
#include "lib/run/cost.h"
#include "lib/run/progress_display.h"
#include "lib/run/run_log.h"
#include "lib/store/results.h"

namespace initbias {
namespace {

std::atomic<int> g_stop_requests{0};
std::atomic<int> g_stop_signal{0};  // the first one

void OnStopSignal(int signal) {
  int none = 0;
  g_stop_signal.compare_exchange_strong(none, signal);
  if (signal != SIGXCPU || g_stop_requests == 0) {  // the system sends it every second
    ++g_stop_requests;
  }
}

// Catches SIGINT, SIGTERM, SIGHUP and SIGXCPU for as long as it lives.
class StopSignals {
 public:
  StopSignals() {
    g_stop_requests = 0;
    g_stop_signal = 0;
    struct sigaction action {};
    action.sa_handler = OnStopSignal;  // without SA_RESTART: poll() is to return
    for (size_t i = 0; i < kSignals.size(); ++i) {
      sigaction(kSignals[i], &action, &old_[i]);
      if (kSignals[i] == SIGHUP && old_[i].sa_handler == SIG_IGN) {  // nohup
        sigaction(SIGHUP, &old_[i], nullptr);
      }
    }
  }
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;
  ~StopSignals() {
    for (size_t i = 0; i < kSignals.size(); ++i) {
      sigaction(kSignals[i], &old_[i], nullptr);
    }
  }

 private:
  static constexpr std::array<int, 4> kSignals = {SIGINT, SIGTERM, SIGHUP, SIGXCPU};
  std::array<struct sigaction, kSignals.size()> old_{};
};

// The command line of a worker, without what it is to do.
std::vector<std::string> WorkerCommand(const PoolOptions& options) {
  std::vector<std::string> argv = {
      options.worker.string(),
      "--results=" + options.results_root.string(),
      "--profile=" + options.profile,
      "--device=" + options.device,
      "--numerics=" + options.numerics,
      fmt::format("--checkpoint-seconds={}", options.checkpoint_seconds),
  };
  const auto add = [&argv](const std::string& flag, const std::string& value) {
    if (!value.empty()) {  // an empty value would take the next flag for its own
      argv.push_back(fmt::format("{}={}", flag, value));
    }
  };
  add("--data", options.data.shipped.string());
  add("--downloads", options.data.downloaded.string());
  add("--user-folder", options.data.user.string());
  return argv;
}

using Clock = std::chrono::steady_clock;

// A worker with the run that it has in hand.
struct Worker {
  size_t run;
  std::unique_ptr<Subprocess> process;
  WorkerStatus status;
  FailedMessage failed;                  // its error is empty as long as nothing did
  std::map<std::string, double> losses;  // last told, by set
  std::optional<Message> last;           // one that is the last of a run, but none that failed
  // What it said last, when, and how much it had computed by then.
  std::string said = "it was started";
  Clock::time_point heard = Clock::now();
  double cpu_seconds = 0;
  double silence_seconds = 0;  // after so many without a word it is told of
};

constexpr std::string_view kNoMemoryHint =
    "; the system does so where memory runs out: `dmesg` tells, and a smaller --jobs takes less";

// How a worker ended that was waited for, with what there is to say of it.
std::string EndingText(const std::string& ending, const Subprocess& worker, std::string_view said) {
  rlimit limit{};
  getrlimit(RLIMIT_CPU, &limit);  // ours, which it has from us
  const std::string killed = KilledHint(worker.killed_by(), worker.cpu_seconds(), limit);
  const bool no_memory = said.find("std::bad_alloc") != std::string_view::npos;
  return fmt::format("the worker ended: {}{}{}{}", ending,
                     killed.empty() && no_memory ? kNoMemoryHint : killed, said.empty() ? "" : "\n",
                     said);
}

double CpuSeconds(const Subprocess& process) {
  const std::optional<ProcessUse> use = process.Use();
  return use ? use->cpu_seconds : 0;
}

// What a worker does that has said nothing for `seconds`.
std::string SilentWorkersState(const Worker& worker, double seconds) {
  constexpr double kComputes = 0.1;  // of the time
  const int pid = worker.process->pid();
  const std::optional<ProcessUse> use = worker.process->Use();
  if (!use) {
    return "what it does is not known";
  }
  if (use->state == 'T' || use->state == 't') {
    return fmt::format("it is stopped; to let it go on: kill -CONT {}", pid);
  }
  if (use->cpu_seconds - worker.cpu_seconds > kComputes * seconds) {
    return "it computes";
  }
  return fmt::format(
      "it {}, and does not compute; to give it up, and go on from its checkpoint "
      "later: kill -KILL {}",
      use->state == 'D' ? "waits for a disk or a network" : "waits", pid);
}

// The losses that a line of progress shows: the anchor task's in this order, or both corpora of a
// text.
std::vector<std::pair<std::string, double>> ShownLosses(
    const std::map<std::string, double>& losses) {
  std::vector<std::pair<std::string, double>> shown;
  for (const char* set :
       {kMemorySet, kReasoningTrainSet, kReasoningTestSet, kProntoQa, kTinyStories}) {
    if (const auto found = losses.find(set); found != losses.end()) {
      shown.emplace_back(*found);
    }
  }
  return shown;
}

class Pool {
 public:
  Pool(const std::vector<RunConfig>& configs, const PoolOptions& options);
  std::vector<RunReport> Run();

 private:
  void Start(size_t run);
  void Poll();
  void Hear(Worker& worker, const std::string& line);
  void Receive(Worker& worker, const Message& message);
  void Handle(Worker& worker, const StartedMessage& started);
  void Handle(Worker& worker, const NoteMessage& note);
  void Handle(Worker& worker, const ProgressMessage& progress);
  void Handle(Worker& worker, const FailedMessage& failed);
  // The last of a run.
  template <typename Last>
  void Handle(Worker& worker, const Last& last) {
    worker.last = last;
  }
  void TellOfSilence(Worker& worker);
  void Finish(Worker& worker);
  void Fail(size_t run, const FailedMessage& failed);
  void PassOnStop();
  void CheckFolder();
  void EndAhead();
  bool IsAhead(const Worker& worker) const { return worker.run >= planned_; }
  void Log(size_t run, const Message& message);
  PlanStatus Status() const;

  PoolOptions options_;
  std::vector<RunReport> reports_;
  std::vector<std::string> labels_;  // of the reports, no two alike
  std::set<std::string> told_;       // notes, of whatever run
  std::vector<double> flops_;
  size_t planned_;               // so many of the reports; those behind are of runs ahead
  std::vector<size_t> waiting_;  // the next one last
  std::vector<size_t> ahead_;    // the same of runs ahead
  bool ends_ahead_ = false;      // they are asked to stop
  std::vector<std::unique_ptr<Worker>> workers_;
  ProgressDisplay display_{stderr};
  std::optional<HeldFolders> held_;  // of the results; none where nothing is stored
  Clock::time_point checked_ = Clock::now();
  std::optional<RunLog> log_;
  std::map<size_t, double> stopped_at_;  // the share of a run that its checkpoint has
  // Flops that models of each kind do a second in one worker, as last reported.
  std::map<ModelKind, double> speed_;
  std::string device_;  // that the workers compute on, once one has said it
  bool started_any_ = false;
  int stops_passed_on_ = 0;
};

Pool::Pool(const std::vector<RunConfig>& configs, const PoolOptions& options)
    : options_(options), planned_(configs.size()) {
  for (const std::vector<RunConfig>* runs : {&configs, &options.ahead}) {
    for (const RunConfig& config : *runs) {
      reports_.push_back({.config = config});
      flops_.push_back(RunFlops(config));
    }
  }
  for (size_t i = reports_.size(); i-- > planned_;) {
    ahead_.push_back(i);
  }
  std::vector<RunConfig> all = configs;
  all.insert(all.end(), options.ahead.begin(), options.ahead.end());
  labels_ = DistinctLabels(all);
  if (!options.measure) {
    held_.emplace(ResultsFolder(options.results_root, options.profile).MakeForTraining());
  }
  if (options.log && !options.measure) {
    log_.emplace(ResultsFolder(options.results_root, options.profile).Log());
  }
  waiting_.resize(configs.size());
  std::iota(waiting_.begin(), waiting_.end(), size_t{0});
  // The most expensive first, so that no long run is left alone at the end.
  std::ranges::stable_sort(waiting_, [this](size_t a, size_t b) { return flops_[a] < flops_[b]; });
}

void Pool::Start(size_t run) {
  const RunConfig& config = reports_[run].config;
  std::vector<std::string> argv = WorkerCommand(options_);
  if (options_.measure) {
    argv.emplace_back("--measure");
  }
  if (held_) {
    argv.push_back("--folders=" + held_->Marks());
  }
  auto worker = std::make_unique<Worker>();
  worker->run = run;
  worker->silence_seconds = options_.silence_seconds;
  worker->status.label = RunLabel(config);
  try {
    const std::string input = FormatOrder({.config = config, .argv = options_.argv});
    // Ctrl-C on the terminal is for us, who then ask the workers to stop.
    worker->process =
        std::make_unique<Subprocess>(argv, SubprocessOptions{.input = input, .own_group = true});
  } catch (const Error& error) {
    if (!started_any_) {
      throw;  // no worker can be started at all
    }
    Fail(run, {.error = error.what()});
    return;
  }
  started_any_ = true;
  workers_.push_back(std::move(worker));
}

void Pool::Log(size_t run, const Message& message) {
  if (log_ && !log_->Write(reports_[run].config, message)) {
    display_.Print("the log cannot be written: training goes on without it");
    log_.reset();
  }
}

void Pool::Handle(Worker& worker, const StartedMessage& started) {
  Log(worker.run, started);
  if (std::exchange(device_, started.device) != started.device) {
    display_.Print(fmt::format("training on {} (--device={})", device_, options_.device));
    if (!started.remark.empty()) {
      display_.Print(started.remark);
    }
  }
}

void Pool::Handle(Worker& worker, const NoteMessage& note) {
  worker.said = note.text;
  if (!told_.insert(note.text).second) {
    return;  // of another run, in the same words
  }
  display_.Print(fmt::format("{}: {}", labels_[worker.run], note.text));
}

// Workers tell four times a second how far they are; a line is written where losses are new, i.e.
// after an evaluation, and at the end.
void Pool::Handle(Worker& worker, const ProgressMessage& progress) {
  worker.said = fmt::format("step {} of {}", progress.step, progress.total);
  if (std::exchange(worker.losses, progress.losses) != progress.losses ||
      progress.step == progress.total) {
    Log(worker.run, progress);
  }
  const RunConfig& config = reports_[worker.run].config;
  WorkerStatus& status = worker.status;
  status.done = static_cast<double>(progress.step) /
                static_cast<double>(std::max<int64_t>(1, progress.total));
  status.rate = progress.rate;
  status.losses = ShownLosses(progress.losses);
  const double step_flops = flops_[worker.run] / static_cast<double>(TotalSteps(config));
  speed_[config.model] = status.rate * step_flops;
}

void Pool::Handle(Worker& worker, const FailedMessage& failed) { worker.failed = failed; }

void Pool::Receive(Worker& worker, const Message& message) {
  worker.heard = Clock::now();
  worker.cpu_seconds = CpuSeconds(*worker.process);
  worker.silence_seconds = options_.silence_seconds;
  worker.said = KindOf(message);
  std::visit([&](const auto& kind) { Handle(worker, kind); }, message);
}

// A message that cannot be read fails the run, whatever else its worker says: what it left out
// would be guessed.
void Pool::Hear(Worker& worker, const std::string& line) {
  try {
    Receive(worker, ParseMessage(line).value_or(NoteMessage{.text = line}));
  } catch (const Error& error) {
    Receive(worker, FailedMessage{.error = error.what()});
  }
}

void Pool::TellOfSilence(Worker& worker) {
  const double seconds = std::chrono::duration<double>(Clock::now() - worker.heard).count();
  if (seconds >= worker.silence_seconds) {
    worker.silence_seconds = 2 * seconds;
    display_.Print(
        fmt::format("{}: its worker (process {}) has said nothing for {}, the last was '{}'; {}",
                    labels_[worker.run], worker.process->pid(), FormatDuration(seconds),
                    worker.said, SilentWorkersState(worker, seconds)));
  }
}

void Pool::Finish(Worker& worker) {
  const std::string ending = worker.process->Wait();
  RunReport& report = reports_[worker.run];
  const Message last = worker.last.value_or(StoppedMessage());
  const auto* trained = std::get_if<FinishedMessage>(&last);
  const auto* measured = std::get_if<MeasuredMessage>(&last);
  const bool done = options_.measure
                        ? measured != nullptr
                        : trained != nullptr || std::holds_alternative<FoundMessage>(last);
  const auto log_stop = [&] {
    const auto* stopped = std::get_if<StoppedMessage>(&last);
    Log(worker.run, stopped != nullptr ? *stopped : StoppedMessage());
  };
  if (ending.empty() && worker.failed.error.empty() && done) {
    report.outcome = RunReport::Outcome::kFinished;
    if (trained != nullptr) {
      report.trained = *trained;
    }
    if (measured != nullptr) {
      report.measured = *measured;
    }
    Log(worker.run, last);
  } else if (IsAhead(worker)) {
    log_stop();  // or failed: the program whose run it is will meet the same, and tell of it
  } else if (!worker.failed.error.empty()) {
    Fail(worker.run, worker.failed);  // also on the way to a stop: a full disk, say
  } else if (g_stop_requests > 0) {
    report.outcome = RunReport::Outcome::kStopped;
    stopped_at_[worker.run] = worker.status.done;
    log_stop();
  } else if (worker.last && std::holds_alternative<StoppedMessage>(last)) {
    Fail(worker.run,
         {.error = "its worker was asked to stop, not by us; the same command goes on from its "
                   "checkpoint"});
  } else {
    const std::string said(Trim(worker.process->ErrorOutput()));
    Fail(worker.run, {.error = EndingText(ending, *worker.process, said)});
  }
}

void Pool::Fail(size_t run, const FailedMessage& failed) {
  RunReport& report = reports_[run];
  report.outcome = RunReport::Outcome::kFailed;
  report.error = failed.error;
  report.refused = failed.refused;
  checked_ = {};  // it may have failed because its folder is gone
  Log(run, failed);
  display_.Print(fmt::format("failed: {}: {}", labels_[run], failed.error));
}

void Pool::Poll() {
  std::vector<pollfd> fds;
  for (const auto& worker : workers_) {
    fds.push_back({.fd = worker->process->output_fd(), .events = POLLIN, .revents = 0});
  }
  constexpr int kMilliseconds = 200;
  poll(fds.data(), fds.size(), kMilliseconds);  // EINTR is as good as a time-out
  for (const auto& worker : workers_) {
    for (const std::string& line : worker->process->ReadLines()) {
      Hear(*worker, line);
    }
  }
  std::erase_if(workers_, [this](const std::unique_ptr<Worker>& worker) {
    if (worker->process->output_fd() >= 0) {
      return false;
    }
    Finish(*worker);
    return true;
  });
  for (const auto& worker : workers_) {
    TellOfSilence(*worker);
  }
}

// Where the results are gone nothing can be stored any more: that ends the pool, and its workers.
void Pool::CheckFolder() {
  constexpr std::chrono::seconds kBetween(1);
  if (held_ && Clock::now() - checked_ >= kBetween) {
    held_->Check();
    checked_ = Clock::now();
  }
}

// A first Ctrl-C asks the workers to write checkpoints; a third one kills them.
void Pool::PassOnStop() {
  const int requests = g_stop_requests;
  if (requests == stops_passed_on_) {
    return;
  }
  if (stops_passed_on_ == 0) {
    display_.Print(fmt::format(
        "stopping{}: workers write their checkpoints (Ctrl-C twice more kills them)",
        g_stop_signal == SIGXCPU ? ", for the limit on processor time (`ulimit -t`) is reached"
                                 : ""));
    waiting_.clear();
    ahead_.clear();
  }
  stops_passed_on_ = requests;
  for (const auto& worker : workers_) {
    worker->process->Signal(requests >= 3 ? SIGKILL : SIGTERM);
  }
}

// Asks for the checkpoints of what was begun ahead.
void Pool::EndAhead() {
  ahead_.clear();
  if (!std::exchange(ends_ahead_, true)) {
    for (const auto& worker : workers_) {
      worker->process->Signal(SIGTERM);
    }
  }
}

PlanStatus Pool::Status() const {
  PlanStatus status{.total = planned_};
  double done = 0;
  double total = 0;
  double seconds = 0;  // of one worker
  const auto add_left = [&](size_t run, double share) {
    const auto speed = speed_.find(reports_[run].config.model);
    // A kind not yet seen is taken to be as fast as another one.
    const double flops_per_second = speed != speed_.end() ? speed->second
                                    : speed_.empty()      ? 0
                                                          : speed_.begin()->second;
    seconds += flops_per_second > 0 ? flops_[run] * share / flops_per_second : 0;
  };
  for (size_t i = 0; i < planned_; ++i) {
    total += flops_[i];
    const auto worker = std::ranges::find(workers_, i, [](const auto& w) { return w->run; });
    const bool waits = std::ranges::find(waiting_, i) != waiting_.end();
    if (worker != workers_.end()) {
      status.workers.push_back((*worker)->status);
      done += flops_[i] * (*worker)->status.done;
      add_left(i, 1 - (*worker)->status.done);
    } else if (waits) {
      add_left(i, 1);
    } else if (reports_[i].outcome == RunReport::Outcome::kFinished) {
      done += flops_[i];
      ++status.finished;
    } else if (reports_[i].outcome == RunReport::Outcome::kFailed) {
      done += flops_[i];
      ++status.failed;
    } else if (const auto stopped = stopped_at_.find(i); stopped != stopped_at_.end()) {
      done += flops_[i] * stopped->second;
      add_left(i, 1 - stopped->second);
    }
  }
  status.done = total > 0 ? done / total : 1;
  if (!speed_.empty() && seconds > 0) {
    const auto parallel = static_cast<double>(
        std::max<size_t>(1, std::min<size_t>(static_cast<size_t>(options_.jobs),
                                             status.workers.size() + waiting_.size())));
    status.seconds_left = seconds / parallel;
  }
  return status;
}

std::vector<RunReport> Pool::Run() {
  const StopSignals signals;
  while (!waiting_.empty() || !workers_.empty()) {
    PassOnStop();
    CheckFolder();
    while (!waiting_.empty() && workers_.size() < static_cast<size_t>(options_.jobs)) {
      const size_t run = waiting_.back();
      waiting_.pop_back();
      Start(run);
    }
    if (waiting_.empty() &&
        std::ranges::all_of(workers_, [this](const auto& worker) { return IsAhead(*worker); })) {
      EndAhead();
    }
    while (waiting_.empty() && !ahead_.empty() &&
           workers_.size() < static_cast<size_t>(options_.jobs)) {
      const size_t run = ahead_.back();
      ahead_.pop_back();
      Start(run);
    }
    if (!options_.measure) {
      display_.Update(Status());
    }
    Poll();
  }
  if (held_) {
    held_->Check();
  }
  if (!options_.measure) {
    display_.Update(Status());
  }
  reports_.resize(planned_);
  return reports_;
}

}  // namespace

std::string KilledHint(int signal, double cpu_seconds, const rlimit& cpu_limit) {
  constexpr double kNear = 0.9;  // the system counts otherwise than it tells
  const rlim_t limit = signal == SIGXCPU ? cpu_limit.rlim_cur : cpu_limit.rlim_max;
  const bool limited = limit != RLIM_INFINITY;
  if (signal == SIGXCPU ||
      (signal == SIGKILL && limited && cpu_seconds >= kNear * static_cast<double>(limit))) {
    return fmt::format(
        "{}; it had computed for {:.1f} s{}: raise it; the same command goes on from the last "
        "checkpoint, where there is one (a smaller --checkpoint-seconds writes more of them)",
        signal == SIGXCPU ? ", which is SIGXCPU" : "", cpu_seconds,
        limited ? fmt::format(", and its limit of processor time (`ulimit -t`) is {} s", limit)
                : ", which is beyond its limit of processor time (`ulimit -t`)");
  }
  return signal == SIGKILL ? std::string(kNoMemoryHint) : "";
}

Provenance QueryWorker(const PoolOptions& options) {
  std::vector<std::string> argv = WorkerCommand(options);
  argv.emplace_back("--describe");
  Subprocess worker(argv, SubprocessOptions{.input = "", .own_group = true});
  Provenance now{.numerics = options.numerics};
  std::string error;
  while (const std::optional<std::string> line = worker.ReadLine()) {
    const Message message = ParseMessage(*line).value_or(NoteMessage{.text = *line});
    if (const auto* started = std::get_if<StartedMessage>(&message)) {
      now.device = started->device;
      now.torch_version = started->torch;
      now.cpu_capability = started->capability;
    } else if (const auto* failed = std::get_if<FailedMessage>(&message)) {
      error = failed->error;
    }
  }
  const std::string ending = worker.Wait();
  if (!error.empty() || !ending.empty() || now.device.empty()) {
    throw Error(!error.empty() ? error : EndingText(ending, worker, Trim(worker.ErrorOutput())));
  }
  return now;
}

bool StopWasAsked() { return g_stop_requests > 0; }

int StopStatus() { return 128 + g_stop_signal; }

std::vector<RunReport> RunAll(const std::vector<RunConfig>& configs, const PoolOptions& options) {
  INITBIAS_CHECK(options.jobs >= 1);
  return Pool(configs, options).Run();
}

}  // namespace initbias
