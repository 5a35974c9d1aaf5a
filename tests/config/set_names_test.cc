// The stored names, byte for byte: files of earlier versions have them.
#include "lib/config/set_names.h"

#include <gtest/gtest.h>

namespace initbias {
namespace {

TEST(SetNamesTest, AsFilesHaveThem) {
  EXPECT_EQ(MemoryGroupSet(0), "memory_group1");
  EXPECT_EQ(MemoryGroupSet(9), "memory_group10");
  EXPECT_EQ(AnswersSet(3), "answer_hops3");
}

}  // namespace
}  // namespace initbias
