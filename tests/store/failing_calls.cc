#include "tests/store/failing_calls.h"

#include <sys/syscall.h>
#include <sys/types.h>

#include <cerrno>
#include <cstddef>

// Without <unistd.h>, which has these calls inline: the programs' own take the place of the C
// library's.
extern "C" {

ssize_t syscall(ssize_t number, ...) noexcept;

int flock(int fd, int operation) noexcept {
  if (initbias::g_flock_errno != 0) {
    errno = initbias::g_flock_errno;
    return -1;
  }
  return static_cast<int>(syscall(SYS_flock, fd, operation));
}

ssize_t pread64(int fd, void* buffer, size_t size, off_t offset) {
  if (initbias::g_pread_errno != 0 && initbias::g_preads_left-- <= 0) {
    errno = initbias::g_pread_errno;
    return -1;
  }
  return syscall(SYS_pread64, fd, buffer, size, offset);
}

ssize_t pread(int fd, void* buffer, size_t size, off_t offset) {
  return pread64(fd, buffer, size, offset);
}

}  // extern "C"
