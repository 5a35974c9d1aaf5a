#include "lib/base/numerics.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <malloc.h>
#include <sys/resource.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include "lib/base/error.h"
#include "lib/base/text.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace initbias {
namespace {

void FlushSmallNumbers() {
#if defined(__x86_64__)
  _MM_SET_FLUSH_ZERO_MODE(_MM_FLUSH_ZERO_ON);          // results
  _MM_SET_DENORMALS_ZERO_MODE(_MM_DENORMALS_ZERO_ON);  // operands
#else
  throw Error("--numerics=flush is for x86 processors; others need it less");
#endif
}

}  // namespace

Numerics ParseNumerics(std::string_view name) {
  const auto found = std::ranges::find(kNumericsNames, name);
  if (found == kNumericsNames.end()) {
    throw Error(
        fmt::format("unknown numerics '{}': expected {}", name, fmt::join(kNumericsNames, ", ")));
  }
  return static_cast<Numerics>(found - kNumericsNames.begin());
}

void ApplyNumerics(Numerics numerics) {
  if (numerics == Numerics::kNative) {
    return;
  }
  // All three are needed: any one alone does not give equal bits across CPU models.
  const bool avx2 = CpuIsa() == "avx2" || CpuIsa() == "avx512";
  setenv("ATEN_CPU_CAPABILITY", avx2 ? "avx2" : "default", 1);
  setenv("MKL_CBWR", avx2 ? "AVX2,STRICT" : "COMPATIBLE", 1);
  setenv("ONEDNN_MAX_CPU_ISA", avx2 ? "AVX2" : "SSE41", 1);
  if (numerics == Numerics::kFlush) {
    FlushSmallNumbers();
  }
}

void KeepFreedMemory() {
  constexpr int kOneGiB = 1 << 30;
  mallopt(M_MMAP_THRESHOLD, kOneGiB);
  mallopt(M_TRIM_THRESHOLD, kOneGiB);
}

double PeakMemoryBytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) * 1024.0;
}

std::string CpuModelName() {
  std::ifstream file("/proc/cpuinfo");
  std::string line;
  while (std::getline(file, line)) {
    if (line.starts_with("model name")) {
      return std::string(Trim(line.substr(line.find(':') + 1)));
    }
  }
  return "unknown";
}

std::string CpuIsa() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f")) {
    return "avx512";
  }
  if (__builtin_cpu_supports("avx2")) {
    return "avx2";
  }
  return "sse";
#elif defined(__aarch64__)
  return "neon";
#else
  return "other";
#endif
}

}  // namespace initbias
