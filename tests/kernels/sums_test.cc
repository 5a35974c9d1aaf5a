// Sums, products by element and AdamW. Where a kernel's operations and their order are told, plain
// float arithmetic must give the same bits.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "lib/kernels/kernels.h"
#include "lib/rng/stream.h"
#include "tests/kernels/kernel_test.h"

namespace initbias {
namespace {

constexpr int64_t kSizes[] = {1, 2, 7, 8, 9, 15, 16, 17, 31, 32, 33, 100};

class SumsTest : public KernelTest {};

INSTANTIATE_TEST_SUITE_P(, SumsTest, testing::ValuesIn(AvailableKernels()), KernelName);

TEST_P(SumsTest, AddRows) {
  constexpr int64_t kRows = 3;
  for (const int64_t columns : kSizes) {
    const std::vector<float> a = RandomFloats(kRows * columns, "test/sums/a");
    const std::vector<float> b = RandomFloats(kRows * columns, "test/sums/b");
    const std::vector<float> bias = RandomFloats(columns, "test/sums/bias");
    for (const bool with_bias : {false, true}) {
      std::vector<float> expected;
      for (size_t i = 0; i < a.size(); ++i) {
        const float sum = a[i] + b[i];
        expected.push_back(with_bias ? sum + bias[i % bias.size()] : sum);
      }
      const float* const added = with_bias ? bias.data() : nullptr;
      std::vector<float> out(a.size(), std::nanf(""));
      Tested().add_rows(kRows, columns, a.data(), b.data(), added, out.data());
      EXPECT_EQ(out, expected) << columns;
      out = a;
      Tested().add_rows(kRows, columns, out.data(), b.data(), added, out.data());
      EXPECT_EQ(out, expected) << "in place, " << columns;
    }
  }
}

TEST_P(SumsTest, AddToAndMultiplyBy) {
  for (const int64_t n : kSizes) {
    const std::vector<float> x = RandomFloats(n, "test/sums/x");
    const std::vector<float> y = RandomFloats(n, "test/sums/y");
    std::vector<float> sums;
    std::vector<float> products;
    for (size_t i = 0; i < x.size(); ++i) {
      sums.push_back(y[i] + x[i]);
      products.push_back(y[i] * x[i]);
    }
    std::vector<float> changed = y;
    Tested().add_to(n, x.data(), changed.data());
    EXPECT_EQ(changed, sums) << n;
    changed = y;
    Tested().multiply_by(n, x.data(), changed.data());
    EXPECT_EQ(changed, products) << n;
  }
}

TEST_P(SumsTest, AddColumnSumsGoesFromTheFirstRowOn) {
  for (const int64_t rows : {0, 1, 2, 50}) {
    for (const int64_t columns : kSizes) {
      const std::vector<float> x = RandomFloats(rows * columns, "test/sums/x");
      std::vector<float> sums = RandomFloats(columns, "test/sums/sums");
      std::vector<float> expected = sums;
      for (size_t i = 0; i < x.size(); ++i) {
        expected[i % expected.size()] += x[i];
      }
      Tested().add_column_sums(rows, columns, x.data(), sums.data());
      EXPECT_EQ(sums, expected) << rows << ", " << columns;
    }
  }
}

// Squares of small integers add up without rounding.
TEST_P(SumsTest, SumOfSquaresIsExactOnIntegers) {
  for (const int64_t n : {0, 1, 15, 16, 17, 4095, 4096, 4097, 8192, 10001}) {
    Stream stream(/*seed=*/4, "test/sums/integers");
    std::vector<float> x;
    double expected = 0;
    for (int64_t i = 0; i < n; ++i) {
      const auto value = static_cast<double>(stream.UniformInt(-8, 8));
      x.push_back(static_cast<float>(value));
      expected += value * value;
    }
    EXPECT_EQ(Tested().sum_of_squares(n, x.data()), expected) << n;
  }
}

// Float sums have 4096 terms at most, 256 a lane of 16, whose errors mostly cancel.
TEST_P(SumsTest, SumOfSquaresAgreesWithDoublePrecision) {
  for (const int64_t n : {3, 100, 4096, 100000}) {
    const std::vector<float> x = RandomFloats(n, "test/sums/x");
    const double expected = InnerProduct(ToDouble(x), x);
    EXPECT_NEAR(Tested().sum_of_squares(n, x.data()), expected, 32 * kRoundoff * expected) << n;
  }
}

TEST_P(SumsTest, SumOfSquaresOfWhatIsNotFinite) {
  for (const int64_t n : {17, 5000}) {
    for (const float bad : {std::nanf(""), INFINITY, -INFINITY}) {
      std::vector<float> x = RandomFloats(n, "test/sums/x");
      x.back() = bad;
      EXPECT_FALSE(std::isfinite(Tested().sum_of_squares(n, x.data())));
    }
  }
}

TEST_P(SumsTest, Largest) {
  for (const int64_t n : {1, 2, 15, 16, 17, 31, 32, 33, 100}) {
    for (int64_t place = 0; place < n; ++place) {
      std::vector<float> x = RandomFloats(n, "test/sums/x");
      for (float& value : x) {
        value = -1.0F - std::abs(value);  // so that a tail lane's 0 would be found
      }
      x[static_cast<size_t>(place)] = -0.5F;
      EXPECT_EQ(Tested().largest(n, x.data()), -0.5F) << place << " of " << n;
      // NaN is passed over, wherever it stands.
      if (n > 1) {
        x[static_cast<size_t>((place + n / 2) % n)] = std::nanf("");
        EXPECT_EQ(Tested().largest(n, x.data()), -0.5F) << place << " of " << n << ", with NaN";
      }
    }
  }
  const std::vector<float> lowest(20, -INFINITY);
  EXPECT_EQ(Tested().largest(20, lowest.data()), -INFINITY);
}

TEST_P(SumsTest, CombineRoundsTheSecondProductAndTheSum) {
  for (const int64_t n : {1, 15, 16, 17, 100}) {
    const std::vector<float> x = RandomFloats(n, "test/combine/x");
    std::vector<float> y = RandomFloats(n, "test/combine/y");
    std::vector<float> expected;
    for (size_t i = 0; i < y.size(); ++i) {
      expected.push_back(std::fma(x[i], -0.3F, y[i] * 0.7F));
    }
    Tested().combine(n, -0.3F, x.data(), 0.7F, y.data());
    EXPECT_EQ(y, expected);
  }
}

// AdamW's settings, and its state in double.
struct Adam {
  double rate = 0.01;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double weight_decay = 0.1;
  std::vector<double> parameters, first, second;

  // Loshchilov & Hutter, "Decoupled weight decay regularization", Algorithm 2, step t = 1, 2, ..
  void Step(int t, double clip, const std::vector<float>& gradients) {
    for (size_t i = 0; i < parameters.size(); ++i) {
      const double g = clip * static_cast<double>(gradients[i]);
      parameters[i] -= rate * weight_decay * parameters[i];
      first[i] = beta1 * first[i] + (1 - beta1) * g;
      second[i] = beta2 * second[i] + (1 - beta2) * g * g;
      const double m = first[i] / (1 - std::pow(beta1, t));
      const double v = second[i] / (1 - std::pow(beta2, t));
      parameters[i] -= rate * m / (std::sqrt(v) + epsilon);
    }
  }

  AdamWArgs Args(int t, double clip) const {
    return {.gradient_scale = static_cast<float>(clip),
            .decay = static_cast<float>(1 - rate * weight_decay),
            .beta2 = static_cast<float>(beta2),
            .one_minus_beta1 = static_cast<float>(1 - beta1),
            .one_minus_beta2 = static_cast<float>(1 - beta2),
            .step_size = static_cast<float>(rate / (1 - std::pow(beta1, t))),
            .second_scale = static_cast<float>(1 / std::sqrt(1 - std::pow(beta2, t))),
            .epsilon = static_cast<float>(epsilon)};
  }
};

// A square takes seven roundings, arguments' included, and the decay of a moment two a step. The
// gradients are 5 at most. A parameter rounds by itself twice a step and moves by `rate` times a
// ratio of moments around 1, which errs by up to 32 roundoffs.
TEST_P(SumsTest, AdamWAgreesWithDoublePrecision) {
  constexpr int kSteps = 10;
  for (const int64_t n : {1, 15, 16, 17, 100}) {
    std::vector<float> parameters = RandomFloats(n, "test/adamw/parameters");
    std::vector<float> first(parameters.size());
    std::vector<float> second(parameters.size());
    Adam adam{.parameters = ToDouble(parameters)};
    adam.first.resize(parameters.size());
    adam.second.resize(parameters.size());
    for (int t = 1; t <= kSteps; ++t) {
      const double clip = t % 2 == 0 ? 1 : 0.3;
      std::vector<float> gradients = RandomFloats(n, "test/adamw/" + std::to_string(t));
      gradients[0] *= 1e-5F;  // where epsilon shows
      const std::vector<float> before = gradients;
      adam.Step(t, clip, gradients);
      Tested().adamw(n, adam.Args(t, clip), gradients.data(), parameters.data(), first.data(),
                     second.data());
      EXPECT_EQ(gradients, before);
      ExpectClose(
          first, adam.first, [&](size_t) { return 5 * 4 * kRoundoff; }, "first moment");
      ExpectClose(
          second, adam.second, [&](size_t i) { return (7 + 2 * t) * kRoundoff * adam.second[i]; },
          "second moment");
      ExpectClose(
          parameters, adam.parameters,
          [&](size_t i) {
            return t * kRoundoff * (2 * std::abs(adam.parameters[i]) + 32 * adam.rate);
          },
          "parameters");
    }
  }
}

TEST_P(SumsTest, AdamWWithoutGradientsOnlyDecays) {
  Adam adam;
  std::vector<float> parameters = RandomFloats(20, "test/adamw/parameters");
  std::vector<float> expected;
  const AdamWArgs args = adam.Args(/*t=*/1, /*clip=*/1);
  for (const float parameter : parameters) {
    expected.push_back(parameter * args.decay);
  }
  const std::vector<float> gradients(20);
  std::vector<float> first(20);
  std::vector<float> second(20);
  Tested().adamw(20, args, gradients.data(), parameters.data(), first.data(), second.data());
  EXPECT_EQ(parameters, expected);
  EXPECT_EQ(first, gradients);
  EXPECT_EQ(second, gradients);
}

// Moments of gradients long gone would stay at the smallest numbers for ever, and be slow.
TEST_P(SumsTest, MomentsEndInZero) {
  Adam adam;
  for (const float size : {1e4F, 1.0F, 1e-8F, 1e-15F, 1e-25F, 1e-40F}) {
    std::vector<float> gradients(20, size);
    std::vector<float> parameters(20, 1.0F);
    std::vector<float> first(20);
    std::vector<float> second(20);
    int64_t subnormal = 0;
    for (int t = 1; t <= 100'000 && (t < 3 || first[0] > 0 || second[0] > 0); ++t) {
      AdamWArgs args = adam.Args(t, /*clip=*/1);
      args.beta2 = 0.98F;
      Tested().adamw(20, args, gradients.data(), parameters.data(), first.data(), second.data());
      gradients.assign(gradients.size(), 0.0F);
      for (const float moment : {first[0], first[19], second[0], second[19]}) {
        subnormal += moment > 0.0F && moment < 0x1p-120F ? 1 : 0;
      }
    }
    EXPECT_EQ(first, gradients) << size;
    EXPECT_EQ(second, gradients) << size;
    EXPECT_EQ(subnormal, 0) << size;
  }
}

}  // namespace
}  // namespace initbias
