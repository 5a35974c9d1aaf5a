// The kernels in AVX2 and FMA.
#include "lib/kernels/table.h"
#include "lib/kernels/tables.h"

namespace initbias {

const Kernels kAvx2Kernels = MakeTable("avx2");

}  // namespace initbias
