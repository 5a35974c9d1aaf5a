#include "lib/run/mode.h"

#include <fmt/format.h>

namespace initbias {
namespace {

// With dropout GPT-2 has no passes on our kernels; a network of one's own has none.
bool HasOwnKernels(const RunConfig& config) {
  if (config.model == ModelKind::kEmbMlp && config.emb_mlp.IsOwn()) {
    return false;
  }
  return config.model != ModelKind::kGpt2 || config.gpt2.dropout == 0;
}

}  // namespace

Mode ModeOf(const RunConfig& config, const Provenance& made) {
  const bool depends_on_cpu =
      made.device == "cpu" && (made.numerics == "native" || !HasOwnKernels(config));
  return {.device = made.device,
          .numerics = made.numerics,
          .torch_version = made.torch_version,
          .cpu_capability = depends_on_cpu ? made.cpu_capability : ""};
}

bool Compatible(const Mode& a, const Mode& b) {
  Mode other = b;
  if (a.cpu_capability.empty() || b.cpu_capability.empty()) {
    other.cpu_capability = a.cpu_capability;
  }
  return a == other;
}

std::string ModeText(const Mode& mode) {
  return fmt::format(
      "{} with {} numerics and LibTorch {}{}", mode.device, mode.numerics, mode.torch_version,
      mode.cpu_capability.empty() ? ""
                                  : fmt::format(" (its operators for {})", mode.cpu_capability));
}

}  // namespace initbias
