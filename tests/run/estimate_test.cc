#include "lib/run/estimate.h"

#include <gtest/gtest.h>

#include <vector>

#include "lib/base/machine.h"

namespace initbias {
namespace {

std::vector<RunConfig> ManyRuns() {
  std::vector<RunConfig> plan(1000);
  for (size_t i = 0; i < plan.size(); ++i) {
    plan[i].seed = static_cast<int64_t>(i) + 1;
    plan[i].model = i % 2 == 0 ? ModelKind::kEmbMlp : ModelKind::kTransformer;
  }
  return plan;
}

TEST(EstimateTest, NoMoreRunsOfAKindAreMeasuredThanComputeAtATime) {
  const std::vector<RunConfig> plan = ManyRuns();
  EXPECT_EQ(MeasuredRuns(plan, 1).size(), 2) << "one of each kind";
  EXPECT_EQ(MeasuredRuns(plan, 1000).size(), 2 * UsableCores())
      << "a worker more than cores would only wait";
}

TEST(EstimateTest, NoMoreAreMeasuredThanThePlanHas) {
  EXPECT_EQ(MeasuredRuns({RunConfig()}, 1000).size(), 1);
}

}  // namespace
}  // namespace initbias
