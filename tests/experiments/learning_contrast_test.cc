// What figure 3 measures, on curves whose answers are known.
#include "experiments/learning_contrast.h"

#include <gtest/gtest.h>

#include <cmath>

#include "experiments/base_runs.h"

namespace initbias {
namespace {

constexpr double kGammas[] = {kLargeInit, kUsualInit, kSmallInit};

// A run evaluated every 100 steps; losses in guess levels of each set.
RunResult RunOf(double gamma, int64_t seed, const std::vector<double>& memory,
                const std::vector<double>& train, const std::vector<double>& test,
                double accuracy = 1) {
  RunResult run;
  run.config = TransformerRun(Profile::kDefault, gamma, seed);
  const auto add = [&](const char* set, const std::vector<double>& loss) {
    run.series.push_back({set, {}, std::vector<double>(loss.size(), accuracy)});
    for (const double share : loss) {
      run.series.back().loss.push_back(share * GuessLevel(run.config.task, set));
    }
  };
  for (size_t i = 0; i < memory.size(); ++i) {
    run.step.push_back(static_cast<int64_t>(100 * i));
  }
  add(kMemorySet, memory);
  add(kReasoningTrainSet, train);
  add(kReasoningTestSet, test);
  return run;
}

TEST(GuessLevelTest, IsTheEntropyOfTheLabels) {
  const AnchorTaskConfig paper;
  EXPECT_NEAR(GuessLevel(paper, kMemorySet), std::log(100), 1e-12);
  // A sum is spread wider than its key and narrower than all of its 118 values.
  EXPECT_GT(GuessLevel(paper, kReasoningTrainSet), std::log(100));
  EXPECT_LT(GuessLevel(paper, kReasoningTrainSet), std::log(118));
  EXPECT_EQ(GuessLevel(paper, kReasoningTrainSet), GuessLevel(paper, kReasoningTestSet));
}

TEST(SpeedTest, CountsFactorsOfTwoInSteps) {
  const RunResult run = RunOf(0.8, 1, {1, 1, 1, 1, 0}, {1, 0, 0, 0, 0}, {1, 1, 0, 0, 0});
  EXPECT_NEAR(StepsToHalfGuess(run, kMemorySet), 350, 1e-9);
  EXPECT_NEAR(StepsToHalfGuess(run, kReasoningTrainSet), 50, 1e-9);
  EXPECT_NEAR(ReasoningSpeed(run), std::log2(350.0 / 150), 1e-9);  // the slower of both
  EXPECT_NEAR(ReasoningTrainSpeed(run), std::log2(7.0), 1e-9);
  EXPECT_NEAR(TrainSpeedRatio(run), std::log2(7.0), 1e-9);
}

TEST(SpeedTest, WhatNeverGetsThereCountsWithTheRunsLength) {
  const RunResult slow = RunOf(0.8, 1, {1, 1, 1, 1, 1}, {1, 0, 0, 0, 0}, {1, 0, 0, 0, 0});
  EXPECT_NEAR(ReasoningSpeed(slow), 3, 1e-9);  // 400 over 50
  EXPECT_NEAR(TrainSpeedRatio(slow), 3, 1e-9);
  const RunResult memory = RunOf(0.8, 1, {1, 0, 0, 0, 0}, {1, 1, 1, 1, 1}, {1, 1, 1, 1, 1});
  EXPECT_NEAR(TrainSpeedRatio(memory), -3, 1e-9);
  const RunResult none = RunOf(0.8, 1, {1, 1, 1, 1, 1}, {1, 0, 0, 0, 0}, {1, 1, 1, 1, 1});
  EXPECT_TRUE(std::isnan(ReasoningSpeed(none)));
  const RunResult nothing = RunOf(0.8, 1, {1, 1, 1, 1, 1}, {1, 1, 1, 1, 1}, {1, 1, 1, 1, 1});
  EXPECT_TRUE(std::isnan(TrainSpeedRatio(nothing)));
}

TEST(ReferenceLearnsTest, IsTheSmallerShareOfMemoryAndMaskedSequences) {
  const RunResult run =
      RunOf(0.3, 4, {1, 0.9, 0.8, 0.7, 0.6}, {1, 0, 0, 0, 0}, {1, 1, 1, 0.4, 0.5});
  EXPECT_NEAR(SmallestShareOfEither(run), 0.4, 1e-9);
  std::vector<RunResult> runs = {run};
  const RunSet set(std::move(runs));
  const ClaimSpec::Gate gate =
      ReferenceLearns([](const RunSet& all) { return all.Where(ModelKind::kTransformer, 0.3); });
  EXPECT_EQ(gate.measure(set).size(), 1);
  EXPECT_TRUE(Contains(gate.expected, gate.measure(set).at(0)));
  EXPECT_FALSE(gate.for_holds_only);
}

// Figure 3A's claims, judged on these runs.
std::vector<Claim> JudgedContrast(std::vector<RunResult> runs) {
  const RunSet set(std::move(runs));
  const auto choose = [](double gamma) {
    return [gamma](const RunSet& all) { return all.Where(ModelKind::kTransformer, gamma); };
  };
  std::vector<Claim> claims;
  for (const ClaimSpec& spec : ContrastClaims({.prefix = "x.",
                               .place = "p",
                               .large = choose(kLargeInit),
                               .usual = choose(kUsualInit),
                               .small = choose(kSmallInit)})) {
    claims.push_back(Measure(spec, set));
    Judge("", &claims.back());
  }
  return claims;
}

TEST(ContrastClaimsTest, JudgesConstructedRunsAsThePaperWould) {
  std::vector<RunResult> runs;
  for (int64_t seed = 4; seed <= 8; ++seed) {
    const double jitter = 0.01 * static_cast<double>(seed);
    for (const double gamma : kGammas) {
      // Large: both fall alike, masked stays; small: reasoning first, memory never.
      runs.push_back(gamma == kLargeInit ? RunOf(gamma, seed, {1.5, 1, 0.4 + jitter, 0, 0},
                                                 {1.5, 1, 0.4, 0, 0}, {1.5, 1, 1, 1, 1})
                     : gamma == kUsualInit
                         ? RunOf(gamma, seed, {1.2, 1, 1, 0.2, 0}, {1.2, 0.5 + jitter, 0.1, 0, 0},
                                 {1.2, 1, 0.4, 0.3, 0.2})
                         : RunOf(gamma, seed, {1.1, 1, 1, 1, 1}, {1.1, 0.1 + jitter, 0, 0, 0},
                                 {1.1, 0.1, 0, 0, 0}));
    }
  }
  for (const Claim& claim : JudgedContrast(std::move(runs))) {
    EXPECT_EQ(claim.verdict, Verdict::kHolds) << claim.id << ": " << claim.why;
    EXPECT_FALSE(claim.reason.empty());
  }
}

// Large weights that bring masked data down before memory is fitted: more training cannot undo it.
TEST(ContrastClaimsTest, WhatCannotComeBackDiffersBeforeTheTrainingDataAreFitted) {
  std::vector<RunResult> runs;
  for (int64_t seed = 4; seed <= 8; ++seed) {
    for (const double gamma : kGammas) {
      runs.push_back(RunOf(gamma, seed, {1, 1, 0.9}, {1, 0.2, 0.1}, {1, 0.4, 0.3}, 0.5));
    }
  }
  for (const Claim& claim : JudgedContrast(std::move(runs))) {
    if (claim.id == "x.large_same_rate" || claim.id == "x.large_no_generalisation") {
      EXPECT_EQ(claim.verdict, Verdict::kDiffers) << claim.id << ": " << claim.why;
    }
    if (claim.id == "x.large_prefers_memory") {  // memory may still come first later on
      EXPECT_EQ(claim.verdict, Verdict::kUndecided);
    }
  }
}

TEST(ContrastClaimsTest, NothingLearnedIsUndecidedNotHeld) {
  std::vector<RunResult> runs;
  for (int64_t seed = 4; seed <= 8; ++seed) {
    for (const double gamma : kGammas) {
      runs.push_back(RunOf(gamma, seed, {1, 1, 1}, {1, 1, 1}, {1, 1, 1}, 0));
    }
  }
  for (const Claim& claim : JudgedContrast(std::move(runs))) {
    EXPECT_NE(claim.verdict, Verdict::kHolds) << claim.id;
  }
}

}  // namespace
}  // namespace initbias
