// A network of one's own: Emb-MLP with a gate, ((sum of embeddings) W1 * sigmoid((sum) Wg)) W2.
#include "lib/model/spec/parameter_spec.h"

#ifdef INITBIAS_WORKER  // the program that trains: it alone has LibTorch
#include <ATen/ops/embedding.h>
#include <ATen/ops/mm.h>
#include <ATen/ops/mul.h>
#include <ATen/ops/sigmoid.h>

#include "lib/model/torch/own_network.h"
#endif

namespace initbias {
namespace {

std::vector<ParameterSpec> Specs(const RunConfig& config) {
  const EmbMlpConfig& c = config.emb_mlp;
  return {TokenEmbeddingSpec(config, c.d_model), MatrixSpec(config, "mlp.w1", c.d_model, c.d_ff),
          MatrixSpec(config, "mlp.wg", c.d_model, c.d_ff),
          MatrixSpec(config, "mlp.w2", c.d_ff, config.task.vocabulary)};
}

[[maybe_unused]] const bool kPlanned = AddNetwork("gated", Specs);

#ifdef INITBIAS_WORKER
// Shapes: lib/model/README.md.
at::Tensor Logits(const Parameters& p, const at::Tensor& tokens) {
  const at::Tensor x = at::embedding(p["embedding.token"], tokens).sum(1);  // (B, d)
  const at::Tensor gate = at::sigmoid(at::mm(x, p["mlp.wg"]));              // (B, ff)
  return at::mm(at::mul(at::mm(x, p["mlp.w1"]), gate), p["mlp.w2"]);        // (B, V)
}

[[maybe_unused]] const bool kTrained = AddLogits("gated", Logits);
#endif

}  // namespace
}  // namespace initbias
