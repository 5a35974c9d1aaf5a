#include "lib/base/program.h"

#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <optional>

#include "lib/base/error.h"
#include "lib/base/terminal.h"

namespace initbias {

int EndWith(std::string_view name, const std::exception& error) {
  std::fflush(stdout);  // what was printed before stands before, in one file, too
  fmt::print(stderr, "{}\n", ForTerminal(fmt::format("{}: {}", name, error.what()), stderr));
  return ExitStatus(error);
}

int RunProgram(std::string_view name, const std::function<int()>& run) {
  try {
    return run();
  } catch (const std::exception& error) {
    return EndWith(name, error);
  }
}

int RunProgram(std::string_view name, CommandLine& options, int argc, const char* const* argv,
               const std::function<int()>& run) {
  if (const std::optional<int> status = options.Parse(argc, argv)) {
    return *status;
  }
  return RunProgram(name, run);
}

}  // namespace initbias
