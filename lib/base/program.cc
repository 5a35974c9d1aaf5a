#include "lib/base/program.h"

#include <fmt/format.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <exception>
#include <optional>
#include <system_error>

#include "lib/base/error.h"
#include "lib/base/terminal.h"

namespace initbias {

int EndWith(std::string_view name, const std::exception& error) {
  std::fflush(stdout);  // what was printed before stands before, in one file, too
  Tell(stderr, "{}: {}\n", name, error.what());
  return ExitStatus(error);
}

int RunProgram(std::string_view name, const std::function<int()>& run) {
  std::signal(SIGXFSZ, SIG_IGN);
  int status = 0;
  int number = 0;  // of the error on stdout
  try {
    status = run();
  } catch (const std::exception& error) {
    const auto* const system = dynamic_cast<const std::system_error*>(&error);
    if (std::ferror(stdout) != 0 && system != nullptr) {
      number = system->code().value();
    } else {
      status = EndWith(name, error);
    }
  }
  errno = 0;
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) {
    return status;
  }
  number = number == 0 ? errno : number;
  Tell(stderr, "{}: not all of the output could be written{}\n", name,
       number == 0 ? "" : fmt::format(": {}", std::generic_category().message(number)));
  return status == 0 ? 1 : status;
}

int RunProgram(std::string_view name, CommandLine& options, int argc, const char* const* argv,
               const std::function<int()>& run) {
  return RunProgram(name, [&] {
    const std::optional<int> status = options.Parse(argc, argv);
    return status ? *status : run();
  });
}

}  // namespace initbias
