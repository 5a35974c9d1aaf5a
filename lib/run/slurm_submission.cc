#include "lib/run/slurm_submission.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <exception>
#include <nlohmann/json.hpp>
#include <optional>

#include "lib/base/atomic_file.h"
#include "lib/base/error.h"
#include "lib/base/file_access.h"
#include "lib/base/terminal.h"
#include "lib/base/text.h"
#include "lib/process/subprocess.h"
#include "lib/run/slurm_script.h"

namespace initbias {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr char kFile[] = "submission.json";

// The numbers of the folders in `slurm`, in order.
std::vector<int64_t> Numbers(const fs::path& slurm) {
  std::vector<int64_t> numbers;
  for (const fs::path& entry : EntriesOf(slurm)) {
    if (const std::optional<int64_t> number = ParseInt(entry.filename().string())) {
      numbers.push_back(*number);
    }
  }
  std::ranges::sort(numbers);
  return numbers;
}

}  // namespace

void WriteSubmission(const SlurmSubmission& submission) {
  std::string tasks;
  for (const std::vector<std::string>& runs : submission.tasks) {
    tasks += fmt::format("{}\n", fmt::join(runs, ","));
  }
  WriteTextAtomically(submission.folder / "tasks", tasks);
  const json text = {{"name", submission.name},
                     {"command", submission.command},
                     {"chunk", submission.chunk},
                     {"tasks", submission.tasks}};
  WriteTextAtomically(submission.folder / kFile, text.dump(1) + "\n");
}

std::vector<SlurmSubmission> ReadSubmissions(const fs::path& slurm) {
  std::vector<SlurmSubmission> submissions;
  for (const int64_t number : Numbers(slurm)) {
    const fs::path folder = slurm / fmt::format("{}", number);
    if (!FileExists(folder / kFile)) {
      continue;  // its program was killed before it submitted anything
    }
    try {
      const json text = json::parse(ReadFile(folder / kFile));
      submissions.push_back({.folder = folder,
                             .name = text.at("name"),
                             .command = text.at("command"),
                             .chunk = std::max<int64_t>(1, text.at("chunk")),
                             .tasks = text.at("tasks")});
    } catch (const json::exception&) {
      Tell(stderr, "{} is damaged, and passed over\n", (folder / kFile).string());
    }
  }
  return submissions;
}

fs::path MakeSubmissionFolder(const fs::path& slurm) {
  MakeFolders(slurm);
  const std::vector<int64_t> numbers = Numbers(slurm);
  fs::path folder = slurm / fmt::format("{}", numbers.empty() ? 1 : numbers.back() + 1);
  MakeFolders(folder / "logs");
  return folder;
}

std::vector<QueuedTask> QueryQueue(const std::vector<SlurmSubmission>& submissions) {
  std::vector<std::string> names;
  for (const SlurmSubmission& submission : submissions) {
    for (size_t first = 0; first < submission.tasks.size();
         first += static_cast<size_t>(submission.chunk)) {
      names.push_back(ChunkName(submission.name, static_cast<int64_t>(first)));
    }
    names.push_back(CollectName(submission.name));
  }
  if (names.empty()) {
    return {};
  }
  Subprocess squeue({"squeue", "--noheader", "--array", fmt::format("--format={}", kQueueFormat),
                     fmt::format("--name={}", fmt::join(names, ","))},
                    {.input = ""});
  const std::string text = squeue.ReadAll();
  if (const std::string ending = squeue.Wait(); !ending.empty()) {
    throw Error(fmt::format("Slurm does not tell what is queued (squeue: {})\n{}", ending,
                            Trim(squeue.ErrorOutput())));
  }
  return ParseQueue(text);
}

std::map<std::string, SlurmRun> SlurmRuns(const std::vector<SlurmSubmission>& submissions,
                                          const std::vector<QueuedTask>& queue) {
  std::map<std::string, SlurmRun> runs;
  for (const SlurmSubmission& submission : submissions) {
    for (size_t i = 0; i < submission.tasks.size(); ++i) {
      const auto number = static_cast<int64_t>(i);
      const int64_t first = number - number % submission.chunk;
      const auto queued = std::ranges::find_if(queue, [&](const QueuedTask& task) {
        return task.task == number - first && task.name == ChunkName(submission.name, first);
      });
      SlurmRun run{.queued = queued != queue.end(),
                   .log = ChunkLog(submission.folder, first, fmt::format("{}", number - first))};
      if (run.queued) {
        run.task = *queued;
      }
      for (const std::string& id : submission.tasks[i]) {
        if (run.queued || !runs[id].queued) {
          runs[id] = run;
        }
      }
    }
  }
  return runs;
}

}  // namespace initbias
