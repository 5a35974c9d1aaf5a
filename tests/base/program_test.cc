#include "lib/base/program.h"

#include <gtest/gtest.h>

#include <string>

#include "lib/base/error.h"

namespace initbias {
namespace {

TEST(EndWithTest, TellsWhyAndGivesTheStatus) {
  testing::internal::CaptureStderr();
  EXPECT_EQ(EndWith("inspect", Error("it is damaged")), 1);
  EXPECT_EQ(EndWith("inspect", UsageError("there is no file x")), kWrongUsage);
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "inspect: it is damaged\ninspect: there is no file x\n");
}

TEST(RunProgramTest, TheStatusIsThatOfTheProgram) {
  EXPECT_EQ(RunProgram("program", [] { return 0; }), 0);
  EXPECT_EQ(RunProgram("program", [] { return 3; }), 3);
}

TEST(RunProgramTest, WhatItThrowsIsToldUnderItsName) {
  testing::internal::CaptureStderr();
  EXPECT_EQ(RunProgram("program", []() -> int { throw Error("a is not b"); }), 1);
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "program: a is not b\n");
  testing::internal::CaptureStderr();
  EXPECT_EQ(RunProgram("program", []() -> int { throw UsageError("no such a"); }), kWrongUsage);
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "program: no such a\n");
}

TEST(RunProgramTest, RunsWithItsOptionsOrNotAtAll) {
  std::string value;
  CommandLine options("Prints a value.");
  options.Add("--value", value);
  const char* const given[] = {"program", "--value=3"};
  EXPECT_EQ(RunProgram("program", options, 2, given, [&] { return value == "3" ? 4 : 5; }), 4);
  const char* const wrong[] = {"program", "--valu=3"};
  testing::internal::CaptureStderr();
  EXPECT_EQ(RunProgram("program", options, 2, wrong, [] { return 0; }), kWrongUsage);
  EXPECT_NE(testing::internal::GetCapturedStderr().find("--value"), std::string::npos);
}

}  // namespace
}  // namespace initbias
