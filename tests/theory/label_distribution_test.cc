// The label distributions against brute force: every sequence of a full data set counted, and a
// sampled data set within its standard error.
#include "lib/theory/label_distribution.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <numeric>
#include <vector>

#include "lib/data/anchor/anchor_task.h"

namespace initbias {
namespace {

AnchorTaskConfig EnumeratedTask(int64_t q) {
  AnchorTaskConfig task;
  task.num_anchors = q;
  task.length = q + 1;
  task.masked = {};
  task.key_min = 61;
  task.key_max = 90;
  task.reasoning_max = 14;
  task.memory_max = 4;
  task.sampling = Sampling::kEnumerated;
  task.samples = int64_t{60} * static_cast<int64_t>(std::pow(4, q));
  return task;
}

double Total(const std::vector<double>& distribution) {
  return std::accumulate(distribution.begin(), distribution.end(), 0.0);
}

// As eq. 8 has it: the other anchors are independent of s, so s is asked for at the first anchor's
// place (sequences with s anywhere hold the same by symmetry, but count (s, s) once).
std::vector<double> CountedAtFirstAnchor(const AnchorSequences& sequences, int64_t s,
                                         int64_t vocabulary) {
  std::vector<double> counts(static_cast<size_t>(vocabulary), 0.0);
  double total = 0;
  for (int64_t i = 0; i < sequences.size(); ++i) {
    if (sequences.tokens[static_cast<size_t>(i * sequences.length + 1)] == s) {
      ++counts[static_cast<size_t>(sequences.labels[static_cast<size_t>(i)])];
      ++total;
    }
  }
  for (double& count : counts) {
    count /= total;
  }
  return counts;
}

class LabelDistributionTest : public testing::TestWithParam<int64_t> {};

TEST_P(LabelDistributionTest, ReasoningEqualsTheCountOverAFullDataSet) {
  const AnchorTaskConfig task = EnumeratedTask(GetParam());
  const AnchorSequences samples = MakeAnchorData(task, 1).reasoning_train;
  for (int64_t s = task.reasoning_min; s <= task.reasoning_max; ++s) {
    const std::vector<double> theory = ReasoningLabelDistribution(task, s);
    const std::vector<double> counted = CountedAtFirstAnchor(samples, s, task.vocabulary);
    ASSERT_EQ(theory.size(), counted.size());
    EXPECT_NEAR(Total(theory), 1, 1e-12);
    for (size_t i = 0; i < theory.size(); ++i) {
      EXPECT_NEAR(theory[i], counted[i], 1e-12) << "s = " << s << ", label " << i;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Anchors, LabelDistributionTest, testing::Values(1, 2, 3));

TEST(LabelDistributionTest, MemoryIsUniformOnTheKeys) {
  const AnchorTaskConfig task;
  const std::vector<double> theory = MemoryLabelDistribution(task);
  ASSERT_EQ(theory.size(), 200u);
  for (int64_t i = 0; i < 200; ++i) {
    EXPECT_DOUBLE_EQ(theory[static_cast<size_t>(i)], i >= 21 && i <= 120 ? 0.01 : 0.0);
  }
}

// The paper's sampled data: counted frequencies within five standard errors of the theory, taking
// the sequences with s at the first anchor.
TEST(LabelDistributionTest, SampledDataAgreesWithinItsStandardError) {
  AnchorTaskConfig task;
  task.masked = {};
  task.length = 3;  // so that the first anchor's place is known
  const AnchorData data = MakeAnchorData(task, 1);
  for (const int64_t s : {11, 15, 20}) {
    const std::vector<double> theory = ReasoningLabelDistribution(task, s);
    const std::vector<double> counted = CountedAtFirstAnchor(data.reasoning_train, s, 200);
    const double n = 10'000;  // sequences: 200,000 / 200 combinations, 10 of which begin with s
    for (size_t i = 0; i < theory.size(); ++i) {
      const double error = std::sqrt(theory[i] * (1 - theory[i]) / n);
      EXPECT_NEAR(theory[i], counted[i], 5 * error) << "s = " << s << ", label " << i;
    }
  }
  // Memory labels are drawn once for each of 100 keys x 10 first anchors' combinations: 1,000
  // draws.
  const std::vector<double> memory = CountedAtFirstAnchor(data.memory, 3, 200);
  const std::vector<double> uniform = MemoryLabelDistribution(task);
  for (size_t i = 0; i < uniform.size(); ++i) {
    EXPECT_NEAR(memory[i], uniform[i], 5 * std::sqrt(0.01 * 0.99 / 1000) + 0.01 * uniform[i]);
  }
}

// P_s of a larger anchor is the same, shifted: what makes reasoning embeddings differ in order.
TEST(LabelDistributionTest, ReasoningAnchorsAreShiftsOfEachOther) {
  const AnchorTaskConfig task;
  const std::vector<double> low = ReasoningLabelDistribution(task, 11);
  const std::vector<double> high = ReasoningLabelDistribution(task, 20);
  for (size_t i = 0; i + 9 < low.size(); ++i) {
    EXPECT_DOUBLE_EQ(low[i], high[i + 9]);
  }
}

TEST(ConvolvedUniformsTest, TwoDice) {
  const SumDistribution sum = ConvolvedUniforms({{1, 6}, {1, 6}});
  EXPECT_EQ(sum.offset, 2);
  ASSERT_EQ(sum.probability.size(), 11u);
  EXPECT_NEAR(sum.probability[0], 1.0 / 36, 1e-15);
  EXPECT_NEAR(sum.probability[5], 6.0 / 36, 1e-15);
  EXPECT_NEAR(sum.probability[10], 1.0 / 36, 1e-15);
}

TEST(LabelDistributionDeathTest, RefusesTokensOfAnotherKind) {
  EXPECT_DEATH(ReasoningLabelDistribution(AnchorTaskConfig(), 5), "internal error");
}

TEST(LabelDistributionDeathTest, RefusesOtherMemoryLabels) {
  for (const MemoryLabels rule : {MemoryLabels::kAroundKey, MemoryLabels::kNested}) {
    AnchorTaskConfig task;
    task.memory_labels = rule;
    EXPECT_DEATH(MemoryLabelDistribution(task), "internal error");
  }
}

// A share of the labels is uniform from the smallest sum, 43, to the largest, 160.
TEST(ReasoningLabelDistributionTest, RandomLabelsAreMixedIn) {
  AnchorTaskConfig task;
  const std::vector<double> sums = ReasoningLabelDistribution(task, 12);
  task.random_labels = 0.25;
  const std::vector<double> mixed = ReasoningLabelDistribution(task, 12);
  for (size_t label = 0; label < mixed.size(); ++label) {
    const double uniform = label >= 43 && label <= 160 ? 1.0 / 118 : 0.0;
    EXPECT_DOUBLE_EQ(mixed[label], 0.75 * sums[label] + 0.25 * uniform) << label;
  }
}

}  // namespace
}  // namespace initbias
