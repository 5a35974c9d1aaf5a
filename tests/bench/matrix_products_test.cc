#include "tests/bench/matrix_products.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "lib/base/error.h"
#include "lib/model/spec/parameter_spec.h"
#include "lib/run/cost.h"

namespace initbias {
namespace {

constexpr SharedInputs kBoth[] = {SharedInputs::kSeparate, SharedInputs::kJoined};

// The numbers that are products' results and begin with `prefix`, each memory once.
int64_t ResultSize(const std::vector<MatrixProduct>& products, const std::string& prefix) {
  std::map<std::string, int64_t> sizes;
  for (const MatrixProduct& product : products) {
    if (product.c.starts_with(prefix)) {
      sizes[product.c] = product.m * product.n;
    }
  }
  int64_t sum = 0;
  for (const auto& [name, size] : sizes) {
    sum += size;
  }
  return sum;
}

TEST(MatrixProductsTest, FlopsOfOneByHand) {
  const MatrixProduct product{.m = 2, .n = 3, .k = 5};
  EXPECT_DOUBLE_EQ(product.Flops(), 60);
}

// Three products of a [100, 200] x [200, 512], three of a [100, 512] x [512, 200].
TEST(MatrixProductsTest, EmbMlpByHand) {
  RunConfig config{.model = ModelKind::kEmbMlp};
  config.task.length = 3;
  const BatchShape batch{.sequences = 100, .length = 3, .labels = 100};
  const auto products = StepProducts(config, batch, SharedInputs::kSeparate);
  ASSERT_EQ(products.size(), 6u);
  EXPECT_DOUBLE_EQ(Flops(products), 6.0 * 2 * 100 * 200 * 512);
  EXPECT_DOUBLE_EQ(Flops(products), StepFlops(config));
  // The gradient of what enters first: the embedding's.
  EXPECT_EQ(products.back().m, 100);
  EXPECT_EQ(products.back().n, 200);
}

// The cost estimate counts 6 operations a weight and position; the products are the same ones.
TEST(MatrixProductsTest, TransformerAgreesWithStepFlops) {
  for (const int64_t layers : {1, 2, 3}) {
    RunConfig config;
    config.transformer.layers = layers;
    config.transformer.heads = 2;
    const BatchShape batch{.sequences = 100, .length = 9, .labels = 100};
    for (const SharedInputs inputs : kBoth) {
      EXPECT_DOUBLE_EQ(Flops(StepProducts(config, batch, inputs)), StepFlops(config));
    }
  }
}

TEST(MatrixProductsTest, TransformerThatIsNotPrunedIsRefused) {
  RunConfig config;
  config.transformer.pruned = false;
  EXPECT_THROW(StepProducts(config, {100, 9, 100}, SharedInputs::kJoined), Error);
}

// gpt2-mini, 6 sequences of 320 tokens: weights as in the estimate, and attention.
TEST(MatrixProductsTest, Gpt2ByHand) {
  RunConfig config{.model = ModelKind::kGpt2};
  config.gpt2 = Gpt2Size("gpt2-mini");
  config.text.packed = true;
  config.train.batch_size = 6;
  const BatchShape batch{.sequences = 6, .length = 320, .labels = int64_t{6} * 320};
  // Six products of each head of width 32, in seven blocks of queries.
  double scores = 0;
  for (const int64_t end : {48, 96, 144, 192, 240, 288}) {
    scores += 48.0 * static_cast<double>(end);
  }
  scores += 32 * 320;
  const double attention = 2.0 * 6 * 32 * scores * 6 * 4 * 4;
  for (const SharedInputs inputs : kBoth) {
    EXPECT_DOUBLE_EQ(Flops(StepProducts(config, batch, inputs)), StepFlops(config) + attention);
  }
}

// Every weight matrix has a gradient of its size.
TEST(MatrixProductsTest, EachWeightHasItsGradient) {
  RunConfig gpt2{.model = ModelKind::kGpt2};
  gpt2.gpt2 = Gpt2Size("gpt2-tiny");
  for (const RunConfig& config : {RunConfig{}, gpt2}) {
    int64_t weights = 0;
    for (const ParameterSpec& spec : ParameterSpecs(config)) {
      const bool table = config.model == ModelKind::kGpt2 ? spec.name == "embedding.position"
                                                          : spec.name.starts_with("embedding");
      weights += spec.shape.size() == 2 && !table ? spec.size() : 0;
    }
    for (const SharedInputs inputs : kBoth) {
      const auto products = StepProducts(config, {4, 9, 4}, inputs);
      EXPECT_EQ(ResultSize(products, "dlayer") + ResultSize(products, "dhead.w") +
                    ResultSize(products, "dembedding"),
                weights);
    }
  }
}

TEST(MatrixProductsTest, SumsAreStartedBeforeTheyAreAddedTo) {
  const auto products = StepProducts(RunConfig{}, {100, 9, 100}, SharedInputs::kSeparate);
  std::set<std::string> written;
  int64_t accumulated = 0;
  for (const MatrixProduct& product : products) {
    accumulated += product.accumulate ? 1 : 0;
    EXPECT_TRUE(!product.accumulate || written.contains(product.c)) << product.c;
    written.insert(product.c);
  }
  EXPECT_EQ(accumulated, 3);  // of queries, keys and values: two and one
  const auto joined = StepProducts(RunConfig{}, {100, 9, 100}, SharedInputs::kJoined);
  EXPECT_TRUE(std::ranges::none_of(joined, &MatrixProduct::accumulate));
}

}  // namespace
}  // namespace initbias
