// Before libFuzzer begins: writes the target's seeds and words to the folder FUZZ_CORPUS
// (target.h).
#include <cstdlib>

#include "tests/fuzz/target.h"

extern "C" int LLVMFuzzerInitialize(int* /*argc*/, char*** /*argv*/) {
  if (const char* const folder = std::getenv("FUZZ_CORPUS"); folder != nullptr) {
    initbias::fuzz::WriteCorpus(initbias::fuzz::MakeCorpus(), folder);
  }
  return 0;
}
