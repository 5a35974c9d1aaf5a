// What the tests of single kernels share: they run for every compilation that the CPU has.
#ifndef INITBIAS_TESTS_KERNELS_KERNEL_TEST_H_
#define INITBIAS_TESTS_KERNELS_KERNEL_TEST_H_

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/kernels/kernels.h"
#include "lib/rng/stream.h"

namespace initbias {

// The unit roundoff of float: one operation errs by this share of its result at most.
inline constexpr double kRoundoff = 0x1p-24;

// A test for each of AvailableKernels().
class KernelTest : public testing::TestWithParam<const Kernels*> {
 protected:
  static const Kernels& Tested() { return *GetParam(); }
};

inline std::string KernelName(const testing::TestParamInfo<const Kernels*>& info) {
  return info.param->name;
}

// Standard normal variates.
inline std::vector<float> RandomFloats(int64_t n, std::string_view name) {
  Stream stream(/*seed=*/2, name);
  std::vector<float> values(static_cast<size_t>(n));
  stream.FillNormal(values, /*std=*/1.0);
  return values;
}

inline std::vector<double> ToDouble(const std::vector<float>& x) { return {x.begin(), x.end()}; }

inline double InnerProduct(const std::vector<double>& x, const std::vector<float>& y) {
  double sum = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    sum += x[i] * static_cast<double>(y[i]);
  }
  return sum;
}

// Fails where an element of `actual` is not within `tolerance` of `expected`, NaN never being so.
inline void ExpectClose(const std::vector<float>& actual, const std::vector<double>& expected,
                        const std::function<double(size_t)>& tolerance, std::string_view what) {
  ASSERT_EQ(actual.size(), expected.size()) << what;
  for (size_t i = 0; i < actual.size(); ++i) {
    const double error = std::abs(static_cast<double>(actual[i]) - expected[i]);
    ASSERT_TRUE(error <= tolerance(i)) << what << "[" << i << "] is " << actual[i] << ", not "
                                       << expected[i] << "; tolerance " << tolerance(i);
  }
}

// The gradient of `f` at `x` by central differences: for smooth f of results around 1 the error is
// about 1e-10.
inline std::vector<double> NumericalGradient(
    const std::function<double(const std::vector<double>&)>& f, std::vector<double> x) {
  constexpr double kStep = 1e-5;
  std::vector<double> gradient;
  for (double& value : x) {
    const double at = value;
    value = at + kStep;
    const double above = f(x);
    value = at - kStep;
    const double below = f(x);
    value = at;
    gradient.push_back((above - below) / (2 * kStep));
  }
  return gradient;
}

}  // namespace initbias

#endif  // INITBIAS_TESTS_KERNELS_KERNEL_TEST_H_
