// What a fuzz target is: the function of an input that libFuzzer calls, and what to begin with.
//
// Each target's file defines both. A property that does not hold ends the program (properties.h),
// and so does a finding of a sanitizer.
#ifndef INITBIAS_TESTS_FUZZ_TARGET_H_
#define INITBIAS_TESTS_FUZZ_TARGET_H_

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

// Runs the code under test on an input; returns 0. The name is libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace initbias::fuzz {

// What inputs are made of.
struct Corpus {
  std::vector<std::string> seeds;  // inputs as they should be; mutation begins with these
  std::vector<std::string> words;  // what a mutation may put in: names, marks, extreme numbers
};

// The target's own.
Corpus MakeCorpus();

// Writes the seeds to files of the folder `folder`, and the words, in libFuzzer's format, to the
// file `<folder>.dict`.
void WriteCorpus(const Corpus& corpus, const std::filesystem::path& folder);

}  // namespace initbias::fuzz

#endif  // INITBIAS_TESTS_FUZZ_TARGET_H_
