// What was submitted to Slurm, as it stands in <results>/<profile>/slurm/<n>/: submission.json,
// tasks, tasks.sh, collect.sh, jobs and logs/.
#ifndef INITBIAS_LIB_RUN_SLURM_SUBMISSION_H_
#define INITBIAS_LIB_RUN_SLURM_SUBMISSION_H_

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "lib/run/slurm_queue.h"

namespace initbias {

struct SlurmSubmission {
  std::filesystem::path folder;
  std::string name;                             // of its jobs, slurm_script.h
  std::string command;                          // that its collect job gives again
  int64_t chunk = 0;                            // tasks an array, at most
  std::vector<std::vector<std::string>> tasks;  // the runs' ids
};

// Writes submission.json and tasks into its folder. Throws Error.
void WriteSubmission(const SlurmSubmission& submission);

// The submissions in the folder `slurm`, the oldest first; one that is not whole is left out.
std::vector<SlurmSubmission> ReadSubmissions(const std::filesystem::path& slurm);

// A folder for the next one, made. Throws Error.
std::filesystem::path MakeSubmissionFolder(const std::filesystem::path& slurm);

// All jobs of these submissions that Slurm has not done with, by squeue. Throws ProgramNotFound
// where there is no Slurm, Error where it does not answer.
std::vector<QueuedTask> QueryQueue(const std::vector<SlurmSubmission>& submissions);

// A run as Slurm knows it.
struct SlurmRun {
  bool queued = false;  // waits or runs
  QueuedTask task;      // where queued
  std::filesystem::path log;
};

// By the runs' ids; of a run that was submitted more than once what is queued, or else the last.
std::map<std::string, SlurmRun> SlurmRuns(const std::vector<SlurmSubmission>& submissions,
                                          const std::vector<QueuedTask>& queue);

}  // namespace initbias

#endif  // INITBIAS_LIB_RUN_SLURM_SUBMISSION_H_
