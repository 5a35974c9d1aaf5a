// The data of a run as training sees it: sequences on the device with what is to be predicted in
// them, whichever task they come from.
#ifndef INITBIAS_LIB_TRAIN_TRAINING_DATA_H_
#define INITBIAS_LIB_TRAIN_TRAINING_DATA_H_

#include <ATen/core/Tensor.h>
#include <c10/core/Device.h>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "lib/config/run_config.h"
#include "lib/data/text/text_corpus.h"
#include "lib/model/torch/model.h"
#include "lib/result/run_result.h"

namespace initbias {

// What one forward pass takes.
struct Batch {
  at::Tensor tokens;     // [B, L]
  at::Tensor positions;  // [N] as Model::LogitsAt has them; undefined: the last of each sequence
  at::Tensor labels;     // [N]

  // N
  int64_t size() const { return labels.size(0); }
};

// AnchorSequences or TextSequences (lib/data, int32, on the host) as int64 on the device.
struct SequenceSet {
  at::Tensor tokens;  // [n, L]
  // [n]: of the last positions; or [n, L]: of each, kNoLabel where nothing is to be predicted.
  at::Tensor labels;
  // With labels [n, L], else empty: 1 + the last position with a label, and the number of labels.
  std::vector<int64_t> lengths;
  std::vector<int64_t> label_counts;

  int64_t size() const { return tokens.size(0); }

  // Labels of all sequences.
  int64_t LabelCount() const;

  // The `count` sequences from `first` on; shares memory.
  SequenceSet Rows(int64_t first, int64_t count) const;

  // The sequences `rows`, which stand in `device_rows` [n], int64, as well.
  SequenceSet Select(std::span<const int32_t> rows, const at::Tensor& device_rows) const;

  // All sequences, without the padding that none of them needs.
  Batch ToBatch() const;
};

// A named set of sequences on which losses are measured.
struct EvaluationSet {
  std::string group;  // "memory", "memory_group<i>", "reasoning_train", "reasoning_test",
                      // "prontoqa", "tinystories" or "answer_hops<h>"
  SequenceSet sequences;
  // Not undefined: the labels that a prediction may choose from, [K], int64. Accuracy is about
  // these alone; the loss is about the whole vocabulary.
  at::Tensor choices;

  // Whether these sequences are trained on.
  bool IsTrained() const;
  // How many of them are computed at a time.
  int64_t BatchSize() const;
};

struct TrainingData {
  SequenceSet training;
  std::vector<EvaluationSet> evaluation;  // at most train.eval_samples of each set
  std::string digest;
  std::vector<NamedArray> corpus_probes;  // the probes of the texts alone: see probes.h
  std::vector<std::string> notes;         // what was skipped or truncated, a sentence each
};

// Copies host numbers to the device, as int64.
at::Tensor ToDevice(const std::vector<int32_t>& values, at::IntArrayRef shape, c10::Device device);

// The numbers of a float tensor, on the host.
Array ToArray(const at::Tensor& tensor);

// Makes the data of `config`, which must be valid. Throws Error as MakeTextData does.
TrainingData MakeTrainingData(const RunConfig& config, const DataFolders& folders,
                              c10::Device device);

// `logits` as the softmax takes them: times train.logit_scale; themselves where that is 1.
at::Tensor Scaled(const at::Tensor& logits, const RunConfig& config);

// The logits that the batch's labels are compared with, [N, V]. `dropout` as for Model::LogitsAt.
at::Tensor BatchLogits(const Model& model, const Batch& batch, const DropoutRows& dropout = {});

}  // namespace initbias

#endif  // INITBIAS_LIB_TRAIN_TRAINING_DATA_H_
