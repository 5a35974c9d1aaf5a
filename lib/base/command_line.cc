#include "lib/base/command_line.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/terminal.h"
#include "lib/base/text.h"

namespace initbias {
namespace {

constexpr int kWrongUsage = 2;
constexpr size_t kDescriptions = 30;  // CLI11's column of them

// "did you mean --model?" for the first of `unknown` arguments that is near to the name of an
// option of `app` or of its command that was given, or, where none was, of a command; else "".
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

}  // namespace

std::string WrappedHelp(std::string_view help, size_t width) {
  std::string wrapped;
  for (const std::string& line : Split(help, '\n')) {
    const size_t indent = line.starts_with(' ') ? kDescriptions : 0;
    std::string_view rest = line;
    size_t begin = 0;  // what stands before `rest` in its line
    while (begin + rest.size() > width) {
      const size_t available = width > begin ? width - begin : 0;
      // Not within an option's name, after which the descriptions begin.
      const size_t least = begin == 0 ? indent + 1 : 1;
      size_t end = rest.rfind(' ', available);
      if (end == std::string_view::npos || end < least) {
        end = rest.find(' ', std::max(available, least));
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
  wrapped.pop_back();  // that of the empty part after the last line break
  return wrapped;
}

using Option = CommandLine::Option;

Option& Option::Required() {
  option_->required();
  return *this;
}

Option& Option::OneOf(const std::vector<std::string>& names) {
  option_->check(CLI::IsMember(names));
  return *this;
}

Option& Option::Between(int least, int greatest) {
  option_->check(CLI::Range(least, greatest));
  return *this;
}

Option& Option::Between(double least, double greatest) {
  option_->check(CLI::Range(least, greatest));
  return *this;
}

Option& Option::Check(const std::function<std::string(const std::string& text)>& problem) {
  option_->check(problem);
  return *this;
}

Option& Option::ShowDefault() {
  option_->capture_default_str();
  return *this;
}

Option& Option::Separator(char separator) {
  option_->delimiter(separator);
  return *this;
}

Option& Option::LastCounts() {
  option_->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  return *this;
}

Option& Option::EachAddsOne() {
  option_->allow_extra_args(false)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  return *this;
}

Option& Option::Excludes(const Option& other) {
  option_->excludes(other.option_);
  return *this;
}

Option& Option::Needs(const Option& other) {
  option_->needs(other.option_);
  return *this;
}

Option& Option::Group(const std::string& heading) {
  option_->group(heading);
  return *this;
}

CommandLine::CommandLine(const std::string& description, const std::string& program)
    : own_(std::make_unique<CLI::App>(description)), app_(own_.get()) {
  app_->name(program);
}

CommandLine::CommandLine(CLI::App* command) : app_(command) {}

CommandLine::CommandLine(CommandLine&& other) noexcept = default;
CommandLine& CommandLine::operator=(CommandLine&& other) noexcept = default;
CommandLine::~CommandLine() = default;

void CommandLine::Footer(const std::function<std::string()>& text) { app_->footer(text); }

void CommandLine::Footer(const std::string& text) { app_->footer(text); }

Option CommandLine::Add(const std::string& name, std::string& value, const std::string& help) {
  return Option(app_->add_option(name, value, help));
}

Option CommandLine::Add(const std::string& name, int64_t& value, const std::string& help) {
  return Option(app_->add_option(name, value, help));
}

Option CommandLine::Add(const std::string& name, double& value, const std::string& help) {
  return Option(app_->add_option(name, value, help));
}

Option CommandLine::Add(const std::string& name, std::filesystem::path& value,
                        const std::string& help) {
  const auto set = [&value](const std::string& text) { value = text; };
  return Option(app_->add_option_function<std::string>(name, set, help));
}

Option CommandLine::Add(const std::string& name, std::vector<std::string>& value,
                        const std::string& help) {
  return Option(app_->add_option(name, value, help));
}

Option CommandLine::AddFlag(const std::string& name, bool& value, const std::string& help) {
  return Option(app_->add_flag(name, value, help));
}

Option CommandLine::AddFunction(const std::string& name,
                                const std::function<void(const std::string& text)>& set,
                                const std::string& help) {
  return Option(app_->add_option_function<std::string>(name, set, help));
}

Option CommandLine::AddFunction(
    const std::string& name, const std::function<void(const std::vector<std::string>& texts)>& set,
    const std::string& help) {
  return Option(app_->add_option_function<std::vector<std::string>>(name, set, help));
}

CommandLine CommandLine::AddCommand(const std::string& name, const std::string& description) {
  app_->require_subcommand(1);
  return CommandLine(app_->add_subcommand(name, description));
}

bool CommandLine::Given() const { return app_->parsed(); }

std::optional<int> CommandLine::Parse(int argc, const char* const* argv, std::FILE* errors) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    // Of "--set=name=" the value is "name=".
    if (argument.starts_with("--") && argument.find('=') == argument.size() - 1) {
      fmt::print(errors, "{} has an empty value: leave it out, or give it one\n",
                 argument.substr(0, argument.size() - 1));
      return kWrongUsage;
    }
  }
  try {
    app_->parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    fmt::print("{}", WrappedHelp(app_->help(), TerminalWidth(stdout)));
    return 0;
  } catch (const CLI::ParseError& error) {
    std::ostringstream told;
    app_->exit(error, told, told);
    fmt::print(errors, "{}", told.str());
    if (const std::string hint = OptionHint(*app_, app_->remaining(true)); !hint.empty()) {
      fmt::print(errors, "{}\n", hint);
    }
    return kWrongUsage;
  }
  return std::nullopt;
}

}  // namespace initbias
