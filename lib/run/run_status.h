// How far the runs of a plan are, whoever trains them.
#ifndef INITBIAS_LIB_RUN_RUN_STATUS_H_
#define INITBIAS_LIB_RUN_RUN_STATUS_H_

#include <vector>

#include "lib/config/run_config.h"
#include "lib/store/results.h"

namespace initbias {

// Prints a line a run: its id, whether it is stored, damaged, unreadable (stored_runs.h), running,
// queued, failed, stopped or not started, its label, and where it runs, how far it is, what is
// wrong with its file or where the log is; then how many there are of each.
void PrintStatus(const std::vector<RunConfig>& plan, const ResultsFolder& folder);

}  // namespace initbias

#endif  // INITBIAS_LIB_RUN_RUN_STATUS_H_
