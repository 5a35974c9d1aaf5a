// Finds what stands beside a benchmark's program.
#ifndef INITBIAS_TESTS_BENCH_RUNFILE_H_
#define INITBIAS_TESTS_BENCH_RUNFILE_H_

#include <filesystem>
#include <string>

namespace initbias {

// The file `name`, a path in the project, that the program `argv0` was built with. Throws Error
// where it is not there.
std::filesystem::path FindRunfile(const char* argv0, const std::string& name);

// The project's folder data/, likewise.
std::filesystem::path FindDataFolder(const char* argv0);

}  // namespace initbias

#endif  // INITBIAS_TESTS_BENCH_RUNFILE_H_
