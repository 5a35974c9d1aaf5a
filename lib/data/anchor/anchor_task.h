// The anchor task: key-anchor combinations that are to be reasoned about (the label
// is a sum) or memorised (the label was drawn once), hidden among noise.
#ifndef INITBIAS_LIB_DATA_ANCHOR_ANCHOR_TASK_H_
#define INITBIAS_LIB_DATA_ANCHOR_ANCHOR_TASK_H_

#include <cstdint>
#include <string>
#include <vector>

#include "lib/config/run_config.h"
#include "lib/config/token_range.h"

namespace initbias {

// Sequences of one length with their labels, each of the last position.
struct AnchorSequences {
  int64_t length = 0;           // L
  std::vector<int32_t> tokens;  // [n, L], row-major
  std::vector<int32_t> labels;  // [n]

  int64_t size() const { return static_cast<int64_t>(labels.size()); }
};

// The data of one run. The training set is `memory` and `reasoning_train` together; the reasoning
// sets are empty where the task has memory sequences alone.
struct AnchorData {
  // D_mem, the groups one after the other: of the n rows and G = memory_groups groups, group g,
  // counted from 0, is rows [g n / G, (g + 1) n / G).
  AnchorSequences memory;
  AnchorSequences reasoning_train;  // D_rsn_train
  AnchorSequences reasoning_test;   // D_rsn_test: all reasoning sequences with a masked combination
};

// The labels from which that of a memory combination is drawn: of its group, counted from 0, its
// key and the sum of its anchors. `config` must be valid.
TokenRange MemoryLabelRange(const AnchorTaskConfig& config, int64_t group, int64_t key,
                            int64_t anchor_sum);

// Makes the data of a run. Every anchor combination of the task's kinds occurs equally often; a
// sampled sequence draws its key, the position of its key-anchor combination and its noise keys
// uniformly. A memory label is drawn once for each distinct (key, anchors), uniformly from
// its MemoryLabelRange. Of the n sequences of reasoning_train, the nearest whole number to n
// random_labels have a label that is uniform on ReasoningLabels instead of the sum; those of a
// larger share are the same and more. All randomness comes from the streams "data/..." of `seed`.
// `config` must be valid. Of a task.source of one's own, what its function gives; throws Error
// where that is not what it is to give.
AnchorData MakeAnchorData(const AnchorTaskConfig& config, int64_t seed);

// Adds a data set of one's own, task.source = `name`: `make` gives task.samples training sequences
// (memory and reasoning_train) and any number of reasoning_test, of task.length tokens each, from
// the streams of the seed. Another set of the same name would be another run of the same id: give
// it another name. Returns true, so that a file can call it before main().
using MakeSource = AnchorData (*)(const AnchorTaskConfig& config, int64_t seed);
bool AddSource(const std::string& name, MakeSource make);

// Where the key of sequence `row` (from 0) stands, from 0: before the first token that is no key.
// The sequence must have key and anchors, as MakeAnchorData makes them.
int64_t KeyPosition(const AnchorTaskConfig& config, const AnchorSequences& sequences, int64_t row);

// The key and the anchors of that sequence, [q + 1].
std::vector<int32_t> KeyAndAnchors(const AnchorTaskConfig& config, const AnchorSequences& sequences,
                                   int64_t row);

// SHA-256 of all tokens and labels, 64 hexadecimal digits.
std::string DataDigest(const AnchorData& data);

}  // namespace initbias

#endif  // INITBIAS_LIB_DATA_ANCHOR_ANCHOR_TASK_H_
