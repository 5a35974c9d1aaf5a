#include "lib/run/slurm_executor.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <random>
#include <set>
#include <utility>

#include "lib/base/atomic_file.h"
#include "lib/base/error.h"
#include "lib/base/file_access.h"
#include "lib/base/shell.h"
#include "lib/base/text.h"
#include "lib/process/subprocess.h"
#include "lib/run/run_lock.h"
#include "lib/run/slurm_queue.h"
#include "lib/run/slurm_submission.h"

namespace initbias {
namespace {

namespace fs = std::filesystem;

// What a program of Slurm prints. Throws Error with what it says where it fails.
std::string Ask(const std::vector<std::string>& command) {
  Subprocess process(command, {.input = ""});
  std::string text = process.ReadAll();
  if (const std::string ending = process.Wait(); !ending.empty()) {
    throw Error(
        fmt::format("{}: {}\n{}", ShellWords(command), ending, Trim(process.ErrorOutput())));
  }
  return text;
}

int64_t MaxArraySize() {
  return ParseMaxArraySize(Ask({"scontrol", "show", "config"})).value_or(kDefaultMaxArraySize);
}

// The same, before anything is submitted: throws Error, which says what to do, where Slurm is there
// and does not answer; ProgramNotFound where it is not.
int64_t AskMaxArraySize() {
  try {
    return MaxArraySize();
  } catch (const ProgramNotFound&) {
    throw;
  } catch (const Error& error) {
    throw Error(fmt::format(
        "Slurm does not answer: {}\nEither it is not set up on this machine (`sinfo` is to "
        "list the cluster's partitions; SLURM_CONF names a configuration that is not "
        "/etc/slurm/slurm.conf), or its controller is away. Without --executor=slurm "
        "the runs are trained here",
        error.what()));
  }
}

// Submits a job, and returns its number. Throws Error, which says what to do, where sbatch refuses.
std::string AskSbatch(const std::vector<std::string>& command) {
  std::string number;
  try {
    number = ParseSubmitted(Ask(command));
  } catch (const ProgramNotFound&) {
    throw;
  } catch (const Error& error) {
    throw Error(fmt::format(
        "sbatch does not take the job: {}\nWhat it asks for is said by --slurm-partition, "
        "--slurm-time, --slurm-memory and --slurm-args ('--account=x'); `sinfo -s` "
        "lists partitions and their limits. What was submitted before stays, and the "
        "same command submits the rest",
        error.what()));
  }
  if (number.empty()) {
    throw Error(fmt::format("sbatch does not tell the number of its job: {}", ShellWords(command)));
  }
  return number;
}

// Where this program was started, so that its tasks find what it finds.
std::vector<std::pair<std::string, std::string>> StandingOf(
    std::initializer_list<const char*> names) {
  std::vector<std::pair<std::string, std::string>> standing;
  for (const char* name : names) {
    if (const char* value = std::getenv(name); value != nullptr && *value != '\0') {
      standing.emplace_back(name, value);
    }
  }
  return standing;
}

class SlurmExecutor : public Executor {
 public:
  explicit SlurmExecutor(SlurmExecutorOptions options) : options_(std::move(options)) {}

  std::optional<int> Train(const std::vector<RunConfig>& missing) override {
    try {
      SubmitMissing(missing);
    } catch (const ProgramNotFound& error) {
      throw Error(fmt::format(
          "there is no Slurm here ({}): --executor=slurm is for a machine from which jobs "
          "are submitted to a cluster. Leave it out to train here; --dry-run prints "
          "the scripts all the same",
          error.what()));
    }
    return 0;
  }
  bool IsHere() const override { return false; }
  std::string Describe(const std::vector<RunConfig>& missing) const override;

 private:
  SlurmJob Job(const fs::path& folder, const std::string& name) const;
  void SubmitMissing(const std::vector<RunConfig>& missing) const;
  void Submit(const std::vector<std::string>& fresh, std::vector<std::string> after,
              int64_t max_array_size) const;

  SlurmExecutorOptions options_;
};

SlurmJob SlurmExecutor::Job(const fs::path& folder, const std::string& name) const {
  return {.options = options_.slurm,
          .name = name,
          .folder = folder,
          .command = options_.command,
          .working_folder = WorkingFolder(),
          .environment = StandingOf({"BUILD_WORKSPACE_DIRECTORY", "BUILD_WORKING_DIRECTORY"}),
          .workers = std::min(options_.jobs, options_.slurm.pack)};
}

std::string SlurmExecutor::Describe(const std::vector<RunConfig>& missing) const {
  int64_t most = kDefaultMaxArraySize;
  try {
    most = MaxArraySize();
  } catch (const Error&) {
    // A look at the script needs no Slurm.
  }
  const fs::path folder = options_.folder.Slurm() / "N";
  const SlurmJob job = Job(folder, options_.experiment + "-NAME");
  std::vector<std::string> ids(missing.size());
  const auto tasks = static_cast<int64_t>(PackRuns(ids, options_.slurm.pack).size());
  std::string text = fmt::format("\n{}:\n", Counted(tasks, "task"));
  for (const SlurmChunk& chunk : SlurmChunks(tasks, most)) {
    text += "  " + ShellWords(SubmitChunk(job, chunk, {})) + "\n";
  }
  return text + "\ntasks.sh\n" + TaskScript(job) + "\ncollect.sh\n" + CollectScript(job);
}

void SlurmExecutor::SubmitMissing(const std::vector<RunConfig>& missing) const {
  const int64_t max_array_size = AskMaxArraySize();
  const RunLock one_at_a_time(options_.folder.Slurm() / "submit.lock");
  const std::vector<SlurmSubmission> submissions = ReadSubmissions(options_.folder.Slurm());
  const std::vector<QueuedTask> queue = QueryQueue(submissions);
  const std::map<std::string, SlurmRun> known = SlurmRuns(submissions, queue);
  std::vector<std::string> fresh;
  std::set<std::string> after;
  size_t queued = 0;
  for (const RunConfig& config : missing) {
    const std::string id = RunId(config);
    if (const auto run = known.find(id); run != known.end() && run->second.queued) {
      after.insert(run->second.task.job);
      ++queued;
    } else {
      fresh.push_back(id);
    }
  }
  const bool collects = std::ranges::any_of(submissions, [&](const SlurmSubmission& submission) {
    return submission.command == ShellWords(options_.command) &&
           std::ranges::find(queue, CollectName(submission.name), &QueuedTask::name) != queue.end();
  });
  if (queued > 0) {
    fmt::print("{} already\n", Counted(queued, "run is queued or runs", "runs are queued or run"));
  }
  if (fresh.empty() && collects) {
    fmt::print("there is nothing to submit\n");
  } else {
    Submit(fresh, {after.begin(), after.end()}, max_array_size);
  }
  fmt::print("to see how far it is: the same command with --status in addition\n");
}

void SlurmExecutor::Submit(const std::vector<std::string>& fresh, std::vector<std::string> after,
                           int64_t max_array_size) const {
  SlurmSubmission submission{.folder = MakeSubmissionFolder(options_.folder.Slurm()),
                             .command = ShellWords(options_.command),
                             .chunk = max_array_size,
                             .tasks = PackRuns(fresh, options_.slurm.pack)};
  submission.name = fmt::format("{}-{:08x}", options_.experiment, std::random_device()());
  const SlurmJob job = Job(submission.folder, submission.name);
  WriteTextAtomically(submission.folder / "tasks.sh", TaskScript(job));
  WriteTextAtomically(submission.folder / "collect.sh", CollectScript(job));
  WriteSubmission(submission);  // before the jobs: they are found by its name
  std::string jobs;
  const auto submit = [&](const std::string& what, const std::vector<std::string>& command) {
    std::string number = AskSbatch(command);
    jobs += fmt::format("{} {}\n", number, what);
    WriteTextAtomically(submission.folder / "jobs", jobs);
    fmt::print("submitted job {}: {}\n", number, what);
    std::fflush(stdout);
    return number;
  };
  std::vector<std::string> previous;
  for (const SlurmChunk& chunk :
       SlurmChunks(static_cast<int64_t>(submission.tasks.size()), submission.chunk)) {
    const std::string number =
        submit(fmt::format("tasks {} to {}", chunk.first, chunk.first + chunk.count - 1),
               SubmitChunk(job, chunk, previous));
    after.push_back(number);
    if (options_.slurm.throttle > 0) {
      previous = {number};  // so that no more run at a time in all
    }
  }
  submit("the figure, when these are over", SubmitCollect(job, after));
  fmt::print("scripts and logs: {}\n", submission.folder.string());
}

}  // namespace

std::unique_ptr<Executor> MakeSlurmExecutor(const SlurmExecutorOptions& options) {
  return std::make_unique<SlurmExecutor>(options);
}

}  // namespace initbias
