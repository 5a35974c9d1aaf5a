#include "lib/run/worker_pool.h"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <map>
#include <memory>
#include <numeric>
#include <utility>

#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/run/cost.h"
#include "lib/run/process.h"
#include "lib/run/progress_display.h"

namespace initbias {
namespace {

std::atomic<int> g_stop_requests{0};

void OnStopSignal(int /*signal*/) { ++g_stop_requests; }

// Catches SIGINT and SIGTERM for as long as it lives.
class StopSignals {
 public:
  StopSignals() {
    g_stop_requests = 0;
    struct sigaction action {};
    action.sa_handler = OnStopSignal;  // without SA_RESTART: poll() is to return
    sigaction(SIGINT, &action, &old_int_);
    sigaction(SIGTERM, &action, &old_term_);
  }
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;
  ~StopSignals() {
    sigaction(SIGINT, &old_int_, nullptr);
    sigaction(SIGTERM, &old_term_, nullptr);
  }

 private:
  struct sigaction old_int_ {};
  struct sigaction old_term_ {};
};

// A worker with the run that it has in hand.
struct Worker {
  size_t run;
  std::unique_ptr<Process> process;
  WorkerStatus status;
  std::string error;
  Message last;
};

class Pool {
 public:
  Pool(const std::vector<RunConfig>& configs, const PoolOptions& options);
  std::vector<RunReport> Run();

 private:
  void Start(size_t run);
  void Poll();
  void Handle(Worker& worker, const Message& message);
  void Finish(Worker& worker);
  void Fail(size_t run, const std::string& error);
  void PassOnStop();
  PlanStatus Status() const;

  PoolOptions options_;
  std::vector<RunReport> reports_;
  std::vector<double> flops_;
  std::vector<size_t> waiting_;  // the next one last
  std::vector<std::unique_ptr<Worker>> workers_;
  ProgressDisplay display_{stderr};
  // Flops that models of each kind do a second in one worker, as last reported.
  std::map<ModelKind, double> speed_;
  std::string device_;  // that the workers compute on, once one has said it
  bool started_any_ = false;
  int stops_passed_on_ = 0;
};

Pool::Pool(const std::vector<RunConfig>& configs, const PoolOptions& options) : options_(options) {
  for (const RunConfig& config : configs) {
    reports_.push_back({.config = config});
    flops_.push_back(RunFlops(config));
  }
  waiting_.resize(configs.size());
  std::iota(waiting_.begin(), waiting_.end(), size_t{0});
  // The most expensive first, so that no long run is left alone at the end.
  std::ranges::stable_sort(waiting_, [this](size_t a, size_t b) { return flops_[a] < flops_[b]; });
}

void Pool::Start(size_t run) {
  const RunConfig& config = reports_[run].config;
  std::vector<std::string> argv = {
      options_.worker.string(),
      "--results=" + options_.results_root.string(),
      "--profile=" + options_.profile,
      "--device=" + options_.device,
      "--numerics=" + options_.numerics,
      fmt::format("--checkpoint-seconds={}", options_.checkpoint_seconds),
  };
  const auto add = [&argv](const std::string& flag, const std::string& value) {
    if (!value.empty()) {  // an empty value would take the next flag for its own
      argv.push_back(fmt::format("{}={}", flag, value));
    }
  };
  add("--data", options_.data.shipped.string());
  add("--downloads", options_.data.downloaded.string());
  add("--user-folder", options_.data.user.string());
  add("--argv", options_.argv);
  if (options_.measure) {
    argv.emplace_back("--measure");
  }
  auto worker = std::make_unique<Worker>();
  worker->run = run;
  worker->status.label = RunLabel(config);
  try {
    worker->process = std::make_unique<Process>(argv, CanonicalForm(config));
  } catch (const Error& error) {
    if (!started_any_) {
      throw;  // no worker can be started at all
    }
    Fail(run, error.what());
    return;
  }
  started_any_ = true;
  workers_.push_back(std::move(worker));
}

void Pool::Handle(Worker& worker, const Message& message) {
  const RunConfig& config = reports_[worker.run].config;
  if (message.kind == "started") {
    if (std::exchange(device_, message.Text("device")) != message.Text("device")) {
      display_.Print(fmt::format("training on {} (--device={})", device_, options_.device));
      if (const std::string remark = message.Text("remark"); !remark.empty()) {
        display_.Print(remark);
      }
    }
  } else if (message.kind == "note") {
    display_.Print(fmt::format("{}: {}", RunLabel(config), message.Text("text")));
  } else if (message.kind == "error") {
    worker.error = message.Text("text");
  } else if (message.kind == "progress") {
    WorkerStatus& status = worker.status;
    status.done = message.Number("step") / std::max(1.0, message.Number("total"));
    status.rate = message.Number("rate");
    status.losses.clear();
    for (const char* group : {"memory", "reasoning_train", "reasoning_test"}) {
      if (message.fields.contains(group)) {
        status.losses.emplace_back(group, message.Number(group));
      }
    }
    const double step_flops = flops_[worker.run] / static_cast<double>(TotalSteps(config));
    speed_[config.model] = status.rate * step_flops;
  } else {
    worker.last = message;
  }
}

void Pool::Finish(Worker& worker) {
  const std::string ending = worker.process->Wait();
  RunReport& report = reports_[worker.run];
  report.last = worker.last;
  const std::string& kind = worker.last.kind;
  if (ending.empty() && (kind == "finished" || kind == "measured")) {
    report.outcome = RunReport::Outcome::kFinished;
  } else if (!worker.error.empty()) {
    Fail(worker.run, worker.error);  // also on the way to a stop: a full disk, say
  } else if (kind == "stopped" || g_stop_requests > 0) {
    report.outcome = RunReport::Outcome::kStopped;
  } else {
    const std::string said(Trim(worker.process->ErrorOutput()));
    Fail(worker.run, said.empty() ? "the worker ended: " + ending
                                  : fmt::format("the worker ended: {}\n{}", ending, said));
  }
}

void Pool::Fail(size_t run, const std::string& error) {
  RunReport& report = reports_[run];
  report.outcome = RunReport::Outcome::kFailed;
  report.error = error;
  display_.Print(fmt::format("failed: {}: {}", RunLabel(report.config), error));
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
      Handle(*worker, ParseMessage(line));
    }
  }
  std::erase_if(workers_, [this](const std::unique_ptr<Worker>& worker) {
    if (worker->process->output_fd() >= 0) {
      return false;
    }
    Finish(*worker);
    return true;
  });
}

// A first Ctrl-C asks the workers to write checkpoints; a third one kills them.
void Pool::PassOnStop() {
  const int requests = g_stop_requests;
  if (requests == stops_passed_on_) {
    return;
  }
  if (stops_passed_on_ == 0) {
    display_.Print("stopping: workers write their checkpoints (Ctrl-C twice more kills them)");
    waiting_.clear();
  }
  stops_passed_on_ = requests;
  for (const auto& worker : workers_) {
    worker->process->Signal(requests >= 3 ? SIGKILL : SIGTERM);
  }
}

PlanStatus Pool::Status() const {
  PlanStatus status{.total = reports_.size()};
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
  for (size_t i = 0; i < reports_.size(); ++i) {
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
    }
  }
  status.done = total > 0 ? done / total : 1;
  if (!speed_.empty() && seconds > 0) {
    const auto parallel = static_cast<double>(std::max<size_t>(
        1,
        std::min<size_t>(static_cast<size_t>(options_.jobs), workers_.size() + waiting_.size())));
    status.seconds_left = seconds / parallel;
  }
  return status;
}

std::vector<RunReport> Pool::Run() {
  const StopSignals signals;
  while (!waiting_.empty() || !workers_.empty()) {
    PassOnStop();
    while (!waiting_.empty() && workers_.size() < static_cast<size_t>(options_.jobs)) {
      const size_t run = waiting_.back();
      waiting_.pop_back();
      Start(run);
    }
    if (!options_.measure) {
      display_.Update(Status());
    }
    Poll();
  }
  if (!options_.measure) {
    display_.Update(Status());
  }
  return reports_;
}

}  // namespace

std::vector<RunReport> RunAll(const std::vector<RunConfig>& configs, const PoolOptions& options) {
  INITBIAS_CHECK(options.jobs >= 1);
  return Pool(configs, options).Run();
}

}  // namespace initbias
