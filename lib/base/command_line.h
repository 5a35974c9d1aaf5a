// How the programs that people start read their command lines.
#ifndef INITBIAS_LIB_BASE_COMMAND_LINE_H_
#define INITBIAS_LIB_BASE_COMMAND_LINE_H_

#include <CLI/App.hpp>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace initbias {

// Sets what `app` declares. Returns nothing where the program is to go on, else its exit status: 0
// after --help, 2 after wrong usage, which was told. A flag with an empty value ("--results=") is
// wrong usage: CLI11 would take the next argument for its value.
std::optional<int> ParseCommandLine(CLI::App& app, int argc, char** argv);

// "did you mean --model?" for the first of `unknown` arguments that is near to the name of an
// option of `app` or of its command that was given, or, where none was, of a command; else "".
std::string OptionHint(const CLI::App& app, std::span<const std::string> unknown);

// CLI11's help in lines of at most `width` letters, broken at blanks: what goes on stands below the
// descriptions. Words that are longer stand alone.
std::string WrappedHelp(std::string_view help, size_t width);

}  // namespace initbias

#endif  // INITBIAS_LIB_BASE_COMMAND_LINE_H_
