// What is measured of the first attention module, on a run whose weights are planted.
#include "lib/measure/attention.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <vector>

#include "lib/config/set_names.h"
#include "lib/config/token_range.h"
#include "lib/store/figure_file.h"
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
  EXPECT_NEAR(FirstOverOthers(Run(), 0, 2), 1, 1e-6)
      << "all along the first, none along the second";
  EXPECT_NEAR(MemoryCosine(Run(), 0), 0.5, 1e-6);
  // ||w W_V||: 4 of a reasoning anchor, sqrt(4 + 3) of a memory anchor, at length 1.
  EXPECT_NEAR(ValueNormContrast(Run(), 0), std::log2(4 / std::sqrt(7.0)), 1e-6);
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

// A run of eight steps whose W_V has the singular values `first` and 1 at step 0, 4 and 8.
RunResult RunOfDominance(RunResult run, const std::vector<float>& first,
                         const std::vector<double>& reasoning) {
  run.config.task.samples = 2;
  run.config.task.masked = {};
  run.config.train.batch_size = 2;
  run.config.train.epochs = 8;
  run.config.probe.steps = run.step = {0, 4, 8};
  run.curves = {{kReasoningTrainSet, reasoning, {}}};
  run.probes.clear();
  for (size_t i = 0; i < first.size(); ++i) {
    run.probes.push_back({run.step[i], "parameter.layer0.attn.wv", {{2, 2}, {first[i], 0, 0, 1}}});
  }
  return run;
}

TEST_F(PlantedRun, PeakDominanceIsLookedForUpToHalfOfTheGuessLevel) {
  const std::vector<float> first = {2, 3, 9};
  EXPECT_NEAR(PeakDominance(RunOfDominance(run_, first, {5, 1, 0.5})), 3, 1e-6);
  EXPECT_NEAR(PeakDominance(RunOfDominance(run_, {4, 3, 9}, {5, 1, 0.5})), 4, 1e-6);
  EXPECT_NEAR(PeakDominance(RunOfDominance(run_, first, {5, 5, 5})), 9, 1e-6)
      << "it never comes to half: all snapshots";
}

TEST_F(PlantedRun, WhatFiguresDrawOfTheFirstAttention) {
  wv_.values[0] = 4;
  wv_.values[3] = 2;  // 2 e_1 in the second column
  for (int64_t s = 11; s <= 20; ++s) {
    At(s, 0) = -1;
  }
  for (int64_t s = 1; s <= 10; ++s) {
    At(s, 1) = 1;
  }
  RunResult run = Run();
  // [L, L] of the mean, and more behind it.
  run.probes.push_back({0, "attention.layer0", {{2, 2, 2}, {1, 0, 0.5, 0.5, 9, 9, 9, 9}}});
  wv_.values[0] = 6;
  RunResult second = Run();
  FigureData figure{.figure = "fig6", .profile = "default"};
  AddFirstAttention("A", {&run, &second}, AtShare(0), &figure);
  EXPECT_EQ(figure.Get("A/attention").values, (std::vector<double>{1, 0, 0.5, 0.5}));
  EXPECT_EQ(figure.Get("A/singular_value/index").values, (std::vector<double>{1, 2}));
  EXPECT_NEAR(figure.Get("A/singular_value/value_lo").values.at(0), 4, 1e-6);
  EXPECT_NEAR(figure.Get("A/singular_value/value_hi").values.at(0), 6, 1e-6);
  EXPECT_NEAR(figure.Get("A/singular_value/value").values.at(1), 2, 1e-6);
  EXPECT_EQ(figure.Get("A/alignment/memory/token").values, TokenIds({1, 10}));
  EXPECT_NEAR(figure.Get("A/alignment/memory/cosine").values.at(0), 0, 1e-6);
  EXPECT_NEAR(figure.Get("A/alignment/reasoning/cosine").values.at(9), 1, 1e-6);
  AddAlignment("B", 1, {&run, &second}, AtShare(0), &figure);
  EXPECT_NEAR(std::abs(figure.Get("B/memory/cosine").values.at(0)), 1, 1e-6) << "the second is e_1";
  EXPECT_NEAR(figure.Get("B/reasoning/cosine").values.at(9), 0, 1e-6);
}

}  // namespace
}  // namespace initbias
