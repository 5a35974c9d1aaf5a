// The scripts that Slurm gets. Pure functions: options to text.
//
// A task runs this very program with the local executor on its runs, and a checkpoint is all that
// passes from one attempt to the next. Signals, failures and several workers at a time are then the
// pool's business (worker_pool.h) on a node as on a desk, and the script only passes on TERM, which
// Slurm sends some time before the time limit, and asks to be queued again.
#ifndef INITBIAS_LIB_RUN_SLURM_SCRIPT_H_
#define INITBIAS_LIB_RUN_SLURM_SCRIPT_H_

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace initbias {

// Slurm's own limit of an array where nobody has set another.
inline constexpr int64_t kDefaultMaxArraySize = 1001;

// What the command line says of Slurm; "" where Slurm's default is meant.
struct SlurmOptions {
  std::string partition;
  std::string time;      // of a task, as sbatch reads it: "30", "2:00:00", "1-0"
  std::string memory;    // of a task: "4G"
  int64_t throttle = 0;  // tasks at a time; 0: as many as there is room for
  int64_t pack = 1;      // runs a task
  int64_t notice = 60;   // seconds before the time limit at which checkpoints are written
  std::string args;      // more flags of sbatch
};

// All that the scripts of a submission depend on.
struct SlurmJob {
  SlurmOptions options;
  std::string name;                  // no other submission has it
  std::filesystem::path folder;      // with the file "tasks": a line a task, its runs' ids
  std::vector<std::string> command;  // this program and its arguments
  std::filesystem::path working_folder;
  std::vector<std::pair<std::string, std::string>> environment;
  int64_t workers = 1;  // at a time in a task
};

// A part of the tasks that fits into one array.
struct SlurmChunk {
  int64_t first = 0;
  int64_t count = 0;
  bool operator==(const SlurmChunk&) const = default;
};

// As few as hold `tasks`, where indices are below `max_array_size`.
std::vector<SlurmChunk> SlurmChunks(int64_t tasks, int64_t max_array_size);

// `runs` in tasks of `pack` each, in their order.
std::vector<std::vector<std::string>> PackRuns(const std::vector<std::string>& runs, int64_t pack);

// The script of an array's tasks, whose argument is the number of the first; that of the job which
// makes the figure when all is over.
std::string TaskScript(const SlurmJob& job);
std::string CollectScript(const SlurmJob& job);

// The names of the jobs and of their logs. "%a" in a log's name is the index in the array.
std::string ChunkName(const std::string& name, int64_t first);
std::string CollectName(const std::string& name);
std::filesystem::path ChunkLog(const std::filesystem::path& folder, int64_t first,
                               const std::string& index);
std::filesystem::path CollectLog(const std::filesystem::path& folder);

// The commands that submit them; each prints the job's number. `after`: jobs that must have ended.
std::vector<std::string> SubmitChunk(const SlurmJob& job, const SlurmChunk& chunk,
                                     const std::vector<std::string>& after);
std::vector<std::string> SubmitCollect(const SlurmJob& job, const std::vector<std::string>& after);

}  // namespace initbias

#endif  // INITBIAS_LIB_RUN_SLURM_SCRIPT_H_
