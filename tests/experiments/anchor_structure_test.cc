// What figures 4 to 6 measure, on runs whose weights are planted.
#include "experiments/anchor_structure.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <utility>

#include "experiments/base_runs.h"
#include "experiments/first_attention.h"
#include "lib/base/error.h"

namespace initbias {
namespace {

// A Transformer run with one snapshot, of zeros but for what a test sets.
class PlantedRun : public testing::Test {
 protected:
  PlantedRun() {
    run_.config = TransformerRun(Profile::kDefault, kSmallInit, 1);
    const AnchorTaskConfig& task = run_.config.task;
    table_ = {.shape = {task.vocabulary, kWidth}};
    table_.values.resize(static_cast<size_t>(task.vocabulary * kWidth), 0.0f);
  }

  float& At(int64_t token, int64_t i) {
    return table_.values[static_cast<size_t>(token * kWidth + i)];
  }

  const RunResult& Run() {
    run_.probes = {{0, "parameter.embedding.token", table_}, {0, "parameter.layer0.attn.wv", wv_}};
    run_.probes.push_back({0, "attention_deviation.layer0", deviation_});
    return run_;
  }

  static constexpr int64_t kWidth = 200;
  RunResult run_;
  Array table_;
  Array wv_ = {.shape = {kWidth, 2}, .values = std::vector<float>(2 * kWidth, 0.0f)};
  Array deviation_ = {.shape = {2, 2}, .values = {0, 0, 0, 0}};
};

TEST_F(PlantedRun, AnchorsOnACircleDecayWithTheirDistance) {
  for (int64_t s = 11; s <= 20; ++s) {
    At(s, 0) = std::cos(0.2f * static_cast<float>(s));
    At(s, 1) = std::sin(0.2f * static_cast<float>(s));
  }
  // Not -1: pairs at one distance share a rank, their cosines differ in the last bits.
  EXPECT_LT(ReasoningDecay(Run(), 0), -0.985);
  std::swap(At(11, 0), At(15, 0));  // two anchors out of order
  std::swap(At(11, 1), At(15, 1));
  EXPECT_GT(ReasoningDecay(Run(), 0), -0.9);
}

TEST_F(PlantedRun, EqualMemoryAnchorsAreAlike) {
  for (int64_t s = 1; s <= 10; ++s) {
    At(s, 3) = static_cast<float>(s);
  }
  EXPECT_NEAR(MemoryAlikeness(Run(), 0), 1, 1e-9);
  At(10, 3) = -1;  // 9 of 45 pairs are opposite now
  EXPECT_NEAR(MemoryAlikeness(Run(), 0), 1 - 2 * 9.0 / 45, 1e-9);
}

TEST_F(PlantedRun, TheTheorysOwnEmbeddingsAgreeWithIt) {
  const TokenRange tokens = ReasoningAnchors(run_.config.task);
  const Matrix theory = TheoreticalEmbeddings(run_.config, tokens, /*noise=*/true);
  for (int64_t s = tokens.first; s <= tokens.last; ++s) {
    for (int64_t i = 0; i < kWidth; ++i) {
      At(s, i) = static_cast<float>(theory(s - tokens.first, i));
    }
  }
  // Against Eq. 14 without its noise.
  EXPECT_GT(TheoryAgreement(Run(), 0), 0.99);
  EXPECT_LE(TheoryProbability(Run(), 0), 0.001);
  EXPECT_LT(ShapeExcess(Run(), 0), 0);  // nearer to exp(-d^2 / 24) than to any straight line
  EXPECT_LT(RowShapeExcess(Run(), 0, 15), 0);
  for (float& value : table_.values) {
    value = -value;  // cosines stay
  }
  At(20, 0) = 100;  // one anchor turned away
  EXPECT_LT(TheoryAgreement(Run(), 0), 0.95);
}

TEST_F(PlantedRun, ALinearDecayIsNotTheTheorys) {
  // Cosines of two tokens fall by 0.1 a step: token s has ones at s .. s + 9.
  for (int64_t s = 11; s <= 20; ++s) {
    for (int64_t i = s; i < s + 10; ++i) {
      At(s, i) = 1;
    }
  }
  EXPECT_LE(DecayProbability(Run(), 0), 0.001);
  EXPECT_GT(ShapeExcess(Run(), 0), 0.01);
}

TEST_F(PlantedRun, ShuffledAnchorsDoNotDecay) {
  const int64_t order[] = {3, 9, 1, 7, 5, 0, 8, 2, 6, 4};
  for (int64_t s = 11; s <= 20; ++s) {
    At(s, 0) = std::cos(0.2f * static_cast<float>(order[s - 11]));
    At(s, 1) = std::sin(0.2f * static_cast<float>(order[s - 11]));
  }
  EXPECT_GT(DecayProbability(Run(), 0), 0.05);
}

TEST_F(PlantedRun, ContrastAndSpreadTellTheKindsApart) {
  for (int64_t i = 0; i < 10; ++i) {
    At(1 + i, 0) = 1;                                        // memory anchors: all alike but one
    At(11 + i, 0) = std::cos(0.3f * static_cast<float>(i));  // reasoning anchors: over 155 degrees
    At(11 + i, 1) = std::sin(0.3f * static_cast<float>(i));
  }
  At(10, 1) = 0.5;
  EXPECT_GT(MemoryContrast(Run(), 0), 0.4);
  EXPECT_GT(SpreadRatio(Run(), 0), 3);  // log2: more than eight times the range
}

TEST_F(PlantedRun, KeysOnACurveAreInOrderThoughNoComponentIs) {
  const TokenRange keys = Keys(run_.config.task);
  for (int64_t z = keys.first; z <= keys.last; ++z) {
    At(z, 7) = std::cos(0.1f * static_cast<float>(z - keys.first));  // more than half a circle
    At(z, 8) = std::sin(0.1f * static_cast<float>(z - keys.first));
  }
  EXPECT_LE(KeyOrderProbability(Run(), 0), 0.001);
  EXPECT_LT(KeyPathLength(Run(), 0), 0.2);
  for (int64_t z = keys.first; z < keys.first + 20; z += 2) {  // turn the order upside down
    std::swap(At(z, 7), At(keys.last - (z - keys.first), 7));
    std::swap(At(z, 8), At(keys.last - (z - keys.first), 8));
  }
  EXPECT_GT(KeyPathLength(Run(), 0), 0.3);
}

TEST_F(PlantedRun, ValueMatrixOfOneDirection) {
  wv_.values[0] = 4;                               // 4 e_0 in the first column
  wv_.values[static_cast<size_t>(2 * 1 + 1)] = 2;  // 2 e_1 in the second
  for (int64_t s = 11; s <= 20; ++s) {
    At(s, 0) = -1;  // along the first direction, but for its sign
  }
  for (int64_t s = 1; s <= 10; ++s) {
    At(s, 0) = 1;
    At(s, 1) = static_cast<float>(std::numbers::sqrt3);  // at 60 degrees
  }
  deviation_ = {.shape = {2, 3}, .values = {0, 0.3f, 0.6f, 0, 0.5f, 0.9f}};
  EXPECT_NEAR(ValueDominance(Run(), 0), 2, 1e-9);
  EXPECT_NEAR(ReasoningEnergy(Run(), 0, 0), 1, 1e-6);
  EXPECT_NEAR(MemoryEnergy(Run(), 0, 0), 0.25, 1e-6);
  EXPECT_NEAR(MemoryEnergy(Run(), 0, 1), 0.75, 1e-6);
  EXPECT_NEAR(EnergyContrast(Run(), 0), 0.75, 1e-6);
  EXPECT_NEAR(MemoryCosine(Run(), 0), 0.5, 1e-6);
  // ||w W_V||: 4 of a reasoning anchor, sqrt(4 + 3) of a memory anchor, at length 1.
  EXPECT_NEAR(PassedOn(Run(), 0), std::log2(4 / std::sqrt(7.0)), 1e-6);
  EXPECT_NEAR(RelativeDeviation(Run(), 0), (2 * 0.3 + 3 * 0.6) / 5,
              1e-6);                                                // rows weigh their entries
  EXPECT_NEAR(AbsoluteDeviation(Run(), 0), (0.3 + 0.6) / 5, 1e-6);  // |A_ij - 1/i|
  EXPECT_NEAR(LargestRelativeDeviation(Run(), 0), 0.9, 1e-6);
  // The sign: positive towards the reasoning anchors, so that memory's are negative here.
  const std::vector<double> memory =
      Alignment(ValueMatrix(Run(), 0).left, 0, Run(), 0, MemoryAnchors(run_.config.task));
  EXPECT_NEAR(memory[0], -0.5, 1e-6);
}

TEST_F(PlantedRun, ComponentsAreSortedByKindOfToken) {
  FigureData figure{.figure = "fig5", .profile = "default"};
  At(15, 0) = 1;
  const TokenRange all = {0, run_.config.task.vocabulary - 1};
  AddComponents("B", run_.config.task, Embeddings(Run(), 0, all), all, &figure);
  EXPECT_EQ(figure.Get("B/memory/token").values, TokenIds({1, 10}));
  EXPECT_EQ(figure.Get("B/reasoning/token").values, TokenIds({11, 20}));
  EXPECT_EQ(figure.Get("B/keys/token").values, TokenIds({21, 60}));
  EXPECT_EQ(figure.Get("B/other/token").values.size(), 200u - 60u);
  EXPECT_EQ(figure.Get("B/reasoning/pc1").values.size(), 10u);
}

TEST(CheckStructureTest, RefusesTooFewAnchorsAndMemoryAlone) {
  RunConfig config = TransformerRun(Profile::kDefault, kSmallInit, 1);
  EXPECT_NO_THROW(CheckStructure(config));
  config.task.reasoning_max = config.task.reasoning_min + 1;
  EXPECT_THROW(CheckStructure(config), Error);
  config = TransformerRun(Profile::kDefault, kSmallInit, 1);
  config.task.kinds = TaskKinds::kMemory;
  EXPECT_THROW(CheckStructure(config), Error);
}

}  // namespace
}  // namespace initbias
