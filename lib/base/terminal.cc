#include "lib/base/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <limits>
#include <string>
#include <string_view>

#include "lib/base/text.h"

namespace initbias {

size_t TerminalWidth(std::FILE* stream) {
  winsize size{};
  const bool known = ioctl(fileno(stream), TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : 80;
}

size_t TerminalHeight(std::FILE* stream) {
  winsize size{};
  const bool known = ioctl(fileno(stream), TIOCGWINSZ, &size) == 0 && size.ws_row > 0;
  return known ? size.ws_row : 24;
}

std::string ForTerminal(std::string_view text, std::FILE* stream) {
  return isatty(fileno(stream)) != 0 ? WrappedLines(text, TerminalWidth(stream))
                                     : std::string(text);
}

std::string CommandForTerminal(std::string_view before, std::string_view command,
                               std::FILE* stream) {
  return WrappedCommand(before, command, LineWidth(stream)) + "\n";
}

size_t LineWidth(std::FILE* stream) {
  return isatty(fileno(stream)) != 0 ? TerminalWidth(stream) : std::numeric_limits<size_t>::max();
}

bool MovesCursor(std::FILE* stream) {
  const char* const kind = std::getenv("TERM");
  return isatty(fileno(stream)) != 0 && kind != nullptr && *kind != '\0' &&
         std::string_view(kind) != "dumb";
}

void TellText(std::FILE* stream, std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stream);
}

void TellItem(std::FILE* stream, std::string_view text) {
  constexpr size_t kIndent = 2;
  const size_t width = LineWidth(stream);
  std::string lines;
  for (const std::string& line : Split(text, '\n')) {
    lines +=
        line.starts_with(' ') ? WrappedLines(line, width) + "\n" : Wrapped(line, kIndent, width);
  }
  TellText(stream, lines);
}

}  // namespace initbias
