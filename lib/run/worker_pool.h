// Trains the runs of a plan, each in a worker process of its own, some at a time.
//
// A worker that fails or is killed does not stop the others. On SIGINT or SIGTERM all workers are
// asked to write their checkpoints and end; a third such signal kills them.
#ifndef INITBIAS_LIB_RUN_WORKER_POOL_H_
#define INITBIAS_LIB_RUN_WORKER_POOL_H_

#include <filesystem>
#include <string>
#include <vector>

#include "lib/config/run_config.h"
#include "lib/data/text_corpus.h"
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
  bool measure = false;  // time a few steps of each run instead of training it
};

// How a run ended.
struct RunReport {
  RunConfig config;
  enum class Outcome { kFinished, kFailed, kStopped } outcome = Outcome::kStopped;
  std::string error;  // of a failed one
  Message last;       // "finished", "measured" or "stopped" with its fields
};

// Runs all of `configs` (most expensive first) and returns a report for each, in the given order.
// Progress goes to standard error. Throws Error only when the very first worker cannot be started.
std::vector<RunReport> RunAll(const std::vector<RunConfig>& configs, const PoolOptions& options);

}  // namespace initbias

#endif  // INITBIAS_LIB_RUN_WORKER_POOL_H_
