// The compilations of the kernels, one a file with compiler flags of its own (BUILD).
#ifndef INITBIAS_LIB_KERNELS_TABLES_H_
#define INITBIAS_LIB_KERNELS_TABLES_H_

#include "lib/kernels/kernels.h"

namespace initbias {

// Each where it can run: the first two on x86-64, the third on aarch64.
extern const Kernels kAvx512Kernels;
extern const Kernels kAvx2Kernels;
extern const Kernels kNeonKernels;
extern const Kernels kGenericKernels;

}  // namespace initbias

#endif  // INITBIAS_LIB_KERNELS_TABLES_H_
