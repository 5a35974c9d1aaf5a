// What is measured of embeddings, on runs whose weights are planted.
#include "lib/measure/embeddings.h"

#include <gtest/gtest.h>

#include <cmath>
#include <utility>

#include "lib/config/token_range.h"
#include "lib/measure/embedding_arrays.h"
#include "lib/store/figure_file.h"
#include "tests/measure/planted_run.h"

namespace initbias {
namespace {

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

TEST_F(PlantedRun, CondensationIsOfLinesNotOfDirections) {
  for (int64_t i = 0; i < 10; ++i) {
    At(1 + i, 3) = i % 2 == 0 ? 1.0f : -2.0f;  // memory anchors: on one line, to both sides
    At(11 + i, i) = 1;                         // reasoning anchors: at right angles
  }
  EXPECT_NEAR(MemoryCondensation(Run(), 0), 1, 1e-6);
  EXPECT_LT(MemoryAlikeness(Run(), 0), 0);
  EXPECT_NEAR(ReasoningCondensation(Run(), 0), 0, 1e-6);
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

}  // namespace
}  // namespace initbias
