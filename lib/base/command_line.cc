#include "lib/base/command_line.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <iterator>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/error.h"
#include "lib/base/terminal.h"
#include "lib/base/text.h"

namespace initbias {
namespace {

constexpr size_t kDescriptions = 30;  // CLI11's column of them

// "; did you mean --model?" for the first of `unknown` arguments that is near to the name of an
// option of `app` or of its command that was given; else "".
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
  for (const CLI::App* command : app.get_subcommands()) {
    add_options(*command);
  }
  for (const std::string& argument : unknown) {
    std::string hint = DidYouMean(argument.substr(0, argument.find('=')), names);
    if (argument.starts_with("--") && !hint.empty()) {
      return hint;
    }
  }
  return "";
}

std::vector<std::string> CommandNames(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands({})) {
    names.push_back(command->get_name());
  }
  return names;
}

// The command of `app` that is called so, else nullptr.
const CLI::App* CommandOf(const CLI::App& app, std::string_view name) {
  for (const CLI::App* command : app.get_subcommands({})) {
    if (command->get_name() == name) {
      return command;
    }
  }
  return nullptr;
}

// What is wrong with `arguments` whatever their values, "" for nothing. CLI11 would take the next
// option for the value that one lacks.
std::string Misplaced(const CLI::App& app, std::span<const std::string> arguments) {
  const CLI::App* command = &app;
  std::map<const CLI::Option*, int> given;
  const auto is_option = [&command](const std::string& argument) {
    return argument.starts_with("--") &&
           command->get_option_no_throw(argument.substr(0, argument.find('='))) != nullptr;
  };
  for (size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    if (argument == "--") {
      return "";
    }
    if (argument.empty()) {
      return "an argument is empty: leave it out";
    }
    if (!argument.starts_with("--")) {
      const CLI::App* const named = command == &app ? CommandOf(app, argument) : nullptr;
      command = named != nullptr ? named : command;
      continue;
    }
    const std::string name = argument.substr(0, argument.find('='));
    // Of "--set=name=" the value is "name=".
    if (name.size() + 1 == argument.size()) {
      return fmt::format("{} has an empty value: leave it out, or give it one", name);
    }
    const CLI::Option* const option = command->get_option_no_throw(name);
    if (option == nullptr) {
      continue;
    }
    if (++given[option] == 2 && option->get_items_expected_max() == 1 &&
        option->get_multi_option_policy() == CLI::MultiOptionPolicy::Throw) {
      return fmt::format("{} is given twice", name);
    }
    if (option->get_items_expected_max() == 0 || name != argument) {
      continue;  // a flag, or its value stands behind the =
    }
    ++i;  // other values may begin with dashes: --slurm-args '--gres=gpu:1'
    if (i == arguments.size() || is_option(arguments[i])) {
      return fmt::format("{} needs a value", name);
    }
    if (arguments[i].empty()) {
      return fmt::format("{} has an empty value: leave it out, or give it one", name);
    }
  }
  return "";
}

// CLI11's help, without what an option excludes of its own group, whose heading says it.
class HelpText : public CLI::Formatter {
 public:
  std::string make_option_opts(const CLI::Option* option) const override {
    const std::string label = fmt::format(" {}:", get_label("Excludes"));
    std::string text = CLI::Formatter::make_option_opts(option);
    text = text.substr(0, text.find(label));                                      // the last of it
    const bool of_all = CLI::detail::to_lower(option->get_group()) == "options";  // CLI11's own
    std::string others;
    for (const CLI::Option* other : option->get_excludes()) {
      if (of_all || other->get_group() != option->get_group()) {
        others += " " + other->get_name();
      }
    }
    return others.empty() ? text : text + label + others;
  }
};

// What CLI11 found wrong, in words of our own where its are not clear.
std::string Problem(const CLI::App& app, const CLI::ParseError& error,
                    std::span<const std::string> arguments) {
  const std::vector<std::string> commands = CommandNames(app);
  if (!commands.empty() && app.get_subcommands().empty()) {
    const auto command = std::ranges::find_if(
        arguments, [](const std::string& argument) { return !argument.starts_with('-'); });
    const std::string list = fmt::format("{}", fmt::join(commands, ", "));
    return command == arguments.end() ? fmt::format("a command is missing: {}", list)
                                      : fmt::format("there is no command '{}': there are {}{}",
                                                    *command, list, DidYouMean(*command, commands));
  }
  if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) {
    const std::vector<std::string> unknown = app.remaining(true);
    std::vector<std::string> in_order;
    std::ranges::copy_if(arguments, std::back_inserter(in_order), [&](const std::string& argument) {
      return std::ranges::find(unknown, argument) != unknown.end();
    });
    return fmt::format("not expected: {}{}", fmt::join(in_order, " "), OptionHint(app, in_order));
  }
  return error.what();
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
  const auto problem = [names](const std::string& text) {
    return std::ranges::find(names, text) != names.end()
               ? std::string()
               : fmt::format("'{}' is none of {}{}", text, fmt::join(names, ", "),
                             DidYouMean(text, names));
  };
  option_->check(CLI::Validator(problem, fmt::format("{{{}}}", fmt::join(names, ","))));
  return *this;
}

Option& Option::Between(int least, int greatest) {
  const auto problem = [least, greatest](const std::string& text) {
    const std::optional<int64_t> value = ParseInt(text);
    return value && *value >= least && *value <= greatest
               ? std::string()
               : fmt::format("'{}' is not a whole number from {} to {}", text, least, greatest);
  };
  option_->check(CLI::Validator(problem, fmt::format("{} - {}", least, greatest)));
  return *this;
}

Option& Option::Between(double least, double greatest) {
  const auto problem = [least, greatest](const std::string& text) {
    const std::optional<double> value = ParseDouble(text);
    return value && *value >= least && *value <= greatest  // NaN is neither
               ? std::string()
               : fmt::format("'{}' is not a number from {} to {}{}", text, least, greatest,
                             PointForComma(text));
  };
  option_->check(CLI::Validator(problem, fmt::format("{} - {}", least, greatest)));
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
  app_->formatter(std::make_shared<HelpText>());  // of its commands, too
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
  Option option(app_->add_option(name, value, help));
  return option.Check([](const std::string& text) {
    return ParseInt(text) ? std::string() : fmt::format("'{}' is not a whole number", text);
  });
}

Option CommandLine::Add(const std::string& name, double& value, const std::string& help) {
  Option option(app_->add_option(name, value, help));
  return option.Check([](const std::string& text) {
    return ParseDouble(text) ? std::string() : fmt::format("'{}' is not a number", text);
  });
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

void CommandLine::OnlyOne(const std::vector<Option>& options, const std::string& heading) {
  for (size_t i = 0; i < options.size(); ++i) {
    Option option = options[i];
    option.Group(heading);
    for (size_t other = 0; other < i; ++other) {
      option.Excludes(options[other]);
    }
  }
}

CommandLine CommandLine::AddCommand(const std::string& name, const std::string& description) {
  app_->require_subcommand(1);
  return CommandLine(app_->add_subcommand(name, description));
}

bool CommandLine::Given() const { return app_->parsed(); }

std::optional<int> CommandLine::Parse(int argc, const char* const* argv, std::FILE* errors) {
  std::vector<std::string> arguments(argv + std::min(argc, 1), argv + argc);
  const auto is_help = [](const std::string& argument) {
    return argument == "--help" || argument == "-h";
  };
  if (std::ranges::any_of(arguments, is_help)) {  // whatever stands beside it
    const auto command = std::ranges::find_if(arguments, [this](const std::string& argument) {
      return CommandOf(*app_, argument) != nullptr;
    });
    const CLI::App* const of = command == arguments.end() ? app_ : CommandOf(*app_, *command);
    fmt::print("{}", WrappedHelp(of == app_ ? of->help() : of->help(app_->get_name()),
                                 TerminalWidth(stdout)));
    return 0;
  }
  std::string problem = Misplaced(*app_, arguments);
  if (problem.empty()) {
    try {
      app_->parse(argc, argv);
    } catch (const CLI::ParseError& error) {
      problem = Problem(*app_, error, arguments);
    }
  }
  if (!problem.empty()) {
    Tell(errors, "{}\n--help tells what there is\n", problem);
    return kWrongUsage;
  }
  return std::nullopt;
}

}  // namespace initbias
