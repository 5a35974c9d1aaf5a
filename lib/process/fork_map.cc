#include "lib/process/fork_map.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <utility>

namespace initbias {
namespace {

struct Child {
  pid_t pid = -1;
  int output = -1;  // -1: it is closed
  std::string bytes;
};

// What stands before each value in a child's output.
struct Head {
  uint64_t number = 0;
  uint64_t size = 0;
};

// Writes all of it; ends the process where nobody reads.
void WriteOrExit(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno != EINTR) {
      _exit(1);
    }
    bytes.remove_prefix(static_cast<size_t>(std::max<ssize_t>(0, written)));
  }
}

// The child's part: every `step`th number from `first` on.
[[noreturn]] void Work(size_t first, size_t step, size_t count, int output, pid_t parent,
                       const std::function<std::string(size_t)>& work) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) {
    _exit(1);  // it ended before
  }
  for (size_t i = first; i < count; i += step) {
    std::string value;
    try {
      value = work(i);
    } catch (...) {
      continue;
    }
    const Head head{.number = i, .size = value.size()};
    WriteOrExit(output, {reinterpret_cast<const char*>(&head), sizeof(head)});
    WriteOrExit(output, value);
  }
  _exit(0);  // without the buffers of stdio, which are the parent's
}

// Takes what a child has written, and marks it where that was all.
void Read(Child* child) {
  std::array<char, 1 << 16> buffer{};
  const ssize_t size = read(child->output, buffer.data(), buffer.size());
  if (size > 0) {
    child->bytes.append(buffer.data(), static_cast<size_t>(size));
  } else if (size == 0 || errno != EINTR) {
    close(std::exchange(child->output, -1));
  }
}

void ReadAll(std::vector<Child>* children) {
  while (true) {
    std::vector<pollfd> waits;
    std::vector<Child*> open;
    for (Child& child : *children) {
      if (child.output >= 0) {
        waits.push_back({.fd = child.output, .events = POLLIN, .revents = 0});
        open.push_back(&child);
      }
    }
    if (open.empty()) {
      return;
    }
    if (poll(waits.data(), waits.size(), -1) < 0) {
      continue;  // a signal
    }
    for (size_t i = 0; i < open.size(); ++i) {
      if (waits[i].revents != 0) {
        Read(open[i]);
      }
    }
  }
}

// The last value is left out where the child ended within it.
void UnpackValues(std::string_view bytes, std::vector<std::optional<std::string>>* values) {
  Head head;
  while (bytes.size() >= sizeof(head)) {
    std::memcpy(&head, bytes.data(), sizeof(head));
    bytes.remove_prefix(sizeof(head));
    if (head.size > bytes.size()) {
      return;
    }
    values->at(head.number) = std::string(bytes.substr(0, head.size));
    bytes.remove_prefix(head.size);
  }
}

}  // namespace

std::vector<std::optional<std::string>> ForkMap(size_t count, size_t processes,
                                                const std::function<std::string(size_t)>& work) {
  std::vector<std::optional<std::string>> values(count);
  processes = std::min(processes, count);
  std::vector<Child> children;
  const pid_t parent = getpid();
  for (size_t i = 0; i < processes; ++i) {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) {
      break;
    }
    const pid_t pid = fork();
    if (pid == 0) {
      Work(i, processes, count, ends[1], parent, work);
    }
    close(ends[1]);
    if (pid < 0) {
      close(ends[0]);
      break;
    }
    children.push_back({.pid = pid, .output = ends[0]});
  }
  ReadAll(&children);
  for (const Child& child : children) {
    UnpackValues(child.bytes, &values);
    while (waitpid(child.pid, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
  return values;
}

}  // namespace initbias
