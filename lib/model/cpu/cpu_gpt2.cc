#include "lib/model/cpu/cpu_gpt2.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "lib/base/error.h"

namespace initbias {
namespace {

// Queries whose attention is computed at a time, over the keys that the last of them sees: the
// smaller, the fewer masked scores are computed, those above the diagonal.
constexpr int64_t kQueryBlock = 48;

}  // namespace

CpuGpt2::CpuGpt2(const RunConfig& config, Parameters& parameters, const Kernels& kernels)
    : layers_(parameters, kernels),
      config_(config.gpt2),
      token_embedding_(layers_.Find("embedding.token")),
      position_embedding_(layers_.Find("embedding.position")),
      blocks_(static_cast<size_t>(config_.layers)),
      final_norm_(layers_.FindNorm("final_norm")) {
  for (size_t i = 0; i < blocks_.size(); ++i) {
    const std::string layer = fmt::format("layer{}.", i);
    const auto linear = [&](const std::string& name) {
      return layers_.FindLinear(layer + name + ".w", layer + name + ".b");
    };
    Block& block = blocks_[i];
    block.norm1 = layers_.FindNorm(layer + "norm1");
    block.norm2 = layers_.FindNorm(layer + "norm2");
    block.qkv = linear("attn.qkv");
    block.out = linear("attn.out");
    block.up = linear("ffn.up");
    block.down = linear("ffn.down");
  }
}

template <typename F>
void CpuGpt2::ForHeads(const Block& block, const F& f) const {
  const int64_t d = config_.d_model;
  const int64_t width = d / config_.heads;
  for (const Sequence& s : sequences_) {
    for (int64_t h = 0; h < config_.heads; ++h) {
      f(s.length, block.weights.data() + s.weights + h * s.length * s.length,
        s.row * 3 * d + h * width, s.row * d + h * width);
    }
  }
}

void CpuGpt2::SetBatch(const HostBatch& batch) {
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

HostBatch CpuGpt2::Computed(const Sequence& sequence) const {
  return {.tokens = batch_.tokens + sequence.index * batch_.token_stride,
          .sequences = 1,
          .length = sequence.length,
          .token_stride = batch_.token_stride};
}

// From `qkv_output` to `head_outputs`.
void CpuGpt2::AttendForward(Block& block) {
  const int64_t d = config_.d_model;
  const int64_t width = d / config_.heads;
  const auto scale = static_cast<float>(1.0 / std::sqrt(static_cast<double>(width)));
  block.weights.Reserve(weights_size_);
  float* const head_outputs = block.head_outputs.Reserve(rows() * d);
  ForHeads(block, [&](int64_t length, float* weights, int64_t at_query, int64_t at_output) {
    const float* const queries = block.qkv_output.data() + at_query;
    const float* const keys = queries + d;
    const float* const values = queries + 2 * d;
    for (int64_t i = 0; i < length; i += kQueryBlock) {
      const int64_t query_count = std::min(kQueryBlock, length - i);
      const int64_t visible_keys = i + query_count;
      float* const scores = weights + i * length;
      layers_.Multiply({.rows = query_count,
                        .columns = visible_keys,
                        .inner = width,
                        .a = queries + i * 3 * d,
                        .a_stride = 3 * d,
                        .b = keys,
                        .b_stride = 3 * d,
                        .transpose_b = true,
                        .c = scores,
                        .c_stride = length});
      layers_.kernels().causal_softmax(query_count, visible_keys, length, i, scale, scores);
      layers_.Multiply({.rows = query_count,
                        .columns = width,
                        .inner = visible_keys,
                        .a = scores,
                        .a_stride = length,
                        .b = values,
                        .b_stride = 3 * d,
                        .c = head_outputs + at_output + i * d,
                        .c_stride = d});
    }
  });
}

// From the gradient of `head_outputs` to that of `qkv_output`.
void CpuGpt2::AttendBackward(const Block& block, const float* d_head_outputs, float* d_qkv) {
  const int64_t d = config_.d_model;
  const int64_t width = d / config_.heads;
  const auto scale = static_cast<float>(1.0 / std::sqrt(static_cast<double>(width)));
  float* const d_scores = d_scores_.Reserve(kQueryBlock * longest_);
  std::fill_n(d_qkv, rows() * 3 * d, 0.0F);  // keys and values receive gradients of all queries
  ForHeads(block, [&](int64_t length, const float* weights, int64_t at_query, int64_t at_output) {
    const float* const queries = block.qkv_output.data() + at_query;
    const float* const keys = queries + d;
    const float* const values = queries + 2 * d;
    float* const d_queries = d_qkv + at_query;
    float* const d_keys = d_queries + d;
    float* const d_values = d_queries + 2 * d;
    for (int64_t i = 0; i < length; i += kQueryBlock) {
      const int64_t query_count = std::min(kQueryBlock, length - i);
      const int64_t visible_keys = i + query_count;
      const float* const weight_rows = weights + i * length;
      const float* const d_output = d_head_outputs + at_output + i * d;
      layers_.Multiply({.rows = query_count,
                        .columns = visible_keys,
                        .inner = width,
                        .a = d_output,
                        .a_stride = d,
                        .b = values,
                        .b_stride = 3 * d,
                        .transpose_b = true,
                        .c = d_scores,
                        .c_stride = length});
      layers_.Multiply({.rows = visible_keys,
                        .columns = width,
                        .inner = query_count,
                        .a = weight_rows,
                        .a_stride = length,
                        .transpose_a = true,
                        .b = d_output,
                        .b_stride = d,
                        .c = d_values,
                        .c_stride = 3 * d,
                        .add = true});
      layers_.kernels().causal_softmax_backward(query_count, visible_keys, length, i, scale,
                                                weight_rows, d_scores);
      layers_.Multiply({.rows = query_count,
                        .columns = width,
                        .inner = visible_keys,
                        .a = d_scores,
                        .a_stride = length,
                        .b = keys,
                        .b_stride = 3 * d,
                        .c = d_queries + i * 3 * d,
                        .c_stride = 3 * d});
      layers_.Multiply({.rows = visible_keys,
                        .columns = width,
                        .inner = query_count,
                        .a = d_scores,
                        .a_stride = length,
                        .transpose_a = true,
                        .b = queries + i * 3 * d,
                        .b_stride = 3 * d,
                        .c = d_keys,
                        .c_stride = 3 * d,
                        .add = true});
    }
  });
}

void CpuGpt2::BlockForward(Block& block, FloatBuffer* output) {
  const int64_t d = config_.d_model;
  const int64_t n = rows();
  layers_.LayerNorm(block.norm1, n, block.input.data(), block.normed1.Reserve(n * d));
  layers_.Linear(block.qkv, n, block.normed1.data(), block.qkv_output.Reserve(n * 3 * d));
  AttendForward(block);
  float* const attention_output = scratch_.Reserve(n * d);
  layers_.MatMul(block.out, n, block.head_outputs.data(), attention_output);
  float* const middle = block.middle.Reserve(n * d);
  layers_.kernels().add_rows(n, d, block.input.data(), attention_output, block.out.bias.value,
                             middle);
  layers_.LayerNorm(block.norm2, n, middle, block.normed2.Reserve(n * d));
  float* const slope = block.slope.Reserve(n * 4 * d);
  layers_.MatMul(block.up, n, block.normed2.data(), slope);
  float* const hidden = block.hidden.Reserve(n * 4 * d);
  layers_.kernels().activate(ActivationKernel::kGeluTanh, n, 4 * d, block.up.bias.value, slope,
                             hidden);
  float* const ffn_output = scratch_.data();  // the attention output has been added
  layers_.MatMul(block.down, n, hidden, ffn_output);
  layers_.kernels().add_rows(n, d, middle, ffn_output, block.down.bias.value,
                             output->Reserve(n * d));
}

std::span<float> CpuGpt2::Forward(const HostBatch& batch) {
  SetBatch(batch);
  const int64_t d = config_.d_model;
  float* const input = blocks_.front().input.Reserve(rows() * d);
  for (const Sequence& s : sequences_) {
    layers_.Embed(Computed(s), token_embedding_.value, position_embedding_.value, d,
                  input + s.row * d);
  }
  for (size_t i = 0; i < blocks_.size(); ++i) {
    BlockForward(blocks_[i], i + 1 < blocks_.size() ? &blocks_[i + 1].input : &output_);
  }
  const auto predictions = static_cast<int64_t>(chosen_rows_.size());
  float* const chosen = chosen_.Reserve(predictions * d);
  for (int64_t i = 0; i < predictions; ++i) {
    std::memcpy(chosen + i * d, output_.data() + chosen_rows_[static_cast<size_t>(i)] * d,
                static_cast<size_t>(d) * sizeof(float));
  }
  float* const head_input = head_input_.Reserve(predictions * d);
  layers_.LayerNorm(final_norm_, predictions, chosen, head_input);
  const int64_t size = predictions * config_.vocabulary;
  float* const logits = logits_.Reserve(size);
  layers_.Multiply({.rows = predictions,
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

// Takes `d_residual_` from the block's output to its input. Gradients overwrite the activations
// that are no longer needed: hidden and head_outputs.
void CpuGpt2::BlockBackward(Block& block, bool add) {
  const int64_t d = config_.d_model;
  const int64_t n = rows();
  float* const d_residual = d_residual_.data();
  // The FFN.
  layers_.LinearBackwardWeights(block.down, n, block.hidden.data(), d_residual, add);
  float* const d_hidden = block.hidden.data();
  layers_.LinearBackwardInput(block.down, n, d_residual, /*add=*/false, d_hidden);
  layers_.kernels().multiply_by(n * 4 * d, block.slope.data(), d_hidden);
  layers_.LinearBackwardWeights(block.up, n, block.normed2.data(), d_hidden, add);
  float* const d_normed2 = scratch_.data();
  layers_.LinearBackwardInput(block.up, n, d_hidden, /*add=*/false, d_normed2);
  layers_.LayerNormBackward(block.norm2, n, d_normed2, block.middle.data(), /*add=*/true,
                            d_residual);
  // Attention.
  layers_.LinearBackwardWeights(block.out, n, block.head_outputs.data(), d_residual, add);
  float* const d_head_outputs = block.head_outputs.data();
  layers_.LinearBackwardInput(block.out, n, d_residual, /*add=*/false, d_head_outputs);
  float* const d_qkv = d_qkv_.Reserve(n * 3 * d);
  AttendBackward(block, d_head_outputs, d_qkv);
  layers_.LinearBackwardWeights(block.qkv, n, block.normed1.data(), d_qkv, add);
  float* const d_normed1 = scratch_.data();
  layers_.LinearBackwardInput(block.qkv, n, d_qkv, /*add=*/false, d_normed1);
  layers_.LayerNormBackward(block.norm1, n, d_normed1, block.input.data(), /*add=*/true,
                            d_residual);
}

void CpuGpt2::Backward(bool add) {
  if (!add) {
    layers_.ClearAddedGradients({"embedding.position"});
  }
  const int64_t d = config_.d_model;
  const auto predictions = static_cast<int64_t>(chosen_rows_.size());
  const float* const d_logits = logits_.data();  // the caller has written them there
  // The head is the token embedding: this sets its gradient, the embedding adds to it.
  layers_.Multiply({.rows = config_.vocabulary,
                    .columns = d,
                    .inner = predictions,
                    .a = d_logits,
                    .a_stride = config_.vocabulary,
                    .transpose_a = true,
                    .b = head_input_.data(),
                    .b_stride = d,
                    .c = token_embedding_.gradient,
                    .c_stride = d,
                    .add = add});
  float* const d_head_input = head_input_.data();  // in place of head_input_
  layers_.Multiply({.rows = predictions,
                    .columns = d,
                    .inner = config_.vocabulary,
                    .a = d_logits,
                    .a_stride = config_.vocabulary,
                    .b = token_embedding_.value,
                    .b_stride = d,
                    .c = d_head_input,
                    .c_stride = d});
  float* const d_chosen = scratch_.Reserve(std::max(rows(), predictions) * d);
  layers_.LayerNormBackward(final_norm_, predictions, d_head_input, chosen_.data(), /*add=*/false,
                            d_chosen);
  float* const d_residual = d_residual_.Reserve(rows() * d);
  std::fill_n(d_residual, rows() * d, 0.0F);
  for (int64_t i = 0; i < predictions; ++i) {
    layers_.kernels().add_to(d, d_chosen + i * d,
                             d_residual + chosen_rows_[static_cast<size_t>(i)] * d);
  }
  for (size_t i = blocks_.size(); i-- > 0;) {
    BlockBackward(blocks_[i], add);
  }
  for (const Sequence& s : sequences_) {
    layers_.EmbedBackward(Computed(s), d_residual + s.row * d, d, token_embedding_.gradient,
                          position_embedding_.gradient);
  }
}

}  // namespace initbias
