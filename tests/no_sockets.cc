// For LD_PRELOAD: every socket() that could reach beyond this machine fails, and the program that
// asked for it is written, a line each, to the file that SOCKET_LOG names. What stays on the
// machine (AF_UNIX) is passed on.
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

extern "C" int socket(int domain, int type, int protocol) noexcept {
  if (domain == AF_UNIX) {
    return static_cast<int>(syscall(SYS_socket, domain, type, protocol));
  }
  if (const char* log = std::getenv("SOCKET_LOG"); log != nullptr) {
    const int fd = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (fd < 0 || write(fd, program_invocation_name, std::strlen(program_invocation_name)) < 0 ||
        write(fd, "\n", 1) < 0) {
      std::abort();  // not to be taken for a program without sockets
    }
    close(fd);
  }
  errno = ENETUNREACH;
  return -1;
}
