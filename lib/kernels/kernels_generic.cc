// The kernels in plain C++.
#define INITBIAS_PLAIN_KERNELS
#include "lib/kernels/table.h"
#include "lib/kernels/tables.h"

namespace initbias {

const Kernels kGenericKernels = MakeTable("generic");

}  // namespace initbias
