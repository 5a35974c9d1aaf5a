// The value of what was not measured.
#ifndef INITBIAS_LIB_BASE_NAN_H_
#define INITBIAS_LIB_BASE_NAN_H_

#include <limits>

namespace initbias {

inline constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

}  // namespace initbias

#endif  // INITBIAS_LIB_BASE_NAN_H_
