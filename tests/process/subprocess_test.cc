#include "lib/process/subprocess.h"

#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lib/base/error.h"
#include "tests/error_of.h"
#include "tests/held_pipe.h"

namespace initbias {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

// All lines until the child closes its output.
std::vector<std::string> AllLines(Subprocess& process) {
  std::vector<std::string> lines;
  while (process.output_fd() >= 0) {
    pollfd fd{.fd = process.output_fd(), .events = POLLIN, .revents = 0};
    poll(&fd, 1, -1);
    for (std::string& line : process.ReadLines()) {
      lines.push_back(std::move(line));
    }
  }
  return lines;
}

TEST(SubprocessTest, PassesInputAndReadsLines) {
  const std::string input = "one\ntwo\n\nlast without end";
  Subprocess process({"/bin/cat"}, {.input = input});
  EXPECT_THAT(AllLines(process), ElementsAre("one", "two", "", "last without end"));
  EXPECT_EQ(process.Wait(), "");
}

TEST(SubprocessTest, InputOfAnySize) {
  const std::string input(3'000'000, 'x');
  Subprocess process({"/bin/cat"}, {.input = input});
  EXPECT_THAT(AllLines(process), ElementsAre(input));
}

TEST(SubprocessTest, ReadsAllBytes) {
  std::string bytes;
  for (int i = 0; i < 3'000'000; ++i) {
    bytes += static_cast<char>(i * 7 % 256);
  }
  EXPECT_EQ(Subprocess({"cat"}, {.input = bytes}).ReadAll(), bytes);
  EXPECT_EQ(Subprocess({"cat"}, {.input = ""}).ReadAll(), "");
  EXPECT_EQ(Subprocess({"true"}, {.input = bytes}).ReadAll(), "") << "input that nobody reads";
}

TEST(SubprocessTest, AnswersInLines) {
  Subprocess process({"/bin/cat"});
  process.Send("one\ntwo\nthr");
  EXPECT_EQ(process.ReadLine(), "one");
  EXPECT_THAT(process.ReadLines(), ElementsAre("two"));
  process.Send("ee\n");
  EXPECT_EQ(process.ReadLine(), "three");
}

TEST(SubprocessTest, TheLastLineNeedsNoEnd) {
  Subprocess process({"/bin/sh", "-c", "printf 'one\\nlast'"}, {.input = ""});
  EXPECT_EQ(process.ReadLine(), "one");
  EXPECT_EQ(process.ReadLine(), "last");
  EXPECT_EQ(process.ReadLine(), std::nullopt);
}

TEST(SubprocessTest, SendingToTheDeafIsAnError) {
  std::signal(SIGPIPE, SIG_IGN);
  const HeldPipe pipe;
  Subprocess deaf(
      {"/bin/sh", "-c", "echo the reason >&2; exec 0<&-; echo deaf; exec cat " + pipe.path()});
  EXPECT_EQ(deaf.ReadLine(), "deaf");
  EXPECT_THAT(ErrorOf([&] { deaf.Send("go 1\n"); }), HasSubstr("the reason"));
}

TEST(SubprocessTest, ExitStatusAndErrorOutput) {
  Subprocess process({"/bin/sh", "-c", "echo trouble >&2; exit 3"}, {.input = ""});
  EXPECT_THAT(AllLines(process), ElementsAre());
  EXPECT_EQ(process.Wait(), "exit status 3");
  EXPECT_EQ(process.killed_by(), 0);
  EXPECT_EQ(process.ErrorOutput(), "trouble\n");
}

TEST(SubprocessTest, ErrorOutputIsCutToItsEnd) {
  Subprocess process({"/bin/sh", "-c", "seq 1 10000 >&2"}, {.input = ""});
  AllLines(process);
  process.Wait();
  EXPECT_EQ(process.ErrorOutput().size(), 2000u);
  EXPECT_THAT(process.ErrorOutput(), testing::EndsWith("9999\n10000\n"));
}

TEST(SubprocessTest, SignalsAndSaysHowItEnded) {
  const HeldPipe pipe;
  Subprocess process({"/bin/cat", pipe.path()}, {.input = ""});
  process.Signal(SIGKILL);
  AllLines(process);
  EXPECT_THAT(process.Wait(), HasSubstr("killed by signal 9"));
  EXPECT_EQ(process.killed_by(), SIGKILL);
  EXPECT_LT(process.cpu_seconds(), 1);
}

TEST(SubprocessTest, SaysOfALimitOfProcessorTimeThatItEndedIt) {
  Subprocess process({"/bin/sh", "-c", "ulimit -S -t 1; while :; do :; done"}, {.input = ""});
  AllLines(process);
  EXPECT_THAT(process.Wait(), HasSubstr(std::to_string(SIGXCPU)));
  EXPECT_EQ(process.killed_by(), SIGXCPU);
  EXPECT_GT(process.cpu_seconds(), 0.8);
  EXPECT_LT(process.cpu_seconds(), 3);
}

TEST(SubprocessTest, DestructorEndsTheChild) {
  const HeldPipe pipe;
  int pid = 0;
  {
    Subprocess process({"/bin/sh", "-c", "echo $$; exec cat " + pipe.path()}, {.input = ""});
    pid = std::stoi(process.ReadLine().value());
    EXPECT_EQ(kill(pid, 0), 0);
  }
  EXPECT_EQ(kill(pid, 0), -1);  // killed and reaped
  EXPECT_EQ(errno, ESRCH);
}

TEST(SubprocessTest, AGroupOfItsOwnWhereAsked) {
  const auto group = [](bool own) {
    const HeldPipe pipe;
    Subprocess process({"/bin/sh", "-c", "echo $$; exec cat " + pipe.path()}, {.own_group = own});
    const int pid = std::stoi(process.ReadLine().value());
    return getpgid(pid) == pid;
  };
  EXPECT_TRUE(group(true));
  EXPECT_FALSE(group(false));
}

TEST(SubprocessTest, ChangesOfTheEnvironment) {
  setenv("INITBIAS_KEPT", "kept", 1);
  setenv("INITBIAS_SET", "old", 1);
  setenv("INITBIAS_GONE", "gone", 1);
  const std::string variables =
      "\n" + Subprocess({"env"}, {.environment = {"INITBIAS_SET=new", "INITBIAS_GONE"}}).ReadAll();
  EXPECT_THAT(variables, HasSubstr("\nINITBIAS_KEPT=kept\n"));
  EXPECT_THAT(variables, HasSubstr("\nINITBIAS_SET=new\n"));
  EXPECT_THAT(variables, Not(HasSubstr("old")));
  EXPECT_THAT(variables, Not(HasSubstr("INITBIAS_GONE")));
}

TEST(SubprocessTest, ArgumentsAreNotForAShell) {
  EXPECT_EQ(Subprocess({"echo", "$HOME; `id` > x", "*"}).ReadAll(), "$HOME; `id` > x *\n");
}

TEST(SubprocessTest, AMissingProgramIsAnError) {
  EXPECT_THROW(Subprocess({"/no/such/program"}), ProgramNotFound);
  EXPECT_THROW(Subprocess({"no-such-program"}), ProgramNotFound);
  EXPECT_THAT(ErrorOf([] { Subprocess({"/no/such/program"}); }), HasSubstr("/no/such"));
  EXPECT_THROW(Subprocess({"/"}), Error) << "no program";
}

}  // namespace
}  // namespace initbias
