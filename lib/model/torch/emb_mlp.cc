#include "lib/model/torch/emb_mlp.h"

#include <ATen/ops/embedding.h>
#include <ATen/ops/mm.h>

#include "lib/model/torch/activation.h"

namespace initbias {

EmbMlp::EmbMlp(const RunConfig& config, c10::Device device)
    : Model(ParameterSpecs(config), device), activation_(config.emb_mlp.activation) {}

at::Tensor EmbMlp::Logits(const at::Tensor& tokens, Activations* /*activations*/) const {
  const Parameters& p = parameters();
  const at::Tensor x = at::embedding(p["embedding.token"], tokens).sum(1);  // (B, d)
  const at::Tensor hidden = Activate(activation_, at::mm(x, p["mlp.w1"]));  // (B, ff)
  return at::mm(hidden, p["mlp.w2"]);                                       // (B, V)
}

}  // namespace initbias
