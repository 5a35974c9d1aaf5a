#include "lib/run/run_status.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <system_error>

#include "lib/base/error.h"
#include "lib/base/file_access.h"
#include "lib/base/terminal.h"
#include "lib/base/text.h"
#include "lib/config/run_labels.h"
#include "lib/result/run_result.h"
#include "lib/run/run_lock.h"
#include "lib/run/slurm_queue.h"
#include "lib/store/header.h"
#include "lib/store/run_file.h"

namespace initbias {
namespace {

// Of a checkpoint, where there is one.
struct CheckpointState {
  std::string step;      // "step 120 of 2000"
  std::string error;     // why it cannot be gone on from
  bool refused = false;  // it may be whole nevertheless
};

CheckpointState LookAtCheckpoint(const RunConfig& config, const ResultsFolder& folder) {
  const std::filesystem::path path = folder.Checkpoint(RunId(config));
  CheckpointState state;
  try {
    if (FileExists(path)) {
      const Checkpoint checkpoint = ReadCheckpoint(path);
      CheckName(path, checkpoint.partial.config);
      state.step = fmt::format("step {} of {}", checkpoint.step, TotalSteps(config));
    }
    return state;
  } catch (const SchemaVersionError& error) {
    state = {.error = error.what(), .refused = true};
  } catch (const FileRefused& error) {
    state = {.error = error.what(), .refused = true};
  } catch (const Error& error) {
    state = {.error = error.what()};
  }
  std::error_code none;
  return std::filesystem::exists(path, none) || none ? state : CheckpointState();  // done since
}

}  // namespace

RunState StateOf(const RunConfig& config, const StoredRun& stored, const ResultsFolder& folder,
                 const std::map<std::string, SlurmRun>& slurm) {
  const std::string id = RunId(config);
  switch (stored.state) {
    case StoredRun::State::kMissing:
      break;
    case StoredRun::State::kWhole:
      return {.word = "stored"};
    case StoredRun::State::kDamaged:
      return {.word = "damaged", .more = {stored.error}};
    case StoredRun::State::kRefused:
      return {.word = "unreadable", .more = {stored.error}};
  }
  RunState state;
  const auto known = slurm.find(id);
  const bool submitted = known != slurm.end();
  const std::optional<std::string> holder = RunLockHolder(folder.Lock(id));
  if (submitted && known->second.queued) {
    const QueuedTask& task = known->second.task;
    state.word = task.IsRunning() ? "running" : "queued";
    state.more.push_back(fmt::format("job {}_{}", task.job, task.task));
    if (task.IsRunning()) {
      state.more.push_back("node " + task.node);
    } else if (!task.reason.empty()) {
      state.more.push_back(task.reason);
    }
  } else if (holder) {
    state = {.word = "running", .more = {*holder}};
  } else if (submitted) {
    state.word = "failed";
  }
  const CheckpointState checkpoint = LookAtCheckpoint(config, folder);
  if (state.word.empty()) {
    state.word = !checkpoint.step.empty()   ? "stopped"
                 : checkpoint.error.empty() ? "new"
                 : checkpoint.refused       ? "unreadable"
                                            : "damaged";
  }
  if (!checkpoint.step.empty()) {
    state.more.push_back(checkpoint.step);
  }
  if (!checkpoint.error.empty()) {
    state.more.push_back("checkpoint: " + checkpoint.error);
  }
  if (state.word == "failed") {
    state.more.push_back(FileExists(known->second.log) ? known->second.log.string()
                                                       : "it was never started");
  }
  return state;
}

void PrintStatus(const std::vector<RunConfig>& plan, const ResultsFolder& folder) {
  const std::vector<SlurmSubmission> submissions = ReadSubmissions(folder.Slurm());
  std::vector<QueuedTask> queue;
  try {
    queue = QueryQueue(submissions);
  } catch (const Error& error) {
    Tell(stderr, "what Slurm has in its queue is not known: {}\n", error.what());
  }
  const std::map<std::string, SlurmRun> slurm = SlurmRuns(submissions, queue);
  std::map<std::string, int> counts;
  const StoredRuns stored(plan, folder);
  const std::vector<std::string> labels = DistinctLabels(plan);
  for (size_t i = 0; i < plan.size(); ++i) {
    const RunState state = StateOf(plan[i], stored.Of(plan[i]), folder, slurm);
    ++counts[state.word];
    fmt::print("{} {:<8} {}{}{}\n", RunId(plan[i]), state.word, labels[i],
               state.more.empty() ? "" : ": ", fmt::join(state.more, ", "));
  }
  std::vector<std::string> sums;
  for (const auto& [word, count] : counts) {
    sums.push_back(fmt::format("{} {}", count, word));
  }
  fmt::print("{}: {}\n", Counted(plan.size(), "run"), fmt::join(sums, ", "));
}

}  // namespace initbias
