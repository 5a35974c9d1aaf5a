#include "lib/model/cpu/cpu_emb_mlp.h"

#include <algorithm>

namespace initbias {

CpuEmbMlp::CpuEmbMlp(const RunConfig& config, Parameters& parameters, const Kernels& kernels)
    : layers_(parameters, kernels),
      activation_(ActivationKernelOf(config.emb_mlp.activation)),
      embedding_(layers_.Find("embedding.token")),
      up_(layers_.FindLinear("mlp.w1", "")),
      down_(layers_.FindLinear("mlp.w2", "")) {}

std::span<float> CpuEmbMlp::Forward(const HostBatch& batch) {
  batch_ = batch;
  const int64_t rows = batch.sequences;
  float* const x = input_.Reserve(rows * up_.d_in);
  for (int64_t b = 0; b < rows; ++b) {
    float* const row = x + b * up_.d_in;
    std::fill_n(row, up_.d_in, 0.0F);
    for (int64_t i = 0; i < batch.length; ++i) {
      const int64_t token = batch.tokens[b * batch.token_stride + i];
      layers_.kernels().add_to(up_.d_in, embedding_.value + token * up_.d_in, row);
    }
  }
  float* const slope = slope_.Reserve(rows * up_.d_out);
  layers_.MatMul(up_, rows, x, slope);
  float* const hidden = hidden_.Reserve(rows * up_.d_out);
  layers_.kernels().activate(activation_, rows, up_.d_out, /*bias=*/nullptr, slope, hidden);
  const int64_t size = rows * down_.d_out;
  layers_.MatMul(down_, rows, hidden, logits_.Reserve(size));
  return {logits_.data(), static_cast<size_t>(size)};
}

void CpuEmbMlp::Backward(bool add) {
  if (!add) {
    layers_.ClearAddedGradients({"embedding.token"});
  }
  const int64_t rows = batch_.sequences;
  const float* const d_logits = logits_.data();  // the caller has written them there
  layers_.LinearBackwardWeights(down_, rows, hidden_.data(), d_logits, add);
  float* const d_hidden = hidden_.data();  // in place of hidden
  layers_.LinearBackwardInput(down_, rows, d_logits, /*add=*/false, d_hidden);
  layers_.kernels().multiply_by(rows * up_.d_out, slope_.data(), d_hidden);
  layers_.LinearBackwardWeights(up_, rows, input_.data(), d_hidden, add);
  float* const d_input = input_.data();  // in place of input
  layers_.LinearBackwardInput(up_, rows, d_hidden, /*add=*/false, d_input);
  for (int64_t b = 0; b < rows; ++b) {
    for (int64_t i = 0; i < batch_.length; ++i) {
      const int64_t token = batch_.tokens[b * batch_.token_stride + i];
      layers_.kernels().add_to(up_.d_in, d_input + b * up_.d_in,
                               embedding_.gradient + token * up_.d_in);
    }
  }
}

}  // namespace initbias
