#include "tests/bench/child_process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

#include "lib/base/error.h"
#include "tests/bench/contender.h"
#include "tests/error_of.h"
#include "tests/held_pipe.h"

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

TEST(ChildProcessTest, AnswersInLines) {
  ChildProcess child({"/bin/cat"}, {});
  child.Send("noise\nanswer a=1 b=two\n");
  const std::string answer = child.ReadLine("answer");
  EXPECT_EQ(NumberOf(answer, "a"), 1);
  EXPECT_EQ(FieldOf(answer, "b"), "two");
  EXPECT_THROW(FieldOf(answer, "c"), Error);
  EXPECT_THROW(NumberOf(answer, "b"), Error);
}

TEST(ChildProcessTest, TellsWhyItEnded) {
  std::signal(SIGPIPE, SIG_IGN);
  ChildProcess ended({"/bin/sh", "-c", "echo the reason >&2"}, {});
  EXPECT_THAT(ErrorOf([&] { ended.ReadLine("ready"); }), HasSubstr("the reason"));
  const HeldPipe pipe;
  ChildProcess deaf(
      {"/bin/sh", "-c", "echo the reason >&2; exec 0<&-; echo deaf; exec cat " + pipe.path()}, {});
  deaf.ReadLine("deaf");
  EXPECT_THAT(ErrorOf([&] { deaf.Send("go 1\n"); }), HasSubstr("the reason"));
}

TEST(ChildProcessTest, ThatCannotBeStartedIsAnError) {
  EXPECT_THAT(ErrorOf([] { ChildProcess({"/no/such/program"}, {}); }), HasSubstr("/no/such"));
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
