// The kernels in AVX-512.
#include "lib/kernels/table.h"
#include "lib/kernels/tables.h"

namespace initbias {

const Kernels kAvx512Kernels = MakeTable("avx512");

}  // namespace initbias
