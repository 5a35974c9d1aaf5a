#include "lib/base/command_line.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/terminal.h"
#include "lib/base/text.h"

namespace initbias {
namespace {

constexpr int kWrongUsage = 2;
constexpr size_t kDescriptions = 30;  // CLI11's column of them

}  // namespace

std::string WrappedHelp(std::string_view help, size_t width) {
  std::string wrapped;
  for (const std::string& line : Split(help, '\n')) {
    const size_t indent = line.starts_with(' ') ? kDescriptions : 0;
    std::string_view rest = line;
    size_t begin = 0;  // what stands before `rest` in its line
    while (begin + rest.size() > width) {
      const size_t room = width > begin ? width - begin : 0;
      // Not within an option's name, which the descriptions begin behind.
      const size_t least = begin == 0 ? indent + 1 : 1;
      size_t end = rest.rfind(' ', room);
      if (end == std::string_view::npos || end < least) {
        end = rest.find(' ', std::max(room, least));
      }
      if (end == std::string_view::npos) {
        break;
      }
      wrapped += fmt::format("{:{}}{}\n", "", begin, rest.substr(0, end));
      rest.remove_prefix(end + 1);
      begin = indent;
    }
    wrapped += fmt::format("{:{}}{}\n", "", begin, rest);
  }
  wrapped.pop_back();  // after what stands behind the last line's end
  return wrapped;
}

std::string OptionHint(const CLI::App& app, std::span<const std::string> unknown) {
  std::vector<std::string> names;
  const auto add_options = [&names](const CLI::App& one) {
    for (const CLI::Option* option : one.get_options()) {
      for (const std::string& name : option->get_lnames()) {
        names.push_back("--" + name);
      }
    }
  };
  add_options(app);
  const std::vector<CLI::App*> given = app.get_subcommands();
  for (const CLI::App* command : given) {
    add_options(*command);
  }
  if (given.empty()) {
    for (const CLI::App* command : app.get_subcommands({})) {
      names.push_back(command->get_name());
    }
  }
  for (const std::string& argument : unknown) {
    if (const std::string nearest = NearestName(argument.substr(0, argument.find('=')), names);
        argument.starts_with("--") == nearest.starts_with("--") && !nearest.empty()) {
      return fmt::format("did you mean {}?", nearest);
    }
  }
  return "";
}

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
  } catch (const CLI::CallForHelp&) {
    fmt::print("{}", WrappedHelp(app.help(), TerminalWidth(stdout)));
    return 0;
  } catch (const CLI::ParseError& error) {
    if (app.exit(error) == 0) {
      return 0;
    }
    if (const std::string hint = OptionHint(app, app.remaining(true)); !hint.empty()) {
      fmt::print(stderr, "{}\n", hint);
    }
    return kWrongUsage;
  }
  return std::nullopt;
}

}  // namespace initbias
