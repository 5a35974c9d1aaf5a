// Infinity, and NaN (lib/base/nan.h).
#ifndef INITBIAS_TESTS_NON_FINITE_H_
#define INITBIAS_TESTS_NON_FINITE_H_

#include <limits>

#include "lib/base/nan.h"

namespace initbias {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

}  // namespace initbias

#endif  // INITBIAS_TESTS_NON_FINITE_H_
