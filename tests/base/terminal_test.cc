#include "lib/base/terminal.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/ioctl.h>
#include <unistd.h>

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
  EXPECT_FALSE(MovesCursor(file));
  std::fclose(file);
}

TEST(TerminalTest, MessagesOnATerminalAreBrokenAtItsWidth) {
  const int master = posix_openpt(O_RDWR | O_NOCTTY);
  if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0) {
    GTEST_SKIP() << "there are no terminals here";
  }
  std::FILE* const terminal = fdopen(open(ptsname(master), O_RDWR | O_NOCTTY), "w");
  ASSERT_NE(terminal, nullptr);
  const winsize size{.ws_row = 10, .ws_col = 20, .ws_xpixel = 0, .ws_ypixel = 0};
  ASSERT_EQ(ioctl(master, TIOCSWINSZ, &size), 0);
  EXPECT_EQ(TerminalWidth(terminal), 20U);
  EXPECT_EQ(TerminalHeight(terminal), 10U);
  EXPECT_EQ(ForTerminal(kMessage, terminal),
            "there is nothing\nhere; to make it:\n  bazel run //experiments:fig3");
  std::fclose(terminal);
  close(master);
}

}  // namespace
}  // namespace initbias
