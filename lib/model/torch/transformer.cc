#include "lib/model/torch/transformer.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/addmm.h>
#include <ATen/ops/embedding.h>
#include <ATen/ops/full.h>
#include <ATen/ops/layer_norm.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/mm.h>
#include <ATen/ops/softmax.h>
#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "lib/model/spec/norm.h"
#include "lib/model/torch/activation.h"

namespace initbias {
namespace {

// The last position of each sequence: (B * L, d) -> (B, d).
at::Tensor LastPosition(const at::Tensor& x, int64_t batch) {
  return x.view({batch, -1, x.size(-1)}).select(1, -1);
}

}  // namespace

Transformer::Transformer(const RunConfig& config, c10::Device device)
    : Model(ParameterSpecs(config), device), config_(config.transformer) {
  for (int64_t i = 0; i < config_.layers; ++i) {
    const std::string layer = fmt::format("layer{}.", i);
    blocks_.push_back({.norm1 = GetNorm(layer + "norm1"),
                       .norm2 = GetNorm(layer + "norm2"),
                       .query = GetLinear(layer + "attn.", "q"),
                       .key = GetLinear(layer + "attn.", "k"),
                       .value = GetLinear(layer + "attn.", "v"),
                       .output = GetLinear(layer + "attn.", "o"),
                       .up = GetLinear(layer + "ffn.", "1"),
                       .down = GetLinear(layer + "ffn.", "2")});
  }
  final_norm_ = GetNorm("final_norm");
  if (config_.projection) {
    head_ = GetLinear("head.", "");
  }
  const int64_t length = config.task.length;
  causal_mask_ = at::full({length, length}, -std::numeric_limits<double>::infinity(),
                          at::TensorOptions().dtype(at::kFloat).device(device))
                     .triu(1);
}

Transformer::Linear Transformer::GetLinear(const std::string& prefix,
                                           const std::string& suffix) const {
  const std::string bias = prefix + "b" + suffix;
  return {.weight = parameters()[prefix + "w" + suffix],
          .bias = parameters().Has(bias) ? parameters()[bias] : at::Tensor()};
}

Transformer::LayerNorm Transformer::GetNorm(const std::string& name) const {
  if (!parameters().Has(name + ".gain")) {
    return {};
  }
  return {.gain = parameters()[name + ".gain"], .shift = parameters()[name + ".shift"]};
}

at::Tensor Transformer::Apply(const Linear& linear, const at::Tensor& x) {
  return linear.bias.defined() ? at::addmm(linear.bias, x, linear.weight)
                               : at::mm(x, linear.weight);
}

at::Tensor Transformer::Apply(const LayerNorm& norm, const at::Tensor& x) const {
  return norm.gain.defined()
             ? at::layer_norm(x, {config_.d_model}, norm.gain, norm.shift, kLayerNormEpsilon)
             : x;
}

// Attention's contribution to the residual stream: (B * L, d) -> (B * L, d), or (B, d) where only
// the last position is a query.
at::Tensor Transformer::Attend(const Block& block, const at::Tensor& x, int64_t batch,
                               bool last_only, Activations* activations) const {
  const auto by_head = [&](const at::Tensor& rows) {
    return rows.view({batch, -1, config_.heads, config_.d_head}).transpose(1, 2);
  };
  const at::Tensor query_input = last_only ? LastPosition(x, batch) : x;
  const double scale = 1.0 / std::sqrt(static_cast<double>(config_.d_head));
  const at::Tensor query = by_head(Apply(block.query, query_input)) * scale;  // (B, H, Lq, dk)
  const at::Tensor key = by_head(Apply(block.key, x));                        // (B, H, L, dk)
  const at::Tensor value = by_head(Apply(block.value, x));                    // (B, H, L, dk)
  at::Tensor scores = at::matmul(query, key.transpose(2, 3));                 // (B, H, Lq, L)
  if (!last_only) {  // the last position sees all others
    scores = scores + causal_mask_;
  }
  const at::Tensor weights = at::softmax(scores, -1);
  if (activations != nullptr) {
    activations->attention.push_back(weights);
    activations->query.push_back(query);
    activations->key.push_back(key);
  }
  const at::Tensor head_outputs = at::matmul(weights, value);  // (B, H, Lq, dk)
  return Apply(block.output,
               head_outputs.transpose(1, 2).reshape({-1, config_.heads * config_.d_head}));
}

// Of `attention_output`, (B * L, d) or (B, d), the last positions: stored, or overwritten by the
// patch.
void Transformer::StoreOrPatch(const at::Tensor& attention_output, int64_t batch,
                               AttentionPatch* patch) const {
  const at::Tensor own = LastPosition(attention_output, batch);
  if (patch->value.defined()) {
    own.copy_(patch->value);
  } else {
    patch->value = own.clone();
  }
}

// The residual stream after the last block: (B * L, d), or (B, d) at the last positions where
// `pruned`.
at::Tensor Transformer::Hidden(const at::Tensor& tokens, bool pruned, Activations* activations,
                               AttentionPatch* patch) const {
  const int64_t batch = tokens.size(0);
  const Parameters& p = parameters();
  at::Tensor x = (at::embedding(p["embedding.token"], tokens) + p["embedding.position"])
                     .view({-1, config_.d_model});  // (B * L, d)
  const bool pre = config_.norm == Norm::kPre;
  const bool post = config_.norm == Norm::kPost;
  for (size_t i = 0; i < blocks_.size(); ++i) {
    const Block& block = blocks_[i];
    const bool last_only = pruned && i + 1 == blocks_.size();
    const at::Tensor attention_output =
        Attend(block, pre ? Apply(block.norm1, x) : x, batch, last_only, activations);
    if (patch != nullptr && patch->layer == i) {
      StoreOrPatch(attention_output, batch, patch);
    }
    x = (last_only ? LastPosition(x, batch) : x) + attention_output;
    x = post ? Apply(block.norm1, x) : x;
    const at::Tensor hidden =
        Activate(config_.activation, Apply(block.up, pre ? Apply(block.norm2, x) : x));
    x = x + Apply(block.down, hidden);
    x = post ? Apply(block.norm2, x) : x;
  }
  return x;
}

at::Tensor Transformer::Head(const at::Tensor& x) const {
  const at::Tensor normal = Apply(final_norm_, x);
  return config_.projection ? Apply(head_, normal) : normal;
}

at::Tensor Transformer::Logits(const at::Tensor& tokens, Activations* activations) const {
  const int64_t batch = tokens.size(0);
  const bool pruned = config_.pruned && activations == nullptr;
  const at::Tensor x = Hidden(tokens, pruned, activations, nullptr);
  return Head(x.size(0) != batch ? LastPosition(x, batch) : x);
}

at::Tensor Transformer::LogitsAt(const at::Tensor& tokens, const at::Tensor& positions,
                                 const DropoutRows& /*dropout*/) const {
  return Head(Hidden(tokens, /*pruned=*/false, nullptr, nullptr).index_select(0, positions));
}

at::Tensor Transformer::PatchedLogits(const at::Tensor& tokens, size_t layer,
                                      const at::Tensor& from) const {
  AttentionPatch patch = {.layer = layer};
  Hidden(from, config_.pruned, nullptr, &patch);
  const int64_t batch = tokens.size(0);
  const at::Tensor x = Hidden(tokens, config_.pruned, nullptr, &patch);
  return Head(x.size(0) != batch ? LastPosition(x, batch) : x);
}

}  // namespace initbias
