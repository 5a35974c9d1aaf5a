#include "lib/train/training_data.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/nonzero_static.h>

#include <algorithm>
#include <numeric>

#include "lib/base/error.h"
#include "lib/config/set_names.h"
#include "lib/data/anchor/anchor_task.h"
#include "lib/rng/stream.h"

namespace initbias {
namespace {

constexpr int64_t kEvaluationBatch = 500;     // sequences, where each has one label
constexpr int64_t kEvaluationTokens = 2'560;  // where each has many; logits take most of the memory

SequenceSet ToSet(const AnchorSequences& sequences, c10::Device device) {
  return {.tokens = ToDevice(sequences.tokens, {sequences.size(), sequences.length}, device),
          .labels = ToDevice(sequences.labels, {sequences.size()}, device)};
}

SequenceSet ToSet(const TextSequences& text, c10::Device device) {
  SequenceSet set = {.tokens = ToDevice(text.tokens, {text.size(), text.length}, device),
                     .labels = ToDevice(text.labels, {text.size(), text.length}, device),
                     .lengths = text.lengths};
  for (int64_t i = 0; i < text.size(); ++i) {
    const auto row = text.labels.begin() + i * text.length;
    set.label_counts.push_back(text.length - std::count(row, row + text.length, kNoLabel));
  }
  return set;
}

// Adds a random part of `sequences` to the data's evaluation sets; nothing where there are none.
void AddEvaluationSet(const RunConfig& config, const std::string& group,
                      const SequenceSet& sequences, TrainingData* data) {
  const auto size = static_cast<int32_t>(sequences.size());
  if (size == 0) {
    return;
  }
  std::vector<int32_t> rows =
      Stream(static_cast<uint64_t>(config.seed), "eval/" + group).Permutation(size);
  rows.resize(static_cast<size_t>(std::min<int64_t>(size, config.train.eval_samples)));
  const at::Tensor device_rows =
      ToDevice(rows, {static_cast<int64_t>(rows.size())}, sequences.tokens.device());
  data->evaluation.push_back({.group = group, .sequences = sequences.Select(rows, device_rows)});
}

// With labels at every position: the next token, at the last one the label.
SequenceSet WithNextTokens(const SequenceSet& set) {
  const int64_t length = set.tokens.size(1);
  const auto size = static_cast<size_t>(set.size());
  return {.tokens = set.tokens,
          .labels = at::cat({set.tokens.narrow(1, 1, length - 1), set.labels.unsqueeze(1)}, 1),
          .lengths = std::vector<int64_t>(size, length),
          .label_counts = std::vector<int64_t>(size, length)};
}

TrainingData MakeAnchorTrainingData(const RunConfig& config, c10::Device device) {
  const AnchorData data = MakeAnchorData(config.task, config.seed);
  TrainingData out;
  out.digest = DataDigest(data);
  const SequenceSet memory = ToSet(data.memory, device);
  const SequenceSet reasoning = ToSet(data.reasoning_train, device);
  out.training = {.tokens = at::cat({memory.tokens, reasoning.tokens}),
                  .labels = at::cat({memory.labels, reasoning.labels})};
  if (config.train.target == Target::kNextToken) {
    out.training = WithNextTokens(out.training);
  }
  const int64_t groups = config.task.memory_groups;
  const int64_t group_size = data.memory.size() / groups;
  for (int64_t i = 0; i < groups; ++i) {
    AddEvaluationSet(config, groups == 1 ? kMemorySet : MemoryGroupSet(i),
                     memory.Rows(i * group_size, group_size), &out);
  }
  AddEvaluationSet(config, kReasoningTrainSet, reasoning, &out);
  AddEvaluationSet(config, kReasoningTestSet, ToSet(data.reasoning_test, device), &out);
  return out;
}

// `text` padded to `length`.
TextSequences Padded(const TextSequences& text, int64_t length) {
  TextSequences out = {.length = length, .lengths = text.lengths};
  const int32_t padding = text.tokens.back();  // no position with a label attends to it
  for (int64_t i = 0; i < text.size(); ++i) {
    const auto append = [&](const std::vector<int32_t>& from, int32_t rest,
                            std::vector<int32_t>* to) {
      const auto row = from.begin() + i * text.length;
      to->insert(to->end(), row, row + text.length);
      to->insert(to->end(), static_cast<size_t>(length - text.length), rest);
    };
    append(text.tokens, padding, &out.tokens);
    append(text.labels, kNoLabel, &out.labels);
  }
  return out;
}

Array ToArray(const std::vector<int32_t>& values) {
  return {.shape = {static_cast<int64_t>(values.size())}, .values = {values.begin(), values.end()}};
}

TrainingData MakeTextTrainingData(const RunConfig& config, const DataFolders& folders,
                                  c10::Device device) {
  const TextData data = MakeTextData(config, folders);
  TrainingData out;
  out.digest = DataDigest(data);
  out.notes = data.notes;
  const int64_t length =
      std::max(data.prontoqa.sequences.length, data.tinystories.sequences.length);
  std::vector<at::Tensor> tokens;
  std::vector<at::Tensor> labels;
  for (const TextCorpus* corpus : {&data.prontoqa, &data.tinystories}) {
    const SequenceSet set = ToSet(Padded(corpus->sequences, length), device);
    tokens.push_back(set.tokens);
    labels.push_back(set.labels);
    out.training.lengths.insert(out.training.lengths.end(), set.lengths.begin(), set.lengths.end());
    out.training.label_counts.insert(out.training.label_counts.end(), set.label_counts.begin(),
                                     set.label_counts.end());
    AddEvaluationSet(config, corpus->name, set, &out);
    out.corpus_probes.push_back({"own_rows." + corpus->name, ToArray(corpus->own_tokens)});
    out.corpus_probes.push_back({"own_tokens." + corpus->name, ToArray(corpus->own_gpt2_tokens)});
    out.corpus_probes.push_back({"own_counts." + corpus->name, ToArray(corpus->own_counts)});
    out.corpus_probes.push_back(
        {"unigram_entropy." + corpus->name, {{1}, {static_cast<float>(corpus->unigram_entropy)}}});
  }
  out.training.tokens = at::cat(tokens);
  out.training.labels = at::cat(labels);
  out.corpus_probes.push_back({"used_tokens", {{1}, {static_cast<float>(data.used_tokens)}}});
  const at::Tensor choices =
      ToDevice(data.answer_tokens, {static_cast<int64_t>(data.answer_tokens.size())}, device);
  for (const AnswerSet& answers : data.answers) {
    AddEvaluationSet(config, AnswersSet(answers.hops), ToSet(answers.sequences, device), &out);
    out.evaluation.back().choices = choices;
  }
  return out;
}

}  // namespace

at::Tensor ToDevice(const std::vector<int32_t>& values, at::IntArrayRef shape, c10::Device device) {
  // from_blob takes a mutable pointer; to() copies.
  return at::from_blob(const_cast<int32_t*>(values.data()), shape, at::kInt)
      .to(at::TensorOptions().dtype(at::kLong).device(device), /*non_blocking=*/false,
          /*copy=*/true);
}

Array ToArray(const at::Tensor& tensor) {
  const at::Tensor host = tensor.detach().cpu().contiguous();
  const float* data = host.const_data_ptr<float>();
  return {.shape = host.sizes().vec(), .values = {data, data + host.numel()}};
}

int64_t SequenceSet::LabelCount() const {
  return labels.dim() == 1 ? labels.size(0)
                           : std::accumulate(label_counts.begin(), label_counts.end(), int64_t{0});
}

SequenceSet SequenceSet::Rows(int64_t first, int64_t count) const {
  SequenceSet rows = {.tokens = tokens.narrow(0, first, count),
                      .labels = labels.narrow(0, first, count)};
  if (labels.dim() == 2) {
    rows.lengths.assign(lengths.begin() + first, lengths.begin() + first + count);
    rows.label_counts.assign(label_counts.begin() + first, label_counts.begin() + first + count);
  }
  return rows;
}

SequenceSet SequenceSet::Select(std::span<const int32_t> rows,
                                const at::Tensor& device_rows) const {
  SequenceSet selected = {.tokens = tokens.index_select(0, device_rows),
                          .labels = labels.index_select(0, device_rows)};
  if (labels.dim() == 2) {
    for (const int32_t row : rows) {
      selected.lengths.push_back(lengths[static_cast<size_t>(row)]);
      selected.label_counts.push_back(label_counts[static_cast<size_t>(row)]);
    }
  }
  return selected;
}

Batch SequenceSet::ToBatch() const {
  if (labels.dim() == 1) {
    return {.tokens = tokens, .labels = labels};
  }
  const int64_t length = std::ranges::max(lengths);
  const at::Tensor used = labels.narrow(1, 0, length).flatten();
  // The number is known here, so that a GPU need not be waited for.
  const at::Tensor positions = at::nonzero_static(used.ne(kNoLabel), LabelCount()).squeeze(1);
  return {.tokens = tokens.narrow(1, 0, length),
          .positions = positions,
          .labels = used.index_select(0, positions)};
}

bool EvaluationSet::IsTrained() const {
  return group != kReasoningTestSet && !group.starts_with("answer");
}

int64_t EvaluationSet::BatchSize() const {
  return sequences.labels.dim() == 1
             ? kEvaluationBatch
             : std::max<int64_t>(1, kEvaluationTokens / sequences.tokens.size(1));
}

TrainingData MakeTrainingData(const RunConfig& config, const DataFolders& folders,
                              c10::Device device) {
  TrainingData data = config.model == ModelKind::kGpt2
                          ? MakeTextTrainingData(config, folders, device)
                          : MakeAnchorTrainingData(config, device);
  INITBIAS_CHECK(data.training.size() == TrainingSamples(config));
  return data;
}

at::Tensor Scaled(const at::Tensor& logits, const RunConfig& config) {
  return config.train.logit_scale == 1 ? logits : logits * config.train.logit_scale;
}

at::Tensor BatchLogits(const Model& model, const Batch& batch, const DropoutRows& dropout) {
  return batch.positions.defined() ? model.LogitsAt(batch.tokens, batch.positions, dropout)
                                   : model.Logits(batch.tokens);
}

}  // namespace initbias
