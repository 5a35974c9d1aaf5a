#include "lib/measure/run_set.h"

#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>

#include "lib/base/error.h"
#include "tests/error_of.h"

namespace initbias {
namespace {

using testing::ElementsAre;

RunResult MakeRun(double gamma, int64_t seed, std::vector<double> loss) {
  RunResult run{.config = {.model = ModelKind::kEmbMlp, .seed = seed}};
  run.config.init.gamma = gamma;
  run.epoch = {0, 1};
  run.curves = {{"memory", loss, {0, 1}}};
  return run;
}

TEST(RunSetTest, FindsByModelAndGammaInTheOrderOfSeeds) {
  const RunSet runs({MakeRun(0.3, 2, {1, 1}), MakeRun(0.8, 1, {1, 1}), MakeRun(0.3, 1, {1, 1})});
  const auto found = runs.Where(ModelKind::kEmbMlp, 0.3);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0]->config.seed, 1);
  EXPECT_EQ(found[1]->config.seed, 2);
  EXPECT_THROW((void)runs.Where(ModelKind::kTransformer, 0.3), Error);
  EXPECT_THROW((void)runs.Where(ModelKind::kEmbMlp, 0.4), Error);
}

TEST(RunSetTest, SelectsByConfigInTheOrderOfSeeds) {
  const RunSet runs({MakeRun(0.3, 3, {1, 1}), MakeRun(0.8, 1, {1, 1}), MakeRun(0.3, 1, {1, 1}),
                     MakeRun(0.5, 2, {1, 1})});
  const auto found =
      runs.Select("below 0.6", [](const RunConfig& config) { return config.init.gamma < 0.6; });
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0], &runs.all()[2]);
  EXPECT_EQ(found[1], &runs.all()[3]);
  EXPECT_EQ(found[2], &runs.all()[0]);
}

TEST(RunSetTest, NoRunIsAnErrorThatSaysWhatIsMissing) {
  const RunSet runs({MakeRun(0.3, 1, {1, 1})});
  EXPECT_EQ(
      ErrorOf([&] { (void)runs.Select("with lr = 1", [](const RunConfig&) { return false; }); }),
      "the plan has no run with lr = 1");
  EXPECT_EQ(ErrorOf([&] { (void)runs.Where(ModelKind::kTransformer, 0.25); }),
            "the plan has no run of transformer at gamma = 0.25");
}

TEST(PerSeedTest, MetricOfEachRunInTheirOrder) {
  const RunSet runs({MakeRun(0.3, 2, {5, 3}), MakeRun(0.3, 1, {5, 1})});
  const auto last_loss = [](const RunResult& run) { return run.Get("memory").loss.back(); };
  EXPECT_THAT(PerSeed(runs.Where(ModelKind::kEmbMlp, 0.3), last_loss), ElementsAre(1, 3));
  EXPECT_THAT(PerSeed({&runs.all()[0], &runs.all()[1]}, last_loss), ElementsAre(3, 1));
  EXPECT_THAT(PerSeed({}, last_loss), ElementsAre());
}

TEST(MakeBandTest, MedianAndExtremesAtEachPoint) {
  const Band band = MakeBand({{1, 5, 2}, {3, 4, 2}, {2, 9, 2}});
  EXPECT_THAT(band.median, ElementsAre(2, 5, 2));
  EXPECT_THAT(band.lo, ElementsAre(1, 4, 2));
  EXPECT_THAT(band.hi, ElementsAre(3, 9, 2));
}

TEST(AddBandTest, AddsMedianExtremesAndSeedsAsRows) {
  FigureData figure;
  AddBand("B/norm", "1", {{1, 5}, {3, 4}, {2, 9}}, &figure);
  ASSERT_EQ(figure.arrays.size(), 4u);
  EXPECT_THAT(figure.Get("B/norm").values, ElementsAre(2, 5));
  EXPECT_THAT(figure.Get("B/norm_lo").values, ElementsAre(1, 4));
  EXPECT_THAT(figure.Get("B/norm_hi").values, ElementsAre(3, 9));
  EXPECT_THAT(figure.Get("B/norm_seeds").values, ElementsAre(1, 5, 3, 4, 2, 9));
  for (const char* path : {"B/norm", "B/norm_lo", "B/norm_hi"}) {
    EXPECT_THAT(figure.Get(path).shape, ElementsAre(2)) << path;
  }
  EXPECT_THAT(figure.Get("B/norm_seeds").shape, ElementsAre(3, 2));
  for (const FigureArray& array : figure.arrays) {
    EXPECT_EQ(array.units, "1") << array.path;
  }
}

TEST(AddBandDeathTest, NoCurvesOrUnequalLengths) {
  FigureData figure;
  EXPECT_DEATH(AddBand("B", "1", {}, &figure), "internal error");
  EXPECT_DEATH(AddBand("B", "1", {{1, 2}, {1}}, &figure), "internal error");
}

TEST(AddLearningCurvesTest, WritesCurvesBandsAndSeeds) {
  const RunSet runs({MakeRun(0.3, 1, {5, 3}), MakeRun(0.3, 2, {5, 1})});
  FigureData figure;
  AddLearningCurves("A", runs.Where(ModelKind::kEmbMlp, 0.3), &figure);
  EXPECT_THAT(figure.Get("A/memory/epoch").values, ElementsAre(0, 1));
  EXPECT_THAT(figure.Get("A/memory/loss").values, ElementsAre(5, 2));
  EXPECT_THAT(figure.Get("A/memory/loss_lo").values, ElementsAre(5, 1));
  EXPECT_THAT(figure.Get("A/memory/loss_hi").values, ElementsAre(5, 3));
  EXPECT_THAT(figure.Get("A/memory/loss_seeds").shape, ElementsAre(2, 2));
  EXPECT_THAT(figure.Get("A/memory/loss_seeds").values, ElementsAre(5, 3, 5, 1));
  EXPECT_THAT(figure.Get("A/memory/accuracy").values, ElementsAre(0, 1));
}

TEST(PerSeedDifferenceTest, PairsTheRunsByTheirPlace) {
  const RunResult a{.config = {.seed = 7}};
  const RunResult b{.config = {.seed = 5}};
  const RunResult c{.config = {.seed = 1}};
  const auto seed = [](const RunResult& run) { return static_cast<double>(run.config.seed); };
  EXPECT_EQ(PerSeedDifference({&a, &b}, {&c, &a}, seed), (std::vector<double>{6, -2}));
  EXPECT_DEATH(PerSeedDifference({&a, &b}, {&c}, seed), "runs.size");
}

TEST(BySeedTest, IsACurveASeedOverThePlaces) {
  const RunResult a{.config = {.seed = 7}};
  const RunResult b{.config = {.seed = 5}};
  const auto seed = [](const RunResult& run) { return static_cast<double>(run.config.seed); };
  const std::vector<Runs> places = {{&a, &b}, {&b, &b}, {&b, &a}};
  EXPECT_THAT(BySeed(places, seed), ElementsAre(ElementsAre(7, 5, 5), ElementsAre(5, 5, 7)));
  FigureData figure;
  AddBandOver("B/seed", "1", places, seed, &figure);
  EXPECT_THAT(figure.Get("B/seed").values, ElementsAre(6, 5, 6));
  EXPECT_THAT(figure.Get("B/seed_seeds").values, ElementsAre(7, 5, 5, 5, 5, 7));
  EXPECT_DEATH(BySeed({}, seed), "internal error");
  EXPECT_DEATH(BySeed({{&a}, {&a, &b}}, seed), "internal error");
}

}  // namespace
}  // namespace initbias
