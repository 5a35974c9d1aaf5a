#include "lib/run/slurm_script.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "lib/base/error.h"
#include "lib/base/shell.h"

namespace initbias {
namespace {

namespace fs = std::filesystem;

// What both scripts begin with. Of a flag that is given twice sbatch takes the last.
std::string Head(const SlurmJob& job, int64_t cpus) {
  const SlurmOptions& options = job.options;
  std::string head = "#!/bin/bash\n";
  const auto add = [&head](const std::string& text) { head += "#SBATCH " + text + "\n"; };
  const auto add_value = [&add](const char* flag, const std::string& value) {
    if (!value.empty()) {
      add(fmt::format("--{}={}", flag, ShellWord(value)));
    }
  };
  if (!options.args.empty()) {
    add(options.args);
  }
  add_value("partition", options.partition);
  add_value("time", options.time);
  add_value("mem", options.memory);
  add("--nodes=1 --ntasks=1");
  add(fmt::format("--cpus-per-task={}", cpus));
  add("--requeue");
  add("--open-mode=append");
  return head;
}

std::string Surroundings(const SlurmJob& job) {
  std::string text = fmt::format("cd {} || exit\n", ShellWord(job.working_folder.string()));
  for (const auto& [name, value] : job.environment) {
    text += fmt::format("export {}={}\n", name, ShellWord(value));
  }
  return text;
}

// In the name of a log Slurm reads what follows a % as a pattern.
std::string Escaped(const std::string& path) {
  std::string escaped;
  for (const char letter : path) {
    escaped += letter == '%' ? "%%" : std::string(1, letter);
  }
  return escaped;
}

std::string After(const std::vector<std::string>& jobs) {
  return fmt::format("--dependency=afterany:{}", fmt::join(jobs, ":"));
}

}  // namespace

std::vector<SlurmChunk> SlurmChunks(int64_t tasks, int64_t max_array_size) {
  INITBIAS_CHECK(max_array_size >= 1);
  std::vector<SlurmChunk> chunks;
  for (int64_t first = 0; first < tasks; first += max_array_size) {
    chunks.push_back({.first = first, .count = std::min(max_array_size, tasks - first)});
  }
  return chunks;
}

std::vector<std::vector<std::string>> PackRuns(const std::vector<std::string>& runs, int64_t pack) {
  INITBIAS_CHECK(pack >= 1);
  std::vector<std::vector<std::string>> tasks;
  for (size_t i = 0; i < runs.size(); ++i) {
    if (i % static_cast<size_t>(pack) == 0) {
      tasks.emplace_back();
    }
    tasks.back().push_back(runs[i]);
  }
  return tasks;
}

std::string ChunkName(const std::string& name, int64_t first) {
  return fmt::format("{}.{}", name, first);
}

std::string CollectName(const std::string& name) { return name + ".collect"; }

fs::path ChunkLog(const fs::path& folder, int64_t first, const std::string& index) {
  return folder / "logs" / fmt::format("{}+{}.log", first, index);
}

fs::path CollectLog(const fs::path& folder) { return folder / "logs" / "collect.log"; }

std::string TaskScript(const SlurmJob& job) {
  const std::string limit =
      fmt::format("#SBATCH --signal=B:TERM@{}\n", std::max<int64_t>(1, job.options.notice));
  std::string script = Head(job, job.workers) + limit;
  script += R"(
first=${1:?the number of the first task of this array}
runs=$(sed -n "$((first + SLURM_ARRAY_TASK_ID + 1))p" )" +
            ShellWord((job.folder / "tasks").string()) + R"()
echo "task $((first + SLURM_ARRAY_TASK_ID)) on $(uname -n), node ${SLURMD_NODENAME:-?}," \
  "job $SLURM_JOB_ID, started again ${SLURM_RESTART_COUNT:-0} times"
[[ -n $runs ]] || { echo 'there is no such task' >&2; exit 1; }
)" + Surroundings(job) +
            R"(
# Slurm sends TERM to this script alone; the program then writes checkpoints and ends with 143.
child=
stops=0
trap 'stops=$((stops + 1)); [[ -z $child ]] || kill -TERM "$child" 2>/dev/null' TERM
)" + ShellWords(job.command) +
            fmt::format(" --executor=local --jobs={} --runs=\"$runs\" &\n", job.workers) +
            R"(child=$!
while
  before=$stops
  wait "$child"
  status=$?
  [[ $stops -ne $before ]]
do :; done
[[ $status -eq 143 ]] || exit "$status"

# To be queued again, unless somebody has cancelled it. The controller may be away for a moment. By this name it is the task
# alone: SLURM_JOB_ID of an array's last task is the number of the whole.
task=${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID
for _ in 1 2 3 4 5 6; do
  state=$(squeue --noheader --format=%T --jobs="$task") || state=unknown
  case $state in
    RUNNING) ! scontrol requeue "$task" || exit 0 ;;
    unknown) ;;
    *) exit "$status" ;;
  esac
  sleep 2
done
echo 'it could not be queued again: the same command submits what is missing' >&2
exit "$status"
)";
  return script;
}

std::string CollectScript(const SlurmJob& job) {
  return Head(job, 1) + "\n" + Surroundings(job) + "exec " + ShellWords(job.command) +
         " --executor=none\n";
}

std::vector<std::string> SubmitChunk(const SlurmJob& job, const SlurmChunk& chunk,
                                     const std::vector<std::string>& after) {
  std::string array = fmt::format("--array=0-{}", chunk.count - 1);
  if (job.options.throttle > 0) {
    array += fmt::format("%{}", job.options.throttle);
  }
  std::vector<std::string> command = {
      "sbatch",
      "--parsable",
      "--job-name=" + ChunkName(job.name, chunk.first),
      array,
      "--output=" + ChunkLog(Escaped(job.folder.string()), chunk.first, "%a").string(),
  };
  if (!after.empty()) {
    command.push_back(After(after));
  }
  command.push_back((job.folder / "tasks.sh").string());
  command.push_back(fmt::format("{}", chunk.first));
  return command;
}

std::vector<std::string> SubmitCollect(const SlurmJob& job, const std::vector<std::string>& after) {
  std::vector<std::string> command = {
      "sbatch",
      "--parsable",
      "--job-name=" + CollectName(job.name),
      "--output=" + CollectLog(Escaped(job.folder.string())).string(),
  };
  if (!after.empty()) {
    command.push_back(After(after));
  }
  command.push_back((job.folder / "collect.sh").string());
  return command;
}

}  // namespace initbias
