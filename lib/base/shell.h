// What a shell does with words: printed commands are to be pasted into one, and paths that reach us
// inside of a word ("--results=~/out") were not seen by one.
#ifndef INITBIAS_LIB_BASE_SHELL_H_
#define INITBIAS_LIB_BASE_SHELL_H_

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace initbias {

// `word` so that a shell reads it as this one word: in quotes where it needs them.
std::string ShellWord(std::string_view word);

// The words of a command, each as ShellWord has it, with blanks between them.
std::string ShellWords(const std::vector<std::string>& words);

// `path` with the home folder (HOME) for a leading "~" or "~/". Throws Error where HOME is not set,
// UsageError for the home folder of a user, "~name/".
std::filesystem::path ExpandHome(std::string_view path);

}  // namespace initbias

#endif  // INITBIAS_LIB_BASE_SHELL_H_
