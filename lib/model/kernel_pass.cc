#include "lib/model/kernel_pass.h"

#include "lib/base/error.h"
#include "lib/model/emb_mlp_pass.h"
#include "lib/model/gpt2_pass.h"
#include "lib/model/transformer_pass.h"

namespace initbias {

Activations KernelPass::TakeActivations() const {
  INITBIAS_CHECK(false && "only a Transformer's passes have activations to show");
}

std::unique_ptr<KernelPass> MakeKernelPass(const RunConfig& config, Parameters& parameters,
                                           const Kernels& kernels) {
  switch (config.model) {
    case ModelKind::kEmbMlp:
      return std::make_unique<EmbMlpPass>(config, parameters, kernels);
    case ModelKind::kTransformer:
      return std::make_unique<TransformerPass>(config, parameters, kernels);
    case ModelKind::kGpt2:
      return config.gpt2.dropout > 0 ? nullptr
                                     : std::make_unique<Gpt2Pass>(config, parameters, kernels);
  }
  INITBIAS_CHECK(false && "unknown model");
}

}  // namespace initbias
