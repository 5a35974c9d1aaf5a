#include "lib/kernels/kernels.h"

#include <vector>

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
#endif
  kernels.push_back(&kGenericKernels);
  return kernels;
}

}  // namespace

std::span<const Kernels* const> AvailableKernels() {
  static const std::vector<const Kernels*> kernels = FindKernels();
  return kernels;
}

const Kernels& BestKernels() { return *AvailableKernels().front(); }

}  // namespace initbias
