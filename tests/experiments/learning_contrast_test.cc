// Figure 3A's claims, on curves whose answers are known.
#include "experiments/learning_contrast.h"

#include <gtest/gtest.h>

#include "experiments/base_runs.h"
#include "tests/measure/curves_run.h"

namespace initbias {
namespace {

constexpr double kGammas[] = {kLargeInit, kUsualInit, kSmallInit};

TEST(ReferenceLearnsTest, IsTheSmallerShareOfMemoryAndMaskedSequences) {
  const RunResult run =
      RunOf(0.3, 4, {1, 0.9, 0.8, 0.7, 0.6}, {1, 0, 0, 0, 0}, {1, 1, 1, 0.4, 0.5});
  EXPECT_NEAR(SmallestShareOfEither(run), 0.4, 1e-9);
  std::vector<RunResult> runs = {run};
  const RunSet set(std::move(runs));
  const PreconditionSpec precondition =
      ReferenceLearns([](const RunSet& all) { return all.Where(ModelKind::kTransformer, 0.3); });
  EXPECT_EQ(precondition.measure(set).size(), 1);
  EXPECT_TRUE(Contains(precondition.expected, precondition.measure(set).at(0)));
  EXPECT_FALSE(precondition.for_holds_only);
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

TEST(AtRatesTextTest, MeansAtAllRates) {
  const auto run = [](double gamma, int64_t seed, double accuracy) {
    return RunOf(gamma, seed, {1, 1}, {1, 1}, {1, 1}, accuracy);
  };
  const RunSet set({run(0.3, 1, 0.125), run(0.3, 2, 0.375), run(0.5, 1, 0.5), run(0.8, 1, 1)});
  const std::vector<ChooseRuns> rates =
      EachRate([](double gamma) { return RunsAt(ModelKind::kTransformer, gamma); });
  const auto accuracy = [](const RunResult& one) { return FinalAccuracy(one, kMemorySet); };
  EXPECT_EQ(AtRatesText(set, rates, accuracy, {}),
            "0.25 at gamma = 0.3, 0.50 at gamma = 0.5, 1.00 at gamma = 0.8");
  EXPECT_EQ(AtRatesText(set, rates, accuracy, {.decimals = 3, .gamma_once = true}),
            "0.250 at gamma = 0.3, 0.500 at 0.5, 1.000 at 0.8");
}

}  // namespace
}  // namespace initbias
