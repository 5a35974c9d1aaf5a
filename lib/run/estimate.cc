#include "lib/run/estimate.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "lib/base/error.h"
#include "lib/base/machine.h"
#include "lib/base/terminal.h"
#include "lib/base/text.h"
#include "lib/config/run_labels.h"
#include "lib/run/cost.h"
#include "lib/run/message.h"
#include "lib/run/status.h"
#include "lib/run/stored_runs.h"

namespace initbias {
namespace {

// Of `jobs` workers, how many compute at a time: no more than there are cores.
int64_t AtATime(int64_t jobs) { return std::min(jobs, UsableCores()); }

// Seconds that `costs`, each on a core of its own, take on `jobs` workers, the longest first.
double ScheduledSeconds(std::vector<double> costs, int64_t jobs) {
  std::ranges::sort(costs, std::greater<>());
  std::vector<double> busy(static_cast<size_t>(AtATime(jobs)), 0.0);
  for (const double cost : costs) {
    *std::ranges::min_element(busy) += cost;
  }
  return std::ranges::max(busy);
}

// What a run of one kind takes.
struct Cost {
  double seconds = 0;
  double memory = 0;  // bytes
};

// What is measured beside other work is too slow.
void NoteOtherWork(int64_t jobs) {
  if (const std::string other = OtherWorkHere(jobs); !other.empty()) {
    Tell(stderr, "note: {}\n", other);
  }
}

// The costs of all kinds of runs of `plan`, by CostClass, from a few steps of each; nothing where
// that was interrupted.
std::optional<std::map<std::string, Cost>> MeasureCosts(const std::vector<RunConfig>& plan,
                                                        const PoolOptions& pool) {
  const std::vector<RunConfig> probes = MeasuredRuns(plan, pool.jobs);
  std::set<std::string> kinds;
  for (const RunConfig& config : probes) {
    kinds.insert(CostClass(config));
  }
  NoteOtherWork(pool.jobs);
  Tell(stderr, "measuring a few steps of {} of run ...\n", Counted(kinds.size(), "kind"));
  PoolOptions measure = pool;
  measure.measure = true;
  std::map<std::string, Cost> costs;
  const std::vector<RunReport> reports = RunAll(probes, measure);
  if (StopWasAsked()) {
    return std::nullopt;
  }
  for (const RunReport& report : reports) {
    if (report.outcome != RunReport::Outcome::kFinished) {
      throw Error(fmt::format("{}: {}", RunLabel(report.config), report.error));
    }
    const RunConfig& config = report.config;
    const MeasuredMessage& measured = report.measured;
    const double speed = measured.flops_per_second;
    const double seconds =
        measured.setup +
        (measured.evaluation > 0
             ? StepFlops(config) / speed * static_cast<double>(TotalSteps(config)) +
                   measured.evaluation * static_cast<double>(Evaluations(config)) +
                   measured.snapshot * static_cast<double>(config.probe.steps.size())
             : RunFlops(config) / speed);
    Cost& cost = costs[CostClass(config)];
    cost.seconds = std::max(cost.seconds, seconds);
    cost.memory = std::max(cost.memory, measured.memory);
  }
  return costs;
}

const char* StateText(const StoredRun& run) {
  return run.ToTrain()                             ? "to train"
         : run.state == StoredRun::State::kRefused ? "unreadable"
                                                   : "stored";
}

// `costs` is empty where nothing was measured.
void PrintPlan(const std::vector<RunConfig>& plan, const ResultsFolder& folder, int64_t jobs,
               const std::map<std::string, Cost>& costs) {
  const StoredRuns runs(plan, folder);
  std::vector<double> to_train;
  double disk = 0;
  double memory = 0;
  double checkpoints = 0;
  double flops = 0;
  const std::vector<std::string> labels = DistinctLabels(plan);
  size_t width = 0;
  for (const std::string& label : labels) {
    width = std::max(width, label.size());
  }
  // The ids of the runs where the terminal has room for them; --list-runs has them always. Where it
  // has not even room for the labels these go on below.
  constexpr size_t kOtherColumns = 30;
  constexpr size_t kIdColumns = 18;
  const size_t room = std::max<size_t>(TerminalWidth(stdout), 2 * kOtherColumns) - kOtherColumns;
  const bool ids = width + kIdColumns <= room;
  width = std::min(width, room);
  const auto print = [width, ids](const std::string& run, const std::string& steps,
                                  const std::string& time, const std::string& state,
                                  const std::string& id) {
    fmt::print("{:<{}} {:>7}  {:>10}  {:<8}{}\n", run, width, steps, time, state,
               ids ? "  " + id : "");
  };
  print("run", "steps", "time", "state", "id");
  for (size_t i = 0; i < plan.size(); ++i) {
    const RunConfig& config = plan[i];
    const Cost cost = costs.empty() ? Cost() : costs.at(CostClass(config));
    const StoredRun& run = runs.Of(config);
    const std::string label = Wrapped(labels[i], 0, width);
    const size_t end = label.find('\n');
    print(label.substr(0, end), fmt::format("{}", TotalSteps(config)),
          costs.empty() ? "-" : FormatDuration(cost.seconds), StateText(run), RunId(config));
    if (end < labels[i].size()) {
      fmt::print("{}", Wrapped(labels[i].substr(end + 1), 4, TerminalWidth(stdout)));
    }
    if (run.ToTrain()) {
      to_train.push_back(cost.seconds);
      disk += RunFileBytes(config);
      flops += RunFlops(config);
      checkpoints = std::max(checkpoints, CheckpointBytes(config));
      memory = std::max(memory, cost.memory);
    }
  }
  const auto workers = static_cast<double>(std::min<int64_t>(jobs, std::ssize(to_train)));
  fmt::print("{}, {} to train: {:.0f} GFLOP{}\n", Counted(plan.size(), "run"), to_train.size(),
             flops / 1e9,
             costs.empty() ? ""
                           : fmt::format(", about {} with --jobs={}",
                                         FormatDuration(ScheduledSeconds(to_train, jobs)), jobs));
  fmt::print("they take {}{} of disk and {} more while they run\n",
             costs.empty() ? "" : fmt::format("{} of memory, ", FormatBytes(memory * workers)),
             FormatBytes(disk), FormatBytes(checkpoints * workers));
  if (const std::optional<double> usable = UsableMemory(); usable && memory * workers > *usable) {
    fmt::print(
        "that is more memory than the {} that may be taken here: a smaller --jobs takes less\n",
        FormatBytes(*usable));
  }
}

}  // namespace

std::vector<RunConfig> MeasuredRuns(const std::vector<RunConfig>& plan, int64_t jobs) {
  std::map<std::string, RunConfig> kinds;
  for (const RunConfig& config : plan) {
    kinds.emplace(CostClass(config), config);
  }
  std::vector<RunConfig> measured;
  for (const auto& [key, config] : kinds) {
    const int64_t copies = std::min<int64_t>(AtATime(jobs), std::ssize(plan));
    measured.insert(measured.end(), static_cast<size_t>(copies), config);
  }
  return measured;
}

int DryRun(const std::vector<RunConfig>& plan, const ResultsFolder& folder, bool no_measure,
           const PoolOptions& pool) {
  std::map<std::string, Cost> costs;
  if (!no_measure) {
    const std::optional<std::map<std::string, Cost>> measured = MeasureCosts(plan, pool);
    if (!measured) {
      return StopStatus();
    }
    costs = *measured;
  }
  PrintPlan(plan, folder, pool.jobs, costs);
  return 0;
}

int PrintSpeed(const RunConfig& config, const PoolOptions& pool) {
  PoolOptions measure = pool;
  measure.measure = true;
  double sum = 0;
  NoteOtherWork(pool.jobs);
  const std::vector<RunReport> reports =
      RunAll(std::vector<RunConfig>(static_cast<size_t>(AtATime(pool.jobs)), config), measure);
  if (StopWasAsked()) {
    return StopStatus();
  }
  for (const RunReport& report : reports) {
    if (report.outcome != RunReport::Outcome::kFinished) {
      Tell(stderr, "{}\n", report.error);
      return kFailed;
    }
    sum += report.measured.flops_per_second;
  }
  fmt::print("{:.1f}\n", sum / 1e9);
  return 0;
}

}  // namespace initbias
