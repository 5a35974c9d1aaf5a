#include "lib/model/cpu/transformer_pass.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/from_blob.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "lib/base/error.h"

namespace initbias {

TransformerPass::TransformerPass(const RunConfig& config, Parameters& parameters,
                                 const Kernels& kernels)
    : work_(parameters, kernels),
      config_(config.transformer),
      length_(config.task.length),
      token_embedding_(work_.Find("embedding.token")),
      position_embedding_(work_.Find("embedding.position")),
      blocks_(static_cast<size_t>(config_.layers)),
      final_norm_(work_.FindNorm("final_norm")) {
  if (config_.projection) {
    head_ = work_.FindLinear("head.w", "head.b");
  }
  for (size_t i = 0; i < blocks_.size(); ++i) {
    const std::string layer = fmt::format("layer{}.", i);
    const auto linear = [&](const std::string& prefix, const std::string& suffix) {
      return work_.FindLinear(layer + prefix + "w" + suffix, layer + prefix + "b" + suffix);
    };
    Block& block = blocks_[i];
    block.norm1 = work_.FindNorm(layer + "norm1");
    block.norm2 = work_.FindNorm(layer + "norm2");
    block.query = linear("attn.", "q");
    block.key = linear("attn.", "k");
    block.value = linear("attn.", "v");
    block.output = linear("attn.", "o");
    block.up = linear("ffn.", "1");
    block.down = linear("ffn.", "2");
  }
}

float* TransformerPass::AttentionInput(const Block& block) const {
  return config_.norm == Norm::kPre ? block.attention_input.data() : block.input.data();
}

float* TransformerPass::QueryInput(const Block& block) const {
  return block.last_only ? block.query_input.data() : AttentionInput(block);
}

float* TransformerPass::HiddenInput(const Block& block) const {
  return config_.norm == Norm::kNone ? block.middle.data() : block.normal.data();
}

// Calls f(arguments of a sequence's head, offset of its queries, offset of its keys).
template <typename F>
void TransformerPass::ForHeads(Block& block, const F& f) const {
  const int64_t width = config_.heads * config_.d_head;
  const int64_t asking = QueryRows(block) / batch_.sequences;
  for (int64_t b = 0; b < batch_.sequences; ++b) {
    for (int64_t h = 0; h < config_.heads; ++h) {
      const int64_t at_query = b * asking * width + h * config_.d_head;
      const int64_t at_key = b * batch_.length * width + h * config_.d_head;
      const ShortAttentionArgs args = {
          .queries = asking,
          .length = batch_.length,
          .width = config_.d_head,
          .query = block.queries.data() + at_query,
          .key = block.keys.data() + at_key,
          .value = block.values.data() + at_key,
          .query_stride = width,
          .key_stride = width,
          .scale = static_cast<float>(1.0 / std::sqrt(static_cast<double>(config_.d_head))),
          .weights = block.weights.data() + (b * config_.heads + h) * asking * batch_.length};
      f(args, at_query, at_key);
    }
  }
}

// From AttentionInput to `mixed`.
void TransformerPass::AttendForward(Block& block) {
  const int64_t asking = QueryRows(block);
  const int64_t width = config_.heads * config_.d_head;
  const float* const x = AttentionInput(block);
  if (block.last_only) {
    work_.CopyLastRows(batch_.sequences, batch_.length, config_.d_model, x,
                       block.query_input.Room(asking * config_.d_model));
  }
  work_.MapWithBias(block.query, asking, QueryInput(block), block.queries.Room(asking * width));
  work_.MapWithBias(block.key, rows(), x, block.keys.Room(rows() * width));
  work_.MapWithBias(block.value, rows(), x, block.values.Room(rows() * width));
  block.weights.Room(asking * config_.heads * batch_.length);
  float* const mixed = block.mixed.Room(asking * width);
  ForHeads(block, [&](const ShortAttentionArgs& args, int64_t at_query, int64_t /*at_key*/) {
    work_.kernels().short_attention(args, mixed + at_query);
  });
}

// From the gradient by `mixed` to those by queries, keys and values.
void TransformerPass::AttendBackward(Block& block, const float* d_mixed) {
  const int64_t width = config_.heads * config_.d_head;
  float* const d_queries = d_queries_.Room(QueryRows(block) * width);
  float* const d_keys = d_keys_.Room(rows() * width);
  float* const d_values = d_values_.Room(rows() * width);
  float* const scratch = scratch_.Room(batch_.length);
  ForHeads(block, [&](const ShortAttentionArgs& args, int64_t at_query, int64_t at_key) {
    work_.kernels().short_attention_backward(args, d_mixed + at_query, d_queries + at_query,
                                             d_keys + at_key, d_values + at_key, scratch);
  });
}

void TransformerPass::Exchange(const Block& block, float* attended) {
  const int64_t d = config_.d_model;
  float* const kept = kept_.Room(batch_.sequences * d);
  for (int64_t b = 0; b < batch_.sequences; ++b) {
    const int64_t row = block.last_only ? b : (b + 1) * batch_.length - 1;
    float* const here = attended + row * d;
    const float* const from = keeps_ ? here : kept + b * d;
    std::memcpy(keeps_ ? kept + b * d : here, from, static_cast<size_t>(d) * sizeof(float));
  }
}

void TransformerPass::BlockForward(Block& block, FloatBuffer* output) {
  const int64_t d = config_.d_model;
  const int64_t asking = QueryRows(block);
  const float* const input = block.input.data();
  if (config_.norm == Norm::kPre) {
    work_.Normalize(block.norm1, rows(), input, block.attention_input.Room(rows() * d));
  }
  AttendForward(block);
  float* const attended = temporary_.Room(rows() * d);
  work_.Map(block.output, asking, block.mixed.data(), attended);
  if (patched_ == &block) {
    Exchange(block, attended);
  }
  const float* residual = input;
  if (block.last_only) {
    work_.CopyLastRows(batch_.sequences, batch_.length, d, input, last_input_.Room(asking * d));
    residual = last_input_.data();
  }
  float* const middle = block.middle.Room(asking * d);
  work_.kernels().add_rows(asking, d, residual, attended, block.output.bias.value, middle);
  if (config_.norm != Norm::kNone) {
    KernelNorm& norm = config_.norm == Norm::kPre ? block.norm2 : block.norm1;
    work_.Normalize(norm, asking, middle, block.normal.Room(asking * d));
  }
  float* const slope = block.slope.Room(asking * block.up.d_out);
  work_.Map(block.up, asking, HiddenInput(block), slope);
  float* const hidden = block.hidden.Room(asking * block.up.d_out);
  work_.kernels().activate(KernelOf(config_.activation), asking, block.up.d_out,
                           block.up.bias.value, slope, hidden);
  float* const fed = temporary_.data();
  work_.Map(block.down, asking, hidden, fed);
  float* const out = output->Room(asking * d);
  if (config_.norm == Norm::kPost) {
    float* const sum = block.sum.Room(asking * d);
    work_.kernels().add_rows(asking, d, block.normal.data(), fed, block.down.bias.value, sum);
    work_.Normalize(block.norm2, asking, sum, out);
  } else {
    work_.kernels().add_rows(asking, d, middle, fed, block.down.bias.value, out);
  }
}

std::span<float> TransformerPass::Forward(const HostBatch& batch) {
  INITBIAS_CHECK(batch.length <= length_);
  batch_ = batch;
  intact_ = true;
  const bool last_only = config_.pruned && batch.positions.empty();
  blocks_.back().last_only = last_only;
  chosen_rows_.assign(batch.positions.begin(), batch.positions.end());
  for (int64_t b = 0; b < batch.sequences && batch.positions.empty(); ++b) {
    chosen_rows_.push_back(last_only ? b : (b + 1) * batch.length - 1);
  }
  const int64_t d = config_.d_model;
  work_.Embed(batch, token_embedding_.value, position_embedding_.value, d,
              blocks_.front().input.Room(rows() * d));
  for (size_t i = 0; i < blocks_.size(); ++i) {
    BlockForward(blocks_[i], i + 1 < blocks_.size() ? &blocks_[i + 1].input : &output_);
  }
  const float* x = output_.data();
  if (!last_only) {
    float* const chosen = chosen_.Room(chosen_rows() * d);
    for (size_t i = 0; i < chosen_rows_.size(); ++i) {
      std::memcpy(chosen + static_cast<int64_t>(i) * d, x + chosen_rows_[i] * d,
                  static_cast<size_t>(d) * sizeof(float));
    }
    x = chosen;
  }
  if (final_norm_.exists()) {
    work_.Normalize(final_norm_, chosen_rows(), x, head_input_.Room(chosen_rows() * d));
    x = head_input_.data();
  }
  const int64_t size = chosen_rows() * (config_.projection ? head_.d_out : d);
  float* const logits = logits_.Room(size);
  if (config_.projection) {
    work_.MapWithBias(head_, chosen_rows(), x, logits);
  } else {
    std::memcpy(logits, x, static_cast<size_t>(size) * sizeof(float));
  }
  return {logits_.data(), static_cast<size_t>(size)};
}

std::span<float> TransformerPass::PatchedForward(const HostBatch& batch, size_t layer,
                                                 const HostBatch& from,
                                                 std::vector<float>* from_logits) {
  INITBIAS_CHECK(layer < blocks_.size() && batch.sequences == from.sequences);
  patched_ = &blocks_[layer];
  keeps_ = true;
  const std::span<const float> logits = Forward(from);
  from_logits->assign(logits.begin(), logits.end());
  keeps_ = false;
  const std::span<float> patched = Forward(batch);
  patched_ = nullptr;
  return patched;
}

// `gradient_` by the block's output becomes that by its input.
void TransformerPass::BlockBackward(Block& block, bool add) {
  const int64_t d = config_.d_model;
  const int64_t asking = QueryRows(block);
  float* const gradient = gradient_.data();
  float* const temporary = temporary_.Room(rows() * d);
  if (config_.norm == Norm::kPost) {
    std::memcpy(temporary, gradient, static_cast<size_t>(asking * d) * sizeof(float));
    work_.NormalizeBackward(block.norm2, asking, temporary, block.sum.data(), /*add=*/false,
                            gradient);
  }
  // The feed-forward part; what it kept is overwritten by gradients.
  work_.MapGradients(block.down, asking, block.hidden.data(), gradient, add);
  float* const d_hidden = block.hidden.data();
  work_.MapBackward(block.down, asking, gradient, /*add=*/false, d_hidden);
  work_.kernels().multiply_by(asking * block.up.d_out, block.slope.data(), d_hidden);
  work_.MapGradients(block.up, asking, HiddenInput(block), d_hidden, add);
  switch (config_.norm) {
    case Norm::kPre:
      work_.MapBackward(block.up, asking, d_hidden, /*add=*/false, temporary);
      work_.NormalizeBackward(block.norm2, asking, temporary, block.middle.data(), /*add=*/true,
                              gradient);
      break;
    case Norm::kPost:
      work_.MapBackward(block.up, asking, d_hidden, /*add=*/true, gradient);
      std::memcpy(temporary, gradient, static_cast<size_t>(asking * d) * sizeof(float));
      work_.NormalizeBackward(block.norm1, asking, temporary, block.middle.data(), /*add=*/false,
                              gradient);
      break;
    case Norm::kNone:
      work_.MapBackward(block.up, asking, d_hidden, /*add=*/true, gradient);
      break;
  }
  // Attention.
  work_.MapGradients(block.output, asking, block.mixed.data(), gradient, add);
  float* const d_mixed = block.mixed.data();
  work_.MapBackward(block.output, asking, gradient, /*add=*/false, d_mixed);
  AttendBackward(block, d_mixed);
  const float* const x = AttentionInput(block);
  work_.MapGradients(block.query, asking, QueryInput(block), d_queries_.data(), add);
  work_.MapGradients(block.key, rows(), x, d_keys_.data(), add);
  work_.MapGradients(block.value, rows(), x, d_values_.data(), add);
  float* const d_attention = d_attention_.Room(rows() * d);
  work_.MapBackward(block.key, rows(), d_keys_.data(), /*add=*/false, d_attention);
  work_.MapBackward(block.value, rows(), d_values_.data(), /*add=*/true, d_attention);
  if (!block.last_only) {
    work_.MapBackward(block.query, rows(), d_queries_.data(), /*add=*/true, d_attention);
  } else {
    work_.MapBackward(block.query, asking, d_queries_.data(), /*add=*/false, temporary);
    work_.AddToLast(batch_.sequences, batch_.length, d, temporary, d_attention);
    // The residual stream's gradient, of the last positions only, widened to all.
    std::memcpy(temporary, gradient, static_cast<size_t>(asking * d) * sizeof(float));
    std::fill_n(gradient, rows() * d, 0.0F);
    work_.AddToLast(batch_.sequences, batch_.length, d, temporary, gradient);
  }
  if (config_.norm == Norm::kPre) {
    work_.NormalizeBackward(block.norm1, rows(), d_attention, block.input.data(), /*add=*/true,
                            gradient);
  } else {
    work_.kernels().add_to(rows() * d, d_attention, gradient);
  }
}

Activations TransformerPass::ActivationsOfLastForward() const {
  INITBIAS_CHECK(intact_ && !blocks_.back().last_only);
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

void TransformerPass::Backward(bool add) {
  intact_ = false;
  if (!add) {
    work_.ClearAddedGradients({"embedding.token", "embedding.position"});
  }
  const int64_t d = config_.d_model;
  const int64_t n = chosen_rows();
  const bool last_only = blocks_.back().last_only;
  const float* const chosen = last_only ? output_.data() : chosen_.data();
  float* const gradient = gradient_.Room(rows() * d);
  float* const d_chosen = d_chosen_.Room(n * d);
  if (config_.projection) {
    work_.MapGradients(head_, n, final_norm_.exists() ? head_input_.data() : chosen, logits_.data(),
                       add);
    work_.MapBackward(head_, n, logits_.data(), /*add=*/false, d_chosen);
  } else {
    std::memcpy(d_chosen, logits_.data(), static_cast<size_t>(n * d) * sizeof(float));
  }
  if (final_norm_.exists()) {
    float* const temporary = temporary_.Room(std::max(rows(), n) * d);
    std::memcpy(temporary, d_chosen, static_cast<size_t>(n * d) * sizeof(float));
    work_.NormalizeBackward(final_norm_, n, temporary, chosen, /*add=*/false, d_chosen);
  }
  if (last_only) {
    std::memcpy(gradient, d_chosen, static_cast<size_t>(n * d) * sizeof(float));
  } else {
    std::fill_n(gradient, rows() * d, 0.0F);
    for (size_t i = 0; i < chosen_rows_.size(); ++i) {
      work_.kernels().add_to(d, d_chosen + static_cast<int64_t>(i) * d,
                             gradient + chosen_rows_[i] * d);
    }
  }
  for (size_t i = blocks_.size(); i-- > 0;) {
    BlockBackward(blocks_[i], add);
  }
  work_.EmbedBackward(batch_, gradient, d, token_embedding_.gradient, position_embedding_.gradient);
}

}  // namespace initbias
