// Cross entropy and the causal softmax against double precision.
//
// The float exponential of x - largest errs by the rounding of that difference, |x - largest|
// roundoffs, besides a few of its own; 0 stands for everything below 2^-60.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "lib/kernels/kernels.h"
#include "tests/kernels/kernel_test.h"

namespace initbias {
namespace {

constexpr float kInf = std::numeric_limits<float>::infinity();
constexpr double kSmallest = 0x1p-60;

class LossTest : public KernelTest {};

INSTANTIATE_TEST_SUITE_P(, LossTest, testing::ValuesIn(AvailableKernels()), KernelName);

struct Softmax {
  std::vector<double> weights;
  double log_sum = 0;  // of the exponentials
};

Softmax Reference(const std::vector<double>& x) {
  const double largest = *std::max_element(x.begin(), x.end());
  Softmax softmax;
  double sum = 0;
  for (const double value : x) {
    softmax.weights.push_back(std::exp(value - largest));
    sum += softmax.weights.back();
  }
  for (double& weight : softmax.weights) {
    weight /= sum;
  }
  softmax.log_sum = largest + std::log(sum);
  return softmax;
}

std::vector<double> Part(const std::vector<float>& x, int64_t start, int64_t count, float factor) {
  std::vector<double> part;
  for (int64_t i = start; i < start + count; ++i) {
    part.push_back(static_cast<double>(factor) * static_cast<double>(x[static_cast<size_t>(i)]));
  }
  return part;
}

// Of weights of a softmax over so many numbers, whose size is `range` at most.
double SoftmaxRoundoffs(int64_t columns, double range) {
  return (static_cast<double>(columns) / 16 + 14 + 4 * range) * kRoundoff;
}

std::vector<float> Logits(int64_t n, float size) {
  std::vector<float> logits = RandomFloats(n, "test/loss/logits");
  for (float& logit : logits) {
    logit *= size;
  }
  return logits;
}

double Loss(const Kernels& kernels, std::vector<float> logits, int64_t label) {
  return kernels.cross_entropy(/*rows=*/1, static_cast<int64_t>(logits.size()), &label,
                               /*gradient=*/false, /*scale=*/1, logits.data());
}

TEST_P(LossTest, CrossEntropyAgreesWithDoublePrecision) {
  constexpr int64_t kRows = 4;
  constexpr float kScale = 0.3F;
  for (const float size : {0.01F, 1.0F, 30.0F}) {
    for (const int64_t columns : {1, 2, 7, 15, 16, 17, 31, 33, 100, 1000}) {
      const std::vector<float> logits = Logits(kRows * columns, size);
      const std::vector<int64_t> labels = {0, columns - 1, columns / 2, 0};
      double loss = 0;
      std::vector<double> gradient;
      std::vector<double> terms;
      for (int64_t row = 0; row < kRows; ++row) {
        const std::vector<double> x = Part(logits, row * columns, columns, 1);
        const Softmax softmax = Reference(x);
        const auto label = static_cast<size_t>(labels[static_cast<size_t>(row)]);
        loss += softmax.log_sum - x[label];
        for (size_t i = 0; i < x.size(); ++i) {
          const double hot = i == label ? 1 : 0;
          gradient.push_back(static_cast<double>(kScale) * (softmax.weights[i] - hot));
          terms.push_back(static_cast<double>(kScale) * (softmax.weights[i] + hot));
        }
      }
      const double roundoffs = SoftmaxRoundoffs(columns, 4.0 * static_cast<double>(size));
      std::vector<float> changed = logits;
      const double actual = Tested().cross_entropy(kRows, columns, labels.data(),
                                                   /*gradient=*/true, kScale, changed.data());
      EXPECT_NEAR(actual, loss, kRows * roundoffs) << columns;
      ExpectClose(
          changed, gradient, [&](size_t i) { return terms[i] * roundoffs + kSmallest; },
          "gradient");
      changed = logits;
      EXPECT_EQ(Tested().cross_entropy(kRows, columns, labels.data(), /*gradient=*/false, kScale,
                                       changed.data()),
                actual);
    }
  }
}

TEST_P(LossTest, TheGradientIsThatOfTheLoss) {
  constexpr int64_t kColumns = 19;
  const std::vector<float> logits = Logits(kColumns, 1);
  for (const int64_t label : {int64_t{0}, int64_t{7}, kColumns - 1}) {
    std::vector<float> gradient = logits;
    Tested().cross_entropy(/*rows=*/1, kColumns, &label, /*gradient=*/true, /*scale=*/1,
                           gradient.data());
    const auto numerical = NumericalGradient(
        [&](const auto& at) { return Reference(at).log_sum - at[static_cast<size_t>(label)]; },
        ToDouble(logits));
    ExpectClose(
        gradient, numerical, [](size_t) { return 1e-6; }, "gradient");
  }
}

TEST_P(LossTest, LargeLogitsDoNotOverflow) {
  const std::vector<float> logits = {1e4F, -1e4F, 9.999e3F, 0.0F};
  EXPECT_NEAR(Loss(Tested(), logits, 0), std::log1p(std::exp(-1.0)), 1e-6);
  EXPECT_NEAR(Loss(Tested(), logits, 1), 2e4 + std::log1p(std::exp(-1.0)), 1e-6);
  EXPECT_NEAR(Loss(Tested(), logits, 3), 1e4 + std::log1p(std::exp(-1.0)), 1e-6);
  EXPECT_NEAR(Loss(Tested(), {3e38F, 3e38F}, 1), std::log(2.0), 1e-6);
  std::vector<float> gradient = logits;
  const int64_t label = 1;
  Tested().cross_entropy(/*rows=*/1, /*columns=*/4, &label, /*gradient=*/true, /*scale=*/1,
                         gradient.data());
  const double e = std::exp(1.0);
  ExpectClose(
      gradient, {e / (1 + e), -1, 1 / (1 + e), 0}, [](size_t) { return 1e-6; }, "gradient");
}

TEST_P(LossTest, TinyShareIsNone) {
  const std::vector<float> logits = {0.0F, -40.0F, -41.5F, -41.7F, -80.0F, -1e4F};
  std::vector<float> weights = logits;
  const auto columns = static_cast<int64_t>(logits.size());
  Tested().causal_softmax(/*rows=*/1, columns, /*stride=*/columns, /*first_row=*/columns - 1,
                          /*scale=*/1.0F, weights.data());
  EXPECT_EQ(weights[0], 1.0F);
  EXPECT_NEAR(weights[1], std::exp(-40.0), 1e-5 * std::exp(-40.0));
  EXPECT_NEAR(weights[2], std::exp(-41.5), 1e-5 * std::exp(-41.5));
  for (size_t i = 3; i < weights.size(); ++i) {
    EXPECT_EQ(weights[i], 0.0F) << logits[i];
  }
}

// The loss is the difference of two sums: what is nearly right has a small loss, not one of 0.
TEST_P(LossTest, SmallLossesAreNotLost) {
  EXPECT_NEAR(Loss(Tested(), {0, -12}, 0), std::log1p(std::exp(-12.0)), kRoundoff);
  EXPECT_EQ(Loss(Tested(), {-3}, 0), 0);
  EXPECT_NEAR(Loss(Tested(), std::vector<float>(50257, 2.5F), 50256), std::log(50257.0), 1e-12);
}

TEST_P(LossTest, WhatIsNotFiniteGivesNoFiniteLoss) {
  for (const int64_t columns : {2, 16, 37}) {
    for (const int64_t place : {int64_t{0}, columns / 2, columns - 1}) {
      for (const int64_t label : {int64_t{0}, columns - 1}) {
        for (const float bad : {std::nanf(""), -std::nanf(""), kInf}) {
          std::vector<float> logits = Logits(columns, 1);
          logits[static_cast<size_t>(place)] = bad;
          EXPECT_FALSE(std::isfinite(Loss(Tested(), logits, label)))
              << bad << " at " << place << " of " << columns << ", label " << label;
        }
      }
    }
  }
  EXPECT_EQ(Loss(Tested(), {0, -kInf}, 1), kInf);
  EXPECT_EQ(Loss(Tested(), {0, -kInf}, 0), 0) << "an impossible wrong answer is no fault";
  EXPECT_FALSE(std::isfinite(Loss(Tested(), {-kInf, -kInf}, 0)));
}

// A block of the rows of a causal matrix, in a wider one.
struct Block {
  int64_t rows;
  int64_t columns;
  int64_t first_row;
};
constexpr Block kBlocks[] = {{1, 1, 0},    {5, 5, 0},   {3, 9, 2},    {16, 16, 0},    {2, 17, 15},
                             {17, 33, 16}, {1, 40, 39}, {4, 100, 50}, {20, 300, 280}, {3, 64, 0}};
constexpr float kScoreScale = 0.7F;

TEST_P(LossTest, CausalSoftmaxAgreesWithDoublePrecision) {
  for (const auto& [rows, columns, first_row] : kBlocks) {
    const int64_t stride = columns + 5;
    const std::vector<float> scores = Logits(rows * stride, 3);
    std::vector<float> weights = scores;
    Tested().causal_softmax(rows, columns, stride, first_row, kScoreScale, weights.data());
    std::vector<double> expected;
    for (int64_t row = 0; row < rows; ++row) {
      const int64_t seen = first_row + row + 1;
      const Softmax softmax = Reference(Part(scores, row * stride, seen, kScoreScale));
      expected.insert(expected.end(), softmax.weights.begin(), softmax.weights.end());
      expected.insert(expected.end(), static_cast<size_t>(columns - seen), 0);
      const std::vector<double> gap = Part(scores, row * stride + columns, 5, 1);
      expected.insert(expected.end(), gap.begin(), gap.end());
    }
    const double roundoffs = SoftmaxRoundoffs(columns, 4 * 3 * 0.7);
    ExpectClose(
        weights, expected, [&](size_t i) { return roundoffs * std::abs(expected[i]); }, "weights");
  }
}

TEST_P(LossTest, CausalSoftmaxOfLargeScoresAndOfNaN) {
  std::vector<float> scores = {1e4F, kInf, kInf, 1e4F, -1e4F, kInf, 1.0F, std::nanf(""), 0.0F};
  Tested().causal_softmax(/*rows=*/3, /*columns=*/3, /*stride=*/3, /*first_row=*/0, /*scale=*/2,
                          scores.data());
  for (const size_t one : {0u, 3u}) {
    EXPECT_EQ(scores[one], 1);
  }
  for (const size_t zero : {1u, 2u, 4u, 5u}) {
    EXPECT_NEAR(scores[zero], 0, kSmallest);
  }
  EXPECT_TRUE(std::isnan(scores[7])) << "what saw a NaN is NaN";
  EXPECT_TRUE(std::isnan(scores[6]));
}

// scale w (d - sum w d), and zeros after it.
TEST_P(LossTest, CausalSoftmaxBackwardAgreesWithDoublePrecision) {
  for (const auto& [rows, columns, first_row] : kBlocks) {
    const int64_t stride = columns + 5;
    std::vector<float> weights = Logits(rows * stride, 3);
    Tested().causal_softmax(rows, columns, stride, first_row, kScoreScale, weights.data());
    std::vector<float> before = RandomFloats(rows * stride, "test/loss/dweights");
    for (int64_t row = 0; row < rows; ++row) {  // what no row sees must not matter
      for (int64_t i = first_row + row + 1; i < columns; ++i) {
        before[static_cast<size_t>(row * stride + i)] = std::nanf("");
      }
    }
    std::vector<float> dscores = before;
    Tested().causal_softmax_backward(rows, columns, stride, first_row, kScoreScale, weights.data(),
                                     dscores.data());
    std::vector<double> expected;
    std::vector<double> terms;
    for (int64_t row = 0; row < rows; ++row) {
      const int64_t seen = first_row + row + 1;
      const std::vector<double> w = Part(weights, row * stride, stride, 1);
      const std::vector<double> d = Part(before, row * stride, stride, 1);
      double mean = 0;
      double size = 0;
      for (size_t i = 0; i < static_cast<size_t>(seen); ++i) {
        mean += w[i] * d[i];
        size += std::abs(w[i] * d[i]);
      }
      for (size_t i = 0; i < w.size(); ++i) {
        const bool in_gap = i >= static_cast<size_t>(columns);
        const bool is_seen = i < static_cast<size_t>(seen);
        const double factor = static_cast<double>(kScoreScale) * w[i];
        expected.push_back(in_gap ? d[i] : is_seen ? factor * (d[i] - mean) : 0);
        terms.push_back(is_seen ? factor * (std::abs(d[i]) + size) : 0);
      }
    }
    const double roundoffs = (static_cast<double>(columns) / 16 + 8) * kRoundoff;
    ExpectClose(
        dscores, expected, [&](size_t i) { return roundoffs * terms[i]; }, "dscores");
  }
}

TEST_P(LossTest, CausalSoftmaxBackwardIsTheGradient) {
  constexpr int64_t kColumns = 18;
  const std::vector<float> scores = Logits(kColumns, 1);
  const std::vector<float> dweights = RandomFloats(kColumns, "test/loss/dweights");
  std::vector<float> weights = scores;
  Tested().causal_softmax(/*rows=*/1, kColumns, kColumns, kColumns - 1, kScoreScale,
                          weights.data());
  std::vector<float> dscores = dweights;
  Tested().causal_softmax_backward(/*rows=*/1, kColumns, kColumns, kColumns - 1, kScoreScale,
                                   weights.data(), dscores.data());
  const auto numerical = NumericalGradient(
      [&](const std::vector<double>& at) {
        std::vector<double> scaled;
        for (const double score : at) {
          scaled.push_back(static_cast<double>(kScoreScale) * score);
        }
        return InnerProduct(Reference(scaled).weights, dweights);
      },
      ToDouble(scores));
  ExpectClose(
      dscores, numerical, [](size_t) { return 1e-6; }, "dscores");
}

}  // namespace
}  // namespace initbias
