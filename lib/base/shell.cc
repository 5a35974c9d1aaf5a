#include "lib/base/shell.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "lib/base/error.h"

namespace initbias {
namespace {

// Letters that no shell takes for anything else, wherever they stand in a word.
constexpr std::string_view kPlain =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=:,./@%";

// The letters of names of users, whose home folders a shell knows.
constexpr std::string_view kUserLetters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";

}  // namespace

std::string ShellWord(std::string_view word) {
  if (!word.empty() && word.find_first_not_of(kPlain) == std::string_view::npos) {
    return std::string(word);
  }
  // The quotes begin after "--name=", as one would type it.
  size_t begin = 0;
  if (const size_t equals = word.find('='); word.starts_with("--") &&
                                            equals != std::string_view::npos &&
                                            word.find_first_not_of(kPlain) > equals) {
    begin = equals + 1;
  }
  std::string quoted = fmt::format("{}'", word.substr(0, begin));
  for (const char letter : word.substr(begin)) {
    quoted += letter == '\'' ? "'\\''" : std::string(1, letter);
  }
  return quoted + "'";
}

std::string ShellWords(const std::vector<std::string>& words) {
  std::string line;
  for (const std::string& word : words) {
    line += (line.empty() ? "" : " ") + ShellWord(word);
  }
  return line;
}

std::filesystem::path ExpandHome(std::string_view path) {
  if (!path.starts_with('~')) {
    return path;
  }
  if (const std::string_view user = path.substr(1, path.find('/') - 1); !user.empty()) {
    // "~.txt" is a file's name.
    if (user.find_first_not_of(kUserLetters) == std::string_view::npos) {
      throw UsageError(
          fmt::format("{}: only ~/, your own home folder, is known here: write the whole path, "
                      "or ./{}",
                      path, path));
    }
    return path;
  }
  const char* const home = std::getenv("HOME");
  if (home == nullptr || *home == '\0') {
    throw Error(fmt::format("{}: HOME is not set, so the folder ~ is not known", path));
  }
  path.remove_prefix(std::min<size_t>(path.size(), 2));
  return std::filesystem::path(home) / path;
}

}  // namespace initbias
