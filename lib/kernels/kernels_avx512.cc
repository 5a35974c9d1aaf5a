// The kernels in AVX-512.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"  // in GCC's own header, immintrin.h
#endif

#include "lib/kernels/table.h"
#include "lib/kernels/tables.h"

namespace initbias {

const Kernels kAvx512Kernels = MakeTable("avx512");

}  // namespace initbias
