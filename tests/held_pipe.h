// A pipe that keeps a child process alive for as long as the test wants it, and no longer.
#ifndef INITBIAS_TESTS_HELD_PIPE_H_
#define INITBIAS_TESTS_HELD_PIPE_H_

#include <string>

namespace initbias {

// A pipe into which nothing is ever written. A child that is started while it lives and reads from
// it waits until it is killed, or until this is gone, were it by a crash of the test.
class HeldPipe {
 public:
  // Aborts where the system has no pipe left.
  HeldPipe();
  HeldPipe(const HeldPipe&) = delete;
  HeldPipe& operator=(const HeldPipe&) = delete;
  ~HeldPipe();

  // The path by which a child opens the end to read from, e.g. "/dev/fd/5" for /bin/cat.
  std::string path() const;

 private:
  int read_fd_;
  int write_fd_;
};

}  // namespace initbias

#endif  // INITBIAS_TESTS_HELD_PIPE_H_
