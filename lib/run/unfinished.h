// A look at runs that are still being trained: of each what its last checkpoint holds, cut so that
// a figure can be made of them all.
#ifndef INITBIAS_LIB_RUN_UNFINISHED_H_
#define INITBIAS_LIB_RUN_UNFINISHED_H_

#include <cstdint>
#include <string>
#include <vector>

#include "lib/config/run_config.h"
#include "lib/result/run_result.h"
#include "lib/store/results.h"

namespace initbias {

// The runs of a plan as far as they are trained.
struct UnfinishedRuns {
  std::vector<RunConfig> planned;  // in the order of the plan
  std::vector<RunResult> runs;     // of `planned`, cut by CutToCommonSteps
  int64_t finished = 0;            // how many of them are
  std::vector<int64_t> left_out;   // the seeds of which there is nothing of some run
  std::string missing;  // these runs, a line each, and below it what is wrong with a file of it
  std::string why_not_judged;  // WhyUnfinished of `runs`
};

// Reads the run files of `plan` and, where there is none, the checkpoints. A file that cannot be
// used counts as none. Writes nothing. Throws Error where no seed has something of all its runs,
// where the runs have no evaluation in common, and where all of them are finished.
UnfinishedRuns ReadUnfinished(const std::vector<RunConfig>& plan, const ResultsFolder& folder);

// Cuts runs that are evaluated and probed at the same steps, once they are finished, to the steps
// that all of them have: the series, the snapshots and config.probe.steps (so that the config is
// no longer the one that the run is named after).
void CutToCommonSteps(std::vector<RunResult>* runs);

// "unfinished: epoch 312 of 1000": how far the least advanced of `runs` is, each of them evaluated
// at least once; ", without seed 7" where seeds are left out.
std::string WhyUnfinished(const std::vector<RunResult>& runs, const std::vector<int64_t>& left_out);

}  // namespace initbias

#endif  // INITBIAS_LIB_RUN_UNFINISHED_H_
