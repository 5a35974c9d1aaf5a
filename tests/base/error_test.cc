// INITBIAS_CHECK aborts and says where; Error carries its message.
#include "lib/base/error.h"

#include <gtest/gtest.h>

#include <string>

namespace initbias {
namespace {

TEST(ErrorTest, IsARuntimeErrorWithItsMessage) {
  const std::string message = "task.length = 1 is too short\nraise it";
  try {
    throw Error(message);
  } catch (const std::runtime_error& error) {
    EXPECT_EQ(error.what(), message);
    EXPECT_NE(dynamic_cast<const Error*>(&error), nullptr);
  }
}

TEST(ExitStatusTest, TellsWhatWasTypedFromWhatFailed) {
  EXPECT_EQ(ExitStatus(UsageError("")), kWrongUsage);
  EXPECT_EQ(ExitStatus(Error("")), 1);
  EXPECT_EQ(ExitStatus(std::runtime_error("")), 1);
}

TEST(CheckTest, EvaluatesItsConditionOnce) {
  int evaluations = 0;
  INITBIAS_CHECK(++evaluations > 0);
  EXPECT_EQ(evaluations, 1);
}

// One statement, so that an else belongs to the if that the reader sees.
TEST(CheckTest, IsOneStatement) {
  bool other = false;
  // NOLINTNEXTLINE(readability-simplify-boolean-expr,google-readability-braces-around-statements)
  if (false)
    INITBIAS_CHECK(true);
  else  // NOLINT(google-readability-braces-around-statements)
    other = true;
  EXPECT_TRUE(other);
}

TEST(CheckDeathTest, AbortsWithFileLineAndCondition) {
  const int answer = 41;
  EXPECT_EXIT(INITBIAS_CHECK(answer == 42), testing::KilledBySignal(SIGABRT),
              "tests/base/error_test\\.cc:[0-9]+: internal error: answer == 42 does not hold\n");
}

// It throws nothing that somebody could swallow.
TEST(CheckDeathTest, CannotBeCaught) {
  const auto fail = [] {
    try {
      INITBIAS_CHECK(false);
    } catch (...) {
    }
  };
  EXPECT_EXIT(fail(), testing::KilledBySignal(SIGABRT), "false does not hold");
}

}  // namespace
}  // namespace initbias
