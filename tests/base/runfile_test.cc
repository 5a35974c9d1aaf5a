#include "lib/base/runfile.h"

#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>

#include <string>

#include "lib/base/file_access.h"
#include "tests/error_of.h"

namespace initbias {
namespace {

using testing::EndsWith;
using testing::StartsWith;

TEST(FindRunfileTest, WhatIsNotThereIsToldWithWhatHelps) {
  EXPECT_EQ(ErrorOf([] { FindRunfile("no/such/file"); }),
            "there is no no/such/file beside this program: start it with bazel run, or from its "
            "bundle");
}

// It may be there: a name that is too long stands for a folder of another user, which root may see.
TEST(FindRunfileTest, WhereTheFileSystemDoesNotTellItSaysWhy) {
  const std::string name(300, 'x');
  const std::string message = ErrorOf([&] { FindRunfile(name); });
  EXPECT_THAT(message, StartsWith("cannot look up /"));
  EXPECT_THAT(message, EndsWith(name + ": File name too long"));
  EXPECT_THROW(FindRunfile(name), FileRefused);
}

}  // namespace
}  // namespace initbias
