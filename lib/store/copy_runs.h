// Run files from one store to another.
#ifndef INITBIAS_LIB_STORE_COPY_RUNS_H_
#define INITBIAS_LIB_STORE_COPY_RUNS_H_

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "lib/store/run_index.h"

namespace initbias {

struct CopyReport {
  int64_t copied = 0;
  double bytes = 0;  // of these
  int64_t same = 0;  // were there already
  // Of each file that should have been copied and was not: which, and why.
  std::vector<std::string> left_out;
};

// Copies the finished runs of `from` that `wanted` accepts to `to`. Each is the results of all
// profiles, or, by its name, of one (results/default). Every file that is copied has been checked
// against its digests, is on the disk before it has its name, and never takes the place of another:
// a run that `to` has stays, and is the same where all but /provenance is. Throws Error where
// `from` holds no runs, FileRefused where `to` cannot be written; what was copied until then stays.
CopyReport CopyRuns(const std::filesystem::path& from, const std::filesystem::path& to,
                    const std::function<bool(const RunSummary&)>& wanted);

}  // namespace initbias

#endif  // INITBIAS_LIB_STORE_COPY_RUNS_H_
