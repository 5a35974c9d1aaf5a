// What main() of a program ends in: its command line is read, it runs, and what it throws is told.
#ifndef INITBIAS_LIB_BASE_PROGRAM_H_
#define INITBIAS_LIB_BASE_PROGRAM_H_

#include <exception>
#include <functional>
#include <string_view>

#include "lib/base/command_line.h"

namespace initbias {

// Tells on stderr, after what was printed, why the program of this name ends: "<name>: <what is
// wrong>". Returns ExitStatus of the exception (lib/base/error.h).
int EndWith(std::string_view name, const std::exception& error);

// The exit status of the program: that of `run`, or, where it throws, that of EndWith. Where not
// all that was printed on stdout could be written, it tells so and the status is not 0. A file that
// grows beyond what `ulimit -f` allows is an error of its writing, and does not end the program.
int RunProgram(std::string_view name, const std::function<int()>& run);

// The same, once `options` are set by the command line; without running, where Parse returns a
// status.
int RunProgram(std::string_view name, CommandLine& options, int argc, const char* const* argv,
               const std::function<int()>& run);

}  // namespace initbias

#endif  // INITBIAS_LIB_BASE_PROGRAM_H_
