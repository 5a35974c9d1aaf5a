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

}  // namespace
}  // namespace initbias
