#include "lib/run/process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>

#include <cerrno>
#include <csignal>
#include <string>

#include "lib/base/error.h"
#include "tests/held_pipe.h"

namespace initbias {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// All lines until the child closes its output.
std::vector<std::string> AllLines(Process& process) {
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

TEST(ProcessTest, PassesInputAndReadsLines) {
  const std::string input = "one\ntwo\n\nlast without end";
  Process process({"/bin/cat"}, input);
  EXPECT_THAT(AllLines(process), ElementsAre("one", "two", "", "last without end"));
  EXPECT_EQ(process.Wait(), "");
}

TEST(ProcessTest, InputOfAnySize) {
  const std::string input(3'000'000, 'x');
  Process process({"/bin/cat"}, input);
  EXPECT_THAT(AllLines(process), ElementsAre(input));
}

TEST(ProcessTest, ExitStatusAndErrorOutput) {
  Process process({"/bin/sh", "-c", "echo trouble >&2; exit 3"}, "");
  EXPECT_THAT(AllLines(process), ElementsAre());
  EXPECT_EQ(process.Wait(), "exit status 3");
  EXPECT_EQ(process.ErrorOutput(), "trouble\n");
}

TEST(ProcessTest, ErrorOutputIsCutToItsEnd) {
  Process process({"/bin/sh", "-c", "seq 1 10000 >&2"}, "");
  AllLines(process);
  process.Wait();
  EXPECT_EQ(process.ErrorOutput().size(), 2000u);
  EXPECT_THAT(process.ErrorOutput(), testing::EndsWith("9999\n10000\n"));
}

TEST(ProcessTest, SignalsAndSaysHowItEnded) {
  const HeldPipe pipe;
  Process process({"/bin/cat", pipe.path()}, "");
  process.Signal(SIGKILL);
  AllLines(process);
  EXPECT_THAT(process.Wait(), HasSubstr("killed by signal 9"));
}

TEST(ProcessTest, DestructorEndsTheChild) {
  const HeldPipe pipe;
  int pid = 0;
  {
    Process process({"/bin/sh", "-c", "echo $$; exec cat " + pipe.path()}, "");
    pollfd fd{.fd = process.output_fd(), .events = POLLIN, .revents = 0};
    poll(&fd, 1, -1);
    pid = std::stoi(process.ReadLines().at(0));
    EXPECT_EQ(kill(pid, 0), 0);
  }
  EXPECT_EQ(kill(pid, 0), -1);  // killed and reaped
  EXPECT_EQ(errno, ESRCH);
}

TEST(ProcessTest, AMissingProgramIsAnError) {
  EXPECT_THROW(Process({"/no/such/program"}, ""), Error);
}

}  // namespace
}  // namespace initbias
