#include "lib/base/program.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <functional>
#include <string>

#include "lib/base/error.h"
#include "lib/base/terminal.h"

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

// /dev/full is always full. The stream is a process's, so each is tried in one of its own.
int StatusWithFull(bool out, bool err, const std::function<int()>& run) {
  std::fflush(stdout);
  const pid_t child = fork();
  if (child == 0) {
    const int full = open("/dev/full", O_WRONLY);
    if (out) {
      dup2(full, STDOUT_FILENO);
    }
    if (err) {
      dup2(full, STDERR_FILENO);
    }
    _exit(RunProgram("program", run));
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

TEST(RunProgramTest, OutputThatIsLostIsNoSuccess) {
  const auto prints = [] {
    fmt::print("a result\n");
    return 0;
  };
  const auto prints_much = [] {
    for (int i = 0; i < 100'000; ++i) {
      fmt::print("a result\n");
    }
    return 0;
  };
  EXPECT_EQ(StatusWithFull(false, false, [] { return 0; }), 0);
  EXPECT_EQ(StatusWithFull(true, false, [] { return 0; }), 0) << "nothing was printed";
  EXPECT_EQ(StatusWithFull(true, false, prints), 1);
  EXPECT_EQ(StatusWithFull(true, false, prints_much), 1);
  EXPECT_EQ(StatusWithFull(true, true, prints), 1);
  EXPECT_EQ(StatusWithFull(true, false,
                           [] {
                             fmt::print("a result\n");
                             return 4;
                           }),
            4);
}

// What cannot be told is lost; nothing else is.
TEST(RunProgramTest, WordsThatAreLostEndNothing) {
  EXPECT_EQ(StatusWithFull(false, true,
                           [] {
                             Tell(stderr, "step {}\n", 3);
                             return 0;
                           }),
            0);
  EXPECT_EQ(StatusWithFull(true, true, []() -> int { throw UsageError("no such a"); }),
            kWrongUsage);
}

TEST(RunProgramTest, AFileThatMayNotBeSoLongIsAnError) {
  const std::string path = testing::TempDir() + "/long";
  EXPECT_EQ(StatusWithFull(false, false,
                           [&path] {
                             const rlimit limit{.rlim_cur = 10, .rlim_max = 10};
                             setrlimit(RLIMIT_FSIZE, &limit);
                             std::FILE* const file = std::fopen(path.c_str(), "w");
                             std::fputs("eleven bytes", file);
                             return std::fclose(file) == 0 ? 0 : 5;
                           }),
            5);
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
