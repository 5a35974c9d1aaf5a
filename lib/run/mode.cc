#include "lib/run/mode.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "lib/base/error.h"

namespace initbias {
namespace {

constexpr std::string_view kWayOut =
    "such runs differ in their bits, and a figure is not to mix them: name another folder with "
    "--results, or remove the run to train it again";

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

const std::pair<RunConfig, Provenance>* CheckOneMode(
    const std::vector<std::pair<RunConfig, Provenance>>& made,
    const std::function<std::string(const RunConfig&)>& place) {
  if (made.empty()) {
    return nullptr;
  }
  const auto first = std::ranges::max_element(made, {}, [](const auto& run) {
    return !ModeOf(run.first, run.second).cpu_capability.empty();
  });
  const Mode mode = ModeOf(first->first, first->second);
  for (const auto& [config, provenance] : made) {
    if (const Mode other = ModeOf(config, provenance); !Compatible(mode, other)) {
      throw Error(fmt::format("{} was made on {}, {} on {}: {}", place(first->first),
                              ModeText(mode), place(config), ModeText(other), kWayOut));
    }
  }
  return &*first;
}

void CheckModeOfNow(const std::string& place, const Mode& made, const Mode& now,
                    const std::string& device) {
  if (now != made) {
    throw Error(fmt::format("{} was made on {}, now it would be {} (--device={}): {}", place,
                            ModeText(made), ModeText(now), device, kWayOut));
  }
}

}  // namespace initbias
