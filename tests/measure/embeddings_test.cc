// What is measured of embeddings, on runs whose weights are planted.
#include "lib/measure/embeddings.h"

#include <gtest/gtest.h>

#include <algorithm>
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
  // That of cos(0.2 d) with d over the 45 pairs.
  EXPECT_NEAR(DecayCorrelation(Run(), 0), -0.98274, 1e-5);
  std::swap(At(11, 0), At(15, 0));  // two anchors out of order
  std::swap(At(11, 1), At(15, 1));
  EXPECT_NEAR(DecayCorrelation(Run(), 0), -0.56459, 1e-5);
}

TEST_F(PlantedRun, EqualMemoryAnchorsAreAlike) {
  for (int64_t s = 1; s <= 10; ++s) {
    At(s, 3) = static_cast<float>(s);
  }
  EXPECT_NEAR(MemoryMeanCosine(Run(), 0), 1, 1e-9);
  At(10, 3) = -1;  // 9 of 45 pairs are opposite now
  EXPECT_NEAR(MemoryMeanCosine(Run(), 0), 1 - 2 * 9.0 / 45, 1e-9);
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
  EXPECT_LT(MemoryMeanCosine(Run(), 0), 0);
  EXPECT_NEAR(ReasoningCondensation(Run(), 0), 0, 1e-6);
}

TEST_F(PlantedRun, RankAndParallelPairsOfAllThatIsPutIn) {
  // Tokens 1 to 60 along three directions, twenty each, and half of them turned about.
  for (int64_t token = 1; token <= 60; ++token) {
    At(token, token % 3) = token % 2 == 0 ? 1.0f : -2.0f;
  }
  At(0, 50) = At(61, 51) = 9;  // no inputs
  EXPECT_NEAR(EmbeddingRank(Run(), 0), 3, 1e-6);
  constexpr double kPairs = 60.0 * 59 / 2;
  constexpr double kAlongOne = 20.0 * 19 / 2;
  EXPECT_NEAR(ParallelShare(Run(), 0, 0.95), 3 * kAlongOne / kPairs, 1e-9);
  At(1, 5) = 2;  // token 1: at 45 degrees to the 19 others of its direction
  EXPECT_NEAR(ParallelShare(Run(), 0, 0.95), (3 * kAlongOne - 19) / kPairs, 1e-9);
  EXPECT_NEAR(ParallelShare(Run(), 0, 0.7), 3 * kAlongOne / kPairs, 1e-9);
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

TEST_F(PlantedRun, AnchorsOnACurveAreInOrder) {
  const auto plant = [this](int64_t s, int64_t place) {
    At(s, 7) = std::cos(0.3f * static_cast<float>(place));
    At(s, 8) = std::sin(0.3f * static_cast<float>(place));
  };
  for (int64_t s = 11; s <= 20; ++s) {
    plant(s, s - 11);
  }
  EXPECT_LE(AnchorOrderProbability(Run(), 0), 0.001);
  const int64_t order[] = {3, 9, 1, 7, 5, 0, 8, 2, 6, 4};
  for (int64_t s = 11; s <= 20; ++s) {
    plant(s, order[s - 11]);
  }
  EXPECT_GT(AnchorOrderProbability(Run(), 0), 0.05);
}

TEST_F(PlantedRun, LabelDistributionsAgreeWithThemselves) {
  const Matrix distributions = CentredLabelDistributions(run_.config.task);
  const auto plant = [&](int64_t s, int64_t row) {
    for (int64_t i = 0; i < kWidth; ++i) {
      At(s, i) = static_cast<float>(distributions(row, i));
    }
  };
  for (int64_t s = 11; s <= 20; ++s) {
    plant(s, s - 11);
  }
  EXPECT_NEAR(LabelAgreement(Run(), 0), 1, 1e-5);
  EXPECT_LE(LabelProbability(Run(), 0), 0.001);
  const int64_t order[] = {3, 9, 1, 7, 5, 0, 8, 2, 6, 4};
  for (int64_t s = 11; s <= 20; ++s) {
    plant(s, order[s - 11]);
  }
  EXPECT_LT(LabelAgreement(Run(), 0), 0.5);
  EXPECT_GT(LabelProbability(Run(), 0), 0.05);
}

TEST_F(PlantedRun, CosinesWithTheKeysAreTheTheorysOrAStraightLine) {
  const TokenRange tokens = SummedTokens(run_.config.task);
  const Matrix theory = TheoreticalEmbeddings(run_.config, tokens, /*noise=*/false);
  for (int64_t s = tokens.first; s <= tokens.last; ++s) {
    for (int64_t i = 0; i < kWidth; ++i) {
      At(s, i) = static_cast<float>(theory(s - tokens.first, i));
    }
  }
  EXPECT_LT(KeyRowExcess(Run(), 0, 15), 0);
  double keys = 0;
  double anchors = 0;
  for (int64_t s = 11; s <= 20; ++s) {
    keys += KeyRowExcess(Run(), 0, s) / 10;
    anchors += RowShapeExcess(Run(), 0, s) / 10;
  }
  EXPECT_NEAR(MeanKeyRowExcess(Run(), 0), keys, 1e-12);
  EXPECT_NEAR(MeanRowShapeExcess(Run(), 0), anchors, 1e-12);
  std::ranges::fill(table_.values, 0.0f);
  At(15, 0) = 1;
  for (int64_t key = run_.config.task.key_min; key <= run_.config.task.key_max; ++key) {
    const float cosine = 1 - 0.02f * static_cast<float>(key - run_.config.task.key_min);
    At(key, 0) = cosine;
    At(key, 1) = std::sqrt(1 - cosine * cosine);
  }
  EXPECT_GT(KeyRowExcess(Run(), 0, 15), 0.01);
}

TEST_F(PlantedRun, CosinesOfAnchorsAreDrawnByKindAndByDistance) {
  for (int64_t i = 0; i < 10; ++i) {
    At(1 + i, 3) = 1;
    At(11 + i, 0) = std::cos(0.2f * static_cast<float>(i));
    At(11 + i, 1) = std::sin(0.2f * static_cast<float>(i));
  }
  const RunResult first = Run();
  for (int64_t i = 0; i < 10; ++i) {
    At(11 + i, 1) = 0;  // the second run's reasoning anchors: on one line
  }
  const RunResult second = Run();
  FigureData figure{.figure = "fig4", .profile = "default"};
  AddAnchorCosines("A", {&first, &second}, AtShare(0), &figure);
  EXPECT_EQ(figure.Get("A/memory/tokens").values, TokenIds({1, 10}));
  EXPECT_EQ(figure.Get("A/reasoning/cosine").shape, (std::vector<int64_t>{10, 10}));
  EXPECT_NEAR(figure.Get("A/reasoning/cosine").values.at(3), std::cos(0.6), 1e-5)
      << "the first run's";
  EXPECT_EQ(figure.Get("A/reasoning/distance").values.size(), 9);
  EXPECT_EQ(figure.Get("A/reasoning/distance").values.front(), 1);
  EXPECT_NEAR(figure.Get("A/memory/by_distance").values.at(8), 1, 1e-5);
  EXPECT_NEAR(figure.Get("A/reasoning/by_distance_seeds").values.at(1), std::cos(0.4), 1e-5);
}

TEST_F(PlantedRun, TheRowOfAnAnchorStandsBesideTheTheorys) {
  const TokenRange tokens = SummedTokens(run_.config.task);
  const Matrix theory = TheoreticalEmbeddings(run_.config, tokens);
  for (int64_t s = tokens.first; s <= tokens.last; ++s) {
    for (int64_t i = 0; i < kWidth; ++i) {
      At(s, i) = static_cast<float>(theory(s - tokens.first, i));
    }
  }
  FigureData figure{.figure = "fig5", .profile = "default"};
  AddTheoryRow("C", {&Run()}, AtShare(0), 15, &figure);
  EXPECT_EQ(figure.Get("C/token").values, TokenIds(tokens));
  const std::vector<double>& row = figure.Get("C/theory").values;
  EXPECT_NEAR(row.at(4), 1, 1e-9) << "with itself: 15 is the fifth of 11, 12, ..";
  EXPECT_LT(row.at(20), 0.99);
  for (size_t i = 0; i < row.size(); ++i) {
    EXPECT_NEAR(figure.Get("C/real").values.at(i), row[i], 1e-5) << i;
  }
}

TEST_F(PlantedRun, ACourseHasAValueAProbedStep) {
  run_.config.task.samples = 4;
  run_.config.task.masked = {};
  run_.config.train.batch_size = 2;
  run_.config.train.epochs = 4;  // of 2 steps
  run_.config.probe.steps = {0, 2, 8};
  RunResult first = Run();
  first.config.seed = 1;
  RunResult second = Run();
  second.config.seed = 3;
  FigureData figure{.figure = "fig5", .profile = "default"};
  const auto metric = [](const RunResult& run, double share) {
    return 8 * share + static_cast<double>(run.config.seed);
  };
  AddCourse("D", "one", {&first, &second}, metric, &figure);
  AddCourse("D", "other", {&first}, metric, &figure);
  EXPECT_EQ(figure.Get("D/epoch").values, (std::vector<double>{0, 1, 4}));
  EXPECT_EQ(figure.Get("D/one_lo").values, (std::vector<double>{1, 3, 9}));
  EXPECT_EQ(figure.Get("D/one_hi").values, (std::vector<double>{3, 5, 11}));
  EXPECT_EQ(figure.Get("D/other").values, (std::vector<double>{1, 3, 9}));
  EXPECT_EQ(std::ranges::count(figure.arrays, "D/epoch", &FigureArray::path), 1);
  AddCourse("E", "measured", first.config, {{1, 3, 9}, {3, 5, 11}}, &figure);
  EXPECT_EQ(figure.Get("E/epoch").values, figure.Get("D/epoch").values);
  EXPECT_EQ(figure.Get("E/measured_hi").values, figure.Get("D/one_hi").values);
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
