// The authors' PrOntoQA files: the excerpts that are shipped, and whole ones that somebody has.
#ifndef INITBIAS_TESTS_DATA_TEXT_PRONTOQA_FILES_H_
#define INITBIAS_TESTS_DATA_TEXT_PRONTOQA_FILES_H_

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "lib/data/text/prontoqa.h"

namespace initbias {

// The shipped excerpt of the file of 1, 3 or 5 hops, relative to the runfiles' folder.
std::filesystem::path ProntoQaExcerpt(int64_t hops);

struct ProntoQaFile {
  std::vector<ProntoQaExample> examples;
  std::string sha256;  // of the JSON, unpacked
};

// A JSON file, or one that gzip packed (".gz"). Throws Error.
ProntoQaFile ReadProntoQaFile(const std::filesystem::path& path);

}  // namespace initbias

#endif  // INITBIAS_TESTS_DATA_TEXT_PRONTOQA_FILES_H_
