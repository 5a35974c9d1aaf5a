// Layer norm and its gradients against double formulas and numerical differentiation.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <vector>

#include "lib/kernels/kernels.h"
#include "tests/kernels/kernel_test.h"

namespace initbias {
namespace {

constexpr float kEpsilon = 1e-5F;
constexpr int64_t kWidths[] = {2, 3, 8, 15, 16, 17, 31, 33, 64, 100, 768};

class LayerNormTest : public KernelTest {};

INSTANTIATE_TEST_SUITE_P(, LayerNormTest, testing::ValuesIn(AvailableKernels()), KernelName);

struct Norm {
  std::vector<double> y;
  std::vector<double> mean;
  std::vector<double> rstd;
};

Norm Reference(int64_t rows, const std::vector<double>& x, const std::vector<double>& gain,
               const std::vector<double>& shift) {
  const size_t columns = gain.size();
  Norm norm;
  for (size_t row = 0; row < static_cast<size_t>(rows); ++row) {
    const double* const in = &x[row * columns];
    double mean = 0;
    double variance = 0;
    for (size_t j = 0; j < columns; ++j) {
      mean += in[j] / static_cast<double>(columns);
    }
    for (size_t j = 0; j < columns; ++j) {
      variance += (in[j] - mean) * (in[j] - mean) / static_cast<double>(columns);
    }
    const double rstd = 1 / std::sqrt(variance + kEpsilon);
    for (size_t j = 0; j < columns; ++j) {
      norm.y.push_back((in[j] - mean) * rstd * gain[j] + shift[j]);
    }
    norm.mean.push_back(mean);
    norm.rstd.push_back(rstd);
  }
  return norm;
}

// Inputs, and what the kernels make of them.
struct Case {
  int64_t rows;
  int64_t columns;
  std::vector<float> x, gain, shift, dy;
  std::vector<float> y, mean, rstd, dx, dgain, dshift;

  Case(int64_t rows_, int64_t columns_, float offset)
      : rows(rows_),
        columns(columns_),
        x(RandomFloats(rows * columns, "test/norm/x")),
        gain(RandomFloats(columns, "test/norm/gain")),
        shift(RandomFloats(columns, "test/norm/shift")),
        dy(RandomFloats(rows * columns, "test/norm/dy")),
        y(x.size(), std::nanf("")),
        mean(static_cast<size_t>(rows), std::nanf("")),
        rstd(mean),
        dx(RandomFloats(rows * columns, "test/norm/dx")),
        dgain(RandomFloats(columns, "test/norm/dgain")),
        dshift(RandomFloats(columns, "test/norm/dshift")) {
    for (float& value : x) {
      value += offset;
    }
  }

  void Forward(const Kernels& kernels) {
    kernels.layer_norm(rows, columns, x.data(), gain.data(), shift.data(), kEpsilon, y.data(),
                       mean.data(), rstd.data());
  }
  void Backward(const Kernels& kernels, bool add) {
    kernels.layer_norm_backward(rows, columns, dy.data(), x.data(), gain.data(), mean.data(),
                                rstd.data(), add, dx.data(), dgain.data(), dshift.data());
  }
};

// Sums go over width / 16 numbers a lane and then 16 lanes; each addition rounds.
double SumRoundoffs(int64_t width) { return (static_cast<double>(width) / 16 + 8) * kRoundoff; }

// x - mean is off by the error of the mean, which is that of a sum of numbers as large as the
// offset; the error of the deviation is of second order in it.
TEST_P(LayerNormTest, AgreesWithDoublePrecision) {
  for (const float offset : {0.0F, 30.0F}) {
    for (const int64_t columns : kWidths) {
      Case c(/*rows=*/5, columns, offset);
      c.Forward(Tested());
      const Norm expected = Reference(c.rows, ToDouble(c.x), ToDouble(c.gain), ToDouble(c.shift));
      const double size = 3 + offset;
      const double mean_error = SumRoundoffs(columns) * size;
      ExpectClose(
          c.mean, expected.mean, [&](size_t) { return mean_error; }, "mean");
      ExpectClose(
          c.rstd, expected.rstd,
          [&](size_t i) {
            return expected.rstd[i] * (SumRoundoffs(columns) + mean_error * expected.rstd[i]);
          },
          "rstd");
      ExpectClose(
          c.y, expected.y,
          [&](size_t i) {
            const size_t row = i / c.gain.size();
            const double gain = std::abs(c.gain[i % c.gain.size()]);
            const double normal = std::abs(c.x[i] - expected.mean[row]) * expected.rstd[row];
            return gain * (2 * mean_error * expected.rstd[row] * (1 + normal) +
                           SumRoundoffs(columns) * normal) +
                   2 * kRoundoff * std::abs(expected.y[i]);
          },
          "y");
    }
  }
}

TEST_P(LayerNormTest, ConstantRowsGiveTheShift) {
  for (const int64_t columns : {1, 7, 16, 64}) {
    Case c(/*rows=*/2, columns, /*offset=*/0);
    c.x.assign(c.x.size(), 0.75F);
    c.Forward(Tested());
    for (size_t i = 0; i < c.y.size(); ++i) {
      EXPECT_EQ(c.y[i], c.shift[i % c.shift.size()]);
    }
    EXPECT_EQ(c.mean[1], 0.75F);
    EXPECT_NEAR(c.rstd[1], 1 / std::sqrt(1e-5), 1e-4);
  }
}

TEST_P(LayerNormTest, NotANumberStaysInItsRow) {
  Case c(/*rows=*/3, /*columns=*/19, /*offset=*/0);
  c.x[19 + 18] = std::nanf("");
  c.Forward(Tested());
  for (size_t i = 0; i < c.y.size(); ++i) {
    EXPECT_EQ(std::isnan(c.y[i]), i / 19 == 1) << i;
  }
}

// dx = r (g - mean(g) - n mean(g n)), g = dy gain, n the normalised x.
TEST_P(LayerNormTest, BackwardAgreesWithDoublePrecision) {
  for (const int64_t columns : kWidths) {
    for (const bool add : {false, true}) {
      Case c(/*rows=*/4, columns, /*offset=*/0);
      c.Forward(Tested());
      std::vector<double> dx;
      std::vector<double> dx_terms;
      std::vector<double> dgain = ToDouble(c.dgain);
      std::vector<double> dshift = ToDouble(c.dshift);
      for (size_t row = 0; row < static_cast<size_t>(c.rows); ++row) {
        const size_t start = row * c.gain.size();
        const double r = c.rstd[row];
        double mean_g = 0;
        double mean_gn = 0;
        double size_g = 0;
        double size_gn = 0;
        for (size_t j = 0; j < c.gain.size(); ++j) {
          const double n = (double{c.x[start + j]} - double{c.mean[row]}) * r;
          const double g = double{c.dy[start + j]} * double{c.gain[j]};
          mean_g += g / static_cast<double>(columns);
          mean_gn += g * n / static_cast<double>(columns);
          size_g += std::abs(g) / static_cast<double>(columns);
          size_gn += std::abs(g * n) / static_cast<double>(columns);
          dgain[j] += double{c.dy[start + j]} * n;
          dshift[j] += c.dy[start + j];
        }
        for (size_t j = 0; j < c.gain.size(); ++j) {
          const double n = (double{c.x[start + j]} - double{c.mean[row]}) * r;
          const double g = double{c.dy[start + j]} * double{c.gain[j]};
          const double before = add ? c.dx[start + j] : 0.0F;
          dx.push_back(before + r * (g - mean_g - n * mean_gn));
          dx_terms.push_back(std::abs(before) + r * (std::abs(g) + size_g + std::abs(n) * size_gn));
        }
      }
      c.Backward(Tested(), add);
      ExpectClose(
          c.dx, dx, [&](size_t i) { return SumRoundoffs(columns) * dx_terms[i]; }, "dx");
      // Four rows and what was there, of normal variates: terms of 10 at most, rounded four times.
      const auto few = [](size_t) { return 4 * kRoundoff * 30; };
      ExpectClose(c.dgain, dgain, few, "dgain");
      ExpectClose(c.dshift, dshift, few, "dshift");
    }
  }
}

// The formulas that the kernels are held to above are the gradients of the formula of the norm.
TEST_P(LayerNormTest, BackwardAgreesWithNumericalDifferentiation) {
  for (const int64_t columns : {3, 16, 21}) {
    Case c(/*rows=*/3, columns, /*offset=*/0);
    c.Forward(Tested());
    c.dgain.assign(c.dgain.size(), 0.0F);
    c.dshift.assign(c.dshift.size(), 0.0F);
    c.Backward(Tested(), /*add=*/false);
    const std::vector<double> x = ToDouble(c.x);
    const std::vector<double> gain = ToDouble(c.gain);
    const std::vector<double> shift = ToDouble(c.shift);
    const auto dx = NumericalGradient(
        [&](const auto& at) { return InnerProduct(Reference(c.rows, at, gain, shift).y, c.dy); },
        x);
    const auto dgain = NumericalGradient(
        [&](const auto& at) { return InnerProduct(Reference(c.rows, x, at, shift).y, c.dy); },
        gain);
    const auto dshift = NumericalGradient(
        [&](const auto& at) { return InnerProduct(Reference(c.rows, x, gain, at).y, c.dy); },
        shift);
    const auto tolerance = [](size_t) { return 1e-5; };
    ExpectClose(c.dx, dx, tolerance, "dx");
    ExpectClose(c.dgain, dgain, tolerance, "dgain");
    ExpectClose(c.dshift, dshift, tolerance, "dshift");
  }
}

}  // namespace
}  // namespace initbias
