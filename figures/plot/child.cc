#include "figures/plot/child.h"

#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "lib/base/error.h"

extern char** environ;  // NOLINT: POSIX's name, and not declared by any header without _GNU_SOURCE.

namespace initbias::plot {
namespace {

// The child's streams are files without a name: unlike with pipes, neither side can block the
// other.
using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

File TemporaryFile() {
  File file(std::tmpfile(), &std::fclose);
  if (file == nullptr) {
    throw Error(fmt::format("cannot make a temporary file: {}", std::strerror(errno)));
  }
  return file;
}

void WriteAll(std::FILE* file, std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), file) != text.size() || std::fflush(file) != 0) {
    throw Error(fmt::format("cannot write a temporary file: {}", std::strerror(errno)));
  }
  std::rewind(file);
}

std::string ReadAll(std::FILE* file) {
  std::rewind(file);
  std::string text;
  std::array<char, 65536> buffer{};
  for (size_t count = 0; (count = std::fread(buffer.data(), 1, buffer.size(), file)) > 0;) {
    text.append(buffer.data(), count);
  }
  if (std::ferror(file) != 0) {
    throw Error(fmt::format("cannot read a temporary file: {}", std::strerror(errno)));
  }
  return text;
}

std::vector<std::string> ChildEnvironment() {
  constexpr std::array<std::string_view, 3> kFixed = {"LC_ALL=C.UTF-8", "TZ=UTC",
                                                      "SOURCE_DATE_EPOCH=0"};
  std::vector<std::string> variables(kFixed.begin(), kFixed.end());
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view variable = *entry;
    const std::string_view name = variable.substr(0, variable.find('=') + 1);
    const bool fixed = std::any_of(kFixed.begin(), kFixed.end(),
                                   [&](std::string_view text) { return text.starts_with(name); });
    if (!fixed && !name.starts_with("LANGUAGE=")) {
      variables.emplace_back(variable);
    }
  }
  return variables;
}

std::vector<char*> Pointers(std::vector<std::string>& strings) {
  std::vector<char*> pointers;
  pointers.reserve(strings.size() + 1);
  for (std::string& text : strings) {
    pointers.push_back(text.data());
  }
  pointers.push_back(nullptr);
  return pointers;
}

// posix_spawn's list of what happens to the child's files.
class FileActions {
 public:
  FileActions() { posix_spawn_file_actions_init(&actions_); }
  ~FileActions() { posix_spawn_file_actions_destroy(&actions_); }
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;

  void Redirect(std::FILE* file, int descriptor) {
    const int error = posix_spawn_file_actions_adddup2(&actions_, fileno(file), descriptor);
    if (error != 0) {
      throw Error(fmt::format("cannot redirect a child's files: {}", std::strerror(error)));
    }
  }
  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

std::string HowItEnded(int status) {
  return WIFSIGNALED(status) ? fmt::format("was ended by signal {}", WTERMSIG(status))
                             : fmt::format("failed with exit status {}", WEXITSTATUS(status));
}

}  // namespace

std::string RunFilter(const std::string& program, const std::vector<std::string>& arguments,
                      std::string_view input, std::string_view package) {
  const File in = TemporaryFile();
  const File out = TemporaryFile();
  const File err = TemporaryFile();
  WriteAll(in.get(), input);
  FileActions actions;
  actions.Redirect(in.get(), STDIN_FILENO);
  actions.Redirect(out.get(), STDOUT_FILENO);
  actions.Redirect(err.get(), STDERR_FILENO);
  std::vector<std::string> words = {program};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<std::string> environment = ChildEnvironment();
  pid_t pid = 0;
  const int error = posix_spawnp(&pid, program.c_str(), actions.get(), nullptr,
                                 Pointers(words).data(), Pointers(environment).data());
  const std::string missing = fmt::format(
      "{} is needed to draw figures and was not found in PATH; on Debian or Ubuntu: "
      "sudo apt-get install {}",
      program, package);
  if (error == ENOENT) {
    throw Error(missing);
  }
  if (error != 0) {
    throw Error(fmt::format("cannot run {}: {}", program, std::strerror(error)));
  }
  int status = 0;
  while (waitpid(pid, &status, 0) < 0) {
    if (errno != EINTR) {
      throw Error(fmt::format("cannot wait for {}: {}", program, std::strerror(errno)));
    }
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    // 127: some C libraries report a missing program only so.
    if (WIFEXITED(status) && WEXITSTATUS(status) == 127) {
      throw Error(missing);
    }
    std::string said = ReadAll(err.get());
    said.erase(said.find_last_not_of(" \n") + 1);
    throw Error(fmt::format("{} {}: {}", program, HowItEnded(status),
                            said.empty() ? "it said nothing" : said));
  }
  return ReadAll(out.get());
}

}  // namespace initbias::plot
