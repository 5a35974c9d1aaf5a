// The compilations of the kernels, one a file with compiler flags of its own (BUILD).
#ifndef INITBIAS_LIB_KERNELS_TABLES_H_
#define INITBIAS_LIB_KERNELS_TABLES_H_

#include "lib/kernels/kernels.h"

namespace initbias {

#if defined(__x86_64__)
extern const Kernels kAvx512Kernels;
extern const Kernels kAvx2Kernels;
#endif
extern const Kernels kGenericKernels;

}  // namespace initbias

#endif  // INITBIAS_LIB_KERNELS_TABLES_H_
