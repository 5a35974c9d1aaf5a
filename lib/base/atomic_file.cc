#include "lib/base/atomic_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <fstream>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "lib/base/file_access.h"
#include "lib/base/machine.h"
#include "lib/base/sha256.h"
#include "lib/base/text.h"

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

constexpr std::string_view kEnding = ".tmp";

// The processes that see each other's numbers, in eight digits. "" where the system does not tell.
std::string SpaceDigits() {
  const std::string space = ProcessSpace();
  return space.find("unknown") == std::string::npos ? Sha256Hex(space).substr(0, 8) : "";
}

// "<process>-<its start>-<its space>-<random>": of all processes, on all machines, this one alone
// has it. The random number is for where the system does not tell the others.
std::string OwnMark() {
  static const unsigned random = std::random_device()();
  return fmt::format("{}-{}-{}-{:08x}", getpid(), ProcessStart(getpid()), SpaceDigits(), random);
}

// Whether the text stands where a temporary file has its mark: digits, and then a dash.
bool IsMark(std::string_view text) {
  const size_t end = text.find_first_not_of("0123456789");
  return end != 0 && end != std::string_view::npos && text[end] == '-' &&
         text.find_first_not_of("0123456789abcdef-", end) == std::string_view::npos;
}

// Whether the process that wrote the temporary file `path` is gone. Of one on another machine that
// is not known: it may have been stopped and go on, and is taken for gone after a day.
bool IsOver(std::string_view mark, const fs::path& path) {
  const std::vector<std::string> parts = Split(mark, '-');
  const std::optional<int64_t> process = ParseInt(parts[0]);
  if (process && parts.size() == 4 && !parts[1].empty() && !parts[2].empty() &&
      parts[2] == SpaceDigits()) {
    return ProcessStart(*process) != parts[1];
  }
  constexpr std::chrono::hours kForgotten(24);
  std::error_code status;
  const fs::file_time_type written = fs::last_write_time(path, status);
  return !status && fs::file_time_type::clock::now() - written > kForgotten;
}

// Removes what is over in `folder` ("": the current one) of the temporary files of those files that
// are `wanted`, by name.
template <typename Wanted>
void RemoveLeft(const fs::path& folder, const Wanted& wanted) {
  std::error_code none;
  fs::directory_iterator entry(folder.empty() ? "." : folder, none);
  for (; !none && entry != fs::directory_iterator(); entry.increment(none)) {
    const std::string name = entry->path().filename().string();
    if (!name.ends_with(kEnding)) {
      continue;
    }
    const std::string_view whole = std::string_view(name).substr(0, name.size() - kEnding.size());
    const size_t dot = whole.rfind('.');
    if (dot == std::string_view::npos || !wanted(whole.substr(0, dot))) {
      continue;
    }
    if (const std::string_view mark = whole.substr(dot + 1);
        IsMark(mark) && IsOver(mark, entry->path())) {
      std::error_code kept;
      fs::remove(entry->path(), kept);
    }
  }
}

// `text` with `by` in place of each `part`.
std::string Replaced(std::string text, const std::string& part, const std::string& by) {
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + by.size())) {
    text.replace(at, part.size(), by);
  }
  return text;
}

}  // namespace

fs::path TemporaryOf(const fs::path& path) {
  return path.string() + "." + OwnMark() + std::string(kEnding);
}

void RemoveTemporaries(const fs::path& path) {
  const std::string file = path.filename().string();
  RemoveLeft(path.parent_path(), [&file](std::string_view name) { return name == file; });
}

void RemoveTemporariesIn(const fs::path& folder, std::string_view ending) {
  RemoveLeft(folder, [ending](std::string_view name) { return name.ends_with(ending); });
}

void WriteAtomically(const fs::path& path, const std::function<void(const fs::path&)>& write,
                     Leftovers leftovers) {
  std::error_code status;
  if (path.has_parent_path()) {
    MakeFolders(path.parent_path());
  }
  if (leftovers == Leftovers::kRemove) {
    RemoveTemporaries(path);
  }
  // Two writers of the same file have two temporary ones; the last rename wins, whole.
  const fs::path temporary = TemporaryOf(path);
  try {
    try {
      write(temporary);
      FlushToDisk(temporary);
    } catch (const FileRefused& error) {
      throw FileRefused(Replaced(error.what(), temporary.string(), path.string()), error.number());
    }
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
