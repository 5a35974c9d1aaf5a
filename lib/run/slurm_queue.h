// What Slurm's programs print, read. Pure functions.
#ifndef INITBIAS_LIB_RUN_SLURM_QUEUE_H_
#define INITBIAS_LIB_RUN_SLURM_QUEUE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace initbias {

// A job, or a task of an array, that Slurm has not done with.
struct QueuedTask {
  std::string name;    // of the job
  std::string job;     // its number; of an array that of the whole
  int64_t task = -1;   // the index in the array; -1: a job of its own
  std::string state;   // "PENDING", "RUNNING", ..
  std::string node;    // where it runs; ""
  std::string reason;  // why it waits; ""

  // Whether it has a node, and has not ended there.
  bool IsRunning() const;
};

// For squeue --noheader --array --format.
inline constexpr char kQueueFormat[] = "%j|%F|%K|%T|%N|%r";

// What squeue prints with it. Other lines, as of a remark on the configuration, are passed over.
std::vector<QueuedTask> ParseQueue(std::string_view text);

// MaxArraySize in what `scontrol show config` prints; nothing where it does not say.
std::optional<int64_t> ParseMaxArraySize(std::string_view text);

// The job's number in what `sbatch --parsable` prints: "17" or "17;cluster"; "" for anything else.
std::string ParseSubmitted(std::string_view text);

}  // namespace initbias

#endif  // INITBIAS_LIB_RUN_SLURM_QUEUE_H_
