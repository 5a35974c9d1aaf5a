#include "lib/base/command_line.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <string_view>

namespace initbias {
namespace {

constexpr int kWrongUsage = 2;

}  // namespace

std::optional<int> ParseCommandLine(CLI::App& app, int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    // Of "--set=name=" the value is "name=".
    if (argument.starts_with("--") && argument.find('=') == argument.size() - 1) {
      fmt::print(stderr, "{} has an empty value: leave it out, or give it one\n",
                 argument.substr(0, argument.size() - 1));
      return kWrongUsage;
    }
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kWrongUsage;
  }
  return std::nullopt;
}

}  // namespace initbias
