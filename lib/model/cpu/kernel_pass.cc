#include "lib/model/cpu/kernel_pass.h"

#include "lib/base/error.h"
#include "lib/model/cpu/emb_mlp_pass.h"
#include "lib/model/cpu/gpt2_pass.h"
#include "lib/model/cpu/transformer_pass.h"

namespace initbias {

HostBatch ToHostBatch(const at::Tensor& tokens) {
  return {.tokens = tokens.const_data_ptr<int64_t>(),
          .sequences = tokens.size(0),
          .length = tokens.size(1),
          .token_stride = tokens.stride(0)};
}

Activations KernelPass::ActivationsOfLastForward() const {
  INITBIAS_CHECK(false && "only a Transformer's passes have activations to show");
}

std::span<float> KernelPass::PatchedForward(const HostBatch& /*batch*/, size_t /*layer*/,
                                            const HostBatch& /*from*/,
                                            std::vector<float>* /*from_logits*/) {
  INITBIAS_CHECK(false && "only a Transformer's passes have attention to exchange");
}

std::unique_ptr<KernelPass> MakeKernelPass(const RunConfig& config, Parameters& parameters,
                                           const Kernels& kernels) {
  switch (config.model) {
    case ModelKind::kEmbMlp:
      return config.emb_mlp.IsOwn() ? nullptr
                                    : std::make_unique<EmbMlpPass>(config, parameters, kernels);
    case ModelKind::kTransformer:
      return std::make_unique<TransformerPass>(config, parameters, kernels);
    case ModelKind::kGpt2:
      return config.gpt2.dropout > 0 ? nullptr
                                     : std::make_unique<Gpt2Pass>(config, parameters, kernels);
  }
  INITBIAS_CHECK(false && "unknown model");
}

}  // namespace initbias
