#include "lib/base/file_access.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <system_error>

namespace initbias {
namespace fs = std::filesystem;
namespace {

// What may help; "" where nothing is known.
std::string_view Hint(int number) {
  switch (number) {
    case EAGAIN:  // also EWOULDBLOCK
      return "; another program holds it, a notebook that opened it for writing, say: close it "
             "there (`lsof` names the program)";
    case EACCES:
    case EPERM:
      return "; whose it is shows `ls -l`";
    case EMFILE:
    case ENFILE:
      return "; `ulimit -n` raises the limit";
    case EIO:
    case ESTALE:
      return "; the disk or the network fails, the file may be whole: try again later";
    case ENOSPC:
    case EDQUOT:
      return "; make room: nothing that was whole is lost";
    case ENOLCK:
    case EOPNOTSUPP:
      return "; this file system has no locks: HDF5_USE_FILE_LOCKING=FALSE in the environment does "
             "without";
    default:
      return "";
  }
}

// Throws FileRefused where `status` is an error.
void Check(std::string_view action, const fs::path& path, const std::error_code& status) {
  if (status) {
    throw Refused(action, path, status.value());
  }
}

// What is left to read; nothing of a folder, or of what could not be opened.
std::string RestOf(std::ifstream& file) {
  std::string bytes;
  char part[1 << 16];
  while (file.read(part, sizeof(part)) || file.gcount() > 0) {
    bytes.append(part, static_cast<size_t>(file.gcount()));
  }
  return bytes;
}

}  // namespace

DamagedFile Damaged(const fs::path& path, std::string_view what) {
  return DamagedFile(fmt::format("{} is damaged: {}", path.string(), what));
}

FileRefused Refused(std::string_view action, const fs::path& path, int number) {
  const std::string reason = number == EAGAIN ? "it is locked" : std::strerror(number);
  return {fmt::format("cannot {} {}: {}{}", action, path.string(), reason, Hint(number)), number};
}

bool MeansFull(int number) { return number == ENOSPC || number == EDQUOT; }

bool FileExists(const fs::path& path) {
  std::error_code status;
  const bool exists = fs::exists(path, status);
  Check("look up", path, status);
  return exists;
}

bool IsRegularFile(const fs::path& path) {
  std::error_code status;
  // The error of what is not there is none.
  return FileExists(path) && fs::is_regular_file(path, status);
}

void CheckReadable(const fs::path& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) {
    throw Refused("read", path, errno);
  }
  close(fd);
}

void MakeFolders(const fs::path& path) {
  std::error_code status;
  fs::create_directories(path, status);
  Check("make the folder", path, status);
}

void CheckWritableFolder(const fs::path& path) {
  if (faccessat(AT_FDCWD, path.c_str(), W_OK | X_OK, AT_EACCESS) != 0) {
    throw Refused("write into the folder", path, errno);
  }
}

void RemoveFile(const fs::path& path) {
  std::error_code status;
  fs::remove(path, status);
  Check("remove", path, status);
}

fs::path MoveAside(const fs::path& path, std::string_view ending) {
  fs::path aside = fmt::format("{}.{}", path.string(), ending);
  for (int64_t i = 2; FileExists(aside); ++i) {
    aside = fmt::format("{}.{}{}", path.string(), ending, i);
  }
  std::error_code status;
  fs::rename(path, aside, status);
  Check("rename", path, status);
  return aside;
}

std::string ReadFile(const fs::path& path) {
  // A folder opens as a file does, and then has nothing to read.
  std::error_code none;
  if (fs::is_directory(path, none)) {
    throw Error(fmt::format("cannot read {}: it is a folder", path.string()));
  }
  std::ifstream file(path, std::ios::binary);
  if (!file.is_open()) {
    throw Error(fmt::format("cannot read {}: {}", path.string(), std::strerror(errno)));
  }
  return RestOf(file);
}

std::string TextOrNothing(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return RestOf(file);
}

}  // namespace initbias
