// The files of the store, damaged: an error that names the file and does not take it for whole, or
// the very numbers that were written.
//
// An input is a byte that chooses the kind of file, and changes of its bytes, one after the other.
#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <string>

#include "lib/base/file_access.h"
#include "tests/fuzz/properties.h"
#include "tests/fuzz/store_samples.h"
#include "tests/fuzz/target.h"

namespace initbias::fuzz {
namespace {

constexpr size_t kMostChanges = 32;

struct Sample {
  std::string bytes;
  std::string numbers;
};

const Sample& SampleOf(size_t kind) {
  static const auto samples = [] {
    std::array<Sample, kStoreKinds> all;
    for (size_t i = 0; i < kStoreKinds; ++i) {
      const std::filesystem::path path = ScratchFile("sample.h5", "");
      WriteSampleFile(i, path);
      all[i] = {Bytes(path), ReadNumbers(i, path)};
    }
    return all;
  }();
  return samples[kind];
}

void Change(Choices* choices, std::string* bytes) {
  constexpr size_t kPlaces = size_t{1} << 17;  // more than any of the files has bytes
  constexpr size_t kLongest = 600;
  const size_t operation = choices->Below(8);
  const size_t at = std::min(choices->Below(kPlaces), bytes->size());
  switch (operation) {
    case 0:
    case 1:
    case 2:
      if (at < bytes->size()) {
        (*bytes)[at] = static_cast<char>((*bytes)[at] ^ (1U << choices->Below(8)));
      }
      return;
    case 3:
      if (at < bytes->size()) {
        (*bytes)[at] = static_cast<char>(choices->Below(256));
      }
      return;
    case 4:
      bytes->resize(at);
      return;
    case 5:
      bytes->erase(at, choices->Below(kLongest));
      return;
    case 6:
      bytes->insert(at, choices->Below(kLongest), static_cast<char>(choices->Below(256)));
      return;
    default: {
      // A block of zeros, or of another place, as a disk may give it.
      const size_t size = std::min(choices->Below(kLongest), bytes->size() - at);
      const size_t from = std::min(choices->Below(kPlaces), bytes->size() - size);
      const std::string block = from == 0 ? std::string(size, '\0') : bytes->substr(from, size);
      bytes->replace(at, size, block);
    }
  }
}

void CheckInput(const uint8_t* data, size_t size) {
  Choices choices(data, size);
  const size_t kind = choices.Below(kStoreKinds);
  const Sample& sample = SampleOf(kind);
  std::string bytes = sample.bytes;
  for (size_t i = 0; i < kMostChanges && !choices.empty(); ++i) {
    Change(&choices, &bytes);
  }
  const std::filesystem::path path = ScratchFile("damaged.h5", bytes);
  const size_t open_files = OpenFiles();
  std::string numbers;
  const auto refusal = RefusalOf([&] {
    try {
      numbers = ReadNumbers(kind, path);
    } catch (const FileRefused& error) {
      Violated(std::string("a damaged file is not one that the system refuses: ") + error.what());
    }
  });
  Hold(OpenFiles() == open_files, "no file stays open");
  if (refusal) {
    Hold(bytes != sample.bytes, "a whole file is read");
    Hold(refusal->find(path.string()) != std::string::npos, "an error names the file");
  } else {
    Hold(numbers == sample.numbers, "what is read is what was written");
  }
}

}  // namespace

Corpus MakeCorpus() {
  using std::string_literals::operator""s;
  Corpus corpus;
  for (const char kind : {'\0', '\1', '\2'}) {
    const std::string one(1, kind);
    corpus.seeds.push_back(one);
    corpus.seeds.push_back(one + "\0\0\0\x08\1"s);                        // a bit of the superblock
    corpus.seeds.push_back(one + "\0\0\x10\0\2\3\0\x20\0\xFF"s);          // a bit and a byte
    corpus.seeds.push_back(one + "\4\0\x0F\0"s);                          // cut
    corpus.seeds.push_back(one + "\5\0\x08\0\0\x10\6\0\x10\0\0\x10\0"s);  // a hole, a block between
    corpus.seeds.push_back(one + "\7\0\x08\0\1\0\0\0\0"s);                // a block of zeros
    for (int i = 1; i < 64; ++i) {
      corpus.seeds.push_back(one + "\0"s + static_cast<char>(0) + static_cast<char>(4 * i) +
                             "\x21\3"s);
    }
  }
  corpus.words = {"OHDR",
                  "OCHK",
                  "FRHP",
                  "FHDB",
                  "FHIB",
                  "BTHD",
                  "BTLF",
                  "SNOD",
                  "TREE",
                  "HEAP",
                  "\xFF\xFF\xFF\xFF",
                  "\0\0\0\0"s};
  return corpus;
}

}  // namespace initbias::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  initbias::fuzz::CheckInput(data, size);
  return 0;
}
