#include "lib/model/model.h"

#include "lib/model/emb_mlp.h"
#include "lib/model/transformer.h"

namespace initbias {

std::unique_ptr<Model> MakeModel(const RunConfig& config, c10::Device device) {
  if (config.model == ModelKind::kEmbMlp) {
    return std::make_unique<EmbMlp>(config, device);
  }
  return std::make_unique<Transformer>(config, device);
}

}  // namespace initbias
