#include "lib/train/probes.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/broadcast_tensors.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/ones_like.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/zeros_like.h>
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "lib/base/error.h"
#include "lib/kernels/kernels.h"
#include "lib/model/cpu/cpu_model.h"
#include "lib/model/spec/probe_names.h"
#include "lib/train/engine.h"
#include "lib/train/phases.h"

namespace initbias {
namespace {

constexpr int64_t kPartnerKey = 8;  // the partner's key, relative to the sequence's

// Sums in double and in the order of their indices, on the host: those of LibTorch are in an order
// that depends on the processor.

at::Tensor OnHost(const at::Tensor& values) {
  return values.detach().to(at::kCPU, at::kFloat).contiguous();
}

std::span<const float> Values(const at::Tensor& of_host) {
  return {of_host.const_data_ptr<float>(), static_cast<size_t>(of_host.numel())};
}

// `values` [n, ..] averaged over the first dimension; NaN where n is 0. On the host, as are those
// below.
at::Tensor MeanOfRows(const at::Tensor& values) {
  const at::Tensor rows = OnHost(values);
  at::Tensor mean = at::empty(rows.sizes().slice(1), at::kFloat);
  std::vector<double> sums(static_cast<size_t>(mean.numel()));
  const std::span<const float> all = Values(rows);
  for (size_t i = 0; i < all.size(); ++i) {
    sums[i % sums.size()] += static_cast<double>(all[i]);
  }
  float* const out = mean.mutable_data_ptr<float>();
  for (size_t i = 0; i < sums.size(); ++i) {
    out[i] = static_cast<float>(sums[i] / static_cast<double>(rows.size(0)));
  }
  return mean;
}

// `values` averaged over dimension `dim`, which is dropped.
at::Tensor MeanOver(int64_t dim, const at::Tensor& values) {
  return MeanOfRows(values.movedim(dim, 0));
}

// The products of `a` and `b` of one shape [.., n], summed over the last dimension. [..]
at::Tensor SumOfProducts(const at::Tensor& a, const at::Tensor& b) {
  const at::Tensor left = OnHost(a);
  const at::Tensor right = OnHost(b);
  at::Tensor sums =
      at::empty(left.sizes().slice(0, static_cast<size_t>(left.dim() - 1)), at::kFloat);
  const std::span<const float> x = Values(left);
  const std::span<const float> y = Values(right);
  const auto width = static_cast<size_t>(left.size(-1));
  float* const out = sums.mutable_data_ptr<float>();
  for (size_t row = 0; row < static_cast<size_t>(sums.numel()); ++row) {
    double sum = 0;
    for (size_t i = row * width; i < (row + 1) * width; ++i) {
      sum += static_cast<double>(x[i]) * static_cast<double>(y[i]);
    }
    out[row] = static_cast<float>(sum);
  }
  return sums;
}

// The softmax of the rows of `logits` [n, V].
at::Tensor Softmax(const at::Tensor& logits) {
  at::Tensor rows = OnHost(logits).clone();
  const int64_t columns = rows.size(1);
  for (int64_t i = 0; i < rows.size(0); ++i) {
    BestKernels().causal_softmax(/*rows=*/1, columns, /*stride=*/columns, /*first_row=*/columns - 1,
                                 /*scale=*/1.0F, rows.mutable_data_ptr<float>() + i * columns);
  }
  return rows;
}

// The rows of `values` [n, ..] averaged by the key's position: [positions, ..]; NaN where no
// sequence has its key there.
at::Tensor MeanByKey(const at::Tensor& values, const at::Tensor& key_position, int64_t positions) {
  const at::Tensor position = key_position.to(values.device());
  std::vector<at::Tensor> means;
  for (int64_t p = 0; p < positions; ++p) {
    means.push_back(MeanOfRows(values.index_select(0, position.eq(p).nonzero().squeeze(1))));
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

// The first sequences of a set, those whose attention is probed.
SequenceSet Attended(const EvaluationSet& set) {
  return set.sequences.Rows(0, std::min(kProbedSequences, set.sequences.size()));
}

// Takes the probes of one step; what several of them need is computed once.
class Prober {
 public:
  Prober(const RunConfig& config, Model& model, const TrainingData& data)
      : config_(config), model_(model), data_(data), engine_(MakeEngine(config, model)) {
    if (model.parameters().flat().is_cpu()) {
      RunConfig whole = config;
      whole.transformer.pruned = false;
      cpu_model_ = MakeCpuModel(whole, model.parameters());
    }
  }

  // Undefined where the model has no such quantity.
  at::Tensor Compute(const std::string& name) {
    const std::optional<ProbeName> probe = ParseProbeName(name);
    if (!probe) {
      return {};
    }
    const bool of_text = config_.model == ModelKind::kGpt2;
    switch (probe->kind) {
      case ProbeKind::kParameter:
        return model_.parameters().Has(probe->of) ? model_.parameters()[probe->of] : at::Tensor();
      case ProbeKind::kGradient:
        return model_.parameters().Has(probe->of) ? Gradient(probe->of) : at::Tensor();
      case ProbeKind::kOutputs:
        return of_text ? at::Tensor() : Outputs(probe->of == "argmax");
      case ProbeKind::kAccuracy:
        return of_text ? at::Tensor() : Accuracy(probe->of);
      case ProbeKind::kAttention:
      case ProbeKind::kAttentionDeviation:
      case ProbeKind::kAttentionByKey:
      case ProbeKind::kScoreParts:
      case ProbeKind::kKeyPatch:
        return OfLayer(*probe);
      case ProbeKind::kOwnEmbedding:
        return OwnEmbedding(probe->of);
      case ProbeKind::kOwnTokens:
      case ProbeKind::kOwnCounts:
      case ProbeKind::kOwnRows:
      case ProbeKind::kUnigramEntropy:
      case ProbeKind::kUsedTokens:
        break;
    }
    const Array* found = Corpus(name);
    return found == nullptr ? at::Tensor() : ToTensor(*found);
  }

 private:
  int64_t length() const { return config_.task.length; }

  // The probe of the corpora of this name; null where there is none.
  const Array* Corpus(const std::string& name) const {
    const auto found = std::ranges::find(data_.corpus_probes, name, &NamedArray::name);
    return found == data_.corpus_probes.end() ? nullptr : &found->array;
  }

  at::Tensor ToTensor(const Array& array) const {
    return at::from_blob(const_cast<float*>(array.values.data()), array.shape, at::kFloat)
        .to(model_.parameters().flat().device(), at::kFloat, /*non_blocking=*/false, /*copy=*/true);
  }

  at::Tensor OwnEmbedding(std::string_view corpus) const {
    const Array* rows = Corpus(fmt::format("own_rows.{}", corpus));
    return rows == nullptr ? at::Tensor()
                           : model_.parameters()["embedding.token"].index_select(
                                 0, ToTensor(*rows).to(at::kLong));
  }

  at::Tensor OfLayer(const ProbeName& probe) {
    if (config_.model != ModelKind::kTransformer || probe.layer >= config_.transformer.layers) {
      return {};
    }
    const auto block = static_cast<size_t>(probe.layer);
    if (probe.kind == ProbeKind::kKeyPatch) {
      return KeyPatch(block);
    }
    return probe.of.empty() ? Attention(probe.kind, block)
                            : AttentionOfKind(probe.kind, block, probe.of);
  }

  at::Tensor Gradient(std::string_view parameter) const {
    const at::AutoGradMode with_gradients(true);
    int64_t total = 0;
    for (const EvaluationSet& set : data_.evaluation) {
      total += set.IsTrained() ? set.sequences.LabelCount() : 0;
    }
    PhaseSeconds phases;
    bool add = false;
    for (const EvaluationSet& set : data_.evaluation) {
      const int64_t size = set.IsTrained() ? set.sequences.size() : 0;
      for (int64_t start = 0; start < size; start += set.BatchSize()) {
        const SequenceSet rows = set.sequences.Rows(start, std::min(set.BatchSize(), size - start));
        engine_->ComputeGradient(rows.ToBatch(), total, add, /*dropout=*/{}, &phases);
        add = true;
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
                               : Softmax(Scaled(logits, config_)));
      }
      rows.push_back(MeanOfRows(at::cat(parts)));
    }
    return at::stack(rows);
  }

  at::Tensor Accuracy(std::string_view positions) const {
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
    const Replaced replaced(embedding, embedding.roll(/*shifts=*/-1, /*dims=*/0));  // shuffled
    return Scores();
  }

  // Mean loss and accuracy. [sets, 2]
  at::Tensor Scores() const {
    Array scores = {.shape = {static_cast<int64_t>(data_.evaluation.size()), 2}};
    for (const EvaluationSet& set : data_.evaluation) {
      const int64_t size = std::min(kProbedSequences, set.sequences.size());
      double loss = 0;
      double correct = 0;
      for (int64_t start = 0; start < size; start += set.BatchSize()) {
        const SequenceSet rows = set.sequences.Rows(start, std::min(set.BatchSize(), size - start));
        const Score score = engine_->Evaluate(rows.ToBatch(), /*choices=*/{});
        loss += score.loss;
        correct += score.correct;
      }
      for (const double sum : {loss, correct}) {
        scores.values.push_back(static_cast<float>(sum / static_cast<double>(size)));
      }
    }
    return ToTensor(scores);
  }

  // [n, V], for as long as what they are made of.
  static at::Tensor AsRows(std::span<const float> logits, int64_t n) {
    return at::from_blob(const_cast<float*>(logits.data()),
                         {n, static_cast<int64_t>(logits.size()) / n}, at::kFloat);
  }

  // [B, V], by the CpuModel where there is one; then valid until the next call.
  at::Tensor Logits(const at::Tensor& tokens) const {
    if (cpu_model_ == nullptr) {
      return model_.Logits(tokens);
    }
    return AsRows(cpu_model_->Forward(ToHostBatch(tokens)), tokens.size(0));
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
    if (cpu_model_ != nullptr) {
      Logits(tokens_);
      activations_ = cpu_model_->ActivationsOfLastForward();
    } else {
      model_.Logits(tokens_, &activations_);
    }
  }

  at::Tensor Attention(ProbeKind kind, size_t layer) {
    Attend();
    const at::Tensor& attention = activations_.attention[layer];  // [n, H, L, L]
    if (kind == ProbeKind::kAttention) {
      return MeanOfRows(attention);
    }
    if (kind == ProbeKind::kAttentionDeviation) {
      const at::Tensor row = at::arange(1, length() + 1, attention.options());  // [L]
      const at::Tensor deviation = (attention * row.unsqueeze(1) - 1.0).abs().tril();
      const at::Tensor by_key = MeanOfRows(deviation.flatten(0, 1));  // [L, L]
      const at::Tensor mean = SumOfProducts(by_key, at::ones_like(by_key)) / OnHost(row);
      return at::stack({mean, OnHost(deviation.amax(at::IntArrayRef({0, 1, 3})))});
    }
    return AttentionByKey(kind, layer, /*rows=*/{});
  }

  // Of the sequences "memory" or "reasoning" alone.
  at::Tensor AttentionOfKind(ProbeKind kind, size_t layer, std::string_view sequences) {
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

  // kAttentionByKey or kScoreParts of the sequences `rows` of tokens_; undefined: of all.
  at::Tensor AttentionByKey(ProbeKind kind, size_t layer, const at::Tensor& rows) const {
    const auto of_rows = [&](const at::Tensor& all) {
      return rows.defined() ? all.index_select(0, rows) : all;
    };
    const at::Tensor position = KeyPositions(of_rows(tokens_));
    if (kind == ProbeKind::kAttentionByKey) {
      return MeanByKey(MeanOver(1, of_rows(activations_.attention[layer].select(2, -1))), position,
                       Positions());
    }
    return ScoreParts(of_rows(activations_.query[layer].select(2, -1)),
                      of_rows(activations_.key[layer]), position);
  }

  // `query` [n, H, dk] of the last position, `key` [n, H, L, dk], `position` [n] of the task's key.
  at::Tensor ScoreParts(const at::Tensor& query, const at::Tensor& key,
                        const at::Tensor& position) const {
    const at::Tensor query_position = MeanOfRows(query).unsqueeze(0);
    const at::Tensor key_position = MeanOfRows(key).unsqueeze(0);
    const at::Tensor query_token = OnHost(query) - query_position;
    const at::Tensor key_token = OnHost(key) - key_position;
    std::vector<at::Tensor> parts;
    for (const at::Tensor& q : {query_token, query_position}) {
      for (const at::Tensor& k : {key_token, key_position}) {
        const std::vector<at::Tensor> pair = at::broadcast_tensors({q.unsqueeze(2), k});
        const at::Tensor scores = MeanOver(1, SumOfProducts(pair[0], pair[1]));  // [n or 1, L]
        parts.push_back(MeanByKey(scores.expand({key.size(0), length()}), position, Positions()));
      }
    }
    return at::stack(parts);
  }

  at::Tensor KeyPatch(size_t layer) {
    Array shares = {.shape = {0, 3}};
    for (const EvaluationSet& set : data_.evaluation) {
      if (!set.IsTrained()) {
        continue;
      }
      const SequenceSet probed = Attended(set);
      const at::Tensor partners = WithOtherKeys(probed.tokens);
      const Patched logits = Patch(probed.tokens, layer, partners);
      const at::Tensor clean = logits.clean.argmax(1);
      const at::Tensor patched = logits.patched.argmax(1);
      for (const at::Tensor& holds :
           {clean.eq(probed.labels), patched.eq(logits.partner.argmax(1)), patched.eq(clean)}) {
        shares.values.push_back(Values(MeanOfRows(holds.to(at::kFloat)))[0]);
      }
      ++shares.shape[0];
    }
    return ToTensor(shares);
  }

  struct Patched {
    at::Tensor clean, partner, patched;  // logits [n, V]
  };

  Patched Patch(const at::Tensor& tokens, size_t layer, const at::Tensor& partners) {
    if (cpu_model_ == nullptr) {
      return {.clean = model_.Logits(tokens),
              .partner = model_.Logits(partners),
              .patched = model_.PatchedLogits(tokens, layer, partners)};
    }
    if (patched_model_ == nullptr) {
      patched_model_ = MakeCpuModel(config_, model_.parameters());
    }
    const HostBatch batch = ToHostBatch(tokens);
    const int64_t n = batch.sequences;
    std::vector<float> partner;
    Patched logits = {.clean = AsRows(patched_model_->Forward(batch), n).clone()};
    logits.patched =
        AsRows(patched_model_->PatchedForward(batch, layer, ToHostBatch(partners), &partner), n)
            .clone();
    logits.partner = AsRows(partner, n).clone();
    return logits;
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

  // The position of each sequence's key: all tokens but the anchors after it are keys. [n]
  at::Tensor KeyPositions(const at::Tensor& tokens) const {
    const at::Tensor anchor =
        tokens.lt(config_.task.key_min).logical_or(tokens.gt(config_.task.key_max));
    return anchor.to(at::kInt).argmax(1) - 1;
  }

  int64_t Positions() const { return length() - config_.task.num_anchors; }

  const RunConfig& config_;
  Model& model_;
  const TrainingData& data_;
  const std::unique_ptr<Engine> engine_;
  std::unique_ptr<CpuModel> cpu_model_;      // computes all positions; null where there is none
  std::unique_ptr<CpuModel> patched_model_;  // made at its first use
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
