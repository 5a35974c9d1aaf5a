// Trains the runs of a plan, each in a worker process of its own, some at a time.
//
// A worker that fails or is killed does not stop the others. On SIGINT, SIGTERM, SIGHUP or SIGXCPU
// all workers are asked to write their checkpoints and end; a third such signal kills them, but no
// SIGXCPU, which the system sends again and again. A worker that says
// nothing for long is told of, with what it does meanwhile, and waited for: whether it hangs or
// computes something large, and what it has not stored yet, is for the user to judge.
#ifndef INITBIAS_LIB_RUN_WORKER_POOL_H_
#define INITBIAS_LIB_RUN_WORKER_POOL_H_

#include <sys/resource.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "lib/config/run_config.h"
#include "lib/data/text/text_files.h"
#include "lib/result/run_result.h"
#include "lib/run/message.h"

namespace initbias {

struct PoolOptions {
  std::filesystem::path worker;  // the worker binary
  std::filesystem::path results_root;
  DataFolders data;
  std::string profile;
  std::string device = "auto";
  std::string numerics = "pinned";
  std::string argv;  // of the whole program, for the provenance
  int64_t jobs = 1;  // workers at a time
  double checkpoint_seconds = 60;
  double silence_seconds = 600;  // of a worker, until it is told of; then twice as long, and so on
  bool log = false;              // append to ResultsFolder::Log what happens to the runs
  bool measure = false;          // time a few steps of each run instead of training it
  // Runs to begin with, in this order, where a worker would be idle at the end: when the others are
  // done these write their checkpoints and stop, for the program whose runs they are to go on from.
  std::vector<RunConfig> ahead;
};

// How a run ended.
struct RunReport {
  RunConfig config;
  enum class Outcome { kFinished, kFailed, kStopped } outcome = Outcome::kStopped;
  // Of a failed one: why, and errno where the system refused it a file.
  std::string error;
  int64_t refused = 0;
  // Of a finished one: what it took, but nothing where another process had trained it meanwhile;
  // or, with PoolOptions::measure, what it would take.
  std::optional<FinishedMessage> trained;
  MeasuredMessage measured;
};

// How a worker would compute now: device, numerics, torch_version and cpu_capability. Throws Error
// where it cannot, with the reason.
Provenance QueryWorker(const PoolOptions& options);

// Runs all of `configs` (most expensive first) and returns a report for each, in the given order;
// of what was done of `options.ahead` it says nothing.
// Progress goes to standard error. Throws Error only when the very first worker cannot be started,
// or the log not be written; FolderGone, with all workers killed, once the folder of the results,
// which is made at the beginning, is gone or is another one.
std::vector<RunReport> RunAll(const std::vector<RunConfig>& configs, const PoolOptions& options);

// What is said of a worker behind "killed by signal ..", which had computed for so long under these
// limits of processor time (RLIMIT_CPU): that it was at its limit, or that memory may have run out;
// "" for signals that the system does not send for want of something.
std::string KilledHint(int signal, double cpu_seconds, const rlimit& cpu_limit);

// Whether, since the last RunAll began, a signal asked it to stop; also where it came too late for
// any of the runs.
bool StopWasAsked();

// The exit status, after RunAll, of a program that a signal stopped: 130 for SIGINT, 143 for
// SIGTERM, 129 for SIGHUP, 152 for SIGXCPU, as shells have it.
int StopStatus();

}  // namespace initbias

#endif  // INITBIAS_LIB_RUN_WORKER_POOL_H_
