// The stored names, byte for byte: files of earlier versions have them.
#include "lib/store/figure_key.h"

#include <gtest/gtest.h>

namespace initbias {
namespace {

TEST(KeyTest, AsFilesHaveIt) {
  EXPECT_EQ(Key("A", 0.3), "A/gamma=0.3");
  EXPECT_EQ(Key("stages", 1), "stages/gamma=1");
  EXPECT_EQ(Key("A", 0.8, "prontoqa"), "A/gamma=0.8/prontoqa");
  EXPECT_EQ(RateKeys("C"), "C/gamma=");
}

TEST(BelowTest, IsAPathInTheGroup) { EXPECT_EQ(Below("A/memory", "cosine"), "A/memory/cosine"); }

TEST(BandOfTest, AsFilesHaveIt) {
  const BandKeys keys = BandOf("A/gamma=0.3/loss");
  EXPECT_EQ(keys.median, "A/gamma=0.3/loss");
  EXPECT_EQ(keys.lo, "A/gamma=0.3/loss_lo");
  EXPECT_EQ(keys.hi, "A/gamma=0.3/loss_hi");
  EXPECT_EQ(keys.seeds, "A/gamma=0.3/loss_seeds");
}

TEST(IsBesideMedianTest, ThePartsOfABandButTheMedian) {
  const BandKeys keys = BandOf("B/norm");
  EXPECT_FALSE(IsBesideMedian(keys.median));
  EXPECT_TRUE(IsBesideMedian(keys.lo));
  EXPECT_TRUE(IsBesideMedian(keys.hi));
  EXPECT_TRUE(IsBesideMedian(keys.seeds));
  EXPECT_FALSE(IsBesideMedian("B/hills"));
}

}  // namespace
}  // namespace initbias
