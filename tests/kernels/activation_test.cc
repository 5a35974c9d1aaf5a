// Activations against double precision. A float x errs by its own roundoff, which is no error of
// the kernel; where e^z is computed, the rounding of z alone makes |z| roundoffs of the result, and
// the polynomials and divisions a few more.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>
#include <vector>

#include "lib/kernels/kernels.h"
#include "tests/kernels/kernel_test.h"

namespace initbias {
namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr float kInf = std::numeric_limits<float>::infinity();
constexpr double kTail = 0x1p-60;  // what is left out of GELU's negative tail
constexpr ActivationKernel kAll[] = {ActivationKernel::kGelu, ActivationKernel::kGeluTanh,
                                     ActivationKernel::kTanh, ActivationKernel::kRelu};

class ActivationTest : public KernelTest {};

INSTANTIATE_TEST_SUITE_P(, ActivationTest, testing::ValuesIn(AvailableKernels()), KernelName);

// sqrt(2/pi) (x + 0.044715 x^3)
double GeluTanhArgument(double x) {
  return std::sqrt(2 / std::numbers::pi) * (x + 0.044715 * x * x * x);
}

// Written with erfc and 1 / (1 + e^..) where the textbook's 1 + erf and 1 + tanh cancel.
double Value(ActivationKernel kind, double x) {
  switch (kind) {
    case ActivationKernel::kGelu:
      return 0.5 * x * std::erfc(-x * std::numbers::sqrt2 / 2);
    case ActivationKernel::kGeluTanh:
      return x / (1 + std::exp(-2 * GeluTanhArgument(x)));
    case ActivationKernel::kTanh:
      return std::tanh(x);
    case ActivationKernel::kRelu:
      return x > 0 ? x : 0;
  }
  return std::nan("");
}

double Slope(ActivationKernel kind, double x) {
  switch (kind) {
    case ActivationKernel::kGelu:
      return 0.5 * std::erfc(-x * std::numbers::sqrt2 / 2) +
             x * std::exp(-0.5 * x * x) / std::sqrt(2 * std::numbers::pi);
    case ActivationKernel::kGeluTanh: {
      const double z = GeluTanhArgument(x);
      const double dz = std::sqrt(2 / std::numbers::pi) * (1 + 3 * 0.044715 * x * x);
      return 1 / (1 + std::exp(-2 * z)) + 0.5 * x * dz / (std::cosh(z) * std::cosh(z));
    }
    case ActivationKernel::kTanh:
      return 1 / (std::cosh(x) * std::cosh(x));
    case ActivationKernel::kRelu:
      return x > 0 ? 1 : 0;
  }
  return std::nan("");
}

// The share of its terms by which a result may err, in roundoffs.
double Roundoffs(ActivationKernel kind, double x) {
  switch (kind) {
    case ActivationKernel::kGelu:
      return 8 + (x < 0 ? 0.5 * x * x : 0);
    case ActivationKernel::kGeluTanh:
      // The exponent, -2 z, takes three roundings and its constants two.
      return 6 + (x < 0 ? 10 * std::abs(GeluTanhArgument(x)) : 0);
    case ActivationKernel::kTanh:
      return 3;
    case ActivationKernel::kRelu:
      return 0;
  }
  return 0;
}

// The sum of the absolute terms of the slope.
double SlopeTerms(ActivationKernel kind, double x) {
  switch (kind) {
    case ActivationKernel::kGelu:
      return 0.5 * std::erfc(-x * std::numbers::sqrt2 / 2) +
             std::abs(x) * std::exp(-0.5 * x * x) / std::sqrt(2 * std::numbers::pi);
    case ActivationKernel::kGeluTanh: {
      const double z = GeluTanhArgument(x);
      const double s = 1 / (1 + std::exp(-2 * z));
      const double dz = std::sqrt(2 / std::numbers::pi) * (1 + 3 * 0.044715 * x * x);
      // A float s near 1 leaves 1 - s multiples of the roundoff. Beyond 6 it is 1, and 1 - s is 0.
      return s + 2 * std::abs(x) * dz * s * (x > 0 && x < 6 ? 1 : 1 - s);
    }
    case ActivationKernel::kTanh:  // 1 - y^2
    case ActivationKernel::kRelu:
      return 1;
  }
  return 0;
}

struct Results {
  std::vector<float> values;
  std::vector<float> slopes;
};

Results Activate(const Kernels& kernels, ActivationKernel kind, const std::vector<float>& x) {
  Results results{.values = std::vector<float>(x.size(), kNaN), .slopes = x};
  kernels.activate(kind, /*rows=*/1, static_cast<int64_t>(x.size()), /*bias=*/nullptr,
                   results.slopes.data(), results.values.data());
  return results;
}

std::vector<float> Grid(double from, double to, int points) {
  std::vector<float> x;
  for (int i = 0; i <= points; ++i) {
    x.push_back(static_cast<float>(from + (to - from) * i / points));
  }
  return x;
}

TEST_P(ActivationTest, ValuesAgreeWithDoublePrecision) {
  const std::vector<float> x = Grid(-9.0, 9.0, 20011);
  for (const ActivationKernel kind : kAll) {
    const Results results = Activate(Tested(), kind, x);
    for (size_t i = 0; i < x.size(); ++i) {
      const double expected = Value(kind, x[i]);
      const double tolerance =
          Roundoffs(kind, x[i]) * kRoundoff * std::abs(expected) + kTail * std::abs(x[i]);
      ASSERT_TRUE(std::abs(results.values[i] - expected) <= tolerance)
          << static_cast<int>(kind) << " of " << x[i] << ": " << results.values[i] << ", not "
          << expected;
    }
  }
}

TEST_P(ActivationTest, SlopesAgreeWithDoublePrecision) {
  const std::vector<float> x = Grid(-9.0, 9.0, 20011);
  for (const ActivationKernel kind : kAll) {
    const Results results = Activate(Tested(), kind, x);
    for (size_t i = 0; i < x.size(); ++i) {
      const double expected = Slope(kind, x[i]);
      const double tolerance =
          Roundoffs(kind, x[i]) * kRoundoff * SlopeTerms(kind, x[i]) + 256 * kTail;
      ASSERT_TRUE(std::abs(results.slopes[i] - expected) <= tolerance)
          << static_cast<int>(kind) << " at " << x[i] << ": " << results.slopes[i] << ", not "
          << expected;
    }
  }
}

TEST_P(ActivationTest, SlopesAreThoseOfTheValues) {
  constexpr double kStep = 1e-5;
  const std::vector<float> x = Grid(-6.03, 6.07, 999);  // not within a step of 0, relu's corner
  for (const ActivationKernel kind : kAll) {
    const Results results = Activate(Tested(), kind, x);
    for (size_t i = 0; i < x.size(); ++i) {
      const double at = x[i];
      const double difference = (Value(kind, at + kStep) - Value(kind, at - kStep)) / (2 * kStep);
      EXPECT_NEAR(results.slopes[i], difference, 3e-6) << static_cast<int>(kind) << " at " << at;
    }
  }
}

// tanh(x) is x and gelu(x) x / 2 there: what comes as 1 - y or 1 + y would be 0 or multiples of the
// roundoff.
TEST_P(ActivationTest, SmallValuesKeepTheirDigits) {
  for (const float size : {1e-4F, 1e-6F, 1e-10F, 1e-20F, 1e-30F}) {
    for (const float x : {size, -size}) {
      for (const ActivationKernel kind : kAll) {
        const Results results = Activate(Tested(), kind, {x});
        const double expected = Value(kind, x);
        EXPECT_NEAR(results.values[0], expected, 3 * kRoundoff * std::abs(expected))
            << static_cast<int>(kind) << " of " << x;
        EXPECT_NEAR(results.slopes[0], Slope(kind, x), 3 * kRoundoff);
      }
    }
  }
}

// Never a subnormal number nor one that makes some in a product with a weight.
TEST_P(ActivationTest, TailsEndInZero) {
  const std::vector<float> x = Grid(-14.0, -4.0, 5003);
  int zeros = 0;
  for (const ActivationKernel kind : kAll) {
    const Results results = Activate(Tested(), kind, x);
    for (size_t i = 0; i < x.size(); ++i) {
      for (const float result : {results.values[i], results.slopes[i]}) {
        EXPECT_TRUE(result == 0.0F || std::abs(result) >= 0x1p-60F)
            << static_cast<int>(kind) << " of " << x[i] << ": " << result;
        zeros += result == 0.0F ? 1 : 0;
      }
    }
  }
  EXPECT_GT(zeros, 100);
}

TEST_P(ActivationTest, Zeros) {
  for (const ActivationKernel kind : kAll) {
    const Results results = Activate(Tested(), kind, {0.0F, -0.0F});
    const float slope = kind == ActivationKernel::kTanh   ? 1.0F
                        : kind == ActivationKernel::kRelu ? 0.0F
                                                          : 0.5F;
    for (size_t i = 0; i < 2; ++i) {
      EXPECT_EQ(results.values[i], 0.0F) << static_cast<int>(kind);
      EXPECT_NEAR(results.slopes[i], slope, kRoundoff) << static_cast<int>(kind);
    }
  }
}

// 0 or a constant, up to e^-87 times a small number, from where there is no more to tell.
TEST_P(ActivationTest, SaturatesFarOut) {
  for (const float size : {20.0F, 30.0F, 100.0F, 1e4F, 1e6F}) {
    for (const float x : {size, -size}) {
      for (const ActivationKernel kind : kAll) {
        const Results results = Activate(Tested(), kind, {x});
        EXPECT_NEAR(results.values[0], Value(kind, x), 1e-30 + 1e-15 * std::abs(Value(kind, x)))
            << static_cast<int>(kind) << " of " << x;
        EXPECT_NEAR(results.slopes[0], Slope(kind, x), 1e-15)
            << static_cast<int>(kind) << " at " << x;
      }
    }
  }
}

TEST_P(ActivationTest, SaturatesToTheLargestNumbers) {
  for (const float size : {1e12F, 1e20F, 3e38F, kInf}) {
    for (const ActivationKernel kind : kAll) {
      const Results results = Activate(Tested(), kind, {size, -size});
      const bool bounded = kind == ActivationKernel::kTanh;
      EXPECT_EQ(results.values[0], bounded ? 1.0F : size) << static_cast<int>(kind);
      EXPECT_NEAR(results.values[1], bounded ? -1.0F : 0.0F, 1e-30)
          << static_cast<int>(kind) << " of " << -size;
      EXPECT_EQ(results.slopes[0], bounded ? 0.0F : 1.0F) << static_cast<int>(kind);
      EXPECT_NEAR(results.slopes[1], 0.0F, 1e-30) << static_cast<int>(kind) << " at " << -size;
    }
  }
}

TEST_P(ActivationTest, NotANumberStaysSo) {
  std::vector<float> x(19, 1.0F);
  x[3] = kNaN;
  x[18] = kNaN;
  for (const ActivationKernel kind : kAll) {
    const Results results = Activate(Tested(), kind, x);
    for (size_t i = 0; i < x.size(); ++i) {
      EXPECT_EQ(std::isnan(results.values[i]), std::isnan(x[i]))
          << static_cast<int>(kind) << ", " << i;
      // Of relu the slope may be anything: the loss is NaN already.
      if (kind != ActivationKernel::kRelu) {
        EXPECT_EQ(std::isnan(results.slopes[i]), std::isnan(x[i]))
            << static_cast<int>(kind) << ", " << i;
      }
    }
  }
}

TEST_P(ActivationTest, TheBiasIsAddedToEachRow) {
  for (const int64_t columns : {1, 15, 16, 17, 40}) {
    constexpr int64_t kRows = 3;
    const std::vector<float> x = RandomFloats(kRows * columns, "test/activation/x");
    const std::vector<float> bias = RandomFloats(columns, "test/activation/bias");
    std::vector<float> sums;
    for (size_t i = 0; i < x.size(); ++i) {
      sums.push_back(x[i] + bias[i % bias.size()]);
    }
    for (const ActivationKernel kind : kAll) {
      const Results expected = Activate(Tested(), kind, sums);
      Results results{.values = std::vector<float>(x.size(), kNaN), .slopes = x};
      Tested().activate(kind, kRows, columns, bias.data(), results.slopes.data(),
                        results.values.data());
      EXPECT_EQ(results.values, expected.values);
      EXPECT_EQ(results.slopes, expected.slopes);
    }
  }
}

}  // namespace
}  // namespace initbias
