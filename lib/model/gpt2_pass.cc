#include "lib/model/gpt2_pass.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "lib/base/error.h"

namespace initbias {
namespace {

// Queries whose attention is computed at a time, over the keys that the last of them sees: the
// smaller, the less is computed in vain above the diagonal.
constexpr int64_t kQueryBlock = 48;

}  // namespace

Gpt2Pass::Gpt2Pass(const RunConfig& config, Parameters& parameters, const Kernels& kernels)
    : work_(parameters, kernels),
      config_(config.gpt2),
      token_embedding_(work_.Find("embedding.token")),
      position_embedding_(work_.Find("embedding.position")),
      blocks_(static_cast<size_t>(config_.layers)),
      final_norm_(work_.FindNorm("final_norm")) {
  for (size_t i = 0; i < blocks_.size(); ++i) {
    const std::string layer = fmt::format("layer{}.", i);
    const auto linear = [&](const std::string& name) {
      return work_.FindLinear(layer + name + ".w", layer + name + ".b");
    };
    Block& block = blocks_[i];
    block.norm1 = work_.FindNorm(layer + "norm1");
    block.norm2 = work_.FindNorm(layer + "norm2");
    block.qkv = linear("attn.qkv");
    block.out = linear("attn.out");
    block.up = linear("ffn.up");
    block.down = linear("ffn.down");
  }
}

template <typename F>
void Gpt2Pass::ForHeads(const Block& block, const F& f) const {
  const int64_t d = config_.d_model;
  const int64_t width = d / config_.heads;
  const int64_t length = batch_.length;
  for (int64_t b = 0; b < batch_.sequences; ++b) {
    for (int64_t h = 0; h < config_.heads; ++h) {
      f(block.weights.data() + (b * config_.heads + h) * length * length,
        b * length * 3 * d + h * width, b * length * d + h * width);
    }
  }
}

// From `queries` to `mixed`.
void Gpt2Pass::AttendForward(Block& block) {
  const int64_t d = config_.d_model;
  const int64_t width = d / config_.heads;
  const int64_t length = batch_.length;
  const auto scale = static_cast<float>(1.0 / std::sqrt(static_cast<double>(width)));
  block.weights.Room(batch_.sequences * config_.heads * length * length);
  float* const mixed = block.mixed.Room(rows() * d);
  ForHeads(block, [&](float* weights, int64_t at_query, int64_t at_mixed) {
    const float* const queries = block.queries.data() + at_query;
    for (int64_t i = 0; i < length; i += kQueryBlock) {
      const int64_t asking = std::min(kQueryBlock, length - i);
      const int64_t seen = i + asking;
      float* const scores = weights + i * length;
      work_.Multiply({.rows = asking,
                      .columns = seen,
                      .inner = width,
                      .a = queries + i * 3 * d,
                      .a_stride = 3 * d,
                      .b = queries + d,
                      .b_stride = 3 * d,
                      .transpose_b = true,
                      .c = scores,
                      .c_stride = length});
      work_.kernels().causal_softmax(asking, seen, length, i, scale, scores);
      work_.Multiply({.rows = asking,
                      .columns = width,
                      .inner = seen,
                      .a = scores,
                      .a_stride = length,
                      .b = queries + 2 * d,
                      .b_stride = 3 * d,
                      .c = mixed + at_mixed + i * d,
                      .c_stride = d});
    }
  });
}

// From the gradient by `mixed` to that by `queries`.
void Gpt2Pass::AttendBackward(const Block& block, const float* d_mixed, float* d_queries) {
  const int64_t d = config_.d_model;
  const int64_t width = d / config_.heads;
  const int64_t length = batch_.length;
  const auto scale = static_cast<float>(1.0 / std::sqrt(static_cast<double>(width)));
  float* const d_scores = d_weights_.Room(kQueryBlock * length);
  std::fill_n(d_queries, rows() * 3 * d, 0.0F);  // keys and values gather from all queries
  ForHeads(block, [&](const float* weights, int64_t at_query, int64_t at_mixed) {
    const float* const queries = block.queries.data() + at_query;
    float* const d_query = d_queries + at_query;
    for (int64_t i = 0; i < length; i += kQueryBlock) {
      const int64_t asking = std::min(kQueryBlock, length - i);
      const int64_t seen = i + asking;
      const float* const here = weights + i * length;
      const float* const d_out = d_mixed + at_mixed + i * d;
      work_.Multiply({.rows = asking,
                      .columns = seen,
                      .inner = width,
                      .a = d_out,
                      .a_stride = d,
                      .b = queries + 2 * d,
                      .b_stride = 3 * d,
                      .transpose_b = true,
                      .c = d_scores,
                      .c_stride = length});
      work_.Multiply({.rows = seen,
                      .columns = width,
                      .inner = asking,
                      .a = here,
                      .a_stride = length,
                      .transpose_a = true,
                      .b = d_out,
                      .b_stride = d,
                      .c = d_query + 2 * d,
                      .c_stride = 3 * d,
                      .add = true});
      work_.kernels().causal_softmax_backward(asking, seen, length, i, scale, here, d_scores);
      work_.Multiply({.rows = asking,
                      .columns = width,
                      .inner = seen,
                      .a = d_scores,
                      .a_stride = length,
                      .b = queries + d,
                      .b_stride = 3 * d,
                      .c = d_query + i * 3 * d,
                      .c_stride = 3 * d});
      work_.Multiply({.rows = seen,
                      .columns = width,
                      .inner = asking,
                      .a = d_scores,
                      .a_stride = length,
                      .transpose_a = true,
                      .b = queries + i * 3 * d,
                      .b_stride = 3 * d,
                      .c = d_query + d,
                      .c_stride = 3 * d,
                      .add = true});
    }
  });
}

void Gpt2Pass::BlockForward(Block& block, FloatBuffer* output) {
  const int64_t d = config_.d_model;
  const int64_t n = rows();
  work_.Normalize(block.norm1, n, block.input.data(), block.normal1.Room(n * d));
  work_.MapWithBias(block.qkv, n, block.normal1.data(), block.queries.Room(n * 3 * d));
  AttendForward(block);
  float* const temporary = temporary_.Room(n * d);
  work_.Map(block.out, n, block.mixed.data(), temporary);
  float* const middle = block.middle.Room(n * d);
  work_.kernels().add_rows(n, d, block.input.data(), temporary, block.out.bias.value, middle);
  work_.Normalize(block.norm2, n, middle, block.normal2.Room(n * d));
  float* const slope = block.slope.Room(n * 4 * d);
  work_.Map(block.up, n, block.normal2.data(), slope);
  float* const hidden = block.hidden.Room(n * 4 * d);
  work_.kernels().activate(ActivationKernel::kGeluTanh, n, 4 * d, block.up.bias.value, slope,
                           hidden);
  work_.Map(block.down, n, hidden, temporary);
  work_.kernels().add_rows(n, d, middle, temporary, block.down.bias.value, output->Room(n * d));
}

std::span<float> Gpt2Pass::Forward(const HostBatch& batch) {
  INITBIAS_CHECK(batch.length <= config_.context);
  batch_ = batch;
  positions_.assign(batch.positions.begin(), batch.positions.end());
  if (positions_.empty()) {
    for (int64_t b = 1; b <= batch.sequences; ++b) {
      positions_.push_back(b * batch.length - 1);
    }
  }
  const int64_t d = config_.d_model;
  work_.Embed(batch, token_embedding_.value, position_embedding_.value, d,
              blocks_.front().input.Room(rows() * d));
  for (size_t i = 0; i < blocks_.size(); ++i) {
    BlockForward(blocks_[i], i + 1 < blocks_.size() ? &blocks_[i + 1].input : &output_);
  }
  const auto chosen_rows = static_cast<int64_t>(positions_.size());
  float* const chosen = chosen_.Room(chosen_rows * d);
  for (int64_t i = 0; i < chosen_rows; ++i) {
    std::memcpy(chosen + i * d, output_.data() + positions_[static_cast<size_t>(i)] * d,
                static_cast<size_t>(d) * sizeof(float));
  }
  float* const head_input = head_input_.Room(chosen_rows * d);
  work_.Normalize(final_norm_, chosen_rows, chosen, head_input);
  const int64_t size = chosen_rows * config_.vocabulary;
  float* const logits = logits_.Room(size);
  work_.Multiply({.rows = chosen_rows,
                  .columns = config_.vocabulary,
                  .inner = d,
                  .a = head_input,
                  .a_stride = d,
                  .b = token_embedding_.value,
                  .b_stride = d,
                  .transpose_b = true,
                  .c = logits,
                  .c_stride = config_.vocabulary});
  return {logits, static_cast<size_t>(size)};
}

// `gradient_` by the block's output becomes that by its input.
void Gpt2Pass::BlockBackward(Block& block, bool add) {
  const int64_t d = config_.d_model;
  const int64_t n = rows();
  float* const gradient = gradient_.data();
  float* const temporary = temporary_.data();
  // The feed-forward part; what it kept is overwritten by gradients.
  work_.MapGradients(block.down, n, block.hidden.data(), gradient, add);
  float* const d_hidden = block.hidden.data();
  work_.MapBackward(block.down, n, gradient, /*add=*/false, d_hidden);
  work_.kernels().multiply_by(n * 4 * d, block.slope.data(), d_hidden);
  work_.MapGradients(block.up, n, block.normal2.data(), d_hidden, add);
  work_.MapBackward(block.up, n, d_hidden, /*add=*/false, temporary);
  work_.NormalizeBackward(block.norm2, n, temporary, block.middle.data(), /*add=*/true, gradient);
  // Attention.
  work_.MapGradients(block.out, n, block.mixed.data(), gradient, add);
  float* const d_mixed = block.mixed.data();
  work_.MapBackward(block.out, n, gradient, /*add=*/false, d_mixed);
  float* const d_queries = d_queries_.Room(n * 3 * d);
  AttendBackward(block, d_mixed, d_queries);
  work_.MapGradients(block.qkv, n, block.normal1.data(), d_queries, add);
  work_.MapBackward(block.qkv, n, d_queries, /*add=*/false, temporary);
  work_.NormalizeBackward(block.norm1, n, temporary, block.input.data(), /*add=*/true, gradient);
}

void Gpt2Pass::Backward(bool add) {
  if (!add) {
    work_.ClearAddedGradients({"embedding.position"});
  }
  const int64_t d = config_.d_model;
  const auto chosen_rows = static_cast<int64_t>(positions_.size());
  // The head is the token embedding: this sets its gradient, the embedding adds to it.
  work_.Multiply({.rows = config_.vocabulary,
                  .columns = d,
                  .inner = chosen_rows,
                  .a = logits_.data(),
                  .a_stride = config_.vocabulary,
                  .transpose_a = true,
                  .b = head_input_.data(),
                  .b_stride = d,
                  .c = token_embedding_.gradient,
                  .c_stride = d,
                  .add = add});
  float* const d_head_input = head_input_.data();
  work_.Multiply({.rows = chosen_rows,
                  .columns = d,
                  .inner = config_.vocabulary,
                  .a = logits_.data(),
                  .a_stride = config_.vocabulary,
                  .b = token_embedding_.value,
                  .b_stride = d,
                  .c = d_head_input,
                  .c_stride = d});
  float* const d_chosen = temporary_.Room(std::max(rows(), chosen_rows) * d);
  work_.NormalizeBackward(final_norm_, chosen_rows, d_head_input, chosen_.data(), /*add=*/false,
                          d_chosen);
  float* const gradient = gradient_.Room(rows() * d);
  std::fill_n(gradient, rows() * d, 0.0F);
  for (int64_t i = 0; i < chosen_rows; ++i) {
    work_.kernels().add_to(d, d_chosen + i * d, gradient + positions_[static_cast<size_t>(i)] * d);
  }
  for (size_t i = blocks_.size(); i-- > 0;) {
    BlockBackward(blocks_[i], add);
  }
  work_.EmbedBackward(batch_, gradient, d, token_embedding_.gradient, position_embedding_.gradient);
}

}  // namespace initbias
