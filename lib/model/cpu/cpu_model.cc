#include "lib/model/cpu/cpu_model.h"

#include "lib/base/error.h"
#include "lib/model/cpu/cpu_emb_mlp.h"
#include "lib/model/cpu/cpu_gpt2.h"
#include "lib/model/cpu/cpu_transformer.h"

namespace initbias {

HostBatch ToHostBatch(const at::Tensor& tokens) {
  return {.tokens = tokens.const_data_ptr<int64_t>(),
          .sequences = tokens.size(0),
          .length = tokens.size(1),
          .token_stride = tokens.stride(0)};
}

Activations CpuModel::ActivationsOfLastForward() const {
  INITBIAS_CHECK(false && "only a Transformer gives its activations");
}

std::span<float> CpuModel::PatchedForward(const HostBatch& /*batch*/, size_t /*layer*/,
                                          const HostBatch& /*from*/,
                                          std::vector<float>* /*from_logits*/) {
  INITBIAS_CHECK(false && "only a Transformer can be patched");
}

std::unique_ptr<CpuModel> MakeCpuModel(const RunConfig& config, Parameters& parameters,
                                       const Kernels& kernels) {
  switch (config.model) {
    case ModelKind::kEmbMlp:
      return config.emb_mlp.IsOwn() ? nullptr
                                    : std::make_unique<CpuEmbMlp>(config, parameters, kernels);
    case ModelKind::kTransformer:
      return std::make_unique<CpuTransformer>(config, parameters, kernels);
    case ModelKind::kGpt2:
      return config.gpt2.dropout > 0 ? nullptr
                                     : std::make_unique<CpuGpt2>(config, parameters, kernels);
  }
  INITBIAS_CHECK(false && "unknown model");
}

}  // namespace initbias
