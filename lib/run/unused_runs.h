// Which stored runs no figure needs.
#ifndef INITBIAS_LIB_RUN_UNUSED_RUNS_H_
#define INITBIAS_LIB_RUN_UNUSED_RUNS_H_

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "lib/config/run_config.h"
#include "lib/store/run_index.h"

namespace initbias {

struct UnusedRun {
  std::filesystem::path path;
  FileStamp stamp;  // when it was looked at
  RunConfig config;
};

// The runs of one profile's folder, sorted out.
struct RunUse {
  std::filesystem::path folder;
  std::vector<std::string> figures;  // the names of the figure files
  size_t used = 0;                   // runs that one of them names
  std::vector<UnusedRun> unused;     // finished runs that none names, in the order of their names
  // Files that none names and that are kept all the same, and why: one that is no whole run file of
  // its name, a link, a run that has a checkpoint.
  std::vector<std::string> kept;
};

// What the figure files right in `folder` (results/default) say of the run files in its runs/; all
// of them count, custom and unfinished ones, too. Throws Error where nothing may be taken for
// unused: a figure file that cannot be read, none at all, or runs that are being trained, whose
// figure is yet to be written.
RunUse SortOutRuns(const std::filesystem::path& folder);

// Removes the files of `use.unused` that are unused still, when it looks once more, and still as
// they were; returns how many. Throws Error as SortOutRuns, FileRefused where the system does not
// let us.
size_t RemoveUnused(const RunUse& use);

}  // namespace initbias

#endif  // INITBIAS_LIB_RUN_UNUSED_RUNS_H_
