#include "tests/bench/contender.h"

#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "lib/base/error.h"
#include "lib/process/subprocess.h"
#include "tests/bench/answers.h"
#include "tests/error_of.h"

namespace initbias {
namespace {

using testing::HasSubstr;

// A shell that answers as timed_loop does, and notes what it was told first.
ContenderPlan ShellPlan(int64_t processes) {
  return {.name = "ours",
          .argv = {"/bin/sh", "-c",
                   "read config; echo noise; echo \"ready torch=1.2 config=$config v=$VARIABLE\";"
                   "while read word n; do [ $word = go ] || break;"
                   " echo \"done seconds=1 memory=${n}000\"; done;"
                   "echo shares data=0.25 rest=0.75"},
          .environment = {"VARIABLE=value"},
          .input = "sizes\n",
          .processes = processes};
}

TEST(AnswersTest, LinesOfAKindAndTheirFields) {
  Subprocess child({"/bin/cat"});
  child.Send("noise\nanswer a=1 b=two\n");
  const std::string answer = AwaitAnswer(child, "answer");
  EXPECT_EQ(NumberOf(answer, "a"), 1);
  EXPECT_EQ(FieldOf(answer, "b"), "two");
  EXPECT_THROW(FieldOf(answer, "c"), Error);
  EXPECT_THROW(NumberOf(answer, "b"), Error);
}

TEST(AnswersTest, TellWhyThereIsNone) {
  Subprocess ended({"/bin/sh", "-c", "echo the reason >&2"});
  EXPECT_THAT(ErrorOf([&] { AwaitAnswer(ended, "ready"); }),
              AllOf(HasSubstr("/bin/sh ended before its 'ready'"), HasSubstr("the reason")));
}

TEST(ContenderTest, TakesStepsAndTellsShares) {
  Contender contender(ShellPlan(2));
  contender.WaitUntilReady();
  EXPECT_EQ(FieldOf(contender.software(), "config"), "sizes");
  EXPECT_EQ(FieldOf(contender.software(), "v"), "value");
  EXPECT_GT(contender.Run(7), 0);
  EXPECT_EQ(contender.peak_memory(), 7000);
  contender.Stop();
  EXPECT_EQ(contender.Share("data"), 0.25);
  EXPECT_EQ(contender.Share("rest"), 0.75);
}

TEST(ContenderTest, FindsHowManyStepsTakeATime) {
  Contender contender(ShellPlan(1));
  contender.WaitUntilReady();
  EXPECT_GE(contender.StepsThatTake(1e-6), 1);
}

}  // namespace
}  // namespace initbias
