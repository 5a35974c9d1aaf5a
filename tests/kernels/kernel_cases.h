// Every kernel on random inputs of many sizes: what the tests of bits and of bounds run.
#ifndef INITBIAS_TESTS_KERNELS_KERNEL_CASES_H_
#define INITBIAS_TESTS_KERNELS_KERNEL_CASES_H_

#include <cstdint>
#include <functional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "lib/kernels/kernels.h"
#include "tests/kernels/guarded_arrays.h"

namespace initbias {

// One call of a kernel.
struct KernelCase {
  std::string name;  // the sizes, for messages
  std::function<void(const Kernels&, GuardedArrays&)> run;
};

// All calls of one member of Kernels.
struct KernelCases {
  std::string kernel;  // the member's name
  std::vector<KernelCase> cases;
};

// For the messages of GoogleTest.
inline void PrintTo(const KernelCases& cases, std::ostream* out) { *out << cases.kernel; }

// One entry a member of Kernels.
std::vector<KernelCases> AllKernelCases();

// The bits that a case gives; fails the current test where it touched what it may not.
std::vector<uint32_t> RunCase(const KernelCase& kernel_case, const Kernels& kernels, Edge edge);

}  // namespace initbias

#endif  // INITBIAS_TESTS_KERNELS_KERNEL_CASES_H_
