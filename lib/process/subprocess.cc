#include "lib/process/subprocess.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>
#include <iterator>
#include <sstream>
#include <utility>

#include "lib/base/error.h"
#include "lib/base/file_access.h"

namespace initbias {
namespace {

// Owns a file descriptor.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(other.Release()) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor() {
    if (fd_ >= 0) {
      close(fd_);
    }
  }
  int get() const { return fd_; }
  int Release() { return std::exchange(fd_, -1); }

 private:
  int fd_ = -1;
};

// All descriptors are closed on exec unless they are made the child's standard streams: a child
// must not hold another one's input open.
struct Pipe {
  Pipe() {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) {
      throw Error(fmt::format("cannot make a pipe: {}", std::strerror(errno)));
    }
    read_end = Descriptor(ends[0]);
    write_end = Descriptor(ends[1]);
  }
  Descriptor read_end;
  Descriptor write_end;
};

// An unnamed file in memory.
Descriptor MemoryFile(std::string_view content) {
  Descriptor file(memfd_create("initbias", MFD_CLOEXEC));
  if (file.get() < 0) {
    throw Refused("make", "a file in memory", errno);
  }
  while (!content.empty()) {
    const ssize_t written = write(file.get(), content.data(), content.size());
    if (written < 0) {
      throw Refused("write", "a file in memory", errno);
    }
    content.remove_prefix(static_cast<size_t>(written));
  }
  lseek(file.get(), 0, SEEK_SET);
  return file;
}

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
  const auto name = [](std::string_view text) { return text.substr(0, text.find('=')); };
  std::vector<std::string> all;
  std::ranges::copy_if(changes, std::back_inserter(all),
                       [](const std::string& text) { return text.find('=') != std::string::npos; });
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const auto changed = [&](const std::string& text) { return name(text) == name(*entry); };
    if (std::ranges::none_of(changes, changed)) {
      all.emplace_back(*entry);
    }
  }
  return all;
}

// posix_spawn with the child's standard streams; returns its error number.
int Spawn(const std::vector<std::string>& argv, const std::array<int, 3>& streams,
          const SubprocessOptions& options, int* pid) {
  posix_spawnattr_t attributes{};
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, options.own_group ? POSIX_SPAWN_SETPGROUP : 0);
  posix_spawn_file_actions_t actions{};
  posix_spawn_file_actions_init(&actions);
  int status = 0;
  for (size_t i = 0; i < streams.size() && status == 0; ++i) {
    status = posix_spawn_file_actions_adddup2(&actions, streams[i], static_cast<int>(i));
  }
  if (status == 0) {
    const std::vector<std::string> environment = Environment(options.environment);
    status = posix_spawnp(pid, argv.at(0).c_str(), &actions, &attributes, Pointers(argv).data(),
                          Pointers(environment).data());
  }
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  return status;
}

}  // namespace

Subprocess::Subprocess(const std::vector<std::string>& argv, const SubprocessOptions& options)
    : program_(argv.at(0)) {
  Descriptor input;
  Descriptor to_child;
  if (options.input) {
    input = MemoryFile(*options.input);
  } else {
    Pipe pipe;
    input = std::move(pipe.read_end);
    to_child = std::move(pipe.write_end);
  }
  Pipe output;
  Descriptor error_file = MemoryFile("");
  if (fcntl(output.read_end.get(), F_SETFL, O_NONBLOCK) != 0) {
    throw Error(fmt::format("cannot set up a pipe: {}", std::strerror(errno)));
  }
  const int status =
      Spawn(argv, {input.get(), output.write_end.get(), error_file.get()}, options, &pid_);
  if (status != 0) {
    pid_ = -1;
    const std::string message = fmt::format("cannot start {}: {}", program_, std::strerror(status));
    if (status == ENOENT) {
      throw ProgramNotFound(message);
    }
    throw Error(message);
  }
  input_fd_ = to_child.Release();
  output_fd_ = output.read_end.Release();
  error_file_ = error_file.Release();
}

Subprocess::~Subprocess() {
  if (pid_ > 0) {
    kill(pid_, SIGKILL);
    Wait();
  }
  for (const int fd : {input_fd_, output_fd_, error_file_}) {
    if (fd >= 0) {
      close(fd);
    }
  }
}

void Subprocess::Send(std::string_view text) {
  INITBIAS_CHECK(input_fd_ >= 0);
  while (!text.empty()) {
    const ssize_t written = write(input_fd_, text.data(), text.size());
    if (written < 0 && errno != EINTR) {
      throw Error(fmt::format("{} has ended\n{}", program_, ErrorOutput()));
    }
    text.remove_prefix(static_cast<size_t>(std::max<ssize_t>(0, written)));
  }
}

bool Subprocess::ReadSome() {
  std::array<char, 16384> buffer{};
  ssize_t count = -1;
  while (output_fd_ >= 0 && (count = read(output_fd_, buffer.data(), buffer.size())) < 0 &&
         errno == EINTR) {
  }
  if (count == 0) {
    close(std::exchange(output_fd_, -1));
  }
  unread_.append(buffer.data(), static_cast<size_t>(std::max<ssize_t>(0, count)));
  return count > 0;
}

void Subprocess::WaitForOutput() const {
  pollfd fd{.fd = output_fd_, .events = POLLIN, .revents = 0};
  poll(&fd, 1, -1);
}

std::optional<std::string> Subprocess::PopLine() {
  const size_t end = unread_.find('\n');
  if (end != std::string::npos) {
    std::string line = unread_.substr(0, end);
    unread_.erase(0, end + 1);
    return line;
  }
  if (output_fd_ >= 0 || unread_.empty()) {
    return std::nullopt;
  }
  return std::exchange(unread_, "");
}

std::vector<std::string> Subprocess::ReadLines() {
  while (ReadSome()) {
  }
  std::vector<std::string> lines;
  for (std::optional<std::string> line; (line = PopLine());) {
    lines.push_back(std::move(*line));
  }
  return lines;
}

std::optional<std::string> Subprocess::ReadLine() {
  std::optional<std::string> line = PopLine();
  while (!line && output_fd_ >= 0) {
    WaitForOutput();
    ReadSome();
    line = PopLine();
  }
  return line;
}

std::string Subprocess::ReadAll() {
  while (output_fd_ >= 0) {
    WaitForOutput();
    ReadSome();
  }
  return std::exchange(unread_, "");
}

std::optional<ProcessUse> Subprocess::Use() const {
  std::ifstream file(fmt::format("/proc/{}/stat", pid_));
  std::string line;
  std::getline(file, line);
  // After the name, which may hold anything: the state and, from the eleventh on, user and system
  // time in ticks.
  const size_t name_end = line.rfind(')');
  if (!file || name_end == std::string::npos) {
    return std::nullopt;
  }
  std::istringstream rest(line.substr(name_end + 1));
  ProcessUse use;
  std::string skipped;
  rest >> use.state;
  for (int i = 0; i < 10; ++i) {
    rest >> skipped;
  }
  double user = 0;
  double system = 0;
  rest >> user >> system;
  if (!rest) {
    return std::nullopt;
  }
  use.cpu_seconds = (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
  return use;
}

void Subprocess::Signal(int signal) {
  if (pid_ > 0) {
    kill(pid_, signal);
  }
}

std::string Subprocess::Wait() {
  int status = 0;
  rusage use{};
  pid_t ended = -1;
  while ((ended = wait4(pid_, &status, 0, &use)) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  if (ended < 0) {
    return fmt::format("nobody knows how: {}", std::strerror(errno));
  }
  constexpr double kMicro = 1e-6;
  cpu_seconds_ = static_cast<double>(use.ru_utime.tv_sec + use.ru_stime.tv_sec) +
                 kMicro * static_cast<double>(use.ru_utime.tv_usec + use.ru_stime.tv_usec);
  if (WIFSIGNALED(status)) {
    killed_by_ = WTERMSIG(status);
    return fmt::format("killed by signal {} ({})", WTERMSIG(status), strsignal(WTERMSIG(status)));
  }
  return WEXITSTATUS(status) == 0 ? "" : fmt::format("exit status {}", WEXITSTATUS(status));
}

std::string Subprocess::ErrorOutput() const {
  constexpr off_t kMaxOutput = 2000;
  const off_t size = lseek(error_file_, 0, SEEK_END);
  std::string text(static_cast<size_t>(std::clamp<off_t>(size, 0, kMaxOutput)), '\0');
  const ssize_t count =
      pread(error_file_, text.data(), text.size(), std::max<off_t>(0, size - kMaxOutput));
  text.resize(static_cast<size_t>(std::max<ssize_t>(0, count)));
  return text;
}

}  // namespace initbias
