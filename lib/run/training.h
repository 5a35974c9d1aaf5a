// Training of what a plan lacks, and what is said of it.
#ifndef INITBIAS_LIB_RUN_TRAINING_H_
#define INITBIAS_LIB_RUN_TRAINING_H_

#include <filesystem>
#include <vector>

#include "lib/config/run_config.h"
#include "lib/run/experiment.h"
#include "lib/run/flags.h"
#include "lib/run/worker_pool.h"
#include "lib/store/results.h"

namespace initbias {

// Whether the run is stored. A file that cannot be read is moved aside and said to be.
// Throws Error for a run that was made on another device or with other numerics than asked for:
// such runs differ in their bits, and a figure is not to mix them unasked.
bool IsStored(const RunConfig& config, const Flags& flags, const ResultsFolder& folder);

// Prints what is about to be done.
void PrintHeader(const Experiment& experiment, const Flags& flags,
                 const std::filesystem::path& folder, const std::vector<RunConfig>& plan,
                 size_t missing);

// Trains `missing`; returns the exit status, 0 when all of them are stored now.
int TrainMissing(const std::vector<RunConfig>& missing, const PoolOptions& pool);

}  // namespace initbias

#endif  // INITBIAS_LIB_RUN_TRAINING_H_
