// A file system without locks, for LD_PRELOAD: every flock() fails with the number in
// FLOCK_ERRNO, as Lustre's (38, not implemented), NFS's (37, no locks available) or FUSE's (95, not
// supported) does.
#include <sys/file.h>

#include <cerrno>
#include <cstdlib>

extern "C" int flock(int /*fd*/, int /*operation*/) noexcept {
  const char* number = std::getenv("FLOCK_ERRNO");
  errno = number != nullptr ? std::atoi(number) : ENOSYS;
  return -1;
}
