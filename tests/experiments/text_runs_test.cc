// What figures 1 and 7 measure, on runs made up for the purpose.
#include "experiments/text_runs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace initbias {
namespace {

using testing::DoubleEq;
using testing::ElementsAre;

RunResult MadeUp() {
  RunResult run{.config = {.model = ModelKind::kGpt2}};
  run.config.text.prontoqa_sequences = 2;
  run.config.text.tinystories_sequences = 2;
  run.config.train.batch_size = 1;
  run.config.train.epochs = 2;  // 8 steps
  run.step = {0, 4, 8};
  run.series = {{"prontoqa", {8, 2, 1}, {0, 0, 0}}, {"tinystories", {8, 5, 4}, {0, 0, 0}}};
  run.probes = {{0, "unigram_entropy.prontoqa", {{1}, {4}}},
                {0, "unigram_entropy.tinystories", {{1}, {5}}},
                {0, "own_embedding.prontoqa", {{3, 2}, {1, 0, 0, 1, -1, 0}}},
                {2, "own_embedding.prontoqa", {{3, 2}, {1, 0, 2, 0, 0, 3}}},
                {8, "own_embedding.prontoqa", {{3, 2}, {1, 1, 2, 2, 3, 3}}}};
  return run;
}

TEST(TextRunsTest, ContrastIsThePapers) {
  EXPECT_THAT(LossContrast(MadeUp()), ElementsAre(DoubleEq(0), DoubleEq(1.5), DoubleEq(3)));
  EXPECT_DOUBLE_EQ(MeanLossContrast(MadeUp()), 2.25);  // without the one before training
}

TEST(TextRunsTest, LossInUnitsOfTheEntropy) {
  EXPECT_THAT(LossByEntropy(MadeUp(), kProntoQa),
              ElementsAre(DoubleEq(2), DoubleEq(0.5), DoubleEq(0.25)));
  EXPECT_THAT(LossByEntropy(MadeUp(), kTinyStories),
              ElementsAre(DoubleEq(1.6), DoubleEq(1), DoubleEq(0.8)));
}

TEST(TextRunsTest, CosinesOfTheSnapshotNearestToTheShare) {
  const Matrix early = TokenCosines(MadeUp(), kProntoQa, 0.25);
  ASSERT_EQ(early.rows, 3);
  EXPECT_DOUBLE_EQ(early(0, 1), 1);
  EXPECT_DOUBLE_EQ(early(0, 2), 0);
  EXPECT_THAT(MeanTokenCosines(MadeUp(), kProntoQa),
              ElementsAre(DoubleEq(-1.0 / 3), DoubleEq(1.0 / 3), testing::DoubleNear(1, 1e-12)));
}

}  // namespace
}  // namespace initbias
