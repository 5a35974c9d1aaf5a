// ln x with the same bits on every machine: from IEEE basic operations alone.
#ifndef INITBIAS_LIB_BASE_PORTABLE_LOG_H_
#define INITBIAS_LIB_BASE_PORTABLE_LOG_H_

#include <cmath>

namespace initbias {
namespace {  // NOLINT(google-build-namespaces): compiled for several instruction sets, lib/kernels

// ln x of a normal x > 0; NaN stays NaN. x = m 2^e with m in [1/sqrt 2, sqrt 2), and ln m = 2
// artanh((m - 1) / (m + 1)), whose series is truncated after `kHighestPower`, an odd number: the
// error is below 1e-15 for 21, below 1e-18 for 23.
template <int kHighestPower>
inline double PortableLog(double x) {
  static_assert(kHighestPower % 2 == 1);
  constexpr double kLn2 = 0.693147180559945309417232121458;
  constexpr double kHalfSqrt = 0.707106781186547524400844362105;
  if (x != x) {
    return x;
  }
  int exponent = 0;
  double m = std::frexp(x, &exponent);
  if (m < kHalfSqrt) {
    m *= 2.0;
    --exponent;
  }
  const double s = (m - 1.0) / (m + 1.0);
  const double square = s * s;
  double series = 0.0;
  for (int power = kHighestPower; power >= 1; power -= 2) {
    series = series * square + 1.0 / power;
  }
  return exponent * kLn2 + 2.0 * s * series;
}

}  // namespace
}  // namespace initbias

#endif  // INITBIAS_LIB_BASE_PORTABLE_LOG_H_
