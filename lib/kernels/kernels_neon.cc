// The kernels in NEON, which every aarch64 CPU has.
#include "lib/kernels/table.h"
#include "lib/kernels/tables.h"

namespace initbias {

const Kernels kNeonKernels = MakeTable("neon");

}  // namespace initbias
