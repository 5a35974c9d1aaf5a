// Short attention and its gradients against a plain double implementation and finite differences.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "lib/kernels/kernels.h"
#include "tests/kernels/kernel_test.h"

namespace initbias {
namespace {

constexpr float kScale = 0.4F;

class AttentionTest : public KernelTest {};

INSTANTIATE_TEST_SUITE_P(, AttentionTest, testing::ValuesIn(AvailableKernels()), KernelName);

struct Sizes {
  size_t queries;
  size_t length;
  size_t width;
};

std::vector<Sizes> AllSizes() {
  std::vector<Sizes> all;
  for (const size_t length : {1u, 2u, 6u, 16u, 17u, 35u}) {
    for (const size_t width : {1u, 5u, 16u, 64u}) {
      for (const size_t queries : std::vector<size_t>{1, (length + 1) / 2, length}) {
        all.push_back({queries, length, width});
      }
    }
  }
  return all;
}

// In double and without gaps: query [queries, width], key and value [length, width].
struct Inputs {
  std::vector<double> query, key, value;
};

struct Outputs {
  std::vector<double> weights;  // [queries, length], 0 beyond what a query sees
  std::vector<double> out;      // [queries, width]
};

Outputs Reference(const Sizes& sizes, const Inputs& inputs) {
  const auto& [queries, length, width] = sizes;
  Outputs outputs{.weights = std::vector<double>(queries * length),
                  .out = std::vector<double>(queries * width)};
  for (size_t i = 0; i < queries; ++i) {
    const size_t seen = length - queries + i + 1;
    double* const weights = &outputs.weights[i * length];
    double sum = 0;
    for (size_t j = 0; j < seen; ++j) {
      double score = 0;
      for (size_t k = 0; k < width; ++k) {
        score += inputs.query[i * width + k] * inputs.key[j * width + k];
      }
      weights[j] = std::exp(static_cast<double>(kScale) * score);
      sum += weights[j];
    }
    for (size_t j = 0; j < seen; ++j) {
      weights[j] /= sum;
      for (size_t k = 0; k < width; ++k) {
        outputs.out[i * width + k] += weights[j] * inputs.value[j * width + k];
      }
    }
  }
  return outputs;
}

struct Gradients {
  std::vector<double> dquery, dkey, dvalue;
};

Gradients ReferenceGradients(const Sizes& sizes, const Inputs& inputs,
                             const std::vector<double>& weights, const std::vector<double>& dout) {
  const auto& [queries, length, width] = sizes;
  Gradients gradients{.dquery = std::vector<double>(queries * width),
                      .dkey = std::vector<double>(length * width),
                      .dvalue = std::vector<double>(length * width)};
  for (size_t i = 0; i < queries; ++i) {
    std::vector<double> dweights(length);
    double mean = 0;
    for (size_t j = 0; j < length; ++j) {
      const double weight = weights[i * length + j];
      for (size_t k = 0; k < width; ++k) {
        dweights[j] += dout[i * width + k] * inputs.value[j * width + k];
        gradients.dvalue[j * width + k] += weight * dout[i * width + k];
      }
      mean += weight * dweights[j];
    }
    for (size_t j = 0; j < length; ++j) {
      const double dscore =
          weights[i * length + j] * (dweights[j] - mean) * static_cast<double>(kScale);
      for (size_t k = 0; k < width; ++k) {
        gradients.dquery[i * width + k] += dscore * inputs.key[j * width + k];
        gradients.dkey[j * width + k] += dscore * inputs.query[i * width + k];
      }
    }
  }
  return gradients;
}

// The kernels' inputs and outputs, where rows lie further apart than they are wide.
struct Case {
  Sizes sizes;
  size_t query_stride;
  size_t key_stride;
  std::vector<float> query, key, value, dout;
  std::vector<float> weights, out, dquery, dkey, dvalue;

  explicit Case(const Sizes& sizes_)
      : sizes(sizes_), query_stride(sizes.width + 3), key_stride(sizes.width + 1) {
    const size_t query_size = sizes.queries * query_stride;
    const size_t key_size = sizes.length * key_stride;
    query = RandomFloats(static_cast<int64_t>(query_size), "test/attention/query");
    key = RandomFloats(static_cast<int64_t>(key_size), "test/attention/key");
    value = RandomFloats(static_cast<int64_t>(key_size), "test/attention/value");
    dout = RandomFloats(static_cast<int64_t>(query_size), "test/attention/dout");
    weights.assign(sizes.queries * sizes.length, std::nanf(""));
    for (std::vector<float>* array : {&out, &dquery}) {
      array->assign(query_size, std::nanf(""));
    }
    for (std::vector<float>* array : {&dkey, &dvalue}) {
      array->assign(key_size, std::nanf(""));
    }
  }

  void Run(const Kernels& kernels) {
    const ShortAttentionArgs args{.queries = static_cast<int64_t>(sizes.queries),
                                  .length = static_cast<int64_t>(sizes.length),
                                  .width = static_cast<int64_t>(sizes.width),
                                  .query = query.data(),
                                  .key = key.data(),
                                  .value = value.data(),
                                  .query_stride = static_cast<int64_t>(query_stride),
                                  .key_stride = static_cast<int64_t>(key_stride),
                                  .scale = kScale,
                                  .weights = weights.data()};
    std::vector<float> scratch(sizes.length, std::nanf(""));
    kernels.short_attention(args, out.data());
    kernels.short_attention_backward(args, dout.data(), dquery.data(), dkey.data(), dvalue.data(),
                                     scratch.data());
  }

  template <typename T>
  std::vector<T> Dense(const std::vector<float>& matrix, size_t stride) const {
    std::vector<T> dense;
    for (size_t i = 0; i < matrix.size(); ++i) {
      if (i % stride < sizes.width) {
        dense.push_back(matrix[i]);
      }
    }
    return dense;
  }

  Inputs DenseInputs() const {
    return {.query = Dense<double>(query, query_stride),
            .key = Dense<double>(key, key_stride),
            .value = Dense<double>(value, key_stride)};
  }
};

double Largest(const std::vector<double>& x) {
  double largest = 0;
  for (const double value : x) {
    largest = std::max(largest, std::abs(value));
  }
  return largest;
}

// Scores are sums of products of normal variates and go into exponentials: a score's error, some
// roundoffs of sqrt(width) * 4, is the weights' relative error. Sums add some more.
double Roundoffs(const Sizes& sizes) {
  return (24 + 4 * std::sqrt(static_cast<double>(sizes.width)) +
          static_cast<double>(sizes.length) / 4) *
         kRoundoff;
}

TEST_P(AttentionTest, AgreesWithDoublePrecision) {
  for (const Sizes& sizes : AllSizes()) {
    Case c(sizes);
    c.Run(Tested());
    const Outputs expected = Reference(sizes, c.DenseInputs());
    for (size_t i = 0; i < sizes.queries; ++i) {
      for (size_t j = 0; j < sizes.length; ++j) {
        const float weight = c.weights[i * sizes.length + j];
        const double expected_weight = expected.weights[i * sizes.length + j];
        if (j <= sizes.length - sizes.queries + i) {
          ASSERT_NEAR(weight, expected_weight, Roundoffs(sizes) * expected_weight);
        } else {
          ASSERT_TRUE(std::isnan(weight)) << "written beyond what query " << i << " sees";
        }
      }
    }
    const double tolerance = Roundoffs(sizes) * Largest(c.DenseInputs().value);
    ExpectClose(
        c.Dense<float>(c.out, c.query_stride), expected.out, [&](size_t) { return tolerance; },
        "out");
  }
}

TEST_P(AttentionTest, BackwardAgreesWithDoublePrecision) {
  for (const Sizes& sizes : AllSizes()) {
    Case c(sizes);
    c.Run(Tested());
    const Inputs inputs = c.DenseInputs();
    const std::vector<double> dout = c.Dense<double>(c.dout, c.query_stride);
    const Outputs outputs = Reference(sizes, inputs);
    const Gradients expected = ReferenceGradients(sizes, inputs, outputs.weights, dout);
    // A weight's gradient is a sum over the width; keys and values sum over the queries, whose
    // weights of one key may add up to their number.
    const double query_count = static_cast<double>(sizes.queries);
    const double dweight = Largest(dout) * Largest(inputs.value) * std::sqrt(sizes.width);
    const double dscore = 2 * dweight * static_cast<double>(kScale) * Roundoffs(sizes);
    const auto check = [&](const std::vector<float>& actual, size_t stride,
                           const std::vector<double>& reference, double tolerance,
                           const char* what) {
      ExpectClose(
          c.Dense<float>(actual, stride), reference, [&](size_t) { return tolerance; }, what);
    };
    check(c.dquery, c.query_stride, expected.dquery, dscore * Largest(inputs.key), "dquery");
    check(c.dkey, c.key_stride, expected.dkey, query_count * dscore * Largest(inputs.query),
          "dkey");
    check(c.dvalue, c.key_stride, expected.dvalue, query_count * Roundoffs(sizes) * Largest(dout),
          "dvalue");
  }
}

TEST_P(AttentionTest, BackwardAgreesWithNumericalDifferentiation) {
  for (const Sizes& sizes : std::vector<Sizes>{{5, 5, 5}, {1, 4, 16}, {3, 18, 1}}) {
    Case c(sizes);
    c.Run(Tested());
    const Inputs inputs = c.DenseInputs();
    const std::vector<float> dout = c.Dense<float>(c.dout, c.query_stride);
    const auto check = [&](std::vector<double> Inputs::*member, const std::vector<float>& actual,
                           const char* what) {
      const auto numerical = NumericalGradient(
          [&](const std::vector<double>& at) {
            Inputs changed = inputs;
            changed.*member = at;
            return InnerProduct(Reference(sizes, changed).out, dout);
          },
          inputs.*member);
      ExpectClose(
          actual, numerical, [](size_t) { return 1e-5; }, what);
    };
    check(&Inputs::query, c.Dense<float>(c.dquery, c.query_stride), "dquery");
    check(&Inputs::key, c.Dense<float>(c.dkey, c.key_stride), "dkey");
    check(&Inputs::value, c.Dense<float>(c.dvalue, c.key_stride), "dvalue");
  }
}

// Scores of 1e4 and more: the largest takes all.
TEST_P(AttentionTest, LargeScoresDoNotOverflow) {
  Case c({.queries = 1, .length = 3, .width = 1});
  c.query[0] = 1e4F;
  for (size_t j = 0; j < 3; ++j) {
    c.key[j * c.key_stride] = static_cast<float>(j) - 1.0F;
  }
  c.Run(Tested());
  EXPECT_EQ(c.weights[2], 1.0F);
  EXPECT_EQ(c.out[0], c.value[2 * c.key_stride]);
  EXPECT_NEAR(c.dquery[0], 0, 1e-30);
  EXPECT_EQ(c.dvalue[2 * c.key_stride], c.dout[0]);
}

TEST_P(AttentionTest, NotANumberReachesWhoSeesIt) {
  Case c({.queries = 6, .length = 6, .width = 3});
  c.key[3 * c.key_stride] = std::nanf("");
  c.Run(Tested());
  for (size_t i = 0; i < 6; ++i) {
    EXPECT_EQ(std::isnan(c.out[i * c.query_stride]), i >= 3) << i;
  }
}

}  // namespace
}  // namespace initbias
