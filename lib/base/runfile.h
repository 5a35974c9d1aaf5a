// The files that Bazel, or tools/bundle.sh, puts beside a program: other programs, shipped data.
#ifndef INITBIAS_LIB_BASE_RUNFILE_H_
#define INITBIAS_LIB_BASE_RUNFILE_H_

#include <filesystem>
#include <string>

namespace initbias {

// The absolute path of `name`, a path in the project such as "data/gpt2/merges.txt", which the
// running program must have among its data. Throws Error where it is not there, FileRefused
// where we may not look.
std::filesystem::path FindRunfile(const std::string& name);

// The project's folder data/, likewise.
std::filesystem::path FindDataFolder();

}  // namespace initbias

#endif  // INITBIAS_LIB_BASE_RUNFILE_H_
