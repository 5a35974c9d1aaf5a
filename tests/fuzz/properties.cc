#include "tests/fuzz/properties.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iterator>

#include "lib/base/error.h"
#include "lib/base/text.h"

namespace initbias::fuzz {
namespace {

namespace fs = std::filesystem;

// Made by the first call, removed when the process ends well. The name has the process's number:
// libFuzzer and the driver start several.
class ScratchFolder {
 public:
  ScratchFolder() {
    const char* const test = std::getenv("TEST_TMPDIR");
    const fs::path parent = test != nullptr ? fs::path(test) : fs::temp_directory_path();
    path_ = parent / fmt::format("initbias_fuzz.{}", getpid());
    fs::create_directories(path_);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  ~ScratchFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }

  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

void CheckMessage(const std::string& message) {
  if (Trim(message).empty()) {
    Violated("an error says something");
  }
}

}  // namespace

void Violated(const std::string& what) {
  fmt::print(stderr, "\nproperty violated: {}\n", what);
  std::abort();
}

std::optional<std::string> RefusalOf(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    CheckMessage(error.what());
    return error.what();
  } catch (const std::exception& error) {
    Violated(fmt::format("nothing but Error is thrown: {}", error.what()));
  } catch (...) {
    Violated("nothing but Error is thrown");
  }
  return std::nullopt;
}

size_t Choices::Below(size_t n) {
  size_t value = 0;
  for (size_t most = n - 1; most > 0; most >>= 8) {
    value <<= 8;
    if (!rest_.empty()) {
      value |= static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
    }
  }
  return value % n;
}

std::string_view Choices::Until(char end) {
  const std::string_view part = rest_.substr(0, rest_.find(end));
  rest_.remove_prefix(std::min(part.size() + 1, rest_.size()));
  return part;
}

fs::path ScratchFile(const std::string& name, std::string_view bytes) {
  static const ScratchFolder folder;
  fs::path path = folder.path() / name;
  fs::remove(path);  // a new file: some file systems write a changed one to disk at once
  std::ofstream file(path, std::ios::binary);
  file << bytes;
  file.close();
  if (!file) {
    Violated(fmt::format("{} can be written", path.string()));
  }
  return path;
}

std::string Bytes(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    Violated(fmt::format("{} can be read", path.string()));
  }
  return {std::istreambuf_iterator<char>(file), {}};
}

size_t OpenFiles() {
  return static_cast<size_t>(
      std::distance(fs::directory_iterator("/proc/self/fd"), fs::directory_iterator()));
}

}  // namespace initbias::fuzz
