#include "lib/analysis/share_in_range.h"

#include <gtest/gtest.h>

#include <vector>

namespace initbias {
namespace {

TEST(ShareInRangeTest, CountsBothEndsAndNothingElse) {
  const std::vector<double> shares = {0.1, 0.2, 0.3, 0.25, 0.15};
  EXPECT_NEAR(ShareInRange(shares, 0, 4), 1, 1e-15);
  EXPECT_NEAR(ShareInRange(shares, 1, 3), 0.75, 1e-15);
  EXPECT_NEAR(ShareInRange(shares, 2, 2), 0.3, 1e-15);
}

TEST(ShareInRangeTest, NothingLiesBeyondTheLastLabel) {
  const std::vector<double> shares = {0.5, 0.5};
  EXPECT_EQ(ShareInRange(shares, 1, 100), 0.5);
  EXPECT_EQ(ShareInRange(shares, 2, 100), 0.0);
}

TEST(ShareInRangeDeathTest, RefusesRangesThatAreNone) {
  EXPECT_DEATH(ShareInRange({}, 2, 1), "min <= max");
  EXPECT_DEATH(ShareInRange({}, -1, 1), "min >= 0");
}

}  // namespace
}  // namespace initbias
