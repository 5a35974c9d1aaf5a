// What is measured of the first attention module, on a run whose weights are planted.
#include "lib/measure/attention.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <vector>

#include "lib/config/token_range.h"
#include "tests/measure/planted_run.h"

namespace initbias {
namespace {

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

TEST_F(PlantedRun, RanksOfTheFirstBlocksMatrices) {
  const auto second = static_cast<size_t>(2 * 1 + 1);  // row 1, column 1
  wv_.values[0] = 5;
  wq_.values[0] = wq_.values[second] = 3;
  wk_.values[0] = 3;
  wk_.values[second] = 1;
  EXPECT_NEAR(ValueRank(Run(), 0), 1, 1e-6);
  EXPECT_NEAR(QueryRank(Run(), 0), 2, 1e-6);
  // exp of the entropy of (3/4, 1/4).
  EXPECT_NEAR(KeyRank(Run(), 0), std::exp(0.75 * std::log(4.0 / 3) + 0.25 * std::log(4.0)), 1e-6);
}

}  // namespace
}  // namespace initbias
