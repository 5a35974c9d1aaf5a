// The HDF5 file in which a training run lies, or its checkpoint (SCHEMA.md has the layout).
#ifndef INITBIAS_LIB_STORE_RUN_FILE_H_
#define INITBIAS_LIB_STORE_RUN_FILE_H_

#include <filesystem>
#include <string>

#include "lib/base/error.h"
#include "lib/config/run_config.h"
#include "lib/result/run_result.h"

namespace initbias {

// Writes atomically. Throw Error when the disk refuses; what was there before stays. What killed
// writers left is for who holds the run's lock to remove (RemoveTemporaries): the folder is large.
void WriteRunFile(const std::filesystem::path& path, const RunResult& result);
void WriteCheckpoint(const std::filesystem::path& path, const Checkpoint& checkpoint);

// Read. Throw Error on a file that is missing, damaged, of another kind or schema version.
RunResult ReadRunFile(const std::filesystem::path& path);
Checkpoint ReadCheckpoint(const std::filesystem::path& path);

// Of a run file or a checkpoint the config, the profile and the learning curves alone, which takes
// no longer for a large model. Their digests are over more than that, and are not checked: for a
// look, not for a result. Throws Error as these.
RunResult ReadCurves(const std::filesystem::path& path);

// Of a run file what ReadCurves reads, and how it was made, checked as ReadRunFile checks it: by
// the digest of all but /provenance (content_digest.h). Throws as ReadRunFile.
struct CheckedCurves {
  RunResult run;
  std::string digest;
};
CheckedCurves ReadCheckedCurves(const std::filesystem::path& path);

// "<path> holds the run <id>, which its name does not say", where a file of a run has not the name
// of `config`; else "".
std::string WrongName(const std::filesystem::path& path, const RunConfig& config);

// Throws Error with these words, of a file that was named itself: in a folder of runs or
// checkpoints its name must be that of its run, elsewhere a copy may have any name but another
// run's.
void CheckName(const std::filesystem::path& path, const RunConfig& config);

// A whole file of another run than is asked for.
class OtherRun : public Error {
 public:
  using Error::Error;
};

// As ReadRunFile, and throws OtherRun when the file is not a run of `config`.
RunResult ReadRunFile(const std::filesystem::path& path, const RunConfig& config);

}  // namespace initbias

#endif  // INITBIAS_LIB_STORE_RUN_FILE_H_
