#include "lib/base/command_line.h"

#include <gtest/gtest.h>

#include <string>

#include "lib/base/text.h"

namespace initbias {
namespace {

TEST(WrappedHelpTest, BreaksAtBlanksBelowTheDescriptions) {
  EXPECT_EQ(WrappedHelp("Draws a figure from what was stored\n"
                        "Options:\n"
                        "  --seeds TEXT                N: as many from 4 on\n"
                        "  --set TEXT                  short\n",
                        40),
            "Draws a figure from what was stored\n"
            "Options:\n"
            "  --seeds TEXT                N: as many\n"
            "                              from 4 on\n"
            "  --set TEXT                  short\n");
}

TEST(WrappedHelpTest, LosesNoWordAndEndsWithLongOnes) {
  const std::string help =
      "aaaa bbbb cccc dddd\n  --unfinished Excludes: --dry-run --print-config --list-runs --verify\n" +
      std::string(60, 'x') + "\n                              " + std::string(60, 'y') + " z\n";
  for (size_t width = 1; width < 100; ++width) {
    std::string words;
    for (const std::string& line : Split(WrappedHelp(help, width), '\n')) {
      for (const std::string& word : Split(line, ' ')) {
        words += word.empty() ? "" : word + " ";
      }
    }
    EXPECT_EQ(words,
              "aaaa bbbb cccc dddd --unfinished Excludes: --dry-run --print-config "
              "--list-runs --verify " +
                  std::string(60, 'x') + " " + std::string(60, 'y') + " z ");
  }
  for (const std::string& line : Split(WrappedHelp(help, 64), '\n')) {
    EXPECT_LE(line.size(), 90U);  // the longest word after its indentation
  }
}

}  // namespace
}  // namespace initbias
