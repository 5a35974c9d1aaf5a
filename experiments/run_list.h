// The runs of a results folder in words, some of them by what they are: for the programs list and
// store.
#ifndef INITBIAS_EXPERIMENTS_RUN_LIST_H_
#define INITBIAS_EXPERIMENTS_RUN_LIST_H_

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "lib/base/command_line.h"
#include "lib/config/run_config.h"

namespace initbias {

// Which runs are meant; what is empty accepts all.
struct RunFilter {
  std::string model;
  std::vector<double> gammas;  // as RoundedRate has them
  std::vector<int64_t> seeds;

  bool Accepts(const RunConfig& config) const;
};

// Adds --model, --gamma and --seed to `app`, which set `filter`.
void DeclareFilter(CommandLine& app, RunFilter* filter);

// The folder that is meant by an argument, results/ for "". Throws UsageError where one that was
// typed is not there; Error, which says how runs come there, for results/ itself.
std::filesystem::path ListedFolder(const std::string& typed);

// Prints, profile by profile, the files of runs in `folder` (results/ or results/<profile>): a few
// lines each, in the order of model, rate and seed. `check`: every file is read whole, also one
// that the index knows. Returns how many files of runs cannot be read or hold another run than
// their name says, each of which is listed with the reason; those that were set aside are none of
// them. Throws Error where the folder holds no files of the store, or cannot be read.
int64_t PrintRuns(const std::filesystem::path& folder, const RunFilter& filter, bool check);

}  // namespace initbias

#endif  // INITBIAS_EXPERIMENTS_RUN_LIST_H_
