// A target with planted faults, to see that the driver tells them: a property that does not hold, a
// foreign exception, a signal, an exit.
#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <string_view>

#include "tests/fuzz/properties.h"
#include "tests/fuzz/target.h"

namespace initbias::fuzz {
namespace {

void CheckInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto has = [text](std::string_view word) {
    return text.find(word) != std::string_view::npos;
  };
  Hold(!has("VIOLATION"), "no input has this word");
  (void)RefusalOf([&] {
    if (has("FOREIGN")) {
      throw std::runtime_error("not an Error");
    }
  });
  if (has("SIGNAL")) {
    std::raise(SIGKILL);
  }
  if (has("EXIT")) {
    std::_Exit(3);
  }
}

}  // namespace

// FAULT names the one that mutation may reach.
Corpus MakeCorpus() {
  const char* const fault = std::getenv("FAULT");
  return {.seeds = {"a good input", ""}, .words = {fault == nullptr ? "good" : fault}};
}

}  // namespace initbias::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  initbias::fuzz::CheckInput(data, size);
  return 0;
}
