// Networks of one's own in Emb-MLP's place, on LibTorch's operators and autograd:
// docs/extending.md.
#ifndef INITBIAS_LIB_MODEL_TORCH_OWN_NETWORK_H_
#define INITBIAS_LIB_MODEL_TORCH_OWN_NETWORK_H_

#include <ATen/core/Tensor.h>

#include <memory>
#include <string>

#include "lib/model/torch/model.h"

namespace initbias {

// The logits of the label, [B, V], of tokens [B, L], with the parameters that AddNetwork named.
using LogitsOf = at::Tensor (*)(const Parameters& parameters, const at::Tensor& tokens);

// What emb_mlp.network = `name` computes. Returns true, so that a file can call it before main().
bool AddLogits(const std::string& name, LogitsOf logits);

// The network that `config` names, as MakeModel has it. Throws Error where no file of this program
// says what it computes.
std::unique_ptr<Model> MakeOwnNetwork(const RunConfig& config, c10::Device device);

}  // namespace initbias

#endif  // INITBIAS_LIB_MODEL_TORCH_OWN_NETWORK_H_
