// Counts are paired with the nearest that is free.
#include "lib/analysis/count_matching.h"

#include <gtest/gtest.h>

#include <utility>

namespace initbias {
namespace {

TEST(MatchCountsTest, WithoutReuseAndWithinAFactor) {
  const auto pairs = MatchCounts({100, 90, 10, 3}, {95, 66, 15, 1}, 1.5);
  ASSERT_EQ(pairs.size(), 3u);  // 3 has no count near it
  EXPECT_EQ(std::pair(pairs[0].a, pairs[0].b), std::pair(int64_t{0}, int64_t{0}));
  EXPECT_EQ(std::pair(pairs[1].a, pairs[1].b), std::pair(int64_t{1}, int64_t{1}));
  EXPECT_EQ(std::pair(pairs[2].a, pairs[2].b), std::pair(int64_t{2}, int64_t{2}));
  EXPECT_TRUE(MatchCounts({10}, {}, 1.5).empty());
}

}  // namespace
}  // namespace initbias
