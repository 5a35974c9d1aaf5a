#include "lib/base/atomic_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <random>

#include "lib/base/file_access.h"

namespace initbias {
namespace fs = std::filesystem;
namespace {

void FlushToDisk(const fs::path& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0 || fsync(fd) != 0) {
    const int error = errno;
    if (fd >= 0) {
      close(fd);
    }
    throw Refused("write", path, error);
  }
  close(fd);
}

}  // namespace

void FlushFolder(const fs::path& folder) {
  const int fd = open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_CLOEXEC | O_DIRECTORY);
  if (fd < 0) {
    return;  // one that may be written into and not be read
  }
  const int error = fsync(fd) == 0 ? 0 : errno;
  close(fd);
  if (error == EIO) {
    throw Refused("write into the folder", folder, error);
  }
}

void RemoveTemporaries(const fs::path& path) {
  const std::string prefix = path.filename().string() + ".";
  std::error_code none;
  fs::directory_iterator entry(path.has_parent_path() ? path.parent_path() : ".", none);
  for (; !none && entry != fs::directory_iterator(); entry.increment(none)) {
    // "<name>.<process>-<random>.tmp"
    const std::string name = entry->path().filename().string();
    if (name.starts_with(prefix) && name.ends_with(".tmp") &&
        name.find_first_not_of("0123456789", prefix.size()) == name.find('-', prefix.size())) {
      std::error_code kept;
      fs::remove(entry->path(), kept);
    }
  }
}

void WriteAtomically(const fs::path& path, const std::function<void(const fs::path&)>& write) {
  std::error_code status;
  if (path.has_parent_path()) {
    MakeFolders(path.parent_path());
  }
  // Two writers of the same file are kept apart by the process id, and by a random number where
  // they are on two machines; the last rename wins, whole.
  static const unsigned random = std::random_device()();
  const fs::path temporary = fmt::format("{}.{}-{:08x}.tmp", path.string(), getpid(), random);
  try {
    write(temporary);
    FlushToDisk(temporary);
    fs::rename(temporary, path, status);
    if (status) {
      throw Refused(fmt::format("rename {} to", temporary.string()), path, status.value());
    }
    FlushFolder(path.parent_path());
  } catch (...) {
    fs::remove(temporary, status);
    throw;
  }
}

void WriteTextAtomically(const fs::path& path, std::string_view text) {
  WriteAtomically(path, [text](const fs::path& temporary) {
    std::ofstream file(temporary, std::ios::binary);
    file.write(text.data(), static_cast<std::streamsize>(text.size()));
    file.close();
    if (!file) {
      throw Refused("write", temporary, errno);
    }
  });
}

}  // namespace initbias
