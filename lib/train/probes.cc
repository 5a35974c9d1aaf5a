#include "lib/train/probes.h"

#include <ATen/core/grad_mode.h>
#include <fmt/format.h>

#include <optional>

#include "lib/base/error.h"
#include "lib/base/text.h"

namespace initbias {
namespace {

constexpr std::string_view kParameter = "parameter.";
constexpr std::string_view kAttention = "attention.layer";

Array ToArray(const at::Tensor& tensor) {
  const at::Tensor host = tensor.detach().cpu().contiguous();
  const float* data = host.const_data_ptr<float>();
  return {.shape = host.sizes().vec(), .values = {data, data + host.numel()}};
}

}  // namespace

Array TakeProbe(const std::string& name, const Model& model, const at::Tensor& tokens) {
  const at::NoGradGuard no_grad;
  if (name.starts_with(kParameter)) {
    const std::string parameter = name.substr(kParameter.size());
    if (model.parameters().Has(parameter)) {
      return ToArray(model.parameters()[parameter]);
    }
  }
  if (name.starts_with(kAttention)) {
    const std::optional<int64_t> layer = ParseInt(name.substr(kAttention.size()));
    Activations activations;
    model.Logits(tokens, &activations);
    if (layer && *layer >= 0 && *layer < static_cast<int64_t>(activations.attention.size())) {
      return ToArray(activations.attention[static_cast<size_t>(*layer)].mean(0));
    }
  }
  throw Error(
      fmt::format("probe.names: the model has no '{}'; expected parameter.<name> or "
                  "attention.layer<i>",
                  name));
}

}  // namespace initbias
