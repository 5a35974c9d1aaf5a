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
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <optional>
#include <span>

#include "lib/base/error.h"
#include "lib/base/text.h"
#include "lib/model/kernel_pass.h"

namespace initbias {
namespace {

constexpr int64_t kAttentionSequences = 250;  // of each set

// The rows of `values` [n, ..] averaged by the key's position: [positions, ..]; NaN where no
// sequence has its key there.
at::Tensor MeanByKey(const at::Tensor& values, const at::Tensor& key_position, int64_t positions) {
  std::vector<at::Tensor> means;
  for (int64_t p = 0; p < positions; ++p) {
    means.push_back(values.index_select(0, key_position.eq(p).nonzero().squeeze(1)).mean(0));
  }
  return at::stack(means);
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
  at::Tensor Take(const std::string& name) {
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
    constexpr std::string_view kLayer = "layer";
    const std::optional<int64_t> layer =
        rest.starts_with(kLayer) ? ParseInt(rest.substr(kLayer.size())) : std::nullopt;
    if (!layer || *layer < 0 || config_.model != ModelKind::kTransformer ||
        *layer >= config_.transformer.layers) {
      return {};
    }
    return Attention(kind, static_cast<size_t>(*layer));
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
        const at::Tensor loss = at::cross_entropy_loss(BatchLogits(model_, batch), batch.labels,
                                                       /*weight=*/{}, at::Reduction::Sum);
        (loss / static_cast<double>(total)).backward();
      }
    }
    at::Tensor gradient = model_.parameters().Gradient(parameter).detach().clone();
    model_.parameters().flat_gradient().zero_();
    return gradient;
  }

  at::Tensor Outputs(bool argmax) const {
    const int64_t vocabulary = config_.task.vocabulary;
    std::vector<at::Tensor> rows;
    for (const EvaluationSet& set : data_.evaluation) {
      std::vector<at::Tensor> parts;
      const at::Tensor& tokens = set.sequences.tokens;
      for (int64_t start = 0; start < tokens.size(0); start += set.BatchSize()) {
        const int64_t count = std::min(set.BatchSize(), tokens.size(0) - start);
        const at::Tensor logits = Logits(tokens.narrow(0, start, count));
        parts.push_back(argmax ? logits.argmax(1, /*keepdim=*/true)
                                     .eq(at::arange(vocabulary, logits.options()))
                                     .to(at::kFloat)
                               : at::softmax(logits, 1));
      }
      rows.push_back(at::cat(parts).mean(0));
    }
    return at::stack(rows);
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

  at::Tensor Attention(const std::string& kind, size_t layer) {
    if (activations_.attention.empty()) {
      std::vector<at::Tensor> tokens;
      for (const EvaluationSet& set : data_.evaluation) {
        if (set.IsTrained()) {
          const at::Tensor& all = set.sequences.tokens;
          tokens.push_back(all.narrow(0, 0, std::min(kAttentionSequences, all.size(0))));
        }
      }
      tokens_ = at::cat(tokens);
      if (pass_ != nullptr) {
        Logits(tokens_);
        activations_ = pass_->TakeActivations();
      } else {
        model_.Logits(tokens_, &activations_);
      }
    }
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
    if (kind == "attention_by_key") {
      return MeanByKey(attention.select(2, -1).mean(1), KeyPositions(), Positions());
    }
    if (kind == "score_parts") {
      return ScoreParts(activations_.query[layer].select(2, -1), activations_.key[layer]);
    }
    return {};
  }

  // `query` [n, H, dk] of the last position, `key` [n, H, L, dk].
  at::Tensor ScoreParts(const at::Tensor& query, const at::Tensor& key) const {
    const at::Tensor query_position = query.mean(0, /*keepdim=*/true);
    const at::Tensor key_position = key.mean(0, /*keepdim=*/true);
    const at::Tensor query_token = query - query_position;
    const at::Tensor key_token = key - key_position;
    std::vector<at::Tensor> parts;
    for (const at::Tensor& q : {query_token, query_position}) {
      for (const at::Tensor& k : {key_token, key_position}) {
        const at::Tensor scores = (q.unsqueeze(2) * k).sum(-1).mean(1);  // [n or 1, L]
        parts.push_back(
            MeanByKey(scores.expand({key.size(0), length()}), KeyPositions(), Positions()));
      }
    }
    return at::stack(parts);
  }

  // The position of each sequence's key: all tokens but the anchors behind it are keys. [n]
  at::Tensor KeyPositions() const {
    const at::Tensor anchor =
        tokens_.lt(config_.task.key_min).logical_or(tokens_.gt(config_.task.key_max));
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

std::vector<NamedArray> TakeProbes(const std::vector<std::string>& names, const RunConfig& config,
                                   Model& model, const TrainingData& data) {
  const at::NoGradGuard no_grad;
  Prober prober(config, model, data);
  std::vector<NamedArray> probes;
  for (const std::string& name : names) {
    const at::Tensor value = prober.Take(name);
    if (!value.defined()) {
      throw Error(
          fmt::format("probe.names: the model has no '{}'; expected parameter.<name>, "
                      "gradient.<name>, outputs.argmax, outputs.probability, for a Transformer "
                      "attention, attention_deviation, attention_by_key or score_parts with "
                      ".layer<i>, or for gpt2 own_tokens, own_rows, own_embedding or "
                      "unigram_entropy with .prontoqa or .tinystories",
                      name));
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
  TakeProbes(names, config, model, small);
}

}  // namespace initbias
