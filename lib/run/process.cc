#include "lib/run/process.h"

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
#include <cstring>
#include <utility>

#include "lib/base/error.h"

namespace initbias {
namespace {

// Owns a file descriptor.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) {
      close(fd_);
    }
  }
  int get() const { return fd_; }
  int Release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

// An unnamed file in memory; closed on exec unless it is made somebody's standard stream.
int MemoryFile(std::string_view content) {
  const int fd = memfd_create("initbias", MFD_CLOEXEC);
  if (fd < 0) {
    throw Error(fmt::format("cannot make a file in memory: {}", std::strerror(errno)));
  }
  while (!content.empty()) {
    const ssize_t written = write(fd, content.data(), content.size());
    if (written < 0) {
      close(fd);
      throw Error(fmt::format("cannot write a file in memory: {}", std::strerror(errno)));
    }
    content.remove_prefix(static_cast<size_t>(written));
  }
  lseek(fd, 0, SEEK_SET);
  return fd;
}

}  // namespace

Process::Process(const std::vector<std::string>& argv, std::string_view input) {
  const Descriptor input_file(MemoryFile(input));
  Descriptor error_file(MemoryFile(""));
  std::array<int, 2> pipe_ends{};
  if (pipe2(pipe_ends.data(), O_CLOEXEC) != 0) {
    throw Error(fmt::format("cannot make a pipe: {}", std::strerror(errno)));
  }
  Descriptor output(pipe_ends[0]);
  const Descriptor child_output(pipe_ends[1]);
  if (fcntl(output.get(), F_SETFL, O_NONBLOCK) != 0) {
    throw Error(fmt::format("cannot set up a pipe: {}", std::strerror(errno)));
  }
  std::vector<char*> arguments;
  for (const std::string& argument : argv) {
    arguments.push_back(const_cast<char*>(argument.c_str()));  // posix_spawn does not write to it
  }
  arguments.push_back(nullptr);
  // A process group of its own: Ctrl-C on the terminal is for us, who then ask the child to stop.
  posix_spawnattr_t attributes{};
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  posix_spawn_file_actions_t actions{};
  posix_spawn_file_actions_init(&actions);
  int status = posix_spawn_file_actions_adddup2(&actions, input_file.get(), STDIN_FILENO);
  status = status != 0
               ? status
               : posix_spawn_file_actions_adddup2(&actions, child_output.get(), STDOUT_FILENO);
  status = status != 0
               ? status
               : posix_spawn_file_actions_adddup2(&actions, error_file.get(), STDERR_FILENO);
  status = status != 0
               ? status
               : posix_spawn(&pid_, arguments[0], &actions, &attributes, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (status != 0) {
    throw Error(fmt::format("cannot start {}: {}", argv[0], std::strerror(status)));
  }
  output_fd_ = output.Release();
  error_file_ = error_file.Release();
}

Process::~Process() {
  if (pid_ > 0) {
    kill(pid_, SIGKILL);
    Wait();
  }
  if (output_fd_ >= 0) {
    close(output_fd_);
  }
  if (error_file_ >= 0) {
    close(error_file_);
  }
}

std::vector<std::string> Process::ReadLines() {
  std::vector<std::string> lines;
  std::array<char, 4096> buffer{};
  while (output_fd_ >= 0) {
    const ssize_t count = read(output_fd_, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count < 0) {
      break;  // nothing more for now
    }
    if (count == 0) {
      close(std::exchange(output_fd_, -1));
      if (!partial_line_.empty()) {
        lines.push_back(std::exchange(partial_line_, ""));
      }
      break;
    }
    partial_line_.append(buffer.data(), static_cast<size_t>(count));
    size_t start = 0;
    for (size_t end = partial_line_.find('\n'); end != std::string::npos;
         end = partial_line_.find('\n', start)) {
      lines.push_back(partial_line_.substr(start, end - start));
      start = end + 1;
    }
    partial_line_.erase(0, start);
  }
  return lines;
}

void Process::Signal(int signal) {
  if (pid_ > 0) {
    kill(pid_, signal);
  }
}

std::string Process::Wait() {
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  if (WIFSIGNALED(status)) {
    return fmt::format("killed by signal {} ({})", WTERMSIG(status), strsignal(WTERMSIG(status)));
  }
  return WEXITSTATUS(status) == 0 ? "" : fmt::format("exit status {}", WEXITSTATUS(status));
}

std::string Process::ErrorOutput() const {
  constexpr off_t kMaxOutput = 2000;
  const off_t size = lseek(error_file_, 0, SEEK_END);
  std::string text(static_cast<size_t>(std::clamp<off_t>(size, 0, kMaxOutput)), '\0');
  const ssize_t count =
      pread(error_file_, text.data(), text.size(), std::max<off_t>(0, size - kMaxOutput));
  text.resize(static_cast<size_t>(std::max<ssize_t>(0, count)));
  return text;
}

}  // namespace initbias
