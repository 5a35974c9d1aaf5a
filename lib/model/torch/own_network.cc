#include "lib/model/torch/own_network.h"

#include <fmt/format.h>

#include <map>

#include "lib/base/error.h"

namespace initbias {
namespace {

std::map<std::string, LogitsOf>& Networks() {
  static std::map<std::string, LogitsOf> networks;
  return networks;
}

class OwnNetwork : public Model {
 public:
  OwnNetwork(const RunConfig& config, LogitsOf logits, c10::Device device)
      : Model(ParameterSpecs(config), device), logits_(logits) {}

  using Model::Logits;
  // Leaves `activations` as it is.
  at::Tensor Logits(const at::Tensor& tokens, Activations* /*activations*/) const override {
    return logits_(parameters(), tokens);
  }

 private:
  LogitsOf logits_;
};

}  // namespace

bool AddLogits(const std::string& name, LogitsOf logits) {
  INITBIAS_CHECK(Networks().emplace(name, logits).second);
  return true;
}

std::unique_ptr<Model> MakeOwnNetwork(const RunConfig& config, c10::Device device) {
  const auto found = Networks().find(config.emb_mlp.network);
  if (found == Networks().end()) {
    throw Error(
        fmt::format("emb_mlp.network = {}: no file of this program says by AddLogits what "
                    "it computes",
                    config.emb_mlp.network));
  }
  return std::make_unique<OwnNetwork>(config, found->second, device);
}

}  // namespace initbias
