#include "lib/base/terminal.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace initbias {
namespace {

constexpr char kMessage[] = "there is nothing here; to make it:\n  bazel run //experiments:fig3";

// A file stays as it is, for those that search it.
TEST(TerminalTest, MessagesInAFileAreNotBroken) {
  std::FILE* const file = std::tmpfile();
  ASSERT_NE(file, nullptr);
  EXPECT_EQ(ForTerminal(kMessage, file), kMessage);
  EXPECT_EQ(TerminalWidth(file), 80U);
  EXPECT_GT(LineWidth(file), 1'000'000U);
  EXPECT_FALSE(MovesCursor(file));
  const std::string arguments(200, 'a');
  EXPECT_EQ(CommandForTerminal("next: ", "a b " + arguments, file),
            "next: a b " + arguments + "\n");
  Tell(file, "one {} three four five six\n", "two");
  TellItem(file, "one two three four five six\nseven");
  std::rewind(file);
  std::string told(200, ' ');
  told.resize(std::fread(told.data(), 1, told.size(), file));
  EXPECT_EQ(told, "one two three four five six\n  one two three four five six\n  seven\n");
  std::fclose(file);
}

TEST(TerminalTest, MessagesOnATerminalAreBrokenAtItsWidth) {
  const int master = posix_openpt(O_RDWR | O_NOCTTY);
  if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0) {
    GTEST_SKIP() << "there are no terminals here";
  }
  std::FILE* const terminal = fdopen(open(ptsname(master), O_RDWR | O_NOCTTY), "w");
  ASSERT_NE(terminal, nullptr);
  const winsize size{.ws_row = 10, .ws_col = 24, .ws_xpixel = 0, .ws_ypixel = 0};
  ASSERT_EQ(ioctl(master, TIOCSWINSZ, &size), 0);
  EXPECT_EQ(TerminalWidth(terminal), 24U);
  EXPECT_EQ(LineWidth(terminal), 24U);
  EXPECT_EQ(TerminalHeight(terminal), 10U);
  EXPECT_EQ(ForTerminal(kMessage, terminal),
            "there is nothing here;\nto make it:\n  bazel run \\\n      //experiments:fig3");
  EXPECT_EQ(CommandForTerminal("next: ", "/a/program --b=1 --c=2", terminal),
            "next: /a/program --b=1 \\\n    --c=2\n");
  Tell(terminal, "one {} three four five six\n", "two");
  TellItem(terminal, "one two three four five six\n  bazel run //a --b --c=1");
  std::fflush(terminal);
  std::string told;
  std::array<char, 200> part{};
  pollfd waits{.fd = master, .events = POLLIN, .revents = 0};
  while (std::ranges::count(told, '\n') < 6 && poll(&waits, 1, 5000) > 0) {
    const ssize_t count = read(master, part.data(), part.size());
    told.append(part.data(), static_cast<size_t>(std::max<ssize_t>(0, count)));
  }
  std::erase(told, '\r');
  EXPECT_EQ(told,
            "one two three four five\nsix\n  one two three four\n  five six\n"
            "  bazel run //a --b \\\n      --c=1\n");
  std::fclose(terminal);
  close(master);
}

}  // namespace
}  // namespace initbias
