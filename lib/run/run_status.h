// How far the runs of a plan are, whoever trains them.
#ifndef INITBIAS_LIB_RUN_RUN_STATUS_H_
#define INITBIAS_LIB_RUN_RUN_STATUS_H_

#include <map>
#include <string>
#include <vector>

#include "lib/config/run_config.h"
#include "lib/run/slurm_submission.h"
#include "lib/run/stored_runs.h"
#include "lib/store/results.h"

namespace initbias {

// How far a run is.
struct RunState {
  // "stored", "damaged", "unreadable" (stored_runs.h; of a run that is not stored, its checkpoint),
  // "running", "queued", "failed", "stopped" or "new".
  std::string word;
  // Where it runs, how far it is, what is wrong with its file or where the log is.
  std::vector<std::string> more;
};

// `stored`: what StoredRuns says of it; `slurm`: of SlurmRuns. Reads its checkpoint, and changes
// nothing.
RunState StateOf(const RunConfig& config, const StoredRun& stored, const ResultsFolder& folder,
                 const std::map<std::string, SlurmRun>& slurm);

// Prints a line a run: its id, its state's word, its label, and what more there is to say; then how
// many there are of each.
void PrintStatus(const std::vector<RunConfig>& plan, const ResultsFolder& folder);

}  // namespace initbias

#endif  // INITBIAS_LIB_RUN_RUN_STATUS_H_
