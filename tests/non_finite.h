// NaN and infinity.
#ifndef INITBIAS_TESTS_NON_FINITE_H_
#define INITBIAS_TESTS_NON_FINITE_H_

#include <limits>

namespace initbias {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

}  // namespace initbias

#endif  // INITBIAS_TESTS_NON_FINITE_H_
