// The plan of an experiment: its runs, as its command line changes them.
#ifndef INITBIAS_LIB_RUN_PLAN_H_
#define INITBIAS_LIB_RUN_PLAN_H_

#include <string>
#include <vector>

#include "lib/config/run_config.h"
#include "lib/data/text/text_files.h"
#include "lib/run/experiment.h"
#include "lib/run/flags.h"
#include "lib/store/results.h"

namespace initbias {

// All runs of all seeds, overridden and checked, each once. Throws UsageError for an impossible
// one, with its label, and for an override of what the plan sets itself; another Error where a text
// cannot be read, or is not what a run needs.
std::vector<RunConfig> MakePlan(const Experiment& experiment, const ExperimentFlags& flags,
                                Profile profile, const DataFolders& data);

// Of the first run whose batch is larger than its data, what that comes to; "" where there is none.
std::string BatchNote(const std::vector<RunConfig>& plan);

// Prints every field of every run.
void PrintConfig(const std::vector<RunConfig>& plan);

// Prints a line a run: its id, its GFLOP, "stored", "to-train" (a damaged one, too) or "unreadable"
// (the file is there, and training would stop at it), its model.
void ListRuns(const std::vector<RunConfig>& plan, const ResultsFolder& folder);

}  // namespace initbias

#endif  // INITBIAS_LIB_RUN_PLAN_H_
