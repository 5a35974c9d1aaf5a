// Runs a fuzz target on its seeds and on a fixed number of inputs made of them: bounded, and always
// the same, so that it is a test. What finds more, in more time, is libFuzzer: `make fuzz`.
//
//   message_fuzz_test --inputs=20000     seeds first, then 20,000 mutations
//   message_fuzz_test FILE..             these inputs, to look into one that failed
//
// The target runs in a child process, and each input lies in a file before it is run: whatever ends
// the child, a signal or a sanitizer, leaves the input that did it.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/text.h"
#include "lib/rng/stream.h"
#include "tests/fuzz/properties.h"
#include "tests/fuzz/target.h"

namespace initbias::fuzz {
namespace {

namespace fs = std::filesystem;

// A sanitizer has use for all of the address space; each has a limit of its own for allocations.
#if defined(__SANITIZE_ADDRESS__)
constexpr bool kAddressSanitizer = true;
#else
constexpr bool kAddressSanitizer = false;
#endif

// No target needs more: what asks for it believes a damaged size.
constexpr rlim_t kMostMemory = rlim_t{4} << 30;

// What a mutated input grows to at most, beyond its seed.
constexpr size_t kMostGrowth = 4096;

void Run(std::string_view input) {
  // A copy of its own size, so that a read beyond its end is one beyond an allocation.
  std::vector<uint8_t> copy(input.begin(), input.end());
  copy.shrink_to_fit();
  LLVMFuzzerTestOneInput(copy.data(), copy.size());
}

class Mutator {
 public:
  // `corpus` must outlive this object.
  Mutator(const Corpus& corpus, std::string_view name) : corpus_(corpus), stream_(1, name) {}

  // A seed, changed in a place or two, sometimes in up to eight.
  std::string Next() {
    std::string input = Pick(corpus_.seeds);
    const size_t most = input.size() + kMostGrowth;
    for (size_t changes = 1 + Below(Below(4) == 0 ? 8 : 2); changes > 0; --changes) {
      Change(&input);
    }
    input.resize(std::min(input.size(), most));
    return input;
  }

 private:
  // A number in 0 .. n - 1.
  size_t Below(size_t n) { return static_cast<size_t>(stream_.UniformInt(uint64_t{n})); }

  template <typename T>
  const T& Pick(const std::vector<T>& items) {
    return items[Below(items.size())];
  }

  // A place in `text`, often near to its beginning.
  size_t Place(const std::string& text) {
    return Below(Below(4) == 0 ? text.size() + 1 : std::min<size_t>(text.size(), 64) + 1);
  }

  std::string Part(const std::string& text) {
    const size_t begin = Below(text.size() + 1);
    return text.substr(begin, Below(std::min<size_t>(text.size() - begin, 256) + 1));
  }

  void Change(std::string* input) {
    const size_t at = Below(2) == 0 ? Place(*input) : Below(input->size() + 1);
    switch (Below(12)) {
      case 0:
        if (at < input->size()) {
          (*input)[at] = static_cast<char>((*input)[at] ^ (1 << Below(8)));
        }
        break;
      case 1:
        if (at < input->size()) {
          (*input)[at] = static_cast<char>(Below(256));
        }
        break;
      case 2:
        input->insert(at, 1, static_cast<char>(Below(256)));
        break;
      case 3:
        input->erase(at, 1 + Below(16));
        break;
      case 4:
        input->insert(at, Pick(corpus_.words));
        break;
      case 5: {
        const std::string& word = Pick(corpus_.words);
        input->replace(at, word.size(), word);
        break;
      }
      case 6:
        input->insert(at, Part(Pick(corpus_.seeds)));
        break;
      case 7:
        input->insert(at, Part(*input));
        break;
      case 8:
      case 9:
      case 10:
        ChangeWord(at, input);
        break;
      default:
        if (Below(8) == 0) {
          input->resize(at);
        } else {
          // Another digit: a number of the same length.
          const size_t digit = input->find_first_of("0123456789", at);
          if (digit != std::string::npos) {
            (*input)[digit] = static_cast<char>('0' + Below(10));
          }
        }
    }
  }

  // Between two marks of a text, quotes or line breaks say: nothing, another word, or twice the
  // same.
  void ChangeWord(size_t at, std::string* input) {
    constexpr std::string_view kMarks = "\"\n ,.=\t";
    const char mark = kMarks[Below(kMarks.size())];
    const size_t begin = input->find(mark, at);
    const size_t end = begin == std::string::npos ? begin : input->find(mark, begin + 1);
    if (end == std::string::npos) {
      return;
    }
    const std::string word = input->substr(begin + 1, end - begin - 1);
    switch (Below(3)) {
      case 0:
        input->erase(begin + 1, word.size());
        break;
      case 1:
        input->replace(begin + 1, word.size(), Pick(corpus_.words));
        break;
      default:
        input->insert(end, mark + word);
    }
  }

  const Corpus& corpus_;
  Stream stream_;
};

// The file that holds the input at hand.
class InputFile {
 public:
  explicit InputFile(const fs::path& path)
      : descriptor_(open(path.c_str(), O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0644)) {
    if (descriptor_ < 0) {
      Violated(fmt::format("{} can be written: {}", path.string(), std::strerror(errno)));
    }
  }
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;
  ~InputFile() { close(descriptor_); }

  void Store(std::string_view input) {
    const bool stored =
        ftruncate(descriptor_, 0) == 0 &&
        pwrite(descriptor_, input.data(), input.size(), 0) == static_cast<ssize_t>(input.size());
    Hold(stored, "the input can be stored");
  }

 private:
  int descriptor_;
};

void LimitResources() {
  const rlimit none = {0, 0};
  setrlimit(RLIMIT_CORE, &none);
  if (!kAddressSanitizer) {
    const rlimit memory = {kMostMemory, kMostMemory};
    setrlimit(RLIMIT_AS, &memory);
  }
}

void RunAll(const std::string& name, int64_t inputs, const fs::path& saved) {
  LimitResources();
  const Corpus corpus = MakeCorpus();
  InputFile file(saved);
  for (const std::string& seed : corpus.seeds) {
    file.Store(seed);
    Run(seed);
  }
  Mutator mutator(corpus, "fuzz/" + name);
  for (int64_t i = 0; i < inputs; ++i) {
    const std::string input = mutator.Next();
    file.Store(input);
    Run(input);
  }
}

// Where Bazel keeps what a test leaves, or a folder for temporary files.
fs::path OutputFolder() {
  const char* const folder = std::getenv("TEST_UNDECLARED_OUTPUTS_DIR");
  return folder != nullptr ? fs::path(folder) : fs::temp_directory_path();
}

std::string HowItEnded(int status) {
  if (WIFSIGNALED(status)) {
    return fmt::format("ended by the signal {} ({})", WTERMSIG(status),
                       strsignal(WTERMSIG(status)));
  }
  return fmt::format("exit status {}", WEXITSTATUS(status));
}

// Runs the series in a child. Returns the program's exit status.
int RunInChild(const std::string& name, int64_t inputs) {
  const fs::path saved = OutputFolder() / fmt::format("{}.{}.input", name, getpid());
  const pid_t child = fork();
  Hold(child >= 0, "a process can be started");
  if (child == 0) {
    RunAll(name, inputs, saved);
    std::exit(0);
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (status == 0) {
    fs::remove(saved);
    fmt::print("{}: the seeds and {} inputs, no finding\n", name, inputs);
    return 0;
  }
  fmt::print(stderr, "{}: {}; the input is {}\n", name, HowItEnded(status), saved.string());
  return 1;
}

int Main(const std::vector<std::string>& arguments) {
  constexpr std::string_view kInputs = "--inputs=";
  const std::string name = fs::path(arguments[0]).filename().string();
  if (arguments.size() == 2 && arguments[1].starts_with(kInputs)) {
    const std::optional<int64_t> inputs =
        ParseInt(std::string_view(arguments[1]).substr(kInputs.size()));
    if (inputs) {
      return RunInChild(name, *inputs);
    }
  }
  if (arguments.size() < 2 || arguments[1].starts_with("--")) {
    fmt::print(stderr, "usage: {} --inputs=N | FILE..\n", name);
    return 2;
  }
  for (size_t i = 1; i < arguments.size(); ++i) {
    Run(Bytes(arguments[i]));
  }
  return 0;
}

}  // namespace
}  // namespace initbias::fuzz

int main(int argc, char** argv) { return initbias::fuzz::Main({argv, argv + argc}); }
