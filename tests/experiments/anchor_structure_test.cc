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
  const Matrix theory = TheoreticalEmbeddings(run_.config, tokens);
  for (int64_t s = tokens.first; s <= tokens.last; ++s) {
    for (int64_t i = 0; i < kWidth; ++i) {
      At(s, i) = static_cast<float>(theory(s - tokens.first, i));
    }
  }
  EXPECT_NEAR(TheoryAgreement(Run(), 0), 1, 1e-6);
  EXPECT_NEAR(RowAgreement(Run(), 0, 15), 1, 1e-6);
  for (float& value : table_.values) {
    value = -value;  // cosines stay
  }
  At(20, 0) = 100;  // one anchor turned away
  EXPECT_LT(TheoryAgreement(Run(), 0), 0.95);
}

TEST_F(PlantedRun, KeysOnALineAreInOrder) {
  const TokenRange keys = Keys(run_.config.task);
  for (int64_t z = keys.first; z <= keys.last; ++z) {
    At(z, 7) = static_cast<float>(z);
  }
  EXPECT_NEAR(KeyOrder(Run(), 0), 1, 1e-9);
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
  const FirstAttention measured = MeasureFirstAttention(Run(), 0);
  EXPECT_NEAR(measured.dominance, 2, 1e-9);
  EXPECT_NEAR(measured.alignment_reasoning, 1, 1e-6);
  EXPECT_NEAR(measured.alignment_memory, 0.5, 1e-6);
  EXPECT_NEAR(measured.deviation_mean, (2 * 0.3 + 3 * 0.6) / 5, 1e-6);  // rows weigh their entries
  EXPECT_NEAR(measured.deviation_largest, 0.9, 1e-6);
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
