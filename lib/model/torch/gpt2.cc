#include "lib/model/torch/gpt2.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/addmm.h>
#include <ATen/ops/embedding.h>
#include <ATen/ops/full.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/layer_norm.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/mm.h>
#include <ATen/ops/scaled_dot_product_attention.h>
#include <ATen/ops/softmax.h>
#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "lib/base/error.h"
#include "lib/model/spec/norm.h"
#include "lib/model/torch/dropout.h"
#include "lib/rng/stream.h"

namespace initbias {
Gpt2::Gpt2(const RunConfig& config, c10::Device device)
    : Model(ParameterSpecs(config), device),
      config_(config.gpt2),
      seed_(config.seed),
      embedding_(parameters()["embedding.token"]),
      positions_(parameters()["embedding.position"]) {
  for (int64_t i = 0; i < config_.layers; ++i) {
    const std::string layer = fmt::format("layer{}.", i);
    blocks_.push_back({.norm1 = GetNorm(layer + "norm1"),
                       .norm2 = GetNorm(layer + "norm2"),
                       .qkv = GetLinear(layer + "attn.qkv"),
                       .out = GetLinear(layer + "attn.out"),
                       .up = GetLinear(layer + "ffn.up"),
                       .down = GetLinear(layer + "ffn.down")});
  }
  final_norm_ = GetNorm("final_norm");
}

Gpt2::Linear Gpt2::GetLinear(const std::string& name) const {
  return {.weight = parameters()[name + ".w"], .bias = parameters()[name + ".b"]};
}

Gpt2::LayerNorm Gpt2::GetNorm(const std::string& name) const {
  return {.gain = parameters()[name + ".gain"], .shift = parameters()[name + ".shift"]};
}

at::Tensor Gpt2::Apply(const LayerNorm& norm, const at::Tensor& x) const {
  return at::layer_norm(x, {config_.d_model}, norm.gain, norm.shift, kLayerNormEpsilon);
}

bool Gpt2::Drops(const DropoutRows& dropout) const {
  return config_.dropout > 0 && !dropout.stream.empty();
}

// What is dropped at `place`, e.g. "layer0.attn.out".
MaskSource Gpt2::Masks(const DropoutRows& dropout, const std::string& place) const {
  return {
      .stream = Stream(static_cast<uint64_t>(seed_), fmt::format("{}/{}", dropout.stream, place)),
      .first_row = dropout.first_row,
      .rate = config_.dropout};
}

// `x` (B * L, d) with some of its elements zero and the others larger by as much as keeps its mean.
at::Tensor Gpt2::Drop(const at::Tensor& x, int64_t batch, const DropoutRows& dropout,
                      const std::string& place) const {
  if (!Drops(dropout)) {
    return x;
  }
  const at::Tensor mask =
      DropoutMask(Masks(dropout, place), {batch, x.size(0) / batch, x.size(1)}, x.device());
  return x * mask.view(x.sizes());
}

// Attention's contribution to the residual stream: (B * L, d) -> (B * L, d).
at::Tensor Gpt2::Attend(const Block& block, const at::Tensor& x, int64_t batch,
                        const std::string& name, const DropoutRows& dropout) const {
  const int64_t d_head = config_.d_model / config_.heads;
  // (B * L, 3 d) -> 3 of (B, H, L, dk)
  const at::Tensor qkv = at::addmm(block.qkv.bias, x, block.qkv.weight)
                             .view({batch, -1, 3, config_.heads, d_head})
                             .permute({2, 0, 3, 1, 4});
  const at::Tensor query = qkv[0];
  const at::Tensor key = qkv[1];
  const at::Tensor value = qkv[2];
  at::Tensor head_outputs;  // (B, H, L, dk)
  if (!Drops(dropout)) {
    head_outputs =
        at::scaled_dot_product_attention(query, key, value, /*attn_mask=*/{}, /*dropout_p=*/0.0,
                                         /*is_causal=*/true);
  } else {
    // By hand: the library's own dropout has its own generator.
    const double scale = 1.0 / std::sqrt(static_cast<double>(d_head));
    const int64_t length = query.size(2);
    const at::Tensor mask =
        at::full({length, length}, -std::numeric_limits<double>::infinity(), query.options())
            .triu(1);
    const at::Tensor weights =
        at::softmax(at::matmul(query * scale, key.transpose(2, 3)) + mask, -1);
    const at::Tensor kept = CausalDropoutMask(Masks(dropout, name + ".weights"), batch,
                                              config_.heads, length, weights.device());
    head_outputs = at::matmul(weights * kept, value);
  }
  return at::addmm(block.out.bias, head_outputs.transpose(1, 2).reshape({-1, config_.d_model}),
                   block.out.weight);
}

// The residual stream after the last block: (B * L, d).
at::Tensor Gpt2::Hidden(const at::Tensor& tokens, const DropoutRows& dropout) const {
  const int64_t batch = tokens.size(0);
  INITBIAS_CHECK(tokens.size(1) <= config_.context);
  at::Tensor x = (at::embedding(embedding_, tokens) + positions_.narrow(0, 0, tokens.size(1)))
                     .view({-1, config_.d_model});
  x = Drop(x, batch, dropout, "embedding");
  for (size_t i = 0; i < blocks_.size(); ++i) {
    const Block& block = blocks_[i];
    const std::string layer = fmt::format("layer{}.", i);
    const at::Tensor attended =
        Attend(block, Apply(block.norm1, x), batch, layer + "attn", dropout);
    x = x + Drop(attended, batch, dropout, layer + "attn.out");
    const at::Tensor hidden =
        at::gelu(at::addmm(block.up.bias, Apply(block.norm2, x), block.up.weight), "tanh");
    x = x + Drop(at::addmm(block.down.bias, hidden, block.down.weight), batch, dropout,
                 layer + "ffn.down");
  }
  return x;
}

at::Tensor Gpt2::LogitsAt(const at::Tensor& tokens, const at::Tensor& positions,
                          const DropoutRows& dropout) const {
  const at::Tensor x = Hidden(tokens, dropout).index_select(0, positions);
  return at::mm(Apply(final_norm_, x), embedding_.t());
}

at::Tensor Gpt2::Logits(const at::Tensor& tokens, Activations* /*activations*/) const {
  const at::Tensor x = Hidden(tokens, {}).view({tokens.size(0), -1, config_.d_model}).select(1, -1);
  return at::mm(Apply(final_norm_, x), embedding_.t());
}

}  // namespace initbias
