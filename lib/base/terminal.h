// The terminal that a program writes to.
#ifndef INITBIAS_LIB_BASE_TERMINAL_H_
#define INITBIAS_LIB_BASE_TERMINAL_H_

#include <cstddef>
#include <cstdio>
#include <string>
#include <string_view>

namespace initbias {

// Columns and rows of the terminal of `stream`; 80 and 24 where it is no terminal or does not say.
size_t TerminalWidth(std::FILE* stream);
size_t TerminalHeight(std::FILE* stream);

// A message as it reads well on `stream`: on a terminal as WrappedLines has it at its width. In a
// file it stays as it is, for those that search it.
std::string ForTerminal(std::string_view text, std::FILE* stream);

// Whether `stream` is a terminal with cursor movement: none with TERM=dumb, or without TERM.
bool MovesCursor(std::FILE* stream);

}  // namespace initbias

#endif  // INITBIAS_LIB_BASE_TERMINAL_H_
