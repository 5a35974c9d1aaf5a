#include "lib/model/cpu/emb_mlp_pass.h"

#include <algorithm>

namespace initbias {

EmbMlpPass::EmbMlpPass(const RunConfig& config, Parameters& parameters, const Kernels& kernels)
    : work_(parameters, kernels),
      activation_(KernelOf(config.emb_mlp.activation)),
      embedding_(work_.Find("embedding.token")),
      up_(work_.FindLinear("mlp.w1", "")),
      down_(work_.FindLinear("mlp.w2", "")) {}

std::span<float> EmbMlpPass::Forward(const HostBatch& batch) {
  batch_ = batch;
  const int64_t rows = batch.sequences;
  float* const x = input_.Room(rows * up_.d_in);
  for (int64_t b = 0; b < rows; ++b) {
    float* const row = x + b * up_.d_in;
    std::fill_n(row, up_.d_in, 0.0F);
    for (int64_t i = 0; i < batch.length; ++i) {
      const int64_t token = batch.tokens[b * batch.token_stride + i];
      work_.kernels().add_to(up_.d_in, embedding_.value + token * up_.d_in, row);
    }
  }
  float* const slope = slope_.Room(rows * up_.d_out);
  work_.Map(up_, rows, x, slope);
  float* const hidden = hidden_.Room(rows * up_.d_out);
  work_.kernels().activate(activation_, rows, up_.d_out, /*bias=*/nullptr, slope, hidden);
  const int64_t size = rows * down_.d_out;
  work_.Map(down_, rows, hidden, logits_.Room(size));
  return {logits_.data(), static_cast<size_t>(size)};
}

void EmbMlpPass::Backward(bool add) {
  if (!add) {
    work_.ClearAddedGradients({"embedding.token"});
  }
  const int64_t rows = batch_.sequences;
  work_.MapGradients(down_, rows, hidden_.data(), logits_.data(), add);
  float* const d_hidden = hidden_.data();  // no longer needed
  work_.MapBackward(down_, rows, logits_.data(), /*add=*/false, d_hidden);
  work_.kernels().multiply_by(rows * up_.d_out, slope_.data(), d_hidden);
  work_.MapGradients(up_, rows, input_.data(), d_hidden, add);
  float* const d_input = input_.data();
  work_.MapBackward(up_, rows, d_hidden, /*add=*/false, d_input);
  for (int64_t b = 0; b < rows; ++b) {
    for (int64_t i = 0; i < batch_.length; ++i) {
      const int64_t token = batch_.tokens[b * batch_.token_stride + i];
      work_.kernels().add_to(up_.d_in, d_input + b * up_.d_in,
                             embedding_.gradient + token * up_.d_in);
    }
  }
}

}  // namespace initbias
