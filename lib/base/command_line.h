// How the programs that people start read their command lines: by CLI11, whose headers are compiled
// in command_line.cc alone, since they take seconds in every source that includes them.
#ifndef INITBIAS_LIB_BASE_COMMAND_LINE_H_
#define INITBIAS_LIB_BASE_COMMAND_LINE_H_

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace initbias {

class CommandLine {
 public:
  // An option that was added, to say more of it; valid as long as its command line.
  class Option {
   public:
    Option& Required();
    Option& OneOf(const std::vector<std::string>& names);
    Option& OneOf(std::span<const std::string_view> names) {
      return OneOf(std::vector<std::string>(names.begin(), names.end()));
    }
    Option& Between(int least, int greatest);
    Option& Between(double least, double greatest);
    // `problem` returns "" for a text that is fine, else what is wrong with it.
    Option& Check(const std::function<std::string(const std::string& text)>& problem);
    // Its value now stands in the help.
    Option& ShowDefault();
    // Values of a list may stand in one argument with this between them.
    Option& Separator(char separator);
    // Given more than once: an error, unless one of these says what is meant. EachAddsOne is for
    // lists, and each time one argument is taken.
    Option& LastCounts();
    Option& EachAddsOne();
    Option& Excludes(const Option& other);
    Option& Needs(const Option& other);
    // The heading that it stands under in the help.
    Option& Group(const std::string& heading);

   private:
    friend class CommandLine;
    explicit Option(CLI::Option* option) : option_(option) {}

    CLI::Option* option_;
  };

  // `program`: how it is called, as the help shows it; "": as it was.
  explicit CommandLine(const std::string& description, const std::string& program = "");
  CommandLine(CommandLine&& other) noexcept;
  CommandLine& operator=(CommandLine&& other) noexcept;
  CommandLine(const CommandLine&) = delete;
  CommandLine& operator=(const CommandLine&) = delete;
  ~CommandLine();

  // What stands below the options in the help; made when it is shown.
  void Footer(const std::function<std::string()>& text);
  void Footer(const std::string& text);

  // An option with a value, or, where `name` has no dashes, an argument by its place. Parse sets
  // `value`, which must live as long, where it is given.
  Option Add(const std::string& name, std::string& value, const std::string& help = "");
  Option Add(const std::string& name, int64_t& value, const std::string& help = "");
  Option Add(const std::string& name, double& value, const std::string& help = "");
  Option Add(const std::string& name, std::filesystem::path& value, const std::string& help = "");
  Option Add(const std::string& name, std::vector<std::string>& value,
             const std::string& help = "");
  Option AddFlag(const std::string& name, bool& value, const std::string& help = "");
  // Parse hands the value on, once it was checked. What `set` throws, Parse throws.
  Option AddFunction(const std::string& name,
                     const std::function<void(const std::string& text)>& set,
                     const std::string& help);
  Option AddFunction(const std::string& name,
                     const std::function<void(const std::vector<std::string>& texts)>& set,
                     const std::string& help);

  // Of `options` each excludes the others. In the help they stand under `heading`, which is to say
  // so, without a list of the others each.
  static void OnlyOne(const std::vector<Option>& options, const std::string& heading);

  // A command with options of its own; one of those added must be given. Valid as long as `this`.
  CommandLine AddCommand(const std::string& name, const std::string& description);
  // Of a command, after Parse: whether it is the one that was given.
  bool Given() const;

  // Returns nothing where the program is to go on, else its exit status: 0 after --help, 2 after
  // wrong usage, which is told on `errors`, with the name that was most likely meant. A flag with
  // an empty value ("--results=") is wrong usage: CLI11 would take the next argument for its value.
  std::optional<int> Parse(int argc, const char* const* argv, std::FILE* errors = stderr);

 private:
  explicit CommandLine(CLI::App* command);

  std::unique_ptr<CLI::App> own_;  // nullptr: a command of another
  CLI::App* app_;
};

// CLI11's help in lines of at most `width` letters, broken at blanks: what goes on stands below the
// descriptions. Words that are longer stand alone.
std::string WrappedHelp(std::string_view help, size_t width);

}  // namespace initbias

#endif  // INITBIAS_LIB_BASE_COMMAND_LINE_H_
