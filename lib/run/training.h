// Training of what a plan lacks, and what is said of it.
#ifndef INITBIAS_LIB_RUN_TRAINING_H_
#define INITBIAS_LIB_RUN_TRAINING_H_

#include <filesystem>
#include <optional>
#include <utility>
#include <vector>

#include "lib/config/run_config.h"
#include "lib/result/run_result.h"
#include "lib/run/experiment.h"
#include "lib/run/flags.h"
#include "lib/run/worker_pool.h"
#include "lib/store/results.h"

namespace initbias {

// How the stored run was made; nothing where it is not stored. A damaged file is moved aside and
// said to be; one that the system does not let us read throws FileRefused and stays, as does one of
// another version of the layout, which throws SchemaVersionError (lib/store/header.h).
// Throws Error for a run that was made on another device or with other numerics than asked for:
// such runs differ in their bits, and a figure is not to mix them unasked.
std::optional<Provenance> FindStored(const RunConfig& config, const ExperimentFlags& flags,
                                     const ResultsFolder& folder);

// The runs of a plan, each either stored or yet to be trained, as FindStored tells.
struct PlanInFolder {
  std::vector<std::pair<RunConfig, Provenance>> stored;
  std::vector<RunConfig> missing;
};

// Throws as FindStored. Where files are of another version of the layout: SchemaVersionError, with
// the command that removes these files and no other.
PlanInFolder SortOut(const std::vector<RunConfig>& plan, const ExperimentFlags& flags,
                     const ResultsFolder& folder);

// Throws Error where runs of `stored` were made in modes (lib/run/mode.h) that do not go together,
// or in another one than the worker computes in now; it is asked where runs are trained `here` and
// some are still to be (`missing`), or a stored one depends on this CPU. So --device=auto is one
// device before stored runs are taken.
void CheckModes(const std::vector<std::pair<RunConfig, Provenance>>& stored, bool here,
                bool missing, const ResultsFolder& folder, const PoolOptions& pool);

// Prints what Experiment::chosen says, a line each.
void PrintChosen(const Experiment& experiment);

// Prints what is about to be done.
void PrintHeader(const Experiment& experiment, const ExperimentFlags& flags,
                 const std::filesystem::path& folder, const std::vector<RunConfig>& plan,
                 size_t missing);

// The command to be given again, as one would type it: of what a run file notes of the one that was
// given, "fig3 -- --profile=smoke".
std::string AgainCommand(const std::string& noted);

// Trains `missing`; returns the exit status, 0 when all of them are stored now.
int TrainMissing(const std::vector<RunConfig>& missing, const PoolOptions& pool);

}  // namespace initbias

#endif  // INITBIAS_LIB_RUN_TRAINING_H_
