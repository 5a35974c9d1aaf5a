// Values per seed, of runs whose values are known.
#include "lib/measure/seed_values.h"

#include <gtest/gtest.h>

#include <cmath>
#include <utility>
#include <vector>

#include "lib/base/error.h"
#include "lib/measure/learning.h"
#include "lib/measure/run_set.h"
#include "tests/measure/curves_run.h"
#include "tests/non_finite.h"

namespace initbias {
namespace {

// A run that `Value` measures as `value`.
RunResult Valued(double gamma, int64_t seed, double value) {
  return RunOf(gamma, seed, {1, 1}, {1, 1}, {1, 1}, value);
}
double Value(const RunResult& run) { return FinalAccuracy(run, kMemorySet); }

ChooseRuns At(double gamma) { return RunsAt(ModelKind::kTransformer, gamma); }

RunSet SetOf(std::vector<RunResult> runs) { return RunSet(std::move(runs)); }

TEST(SeedValuesTest, RunsAreThoseOfAModelAtARate) {
  const RunSet set = SetOf({Valued(0.3, 2, 20), Valued(0.8, 1, 1), Valued(0.3, 1, 10)});
  EXPECT_EQ(OfRuns(At(0.3), Value)(set), (std::vector<double>{10, 20}));
  EXPECT_EQ(OfRuns(At(0.8), Value)(set), (std::vector<double>{1}));
  EXPECT_THROW((void)RunsAt(ModelKind::kEmbMlp, 0.3)(set), Error);
}

TEST(SeedValuesTest, DifferencesAreSeedBySeed) {
  const RunSet set =
      SetOf({Valued(0.3, 1, 10), Valued(0.3, 2, 20), Valued(0.8, 2, 27), Valued(0.8, 1, 11)});
  EXPECT_EQ(DifferenceOfRuns(At(0.8), At(0.3), Value)(set), (std::vector<double>{1, 7}));
}

TEST(SeedValuesTest, SmallerStepIsThatOfEachSeed) {
  const RunSet set = SetOf({Valued(0.3, 1, 1), Valued(0.5, 1, 3), Valued(0.8, 1, 4),   // 2 and 1
                            Valued(0.3, 2, 5), Valued(0.5, 2, 6), Valued(0.8, 2, 10),  // 1 and 4
                            Valued(0.3, 3, 5), Valued(0.5, 3, 9), Valued(0.8, 3, 7)});
  EXPECT_EQ(SmallerStep(At(0.3), At(0.5), At(0.8), Value)(set), (std::vector<double>{1, 1, -2}));
}

TEST(SeedValuesTest, AStepWithoutAValueIsNotLost) {
  for (const double missing : {0.3, 0.5, 0.8}) {
    std::vector<RunResult> runs;
    for (const double gamma : {0.3, 0.5, 0.8}) {
      runs.push_back(Valued(gamma, 1, gamma == missing ? kNan : gamma));
    }
    const RunSet set = SetOf(std::move(runs));
    EXPECT_TRUE(std::isnan(SmallerStep(At(0.3), At(0.5), At(0.8), Value)(set).at(0))) << missing;
  }
}

TEST(SeedValuesTest, TheSmallestDifferenceIsOfRunsAlikeButForTheirRate) {
  const auto run = [](double gamma, int64_t seed, double decay, double value) {
    RunResult result = Valued(gamma, seed, value);
    result.config.optimizer.weight_decay = decay;
    return result;
  };
  const RunSet set = SetOf({run(0.3, 1, 0, 1), run(0.8, 1, 0, 4),      // 3
                            run(0.3, 1, 0.1, 7), run(0.8, 1, 0.1, 9),  // 2
                            run(0.5, 1, 0, -5), run(0.8, 1, 1, -9),    // not compared
                            run(0.8, 2, 0, 2), run(0.3, 2, 0, 6),      // -4
                            run(0.8, 3, 0, 2), run(0.3, 3, 1, 6)});    // no pair
  const ChooseRuns all = [](const RunSet& runs) {
    return runs.Select("at all", [](const RunConfig&) { return true; });
  };
  EXPECT_EQ(SmallestDifference(all, 0.8, 0.3, Value)(set), (std::vector<double>{2, -4}));
}

TEST(SeedValuesTest, MeasuresAtAShareOfEachRun) {
  const RunSet set = SetOf({Valued(0.3, 1, 10), Valued(0.3, 2, 20), Valued(0.3, 3, 30)});
  const ShareOf share = [](const RunResult& run) {
    return run.config.seed == 2 ? kNan : static_cast<double>(run.config.seed) / 4;
  };
  const std::vector<double> values = AtShares(
      At(0.3), share, [](const RunResult& run, double at) { return Value(run) * at; })(set);
  ASSERT_EQ(values.size(), 3);
  EXPECT_EQ(values[0], 2.5);
  EXPECT_TRUE(std::isnan(values[1]));
  EXPECT_EQ(values[2], 22.5);
}

// A run of 400 steps, probed where it is evaluated.
RunResult Dated(double gamma, int64_t seed, const std::vector<double>& reasoning) {
  RunResult run = RunOf(gamma, seed, {1, 1, 1, 1, 1}, reasoning, {1, 1, 1, 1, 1});
  run.config.task.samples = 2;
  run.config.task.masked = {};
  run.config.train.batch_size = 2;
  run.config.train.epochs = 400;
  run.config.probe.steps = run.step;
  return run;
}

double Share(const RunResult&, double share) { return share; }

TEST(SeedValuesTest, EachRunIsJudgedAtItsOwnStage) {
  // Half of the guess level is crossed before step 300, 100 and never.
  const std::vector<double> late = {1, 1, 0.8, 0.4, 0.3};
  const std::vector<double> early = {1, 0.4, 0.3, 0.2, 0.1};
  const std::vector<double> never = {1, 1, 1, 1, 1};
  const RunSet set = SetOf(
      {Dated(0.8, 1, late), Dated(0.3, 1, early), Dated(0.8, 2, never), Dated(0.3, 2, early)});
  const std::vector<double> differences =
      DifferenceAtStage(At(0.8), At(0.3), Stage::kHalf, Share)(set);
  ASSERT_EQ(differences.size(), 2);
  EXPECT_EQ(differences[0], 0.5);
  EXPECT_TRUE(std::isnan(differences[1]));
  const std::vector<double> judged = AtShares(At(0.8), JudgedAt(Stage::kHalf), Share)(set);
  EXPECT_EQ(judged[0], 0.75);
  EXPECT_TRUE(std::isnan(judged[1]));
}

TEST(SeedValuesTest, LargestOfIsThatOfEachSeed) {
  const RunSet set = SetOf({Valued(0.3, 1, -3), Valued(0.5, 1, -1), Valued(0.8, 1, -2),
                            Valued(0.3, 2, 5), Valued(0.5, 2, 4), Valued(0.8, 2, 3)});
  EXPECT_EQ(LargestOf({At(0.3), At(0.5), At(0.8)}, Value)(set), (std::vector<double>{-1, 5}));
  EXPECT_EQ(LargestOf({At(0.8)}, Value)(set), (std::vector<double>{-2, 3}));
  for (const double missing : {0.3, 0.5}) {
    const auto value = [missing](const RunResult& run) {
      return run.config.init.gamma == missing ? kNan : Value(run);
    };
    EXPECT_TRUE(std::isnan(LargestOf({At(0.3), At(0.5)}, value)(set).at(0)));
    EXPECT_TRUE(std::isnan(LargestOf({At(0.3), At(0.5), At(0.8)}, value)(set).at(1)));
  }
}

TEST(SeedValuesTest, SlopesAreThoseOfEachSeedsLine) {
  const double x[] = {0, 1, 3};
  const std::vector<double> slopes = SlopesBySeed(x, {{1, 3, 7}, {4, 4, 4}});
  ASSERT_EQ(slopes.size(), 2);
  EXPECT_NEAR(slopes[0], 2, 1e-12);
  EXPECT_NEAR(slopes[1], 0, 1e-12);
  EXPECT_TRUE(SlopesBySeed(x, {}).empty());
}

}  // namespace
}  // namespace initbias
