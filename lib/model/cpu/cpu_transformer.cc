#include "lib/model/cpu/cpu_transformer.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/from_blob.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "lib/base/error.h"

namespace initbias {

CpuTransformer::CpuTransformer(const RunConfig& config, Parameters& parameters,
                               const Kernels& kernels)
    : layers_(parameters, kernels),
      config_(config.transformer),
      length_(config.task.length),
      token_embedding_(layers_.Find("embedding.token")),
      position_embedding_(layers_.Find("embedding.position")),
      blocks_(static_cast<size_t>(config_.layers)),
      final_norm_(layers_.FindNorm("final_norm")) {
  if (config_.projection) {
    head_ = layers_.FindLinear("head.w", "head.b");
  }
  for (size_t i = 0; i < blocks_.size(); ++i) {
    const std::string layer = fmt::format("layer{}.", i);
    const auto linear = [&](const std::string& prefix, const std::string& suffix) {
      return layers_.FindLinear(layer + prefix + "w" + suffix, layer + prefix + "b" + suffix);
    };
    Block& block = blocks_[i];
    block.norm1 = layers_.FindNorm(layer + "norm1");
    block.norm2 = layers_.FindNorm(layer + "norm2");
    block.query = linear("attn.", "q");
    block.key = linear("attn.", "k");
    block.value = linear("attn.", "v");
    block.output = linear("attn.", "o");
    block.up = linear("ffn.", "1");
    block.down = linear("ffn.", "2");
  }
}

float* CpuTransformer::AttentionInput(const Block& block) const {
  return config_.norm == Norm::kPre ? block.attention_input.data() : block.input.data();
}

float* CpuTransformer::QueryInput(const Block& block) const {
  return block.last_only ? block.query_input.data() : AttentionInput(block);
}

float* CpuTransformer::FfnInput(const Block& block) const {
  return config_.norm == Norm::kNone ? block.middle.data() : block.normed.data();
}

// Calls f(arguments of a sequence's head, offset of its queries, offset of its keys).
template <typename F>
void CpuTransformer::ForHeads(Block& block, const F& f) const {
  const int64_t width = config_.heads * config_.d_head;
  const int64_t query_count = QueryRows(block) / batch_.sequences;
  for (int64_t b = 0; b < batch_.sequences; ++b) {
    for (int64_t h = 0; h < config_.heads; ++h) {
      const int64_t at_query = b * query_count * width + h * config_.d_head;
      const int64_t at_key = b * batch_.length * width + h * config_.d_head;
      const ShortAttentionArgs args = {
          .queries = query_count,
          .length = batch_.length,
          .width = config_.d_head,
          .query = block.queries.data() + at_query,
          .key = block.keys.data() + at_key,
          .value = block.values.data() + at_key,
          .query_stride = width,
          .key_stride = width,
          .scale = static_cast<float>(1.0 / std::sqrt(static_cast<double>(config_.d_head))),
          .weights = block.weights.data() + (b * config_.heads + h) * query_count * batch_.length};
      f(args, at_query, at_key);
    }
  }
}

// From AttentionInput to `head_outputs`.
void CpuTransformer::AttendForward(Block& block) {
  const int64_t query_count = QueryRows(block);
  const int64_t width = config_.heads * config_.d_head;
  const float* const x = AttentionInput(block);
  if (block.last_only) {
    layers_.CopyLastRows(batch_.sequences, batch_.length, config_.d_model, x,
                         block.query_input.Reserve(query_count * config_.d_model));
  }
  layers_.Linear(block.query, query_count, QueryInput(block),
                 block.queries.Reserve(query_count * width));
  layers_.Linear(block.key, rows(), x, block.keys.Reserve(rows() * width));
  layers_.Linear(block.value, rows(), x, block.values.Reserve(rows() * width));
  block.weights.Reserve(query_count * config_.heads * batch_.length);
  float* const head_outputs = block.head_outputs.Reserve(query_count * width);
  ForHeads(block, [&](const ShortAttentionArgs& args, int64_t at_query, int64_t /*at_key*/) {
    layers_.kernels().short_attention(args, head_outputs + at_query);
  });
}

// From the gradient of `head_outputs` to those of queries, keys and values.
void CpuTransformer::AttendBackward(Block& block, const float* d_head_outputs) {
  const int64_t width = config_.heads * config_.d_head;
  float* const d_queries = d_queries_.Reserve(QueryRows(block) * width);
  float* const d_keys = d_keys_.Reserve(rows() * width);
  float* const d_values = d_values_.Reserve(rows() * width);
  float* const scratch = attention_scratch_.Reserve(batch_.length);
  ForHeads(block, [&](const ShortAttentionArgs& args, int64_t at_query, int64_t at_key) {
    layers_.kernels().short_attention_backward(args, d_head_outputs + at_query,
                                               d_queries + at_query, d_keys + at_key,
                                               d_values + at_key, scratch);
  });
}

void CpuTransformer::StoreOrPatch(const Block& block, float* attention_output) {
  const int64_t d = config_.d_model;
  float* const stored = stored_patch_.Reserve(batch_.sequences * d);
  for (int64_t b = 0; b < batch_.sequences; ++b) {
    const int64_t row = block.last_only ? b : (b + 1) * batch_.length - 1;
    float* const last = attention_output + row * d;
    float* const patch = stored + b * d;
    std::copy_n(stores_patch_ ? last : patch, d, stores_patch_ ? patch : last);
  }
}

void CpuTransformer::BlockForward(Block& block, FloatBuffer* output) {
  const int64_t d = config_.d_model;
  const int64_t query_count = QueryRows(block);
  const float* const input = block.input.data();
  if (config_.norm == Norm::kPre) {
    layers_.LayerNorm(block.norm1, rows(), input, block.attention_input.Reserve(rows() * d));
  }
  AttendForward(block);
  float* const attention_output = scratch_.Reserve(rows() * d);
  layers_.MatMul(block.output, query_count, block.head_outputs.data(), attention_output);
  if (patched_block_ == &block) {
    StoreOrPatch(block, attention_output);
  }
  const float* residual = input;  // at the queries
  if (block.last_only) {
    layers_.CopyLastRows(batch_.sequences, batch_.length, d, input,
                         last_input_.Reserve(query_count * d));
    residual = last_input_.data();
  }
  float* const middle = block.middle.Reserve(query_count * d);
  layers_.kernels().add_rows(query_count, d, residual, attention_output, block.output.bias.value,
                             middle);
  if (config_.norm != Norm::kNone) {
    CpuLayerNorm& norm = config_.norm == Norm::kPre ? block.norm2 : block.norm1;
    layers_.LayerNorm(norm, query_count, middle, block.normed.Reserve(query_count * d));
  }
  float* const slope = block.slope.Reserve(query_count * block.up.d_out);
  layers_.MatMul(block.up, query_count, FfnInput(block), slope);
  float* const hidden = block.hidden.Reserve(query_count * block.up.d_out);
  layers_.kernels().activate(ActivationKernelOf(config_.activation), query_count, block.up.d_out,
                             block.up.bias.value, slope, hidden);
  float* const ffn_output = scratch_.data();  // the attention output has been added
  layers_.MatMul(block.down, query_count, hidden, ffn_output);
  float* const out = output->Reserve(query_count * d);
  if (config_.norm == Norm::kPost) {
    float* const sum = block.sum.Reserve(query_count * d);
    layers_.kernels().add_rows(query_count, d, block.normed.data(), ffn_output,
                               block.down.bias.value, sum);
    layers_.LayerNorm(block.norm2, query_count, sum, out);
  } else {
    layers_.kernels().add_rows(query_count, d, middle, ffn_output, block.down.bias.value, out);
  }
}

std::span<float> CpuTransformer::Forward(const HostBatch& batch) {
  INITBIAS_CHECK(batch.length <= length_);
  batch_ = batch;
  activations_intact_ = true;
  const bool last_only = config_.pruned && batch.positions.empty();
  blocks_.back().last_only = last_only;
  chosen_rows_.assign(batch.positions.begin(), batch.positions.end());
  for (int64_t b = 0; b < batch.sequences && batch.positions.empty(); ++b) {
    chosen_rows_.push_back(last_only ? b : (b + 1) * batch.length - 1);
  }
  const int64_t d = config_.d_model;
  layers_.Embed(batch, token_embedding_.value, position_embedding_.value, d,
                blocks_.front().input.Reserve(rows() * d));
  for (size_t i = 0; i < blocks_.size(); ++i) {
    BlockForward(blocks_[i], i + 1 < blocks_.size() ? &blocks_[i + 1].input : &output_);
  }
  const float* x = output_.data();
  if (!last_only) {
    float* const chosen = chosen_.Reserve(chosen_rows() * d);
    for (size_t i = 0; i < chosen_rows_.size(); ++i) {
      std::memcpy(chosen + static_cast<int64_t>(i) * d, x + chosen_rows_[i] * d,
                  static_cast<size_t>(d) * sizeof(float));
    }
    x = chosen;
  }
  if (final_norm_.exists()) {
    layers_.LayerNorm(final_norm_, chosen_rows(), x, head_input_.Reserve(chosen_rows() * d));
    x = head_input_.data();
  }
  const int64_t size = chosen_rows() * (config_.projection ? head_.d_out : d);
  float* const logits = logits_.Reserve(size);
  if (config_.projection) {
    layers_.Linear(head_, chosen_rows(), x, logits);
  } else {
    std::memcpy(logits, x, static_cast<size_t>(size) * sizeof(float));
  }
  return {logits_.data(), static_cast<size_t>(size)};
}

std::span<float> CpuTransformer::PatchedForward(const HostBatch& batch, size_t layer,
                                                const HostBatch& from,
                                                std::vector<float>* from_logits) {
  INITBIAS_CHECK(layer < blocks_.size() && batch.sequences == from.sequences);
  patched_block_ = &blocks_[layer];
  stores_patch_ = true;
  const std::span<const float> logits = Forward(from);
  from_logits->assign(logits.begin(), logits.end());
  stores_patch_ = false;
  const std::span<float> patched = Forward(batch);
  patched_block_ = nullptr;
  return patched;
}

// Takes `d_residual_` from the block's output to its input. Gradients overwrite the activations
// that are no longer needed: hidden and head_outputs.
void CpuTransformer::BlockBackward(Block& block, bool add) {
  const int64_t d = config_.d_model;
  const int64_t query_count = QueryRows(block);
  float* const d_residual = d_residual_.data();
  float* const scratch = scratch_.Reserve(rows() * d);  // named anew for each result
  if (config_.norm == Norm::kPost) {
    float* const d_output = scratch;
    std::memcpy(d_output, d_residual, static_cast<size_t>(query_count * d) * sizeof(float));
    layers_.LayerNormBackward(block.norm2, query_count, d_output, block.sum.data(), /*add=*/false,
                              d_residual);
  }
  // The FFN.
  layers_.LinearBackwardWeights(block.down, query_count, block.hidden.data(), d_residual, add);
  float* const d_hidden = block.hidden.data();
  layers_.LinearBackwardInput(block.down, query_count, d_residual, /*add=*/false, d_hidden);
  layers_.kernels().multiply_by(query_count * block.up.d_out, block.slope.data(), d_hidden);
  layers_.LinearBackwardWeights(block.up, query_count, FfnInput(block), d_hidden, add);
  switch (config_.norm) {
    case Norm::kPre: {
      float* const d_normed = scratch;
      layers_.LinearBackwardInput(block.up, query_count, d_hidden, /*add=*/false, d_normed);
      layers_.LayerNormBackward(block.norm2, query_count, d_normed, block.middle.data(),
                                /*add=*/true, d_residual);
      break;
    }
    case Norm::kPost: {
      float* const d_normed = scratch;
      layers_.LinearBackwardInput(block.up, query_count, d_hidden, /*add=*/true, d_residual);
      std::memcpy(d_normed, d_residual, static_cast<size_t>(query_count * d) * sizeof(float));
      layers_.LayerNormBackward(block.norm1, query_count, d_normed, block.middle.data(),
                                /*add=*/false, d_residual);
      break;
    }
    case Norm::kNone:
      layers_.LinearBackwardInput(block.up, query_count, d_hidden, /*add=*/true, d_residual);
      break;
  }
  // Attention.
  layers_.LinearBackwardWeights(block.output, query_count, block.head_outputs.data(), d_residual,
                                add);
  float* const d_head_outputs = block.head_outputs.data();
  layers_.LinearBackwardInput(block.output, query_count, d_residual, /*add=*/false, d_head_outputs);
  AttendBackward(block, d_head_outputs);
  const float* const x = AttentionInput(block);
  layers_.LinearBackwardWeights(block.query, query_count, QueryInput(block), d_queries_.data(),
                                add);
  layers_.LinearBackwardWeights(block.key, rows(), x, d_keys_.data(), add);
  layers_.LinearBackwardWeights(block.value, rows(), x, d_values_.data(), add);
  float* const d_attention_input = d_attention_input_.Reserve(rows() * d);
  layers_.LinearBackwardInput(block.key, rows(), d_keys_.data(), /*add=*/false, d_attention_input);
  layers_.LinearBackwardInput(block.value, rows(), d_values_.data(), /*add=*/true,
                              d_attention_input);
  if (!block.last_only) {
    layers_.LinearBackwardInput(block.query, rows(), d_queries_.data(), /*add=*/true,
                                d_attention_input);
  } else {
    float* const d_query_input = scratch;
    layers_.LinearBackwardInput(block.query, query_count, d_queries_.data(), /*add=*/false,
                                d_query_input);
    layers_.AddToLast(batch_.sequences, batch_.length, d, d_query_input, d_attention_input);
    // The residual stream's gradient, so far that of the last positions: zero at all others.
    float* const d_last = scratch;
    std::memcpy(d_last, d_residual, static_cast<size_t>(query_count * d) * sizeof(float));
    std::fill_n(d_residual, rows() * d, 0.0F);
    layers_.AddToLast(batch_.sequences, batch_.length, d, d_last, d_residual);
  }
  if (config_.norm == Norm::kPre) {
    layers_.LayerNormBackward(block.norm1, rows(), d_attention_input, block.input.data(),
                              /*add=*/true, d_residual);
  } else {
    layers_.kernels().add_to(rows() * d, d_attention_input, d_residual);
  }
}

Activations CpuTransformer::ActivationsOfLastForward() const {
  INITBIAS_CHECK(activations_intact_ && !blocks_.back().last_only);
  const int64_t sequences = batch_.sequences;
  const int64_t length = batch_.length;
  const double scale = 1.0 / std::sqrt(static_cast<double>(config_.d_head));
  const auto by_head = [&](const FloatBuffer& rows) {
    return at::from_blob(rows.data(), {sequences, length, config_.heads, config_.d_head},
                         at::kFloat)
        .transpose(1, 2)
        .clone();
  };
  Activations activations;
  for (const Block& block : blocks_) {
    activations.attention.push_back(
        at::from_blob(block.weights.data(), {sequences, config_.heads, length, length}, at::kFloat)
            .tril());
    activations.query.push_back(by_head(block.queries).mul_(scale));
    activations.key.push_back(by_head(block.keys));
  }
  return activations;
}

void CpuTransformer::Backward(bool add) {
  activations_intact_ = false;
  if (!add) {
    layers_.ClearAddedGradients({"embedding.token", "embedding.position"});
  }
  const int64_t d = config_.d_model;
  const int64_t n = chosen_rows();
  const bool last_only = blocks_.back().last_only;
  const float* const chosen = last_only ? output_.data() : chosen_.data();
  const float* const d_logits = logits_.data();  // the caller has written them there
  float* const d_residual = d_residual_.Reserve(rows() * d);
  float* const d_chosen = d_chosen_.Reserve(n * d);
  float* const d_head_input =
      final_norm_.exists() ? scratch_.Reserve(std::max(rows(), n) * d) : d_chosen;
  if (config_.projection) {
    layers_.LinearBackwardWeights(head_, n, final_norm_.exists() ? head_input_.data() : chosen,
                                  d_logits, add);
    layers_.LinearBackwardInput(head_, n, d_logits, /*add=*/false, d_head_input);
  } else {
    std::memcpy(d_head_input, d_logits, static_cast<size_t>(n * d) * sizeof(float));
  }
  if (final_norm_.exists()) {
    layers_.LayerNormBackward(final_norm_, n, d_head_input, chosen, /*add=*/false, d_chosen);
  }
  if (last_only) {
    std::memcpy(d_residual, d_chosen, static_cast<size_t>(n * d) * sizeof(float));
  } else {
    std::fill_n(d_residual, rows() * d, 0.0F);
    for (size_t i = 0; i < chosen_rows_.size(); ++i) {
      layers_.kernels().add_to(d, d_chosen + static_cast<int64_t>(i) * d,
                               d_residual + chosen_rows_[i] * d);
    }
  }
  for (size_t i = blocks_.size(); i-- > 0;) {
    BlockBackward(blocks_[i], add);
  }
  layers_.EmbedBackward(batch_, d_residual, d, token_embedding_.gradient,
                        position_embedding_.gradient);
}

}  // namespace initbias
