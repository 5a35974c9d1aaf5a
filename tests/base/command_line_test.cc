#include "lib/base/command_line.h"

#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

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

TEST(OptionHintTest, NamesTheNearestOption) {
  CLI::App app;
  std::string text;
  app.add_option("--model", text);
  app.add_option("-g,--gamma", text);
  const auto hint = [&app](const std::vector<std::string>& unknown) {
    return OptionHint(app, unknown);
  };
  EXPECT_EQ(hint({"--modle"}), "did you mean --model?");
  EXPECT_EQ(hint({"--gama=0.3,0.5"}), "did you mean --gamma?");
  EXPECT_EQ(hint({"file", "--modell", "x"}), "did you mean --model?");
  EXPECT_EQ(hint({"--optimizer.learning_rate=1"}), "");
  EXPECT_EQ(hint({"model"}), "");
}

TEST(OptionHintTest, NamesCommandsUntilOneIsGiven) {
  CLI::App app;
  bool flag = false;
  app.add_subcommand("remove")->add_flag("--dry-run", flag);
  app.add_subcommand("list")->add_flag("--whole-files", flag);
  EXPECT_EQ(OptionHint(app, std::vector<std::string>{"remov"}), "did you mean remove?");
  EXPECT_EQ(OptionHint(app, std::vector<std::string>{"--dry-rum"}), "");
  app.parse("remove");
  EXPECT_EQ(OptionHint(app, std::vector<std::string>{"--dry-rum"}), "did you mean --dry-run?");
  EXPECT_EQ(OptionHint(app, std::vector<std::string>{"--whole-file"}), "");
  EXPECT_EQ(OptionHint(app, std::vector<std::string>{"lst"}), "");
}

TEST(ParseCommandLineTest, AnUnknownOptionIsWrongUsage) {
  CLI::App app;
  std::string text;
  app.add_option("--model", text);
  std::string program = "program";
  std::string unknown = "--modle=x";
  char* argv[] = {program.data(), unknown.data(), nullptr};
  testing::internal::CaptureStderr();
  EXPECT_EQ(ParseCommandLine(app, 2, argv), 2);
  EXPECT_NE(testing::internal::GetCapturedStderr().find("did you mean --model?"),
            std::string::npos);
}

}  // namespace
}  // namespace initbias
