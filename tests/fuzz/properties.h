// What fuzz targets hold the code to, and how they take an input apart.
#ifndef INITBIAS_TESTS_FUZZ_PROPERTIES_H_
#define INITBIAS_TESTS_FUZZ_PROPERTIES_H_

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace initbias::fuzz {

// Says what does not hold, and aborts.
[[noreturn]] void Violated(const std::string& what);

inline void Hold(bool condition, const char* what) {
  if (!condition) {
    Violated(what);
  }
}

// Runs `action`. Returns the message of the Error that it throws, nothing where it throws none. Any
// other exception is a violation, and so is an empty message.
std::optional<std::string> RefusalOf(const std::function<void()>& action);

// Reads an input from its beginning; behind its end are zeros.
class Choices {
 public:
  Choices(const uint8_t* data, size_t size) : rest_(reinterpret_cast<const char*>(data), size) {}

  bool empty() const { return rest_.empty(); }

  // A number in 0 .. n - 1, n >= 1.
  size_t Below(size_t n);

  // The next bytes up to `end`, which is skipped.
  std::string_view Until(char end);

  std::string_view Rest() { return rest_; }

 private:
  std::string_view rest_;
};

// A file of this name in a folder of this process's own, holding `bytes`. The next call with that
// name replaces it.
std::filesystem::path ScratchFile(const std::string& name, std::string_view bytes);

// All of a file that is there.
std::string Bytes(const std::filesystem::path& path);

// How many files this process has open.
size_t OpenFiles();

}  // namespace initbias::fuzz

#endif  // INITBIAS_TESTS_FUZZ_PROPERTIES_H_
