// What is trained to be timed, and how fast it is to be.
#ifndef INITBIAS_TESTS_BENCH_WORKLOADS_H_
#define INITBIAS_TESTS_BENCH_WORKLOADS_H_

#include <filesystem>
#include <string>
#include <vector>

#include "lib/config/run_config.h"
#include "lib/data/text/text_corpus.h"
#include "tests/bench/matrix_products.h"

namespace initbias {

// What ours is to reach, beside being faster than all contenders.
struct Targets {
  double share_of_limit = 0;
};

struct Workload {
  std::string name;  // "Transformer", "Emb-MLP", "GPT-2-mini" or "GPT-2-124M"
  RunConfig config;
  Targets targets;
};

// `run`, but trained without end, probes and evaluations (one of a few sequences at step 0 apart).
RunConfig ForTiming(RunConfig run);

// All four, in order; the large GPT-2's text is `long_texts`, which WriteLongTexts makes. `tiny`:
// models of the same kinds that tests can afford; their numbers mean nothing.
std::vector<Workload> Workloads(bool tiny, const std::filesystem::path& long_texts);

// Writes a file of stories that are all longer than 257 tokens, so that a context of 256 is always
// full: the words of the shipped excerpt below `data_folder`, cut anew. Makes the file's folder.
// Throws Error where it cannot.
void WriteLongTexts(const std::filesystem::path& data_folder, const std::filesystem::path& path);

// The batch of a step. Of text, whose sequences differ in length, means over some epochs of random
// batches, that of a sequence's length rounded down, so that no step computes less; reads it, and
// throws Error as MakeTextData does.
BatchShape TypicalBatch(const RunConfig& config, const DataFolders& folders);

}  // namespace initbias

#endif  // INITBIAS_TESTS_BENCH_WORKLOADS_H_
