// Costs of a study's plan, without measuring.
#include "lib/run/summary.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "lib/run/cost.h"

namespace initbias {
namespace {

Experiment TwoRunsASeed() {
  return {.name = "study", .caption = "A study", .plan = [](Profile, int64_t seed) {
            RunConfig run{.model = ModelKind::kEmbMlp, .seed = seed};
            RunConfig other = run;
            other.init.gamma = 0.3;
            return std::vector<RunConfig>{run, other, run};  // one of them twice
          }};
}

TEST(SummaryTest, HasEachRunOnceAndItsGflop) {
  const auto summary = nlohmann::json::parse(SummaryText(TwoRunsASeed()));
  EXPECT_EQ(summary["name"], "study");
  EXPECT_EQ(summary["runs"]["smoke"].size(), 2u);     // one seed
  EXPECT_EQ(summary["runs"]["default"].size(), 10u);  // five seeds
  const RunConfig run = TwoRunsASeed().plan(Profile::kPaper, 4)[0];
  EXPECT_DOUBLE_EQ(summary["runs"]["paper"][0][1].get<double>(), RunFlops(run) / 1e9);
}

TEST(SummaryTest, AStudyThatTrainsNothingSaysSo) {
  Experiment experiment = TwoRunsASeed();
  experiment.trains = false;
  EXPECT_EQ(CostText(experiment), "Cost: nothing is trained.");
  EXPECT_TRUE(nlohmann::json::parse(SummaryText(experiment))["runs"]["paper"].empty());
}

TEST(SummaryTest, TimeIsThatOfTheTypicalMachine) {
  EXPECT_DOUBLE_EQ(TypicalSeconds(340), 1.2);
  EXPECT_EQ(TypicalMachine(), "2 AVX-512 cores at 170 GFLOP/s each");
  EXPECT_NE(CostText(TwoRunsASeed()).find("on 2 AVX-512 cores at 170 GFLOP/s each: default "),
            std::string::npos);
}

}  // namespace
}  // namespace initbias
