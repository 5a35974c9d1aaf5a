#include "tests/held_pipe.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

namespace initbias {

HeldPipe::HeldPipe() {
  std::array<int, 2> ends{};
  // The reading end is handed on to children, the writing end is ours alone.
  if (pipe2(ends.data(), O_CLOEXEC) != 0 || fcntl(ends[0], F_SETFD, 0) != 0) {
    std::abort();
  }
  read_fd_ = ends[0];
  write_fd_ = ends[1];
}

HeldPipe::~HeldPipe() {
  close(read_fd_);
  close(write_fd_);
}

std::string HeldPipe::path() const { return "/dev/fd/" + std::to_string(read_fd_); }

}  // namespace initbias
