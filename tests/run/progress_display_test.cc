#include "lib/run/progress_display.h"

#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>
#include <pty.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace initbias {
namespace {

using testing::HasSubstr;
using testing::Not;

PlanStatus SampleStatus() {
  return {.workers = {{.label = "transformer gamma=0.3 seed=1",
                       .done = 0.42,
                       .rate = 43.2,
                       .losses = {{"memory", 3.294},
                                  {"reasoning_train", 3.262},
                                  {"reasoning_test", 4.541}}},
                      {.label = "emb_mlp gamma=0.8 seed=3"}},
          .finished = 2,
          .total = 15,
          .done = 0.137,
          .seconds_left = 545};
}

TEST(StatusLinesTest, OneLineAWorkerAndATotalWithin80Columns) {
  const std::vector<std::string> lines = StatusLines(SampleStatus(), 79, 23);
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines[0], "transformer gamma=0.3 seed=1   42%   43/s  mem 3.29  rsn 3.26  test 4.54");
  EXPECT_THAT(lines[1], HasSubstr("emb_mlp gamma=0.8 seed=3"));
  EXPECT_EQ(lines[2], "total: 2/15 runs  14%, 43 steps/s, 9 min 5 s left");
}

TEST(StatusLinesTest, NeverWiderThanAsked) {
  for (const size_t width : {0u, 1u, 20u, 79u}) {
    for (const std::string& line : StatusLines(SampleStatus(), width, 23)) {
      EXPECT_LE(line.size(), width);
    }
  }
}

TEST(StatusLinesTest, MoreWorkersThanRowsAreCounted) {
  PlanStatus status;
  for (int i = 0; i < 64; ++i) {
    status.workers.push_back({.label = "worker " + std::to_string(i), .rate = 1});
  }
  const std::vector<std::string> lines = StatusLines(status, 79, 23);
  ASSERT_EQ(lines.size(), 23u);
  EXPECT_THAT(lines[20], HasSubstr("worker 20"));
  EXPECT_EQ(lines[21], "... 43 more");
  EXPECT_THAT(lines[22], HasSubstr("64 steps/s"));
  EXPECT_EQ(StatusLines(status, 79, 65).size(), 65u);
}

TEST(StatusLinesTest, SaysWhatFailedAndHidesAnUnknownTime) {
  PlanStatus status = SampleStatus();
  status.failed = 1;
  status.seconds_left = -1;
  const std::string total = StatusLines(status, 79, 23).back();
  EXPECT_THAT(total, HasSubstr("1 failed"));
  EXPECT_THAT(total, Not(HasSubstr("left")));
}

// Where the stream is no terminal: whole lines, no control codes, and not one for every update.
TEST(ProgressDisplayTest, PlainLinesElsewhereThanOnATerminal) {
  std::FILE* file = std::tmpfile();
  {
    ProgressDisplay display(file);
    for (int i = 0; i < 1000; ++i) {
      display.Update(SampleStatus());
    }
    display.Print("a note");
  }
  std::rewind(file);
  std::string text;
  std::array<char, 4096> buffer{};
  while (std::fgets(buffer.data(), static_cast<int>(buffer.size()), file) != nullptr) {
    text += buffer.data();
  }
  std::fclose(file);
  const std::string total = "total: 2/15 runs  14%, 43 steps/s, 9 min 5 s left\n";
  EXPECT_EQ(text, total + "a note\n" + total);
}

// What a display writes to a terminal of that kind (TERM; null: it is not set).
std::string Written(const char* kind) {
  if (kind == nullptr) {
    unsetenv("TERM");
  } else {
    setenv("TERM", kind, 1);
  }
  int master = -1;
  int slave = -1;
  const winsize size{.ws_row = 24, .ws_col = 80};
  EXPECT_EQ(openpty(&master, &slave, nullptr, nullptr, &size), 0);
  std::FILE* terminal = fdopen(slave, "w");
  {
    ProgressDisplay display(terminal);
    display.Update(SampleStatus());
    display.Print("a note");
  }
  std::fclose(terminal);
  // What was written arrives in pieces; with the other end closed, reading ends with an error.
  std::string text;
  std::array<char, 1000> buffer{};
  for (ssize_t count = 0; (count = read(master, buffer.data(), buffer.size())) > 0;) {
    text.append(buffer.data(), static_cast<size_t>(count));
  }
  close(master);
  return text;
}

// On a terminal the block is drawn over in place: what goes up is what was drawn, and nothing
// scrolls.
TEST(ProgressDisplayTest, DrawsInPlaceOnATerminal) {
  const std::string block =
      "transformer gamma=0.3 seed=1   42%   43/s  mem 3.29  rsn 3.26  test 4.54\r\n"
      "emb_mlp gamma=0.8 seed=3        0%    0/s\r\n"
      "total: 2/15 runs  14%, 43 steps/s, 9 min 5 s left\r\n";
  const std::string erase = "\r\x1b[3A\x1b[J";
  EXPECT_EQ(Written("xterm"), block + erase + "a note\r\n" + block + erase + block);
}

TEST(ProgressDisplayTest, PlainLinesOnATerminalThatCannotMoveItsCursor) {
  const std::string total = "total: 2/15 runs  14%, 43 steps/s, 9 min 5 s left\r\n";
  for (const char* kind : {"dumb", "", static_cast<const char*>(nullptr)}) {
    EXPECT_EQ(Written(kind), total + "a note\r\n" + total);
  }
}

}  // namespace
}  // namespace initbias
