// Training by Slurm: arrays of tasks on the nodes of a cluster that share the results folder.
//
// Submits what is neither stored nor queued, so that the same command may be given again at any
// time; then a job that makes the figure once all tasks are over. How: docs/slurm.md.
#ifndef INITBIAS_LIB_RUN_SLURM_EXECUTOR_H_
#define INITBIAS_LIB_RUN_SLURM_EXECUTOR_H_

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "lib/run/executor.h"
#include "lib/run/slurm_script.h"
#include "lib/store/results.h"

namespace initbias {

struct SlurmExecutorOptions {
  SlurmOptions slurm;
  ResultsFolder folder;
  std::string experiment;            // for the jobs' names
  std::vector<std::string> command;  // this program, by an absolute path, and its arguments
  int64_t jobs = 1;                  // workers at a time in a task, at most
};

std::unique_ptr<Executor> MakeSlurmExecutor(const SlurmExecutorOptions& options);

}  // namespace initbias

#endif  // INITBIAS_LIB_RUN_SLURM_EXECUTOR_H_
