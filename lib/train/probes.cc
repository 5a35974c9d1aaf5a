#include "lib/train/probes.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/full.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/zeros_like.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <optional>
#include <span>

#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/model/cpu/kernel_pass.h"
#include "lib/model/spec/probe_names.h"

namespace initbias {
namespace {

constexpr int64_t kAttentionSequences = 250;  // of each set
constexpr int64_t kPartnerKey = 8;            // so many keys further on

// The rows of `values` [n, ..] averaged by the key's position: [positions, ..]; NaN where no
// sequence has its key there.
at::Tensor MeanByKey(const at::Tensor& values, const at::Tensor& key_position, int64_t positions) {
  std::vector<at::Tensor> means;
  for (int64_t p = 0; p < positions; ++p) {
    means.push_back(values.index_select(0, key_position.eq(p).nonzero().squeeze(1)).mean(0));
  }
  return at::stack(means);
}

// Gives a parameter other values of its shape, for as long as this lives.
class Replaced {
 public:
  Replaced(const at::Tensor& parameter, const at::Tensor& values)
      : parameter_(parameter.detach()), before_(parameter_.clone()) {
    parameter_.copy_(values);
  }
  Replaced(const Replaced&) = delete;
  Replaced& operator=(const Replaced&) = delete;
  ~Replaced() { parameter_.copy_(before_); }

 private:
  at::Tensor parameter_;
  at::Tensor before_;
};

// The first sequences of a set, those whose attention is looked at.
SequenceSet Attended(const EvaluationSet& set) {
  return set.sequences.Rows(0, std::min(kAttentionSequences, set.sequences.size()));
}

// Takes the probes of one step; what several of them need is computed once.
class Prober {
 public:
  Prober(const RunConfig& config, Model& model, const TrainingData& data)
      : config_(config), model_(model), data_(data) {
    if (model.parameters().flat().is_cpu()) {
      RunConfig whole = config;
      whole.transformer.pruned = false;
      pass_ = MakeKernelPass(whole, model.parameters());
    }
  }

  // Undefined where the model has no such quantity.
  at::Tensor Compute(const std::string& name) {
    const size_t dot = name.find('.');
    const std::string kind = name.substr(0, dot);
    const std::string rest = dot == std::string::npos ? "" : name.substr(dot + 1);
    if (kind == "parameter" && model_.parameters().Has(rest)) {
      return model_.parameters()[rest];
    }
    if (kind == "gradient" && model_.parameters().Has(rest)) {
      return Gradient(rest);
    }
    if (kind == "own_embedding") {
      const Array* rows = Corpus("own_rows." + rest);
      return rows == nullptr ? at::Tensor()
                             : model_.parameters()["embedding.token"].index_select(
                                   0, ToTensor(*rows).to(at::kLong));
    }
    if (const Array* found = Corpus(name); found != nullptr) {
      return ToTensor(*found);
    }
    if (config_.model == ModelKind::kGpt2) {
      return {};
    }
    if (kind == "outputs" && (rest == "argmax" || rest == "probability")) {
      return Outputs(rest == "argmax");
    }
    if (kind == "accuracy") {
      return Accuracy(rest);
    }
    constexpr std::string_view kLayer = "layer";
    const size_t end = std::min(rest.find('.'), rest.size());
    const std::optional<int64_t> layer =
        rest.starts_with(kLayer) ? ParseInt(rest.substr(kLayer.size(), end - kLayer.size()))
                                 : std::nullopt;
    if (!layer || *layer < 0 || config_.model != ModelKind::kTransformer ||
        *layer >= config_.transformer.layers) {
      return {};
    }
    const auto block = static_cast<size_t>(*layer);
    if (end < rest.size()) {
      return AttentionOfKind(kind, block, rest.substr(end + 1));
    }
    return kind == "key_patch" ? KeyPatch(block) : Attention(kind, block);
  }

 private:
  int64_t length() const { return config_.task.length; }

  // What the data say of themselves under this name, or nothing.
  const Array* Corpus(const std::string& name) const {
    const auto found = std::ranges::find(data_.corpus_probes, name, &NamedArray::name);
    return found == data_.corpus_probes.end() ? nullptr : &found->array;
  }

  at::Tensor ToTensor(const Array& array) const {
    return at::from_blob(const_cast<float*>(array.values.data()), array.shape, at::kFloat)
        .to(model_.parameters().flat().device(), at::kFloat, /*non_blocking=*/false, /*copy=*/true);
  }

  at::Tensor Gradient(const std::string& parameter) const {
    const at::AutoGradMode with_gradients(true);
    model_.parameters().flat_gradient().zero_();
    int64_t total = 0;
    for (const EvaluationSet& set : data_.evaluation) {
      total += set.IsTrained() ? set.sequences.LabelCount() : 0;
    }
    for (const EvaluationSet& set : data_.evaluation) {
      const int64_t size = set.IsTrained() ? set.sequences.size() : 0;
      for (int64_t start = 0; start < size; start += set.BatchSize()) {
        const Batch batch =
            set.sequences.Rows(start, std::min(set.BatchSize(), size - start)).ToBatch();
        const at::Tensor logits = Scaled(BatchLogits(model_, batch), config_);
        const at::Tensor loss =
            at::cross_entropy_loss(logits, batch.labels, /*weight=*/{}, at::Reduction::Sum);
        (loss / static_cast<double>(total)).backward();
      }
    }
    at::Tensor gradient = model_.parameters().Gradient(parameter).detach().clone();
    model_.parameters().flat_gradient().zero_();
    return gradient;
  }

  at::Tensor Outputs(bool argmax) const {
    std::vector<at::Tensor> rows;
    for (const EvaluationSet& set : data_.evaluation) {
      std::vector<at::Tensor> parts;
      const at::Tensor& tokens = set.sequences.tokens;
      for (int64_t start = 0; start < tokens.size(0); start += set.BatchSize()) {
        const int64_t count = std::min(set.BatchSize(), tokens.size(0) - start);
        const at::Tensor logits = Logits(tokens.narrow(0, start, count));
        parts.push_back(argmax ? logits.argmax(1, /*keepdim=*/true)
                                     .eq(at::arange(logits.size(1), logits.options()))
                                     .to(at::kFloat)
                               : at::softmax(Scaled(logits, config_), 1));
      }
      rows.push_back(at::cat(parts).mean(0));
    }
    return at::stack(rows);
  }

  at::Tensor Accuracy(const std::string& positions) const {
    if (positions == "clean") {
      return Scores();
    }
    if (!model_.parameters().Has("embedding.position")) {
      return {};
    }
    const at::Tensor& embedding = model_.parameters()["embedding.position"];  // [L, d]
    if (positions == "without_positions") {
      const Replaced replaced(embedding, at::zeros_like(embedding));
      return Scores();
    }
    if (positions == "shuffled_positions") {
      const Replaced replaced(embedding, embedding.roll(/*shifts=*/-1, /*dims=*/0));
      return Scores();
    }
    return {};
  }

  // Mean loss and accuracy. [sets, 2]
  at::Tensor Scores() const {
    Array scores = {.shape = {static_cast<int64_t>(data_.evaluation.size()), 2}};
    for (const EvaluationSet& set : data_.evaluation) {
      const int64_t size = std::min(kAttentionSequences, set.sequences.size());
      double loss = 0;
      double right = 0;
      for (int64_t start = 0; start < size; start += set.BatchSize()) {
        const SequenceSet rows = set.sequences.Rows(start, std::min(set.BatchSize(), size - start));
        const at::Tensor logits = Logits(rows.tokens);
        loss += at::cross_entropy_loss(Scaled(logits, config_), rows.labels, /*weight=*/{},
                                       at::Reduction::Sum)
                    .item<double>();
        right += logits.argmax(1).eq(rows.labels).sum().item<double>();
      }
      for (const double sum : {loss, right}) {
        scores.values.push_back(static_cast<float>(sum / static_cast<double>(size)));
      }
    }
    return ToTensor(scores);
  }

  // [B, V], on kernels where they serve the model; then until the next call.
  at::Tensor Logits(const at::Tensor& tokens) const {
    if (pass_ == nullptr) {
      return model_.Logits(tokens);
    }
    const std::span<float> logits = pass_->Forward({.tokens = tokens.const_data_ptr<int64_t>(),
                                                    .sequences = tokens.size(0),
                                                    .length = tokens.size(1),
                                                    .token_stride = tokens.stride(0)});
    const int64_t vocabulary = static_cast<int64_t>(logits.size()) / tokens.size(0);
    return at::from_blob(logits.data(), {tokens.size(0), vocabulary}, at::kFloat);
  }

  // Fills activations_, once.
  void Attend() {
    if (!activations_.attention.empty()) {
      return;
    }
    std::vector<at::Tensor> tokens;
    for (const EvaluationSet& set : data_.evaluation) {
      if (set.IsTrained()) {
        tokens.push_back(Attended(set).tokens);
      }
    }
    tokens_ = at::cat(tokens);
    if (pass_ != nullptr) {
      Logits(tokens_);
      activations_ = pass_->ActivationsOfLastForward();
    } else {
      model_.Logits(tokens_, &activations_);
    }
  }

  at::Tensor Attention(const std::string& kind, size_t layer) {
    Attend();
    const at::Tensor& attention = activations_.attention[layer];  // [n, H, L, L]
    if (kind == "attention") {
      return attention.mean(0);
    }
    if (kind == "attention_deviation") {
      const at::Tensor row = at::arange(1, length() + 1, attention.options());  // [L]
      const at::Tensor deviation = (attention * row.unsqueeze(1) - 1.0).abs().tril();
      const at::Tensor mean = deviation.mean(at::IntArrayRef({0, 1})).sum(1) / row;
      return at::stack({mean, deviation.amax(at::IntArrayRef({0, 1, 3}))});
    }
    return AttentionByKey(kind, layer, /*rows=*/{});
  }

  // Of the sequences "memory" or "reasoning" alone.
  at::Tensor AttentionOfKind(const std::string& kind, size_t layer, const std::string& sequences) {
    if (sequences != "memory" && sequences != "reasoning") {
      return {};
    }
    Attend();
    std::vector<int32_t> rows;
    int32_t row = 0;
    for (const EvaluationSet& set : data_.evaluation) {
      const auto end = row + static_cast<int32_t>(set.IsTrained() ? Attended(set).size() : 0);
      for (; row < end; ++row) {
        if (set.group.starts_with(sequences)) {
          rows.push_back(row);
        }
      }
    }
    return rows.empty() ? at::Tensor()
                        : AttentionByKey(kind, layer,
                                         ToDevice(rows, {static_cast<int64_t>(rows.size())},
                                                  tokens_.device()));
  }

  // Of the sequences `rows` of tokens_; undefined: of all.
  at::Tensor AttentionByKey(const std::string& kind, size_t layer, const at::Tensor& rows) const {
    const auto of_rows = [&](const at::Tensor& all) {
      return rows.defined() ? all.index_select(0, rows) : all;
    };
    const at::Tensor position = KeyPositions(of_rows(tokens_));
    if (kind == "attention_by_key") {
      return MeanByKey(of_rows(activations_.attention[layer].select(2, -1)).mean(1), position,
                       Positions());
    }
    if (kind == "score_parts") {
      return ScoreParts(of_rows(activations_.query[layer].select(2, -1)),
                        of_rows(activations_.key[layer]), position);
    }
    return {};
  }

  // `query` [n, H, dk] of the last position, `key` [n, H, L, dk], `position` [n] of the task's key.
  at::Tensor ScoreParts(const at::Tensor& query, const at::Tensor& key,
                        const at::Tensor& position) const {
    const at::Tensor query_position = query.mean(0, /*keepdim=*/true);
    const at::Tensor key_position = key.mean(0, /*keepdim=*/true);
    const at::Tensor query_token = query - query_position;
    const at::Tensor key_token = key - key_position;
    std::vector<at::Tensor> parts;
    for (const at::Tensor& q : {query_token, query_position}) {
      for (const at::Tensor& k : {key_token, key_position}) {
        const at::Tensor scores = (q.unsqueeze(2) * k).sum(-1).mean(1);  // [n or 1, L]
        parts.push_back(MeanByKey(scores.expand({key.size(0), length()}), position, Positions()));
      }
    }
    return at::stack(parts);
  }

  at::Tensor KeyPatch(size_t layer) const {
    Array shares = {.shape = {0, 3}};
    for (const EvaluationSet& set : data_.evaluation) {
      if (!set.IsTrained()) {
        continue;
      }
      const SequenceSet probed = Attended(set);
      const at::Tensor partners = WithOtherKeys(probed.tokens);
      const at::Tensor clean = model_.Logits(probed.tokens).argmax(1);
      const at::Tensor of_partner = model_.Logits(partners).argmax(1);
      const at::Tensor patched = model_.PatchedLogits(probed.tokens, layer, partners).argmax(1);
      for (const at::Tensor& holds :
           {clean.eq(probed.labels), patched.eq(of_partner), patched.eq(clean)}) {
        shares.values.push_back(holds.to(at::kFloat).mean().item<float>());
      }
      ++shares.shape[0];
    }
    return ToTensor(shares);
  }

  // The sequences `tokens` [n, L] with the partners' keys.
  at::Tensor WithOtherKeys(const at::Tensor& tokens) const {
    const int64_t first = config_.task.key_min;
    const int64_t keys = config_.task.key_max - first + 1;
    if (keys < 2) {
      throw Error(kOneKey);
    }
    const at::Tensor position = KeyPositions(tokens).unsqueeze(1);
    const at::Tensor further = tokens.gather(1, position) - first + std::min(kPartnerKey, keys - 1);
    return tokens.scatter(1, position, further.remainder(keys) + first);
  }

  // The position of each sequence's key: all tokens but the anchors behind it are keys. [n]
  at::Tensor KeyPositions(const at::Tensor& tokens) const {
    const at::Tensor anchor =
        tokens.lt(config_.task.key_min).logical_or(tokens.gt(config_.task.key_max));
    return anchor.to(at::kInt).argmax(1) - 1;
  }

  int64_t Positions() const { return length() - config_.task.num_anchors; }

  const RunConfig& config_;
  Model& model_;
  const TrainingData& data_;
  std::unique_ptr<KernelPass> pass_;  // of all positions; null where there is none
  at::Tensor tokens_;
  Activations activations_;
};

}  // namespace

std::vector<NamedArray> ComputeProbes(const std::vector<std::string>& names,
                                      const RunConfig& config, Model& model,
                                      const TrainingData& data) {
  const at::NoGradGuard no_grad;
  Prober prober(config, model, data);
  std::vector<NamedArray> probes;
  for (const std::string& name : names) {
    const at::Tensor value = prober.Compute(name);
    if (!value.defined()) {
      throw Error(NoSuchProbe(name));
    }
    probes.push_back({name, ToArray(value)});
  }
  return probes;
}

void CheckProbes(const std::vector<std::string>& names, const RunConfig& config, Model& model,
                 const TrainingData& data) {
  TrainingData small = {.corpus_probes = data.corpus_probes};
  for (const EvaluationSet& set : data.evaluation) {
    small.evaluation.push_back({set.group, set.sequences.Rows(0, 1)});
  }
  ComputeProbes(names, config, model, small);
}

}  // namespace initbias
