#include "lib/model/torch/model.h"

#include "lib/model/torch/emb_mlp.h"
#include "lib/model/torch/gpt2.h"
#include "lib/model/torch/own_network.h"
#include "lib/model/torch/transformer.h"

namespace initbias {

std::unique_ptr<Model> MakeModel(const RunConfig& config, c10::Device device) {
  switch (config.model) {
    case ModelKind::kEmbMlp:
      return config.emb_mlp.IsOwn() ? MakeOwnNetwork(config, device)
                                    : std::make_unique<EmbMlp>(config, device);
    case ModelKind::kTransformer:
      break;
    case ModelKind::kGpt2:
      return std::make_unique<Gpt2>(config, device);
  }
  return std::make_unique<Transformer>(config, device);
}

}  // namespace initbias
