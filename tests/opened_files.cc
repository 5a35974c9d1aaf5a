// What a program opens and reads, for LD_PRELOAD: a line with the path of every *.h5 that it opens,
// and at its end one, "read N", with all bytes that it has read, are added to the file that
// OPENED_LOG names. Processes that a program makes by fork() tell what they open alone.
#undef _FORTIFY_SOURCE  // with it open() is defined in the header
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cinttypes>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

int Log() {
  static const int log = [] {
    const char* const path = std::getenv("OPENED_LOG");
    return path == nullptr
               ? -1
               : static_cast<int>(syscall(SYS_openat, AT_FDCWD, path,
                                          O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666));
  }();
  return log;
}

void Note(const char* path) {
  const size_t size = std::strlen(path);
  if (size >= 3 && std::strcmp(path + size - 3, ".h5") == 0 && Log() >= 0) {
    dprintf(Log(), "%s\n", path);
  }
}

int Open(const char* path, int flags, mode_t mode) {
  Note(path);
  return static_cast<int>(syscall(SYS_openat, AT_FDCWD, path, flags, mode));
}

FILE* FileOpen(const char* name, const char* path, const char* mode) {
  Note(path);
  using Function = FILE* (*)(const char*, const char*);
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name))(path, mode);
}

__attribute__((destructor)) void TellRead() {
  FILE* const file = FileOpen("fopen", "/proc/self/io", "r");
  int64_t bytes = 0;
  if (file != nullptr && std::fscanf(file, "rchar: %" SCNd64, &bytes) == 1 && Log() >= 0) {
    dprintf(Log(), "read %" PRId64 "\n", bytes);
  }
}

}  // namespace

extern "C" {

int open(const char* path, int flags, ...) {
  std::va_list arguments;
  va_start(arguments, flags);
  const auto mode = (flags & O_CREAT) != 0 ? va_arg(arguments, mode_t) : 0;
  va_end(arguments);
  return Open(path, flags, mode);
}

int open64(const char* path, int flags, ...) {
  std::va_list arguments;
  va_start(arguments, flags);
  const auto mode = (flags & O_CREAT) != 0 ? va_arg(arguments, mode_t) : 0;
  va_end(arguments);
  return Open(path, flags, mode);
}

FILE* fopen(const char* path, const char* mode) { return FileOpen("fopen", path, mode); }
FILE* fopen64(const char* path, const char* mode) { return FileOpen("fopen64", path, mode); }

}  // extern "C"
