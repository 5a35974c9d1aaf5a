// Which CPU kernels the numerical libraries may pick. Pinned, all x86 machines with AVX2 take the
// same code path in ATen, MKL and oneDNN, so that the same run gives the same bits on each; all
// without AVX2 another, and all of aarch64 a third. Our own kernels (lib/kernels), which training
// is made of, need no pinning: theirs are the same bits everywhere.
#ifndef INITBIAS_LIB_BASE_NUMERICS_H_
#define INITBIAS_LIB_BASE_NUMERICS_H_

#include <array>
#include <string>
#include <string_view>

namespace initbias {

enum class Numerics {
  kPinned,  // AVX2 kernels, or the plain ones where there is no AVX2; the default.
  kNative,  // whatever the libraries choose for this machine; a little faster on some.
  // Pinned, with subnormal numbers (below 2^-126) flushed to zero in the whole process: Intel's
  // processors take a hundred times as long for one. Our kernels make none; networks that LibTorch
  // computes may, at large weights. Other bits than kPinned's where they matter; x86 alone.
  kFlush,
};

// kNumericsNames[i] is the name of the enumerator with value i.
inline constexpr std::array<std::string_view, 3> kNumericsNames = {"pinned", "native", "flush"};

// Of one of these names. Throws Error for any other.
Numerics ParseNumerics(std::string_view name);

// Sets the environment variables that pin the kernels (ATEN_CPU_CAPABILITY, MKL_CBWR,
// ONEDNN_MAX_CPU_ISA), or leaves them alone for kNative; for kFlush also the processor's control
// register, which threads take from the one that starts them. Must be called before the first use
// of LibTorch in the process and before threads start: the libraries read them once. Throws Error
// for kFlush on another processor than x86.
void ApplyNumerics(Numerics numerics);

// Keeps freed memory in the process (glibc): a training step frees and takes the same buffers
// again and again, and giving them back to the kernel costs 10 to 14 % of a step.
void KeepFreedMemory();

// The peak resident memory of this process, in bytes (getrusage).
double PeakMemoryBytes();

// The CPU's model name, "unknown" where the kernel does not tell it, and the widest vector
// extension it has: "avx512", "avx2", "sse", "neon", else "other".
std::string CpuModelName();
std::string CpuIsa();

}  // namespace initbias

#endif  // INITBIAS_LIB_BASE_NUMERICS_H_
