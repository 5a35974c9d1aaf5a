// Ranges of tokens of the paper's task.
#include "lib/config/token_range.h"

#include <gtest/gtest.h>

#include <vector>

namespace initbias {
namespace {

TEST(TokenRangeTest, OfThePapersTask) {
  const AnchorTaskConfig task;
  EXPECT_EQ(TokenIds(MemoryAnchors(task)).size(), 10u);
  EXPECT_EQ(TokenCount(ReasoningAnchors(task)), 10);
  EXPECT_EQ(TokenCount(Keys(task)), 100);
  EXPECT_EQ(SummedTokens(task).first, task.reasoning_min);
  EXPECT_EQ(SummedTokens(task).last, task.key_max);
  EXPECT_EQ(ReasoningLabels(task).first, 21 + 2 * 11);
  EXPECT_EQ(ReasoningLabels(task).last, 120 + 2 * 20);
}

TEST(TokenRangeTest, HoldsItsEnds) {
  const TokenRange range = {3, 5};
  EXPECT_FALSE(Holds(range, 2));
  EXPECT_TRUE(Holds(range, 3));
  EXPECT_TRUE(Holds(range, 5));
  EXPECT_FALSE(Holds(range, 6));
  EXPECT_EQ(TokenIds(range), (std::vector<double>{3, 4, 5}));
}

TEST(AnchorKindsTest, MemoryThenReasoning) {
  const auto kinds = AnchorKinds(AnchorTaskConfig{});
  EXPECT_STREQ(kinds[0].name, "memory");
  EXPECT_EQ(kinds[0].tokens.last, 10);
  EXPECT_STREQ(kinds[1].name, "reasoning");
  EXPECT_EQ(kinds[1].tokens.first, 11);
}

}  // namespace
}  // namespace initbias
