// The files of GPT-2's texts: where they lie, whether they are there, of the form that is read and
// those of the plan, and the examples that one has.
#ifndef INITBIAS_LIB_DATA_TEXT_TEXT_FILES_H_
#define INITBIAS_LIB_DATA_TEXT_TEXT_FILES_H_

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "lib/base/error.h"
#include "lib/config/run_config.h"
#include "lib/data/text/prontoqa.h"

namespace initbias {

// Where the texts lie.
struct DataFolders {
  std::filesystem::path shipped;     // the project's data/: merges and the excerpt
  std::filesystem::path downloaded;  // data/ of the workspace: what //data:fetch_tinystories brings
  std::filesystem::path user;        // what relative paths in a config are relative to
};

// The file of stories that `config` names, and that of examples where they are not generated.
std::filesystem::path StoriesPath(const TextConfig& config, const DataFolders& folders);
std::filesystem::path ExamplesPath(const TextConfig& config, const DataFolders& folders);

// The examples of a PrOntoQA file by their hops, in the file's order.
using ExamplesByHops = std::map<int64_t, std::vector<ProntoQaExample>>;

// Throws Error where ReadProntoQaJson does.
ExamplesByHops ReadExamplesByHops(const std::filesystem::path& path);

// How many of the examples from `first` on have an answer.
int64_t CountAnswered(const std::vector<ProntoQaExample>& examples, int64_t first = 0);

// That the file `path`, with the examples `stored`, has not enough of `hops` hops; with what it
// has.
Error TooFewExamples(const TextConfig& config, const std::filesystem::path& path,
                     const ExamplesByHops& stored, int64_t hops);

// Throws Error, with the command that helps, where a file that `config` names is not there.
void CheckTextFiles(const TextConfig& config, const DataFolders& folders);

// Throws Error where a file that the user named is not there or not of the form that training
// reads, or has too few examples; with `asks` also where its examples have no answers. Reads
// the files without tokenising them.
void CheckNamedTexts(const TextConfig& config, const DataFolders& folders, bool asks = false);

// Digests of files by their paths, so that the many runs of a plan read each file once.
using FileDigests = std::map<std::string, std::string>;

// Sets prontoqa_sha256 and tinystories_sha256 from the files that `config` names; "" for generated
// examples, the shipped excerpt and a file that is not there. What is in `known` is not read again.
void SetTextDigests(const DataFolders& folders, FileDigests* known, TextConfig* config);

// Throws Error where a file is not the one that the run was planned with, by these digests.
void CheckUnchanged(const TextConfig& config, const DataFolders& folders);

}  // namespace initbias

#endif  // INITBIAS_LIB_DATA_TEXT_TEXT_FILES_H_
