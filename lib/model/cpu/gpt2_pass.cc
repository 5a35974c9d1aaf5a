#include "lib/model/cpu/gpt2_pass.h"

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
  for (const Sequence& s : sequences_) {
    for (int64_t h = 0; h < config_.heads; ++h) {
      f(s.length, block.weights.data() + s.weights + h * s.length * s.length,
        s.row * 3 * d + h * width, s.row * d + h * width);
    }
  }
}

void Gpt2Pass::SetBatch(const HostBatch& batch) {
  INITBIAS_CHECK(batch.length <= config_.context);
  batch_ = batch;
  std::vector<int64_t> positions(batch.positions.begin(), batch.positions.end());
  if (positions.empty()) {
    for (int64_t b = 1; b <= batch.sequences; ++b) {
      positions.push_back(b * batch.length - 1);
    }
  }
  std::vector<int64_t> lengths(static_cast<size_t>(batch.sequences));
  for (const int64_t position : positions) {
    int64_t& length = lengths[static_cast<size_t>(position / batch.length)];
    length = std::max(length, position % batch.length + 1);
  }
  sequences_.clear();
  rows_ = 0;
  longest_ = 0;
  weights_size_ = 0;
  std::vector<int64_t> first_rows;
  for (int64_t b = 0; b < batch.sequences; ++b) {
    const int64_t length = lengths[static_cast<size_t>(b)];
    first_rows.push_back(rows_);
    if (length > 0) {
      sequences_.push_back({.index = b, .length = length, .row = rows_, .weights = weights_size_});
    }
    rows_ += length;
    longest_ = std::max(longest_, length);
    weights_size_ += config_.heads * length * length;
  }
  chosen_rows_.clear();
  for (const int64_t position : positions) {
    chosen_rows_.push_back(first_rows[static_cast<size_t>(position / batch.length)] +
                           position % batch.length);
  }
}

HostBatch Gpt2Pass::Computed(const Sequence& sequence) const {
  return {.tokens = batch_.tokens + sequence.index * batch_.token_stride,
          .sequences = 1,
          .length = sequence.length,
          .token_stride = batch_.token_stride};
}

// From `queries` to `mixed`.
void Gpt2Pass::AttendForward(Block& block) {
  const int64_t d = config_.d_model;
  const int64_t width = d / config_.heads;
  const auto scale = static_cast<float>(1.0 / std::sqrt(static_cast<double>(width)));
  block.weights.Room(weights_size_);
  float* const mixed = block.mixed.Room(rows() * d);
  ForHeads(block, [&](int64_t length, float* weights, int64_t at_query, int64_t at_mixed) {
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
  const auto scale = static_cast<float>(1.0 / std::sqrt(static_cast<double>(width)));
  float* const d_scores = d_weights_.Room(kQueryBlock * longest_);
  std::fill_n(d_queries, rows() * 3 * d, 0.0F);  // keys and values gather from all queries
  ForHeads(block, [&](int64_t length, const float* weights, int64_t at_query, int64_t at_mixed) {
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
  SetBatch(batch);
  const int64_t d = config_.d_model;
  float* const input = blocks_.front().input.Room(rows() * d);
  for (const Sequence& s : sequences_) {
    work_.Embed(Computed(s), token_embedding_.value, position_embedding_.value, d,
                input + s.row * d);
  }
  for (size_t i = 0; i < blocks_.size(); ++i) {
    BlockForward(blocks_[i], i + 1 < blocks_.size() ? &blocks_[i + 1].input : &output_);
  }
  const auto predictions = static_cast<int64_t>(chosen_rows_.size());
  float* const chosen = chosen_.Room(predictions * d);
  for (int64_t i = 0; i < predictions; ++i) {
    std::memcpy(chosen + i * d, output_.data() + chosen_rows_[static_cast<size_t>(i)] * d,
                static_cast<size_t>(d) * sizeof(float));
  }
  float* const head_input = head_input_.Room(predictions * d);
  work_.Normalize(final_norm_, predictions, chosen, head_input);
  const int64_t size = predictions * config_.vocabulary;
  float* const logits = logits_.Room(size);
  work_.Multiply({.rows = predictions,
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
  const auto predictions = static_cast<int64_t>(chosen_rows_.size());
  // The head is the token embedding: this sets its gradient, the embedding adds to it.
  work_.Multiply({.rows = config_.vocabulary,
                  .columns = d,
                  .inner = predictions,
                  .a = logits_.data(),
                  .a_stride = config_.vocabulary,
                  .transpose_a = true,
                  .b = head_input_.data(),
                  .b_stride = d,
                  .c = token_embedding_.gradient,
                  .c_stride = d,
                  .add = add});
  float* const d_head_input = head_input_.data();
  work_.Multiply({.rows = predictions,
                  .columns = d,
                  .inner = config_.vocabulary,
                  .a = logits_.data(),
                  .a_stride = config_.vocabulary,
                  .b = token_embedding_.value,
                  .b_stride = d,
                  .c = d_head_input,
                  .c_stride = d});
  float* const d_chosen = temporary_.Room(std::max(rows(), predictions) * d);
  work_.NormalizeBackward(final_norm_, predictions, d_head_input, chosen_.data(), /*add=*/false,
                          d_chosen);
  float* const gradient = gradient_.Room(rows() * d);
  std::fill_n(gradient, rows() * d, 0.0F);
  for (int64_t i = 0; i < predictions; ++i) {
    work_.kernels().add_to(d, d_chosen + i * d,
                           gradient + chosen_rows_[static_cast<size_t>(i)] * d);
  }
  for (size_t i = blocks_.size(); i-- > 0;) {
    BlockBackward(blocks_[i], add);
  }
  for (const Sequence& s : sequences_) {
    work_.EmbedBackward(Computed(s), gradient + s.row * d, d, token_embedding_.gradient,
                        position_embedding_.gradient);
  }
}

}  // namespace initbias
