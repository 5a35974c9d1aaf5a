// Who trains what is missing: workers of this machine, or Slurm.
#ifndef INITBIAS_LIB_RUN_EXECUTOR_H_
#define INITBIAS_LIB_RUN_EXECUTOR_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lib/config/run_config.h"
#include "lib/run/flags.h"
#include "lib/run/worker_pool.h"
#include "lib/store/results.h"

namespace initbias {

class Executor {
 public:
  virtual ~Executor() = default;

  // Trains these runs, or has them trained. Returns nothing where all of them are stored now, else
  // the exit status with which the program is to end: 0 where others train them. Throws Error.
  virtual std::optional<int> Train(const std::vector<RunConfig>& missing) = 0;

  // Whether it computes on this machine, in whose mode (mode.h) the runs will be.
  virtual bool IsHere() const = 0;

  // What --dry-run says beside the runs and their cost; "" for nothing.
  virtual std::string Describe(const std::vector<RunConfig>& missing) const = 0;
};

// Workers of this machine, `pool.jobs` at a time (training.h).
std::unique_ptr<Executor> MakeLocalExecutor(const PoolOptions& pool);

// Nobody: fails and names what is missing. Of the job that makes a figure of what others trained.
std::unique_ptr<Executor> MakeNoExecutor(const ResultsFolder& folder);

}  // namespace initbias

#endif  // INITBIAS_LIB_RUN_EXECUTOR_H_
