#include "tests/bench/child_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "lib/base/error.h"
#include "lib/base/text.h"

namespace initbias {
namespace {

std::vector<char*> Pointers(const std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (const std::string& text : texts) {
    pointers.push_back(const_cast<char*>(text.c_str()));  // posix_spawn does not write to it
  }
  pointers.push_back(nullptr);
  return pointers;
}

// Our environment with `changes` in it.
std::vector<std::string> Environment(const std::vector<std::string>& changes) {
  std::vector<std::string> all = changes;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view variable(*entry);
    const std::string_view name = variable.substr(0, variable.find('=') + 1);
    if (std::ranges::none_of(changes, [name](const std::string& change) {
          return std::string_view(change).starts_with(name);
        })) {
      all.emplace_back(variable);
    }
  }
  return all;
}

}  // namespace

ChildProcess::ChildProcess(const std::vector<std::string>& argv,
                           const std::vector<std::string>& environment)
    : program_(argv.at(0)) {
  std::array<int, 2> input{-1, -1};
  std::array<int, 2> output{-1, -1};
  // Closed on exec: a child must not hold another one's input open.
  error_file_ = memfd_create("initbias", MFD_CLOEXEC);
  if (error_file_ < 0 || pipe2(input.data(), O_CLOEXEC) != 0 ||
      pipe2(output.data(), O_CLOEXEC) != 0) {
    throw Error(fmt::format("cannot make a pipe: {}", std::strerror(errno)));
  }
  input_fd_ = input[1];
  output_ = fdopen(output[0], "r");
  const std::vector<std::string> variables = Environment(environment);
  posix_spawn_file_actions_t actions{};
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input[0], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, output[1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, error_file_, STDERR_FILENO);
  const int status = posix_spawn(&pid_, argv[0].c_str(), &actions, nullptr, Pointers(argv).data(),
                                 Pointers(variables).data());
  posix_spawn_file_actions_destroy(&actions);
  close(input[0]);
  close(output[1]);
  if (status != 0) {
    pid_ = -1;
    throw Error(fmt::format("cannot start {}: {}", program_, std::strerror(status)));
  }
}

ChildProcess::~ChildProcess() {
  if (pid_ > 0) {
    kill(pid_, SIGKILL);
    while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
  if (output_ != nullptr) {
    std::fclose(output_);
  }
  for (const int fd : {input_fd_, error_file_}) {
    if (fd >= 0) {
      close(fd);
    }
  }
}

void ChildProcess::Send(const std::string& text) {
  for (std::string_view rest = text; !rest.empty();) {
    const ssize_t written = write(input_fd_, rest.data(), rest.size());
    if (written < 0 && errno != EINTR) {
      throw Error(fmt::format("{} has ended\n{}", program_, ErrorOutput()));
    }
    rest.remove_prefix(static_cast<size_t>(std::max<ssize_t>(0, written)));
  }
}

std::string ChildProcess::ReadLine(const std::string& kind) {
  char* buffer = nullptr;
  size_t capacity = 0;
  std::string line;
  bool found = false;
  while (!found) {
    const ssize_t length = getline(&buffer, &capacity, output_);
    if (length < 0) {
      break;
    }
    line = Trim(std::string_view(buffer, static_cast<size_t>(length)));
    found = line == kind || line.starts_with(kind + " ");
  }
  std::free(buffer);
  if (!found) {
    throw Error(fmt::format("{} ended before its '{}'\n{}", program_, kind, ErrorOutput()));
  }
  return std::string(Trim(std::string_view(line).substr(kind.size())));
}

std::string ChildProcess::ErrorOutput() const {
  constexpr off_t kMaxOutput = 2000;
  const off_t size = lseek(error_file_, 0, SEEK_END);
  std::string text(static_cast<size_t>(std::clamp<off_t>(size, 0, kMaxOutput)), '\0');
  const ssize_t count =
      pread(error_file_, text.data(), text.size(), std::max<off_t>(0, size - kMaxOutput));
  text.resize(static_cast<size_t>(std::max<ssize_t>(0, count)));
  return text;
}

std::string FieldOf(const std::string& text, const std::string& name) {
  for (const std::string& word : Split(text, ' ')) {
    if (word.starts_with(name + "=")) {
      return word.substr(name.size() + 1);
    }
  }
  throw Error(fmt::format("there is no {} in '{}'", name, text));
}

double NumberOf(const std::string& text, const std::string& name) {
  const std::string field = FieldOf(text, name);
  const std::optional<double> number = ParseDouble(field);
  if (!number) {
    throw Error(fmt::format("{}={} is no number", name, field));
  }
  return *number;
}

}  // namespace initbias
