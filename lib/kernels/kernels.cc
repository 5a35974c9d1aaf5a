#include "lib/kernels/kernels.h"

#include <fmt/format.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "lib/base/error.h"
#include "lib/kernels/tables.h"

namespace initbias {
namespace {

std::vector<const Kernels*> FindKernels() {
  std::vector<const Kernels*> kernels;
#if defined(__x86_64__)
  const bool fma = __builtin_cpu_supports("fma") != 0;
  if (fma && __builtin_cpu_supports("avx512f") != 0) {
    kernels.push_back(&kAvx512Kernels);
  }
  if (fma && __builtin_cpu_supports("avx2") != 0) {
    kernels.push_back(&kAvx2Kernels);
  }
#elif defined(__aarch64__)
  kernels.push_back(&kNeonKernels);  // every such CPU has NEON
#endif
  kernels.push_back(&kGenericKernels);
  return kernels;
}

const Kernels& ChooseKernels() {
  const char* const name = std::getenv("INITBIAS_KERNELS");
  if (name == nullptr) {
    return *AvailableKernels().front();
  }
  std::string names;
  for (const Kernels* kernels : AvailableKernels()) {
    if (kernels->name == std::string(name)) {
      return *kernels;
    }
    names += fmt::format("{}{}", names.empty() ? "" : ", ", kernels->name);
  }
  throw Error(fmt::format("INITBIAS_KERNELS={}: this CPU has {}", name, names));
}

}  // namespace

std::span<const Kernels* const> AvailableKernels() {
  static const std::vector<const Kernels*> kernels = FindKernels();
  return kernels;
}

const Kernels& BestKernels() {
  static const Kernels& kernels = ChooseKernels();
  return kernels;
}

}  // namespace initbias
