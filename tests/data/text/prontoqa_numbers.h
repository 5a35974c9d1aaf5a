// The numbers of the authors' whole PrOntoQA files, which are not shipped: stored, so that ours can
// be held against them everywhere.
#ifndef INITBIAS_TESTS_DATA_TEXT_PRONTOQA_NUMBERS_H_
#define INITBIAS_TESTS_DATA_TEXT_PRONTOQA_NUMBERS_H_

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "tests/data/text/prontoqa_statistics.h"

namespace initbias {

// Of one file.
struct ProntoQaNumbers {
  int64_t hops = 0;
  std::string sha256;  // of the file's JSON, unpacked
  ProntoQaStatistics statistics;
};

// The stored numbers of the files of 1, 3 and 5 hops, relative to the runfiles' folder.
// `bazel run //tests/data/text:prontoqa_report -- --json` writes them, see data/prontoqa/README.md.
std::filesystem::path ProntoQaNumbersPath();

// `files` as JSON, one value a line, with a line break at the end.
std::string ProntoQaNumbersJson(std::span<const ProntoQaNumbers> files);

// What ProntoQaNumbersJson wrote, to the last bit. Throws Error, which names the file, where it
// cannot be read or is not of that form.
std::vector<ProntoQaNumbers> ReadProntoQaNumbers(const std::filesystem::path& path);

}  // namespace initbias

#endif  // INITBIAS_TESTS_DATA_TEXT_PRONTOQA_NUMBERS_H_
