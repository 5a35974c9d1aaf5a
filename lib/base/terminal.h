// The terminal that a program writes to.
#ifndef INITBIAS_LIB_BASE_TERMINAL_H_
#define INITBIAS_LIB_BASE_TERMINAL_H_

#include <fmt/format.h>

#include <cstddef>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>

namespace initbias {

// Columns and rows of the terminal of `stream`; 80 and 24 where it is no terminal or does not say.
size_t TerminalWidth(std::FILE* stream);
size_t TerminalHeight(std::FILE* stream);

// A message as it reads well on `stream`: on a terminal as WrappedLines has it at its width. In a
// file it stays as it is, for those that search it.
std::string ForTerminal(std::string_view text, std::FILE* stream);

// A line with a command behind `before` ("next: "), as it can be pasted from `stream`: on a
// terminal as WrappedCommand has it at its width.
std::string CommandForTerminal(std::string_view before, std::string_view command,
                               std::FILE* stream);

// Columns that a line of a table may have: on a terminal its width, in a file all that it takes.
size_t LineWidth(std::FILE* stream);

// Whether `stream` is a terminal with cursor movement: none with TERM=dumb, or without TERM.
bool MovesCursor(std::FILE* stream);

// Prints `text`. Where that fails (a closed terminal, a log on a full disk) it is lost and nothing
// ends for it: for words about the work, on stderr above all, not for its results.
void TellText(std::FILE* stream, std::string_view text);

// The same of what fmt::format makes, as ForTerminal has it.
template <typename... Args>
void Tell(std::FILE* stream, fmt::format_string<Args...> format, Args&&... args) {
  TellText(stream, ForTerminal(fmt::format(format, std::forward<Args>(args)...), stream));
}

// The same of an item of a list, whose lines stand two blanks in.
void TellItem(std::FILE* stream, std::string_view text);

}  // namespace initbias

#endif  // INITBIAS_LIB_BASE_TERMINAL_H_
