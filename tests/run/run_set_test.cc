#include "lib/run/run_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/base/error.h"

namespace initbias {
namespace {

using testing::ElementsAre;

RunResult MakeRun(double gamma, int64_t seed, std::vector<double> loss) {
  RunResult run{.config = {.model = ModelKind::kEmbMlp, .seed = seed}};
  run.config.init.gamma = gamma;
  run.epoch = {0, 1};
  run.series = {{"memory", loss, {0, 1}}};
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

TEST(MakeBandTest, MedianAndExtremesAtEachPoint) {
  const Band band = MakeBand({{1, 5, 2}, {3, 4, 2}, {2, 9, 2}});
  EXPECT_THAT(band.median, ElementsAre(2, 5, 2));
  EXPECT_THAT(band.lo, ElementsAre(1, 4, 2));
  EXPECT_THAT(band.hi, ElementsAre(3, 9, 2));
}

TEST(AddSeriesTest, WritesCurvesBandsAndSeeds) {
  const RunSet runs({MakeRun(0.3, 1, {5, 3}), MakeRun(0.3, 2, {5, 1})});
  FigureData figure;
  AddSeries("A", runs.Where(ModelKind::kEmbMlp, 0.3), &figure);
  EXPECT_THAT(figure.Get("A/memory/epoch").values, ElementsAre(0, 1));
  EXPECT_THAT(figure.Get("A/memory/loss").values, ElementsAre(5, 2));
  EXPECT_THAT(figure.Get("A/memory/loss_lo").values, ElementsAre(5, 1));
  EXPECT_THAT(figure.Get("A/memory/loss_hi").values, ElementsAre(5, 3));
  EXPECT_THAT(figure.Get("A/memory/loss_seeds").shape, ElementsAre(2, 2));
  EXPECT_THAT(figure.Get("A/memory/loss_seeds").values, ElementsAre(5, 3, 5, 1));
  EXPECT_THAT(figure.Get("A/memory/accuracy").values, ElementsAre(0, 1));
}

}  // namespace
}  // namespace initbias
