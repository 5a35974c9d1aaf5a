// What a plan will cost on this machine, from a few steps of each kind of its runs. Where other
// work keeps cores busy that these need, a note on stderr says so. Of more workers than cores only
// as many are measured as compute at a time; the others take their share of the same time.
#ifndef INITBIAS_LIB_RUN_ESTIMATE_H_
#define INITBIAS_LIB_RUN_ESTIMATE_H_

#include <cstdint>
#include <vector>

#include "lib/config/run_config.h"
#include "lib/run/worker_pool.h"
#include "lib/store/results.h"

namespace initbias {

// The runs of which a few steps are measured for `plan`: of each kind (CostClass) as many as will
// compute at a time, for they share memory bandwidth.
std::vector<RunConfig> MeasuredRuns(const std::vector<RunConfig>& plan, int64_t jobs);

// Prints the runs with the time of each, and time, memory and disk of what is to be trained;
// without time and memory, and at once, where `no_measure`. Returns the exit status.
int DryRun(const std::vector<RunConfig>& plan, const ResultsFolder& folder, bool no_measure,
           const PoolOptions& pool);

// Prints GFLOP a second of a few steps of the run on all cores that the workers take, together.
// Returns the exit status, StopStatus and without a number where it was stopped.
int PrintSpeed(const RunConfig& config, const PoolOptions& pool);

}  // namespace initbias

#endif  // INITBIAS_LIB_RUN_ESTIMATE_H_
