#include "lib/base/command_line.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lib/base/error.h"
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

// What `app` tells of these arguments, which it refuses.
std::string Told(CommandLine& app, std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "program");
  char* text = nullptr;
  size_t size = 0;
  std::FILE* const errors = open_memstream(&text, &size);
  EXPECT_EQ(app.Parse(static_cast<int>(arguments.size()), arguments.data(), errors), 2);
  std::fclose(errors);
  std::string told(text, size);
  std::free(text);
  return told;
}

TEST(CommandLineTest, NamesTheNearestOption) {
  CommandLine app("");
  std::string text;
  app.Add("--model", text);
  app.Add("-g,--gamma", text);
  EXPECT_NE(Told(app, {"--modle=x"}).find("did you mean --model?"), std::string::npos);
  EXPECT_NE(Told(app, {"--gama=0.3,0.5"}).find("did you mean --gamma?"), std::string::npos);
  EXPECT_NE(Told(app, {"file", "--modell", "x"}).find("did you mean --model?"), std::string::npos);
  const std::string far = Told(app, {"--optimizer.learning_rate=1"});
  EXPECT_NE(far.find("--optimizer.learning_rate=1"), std::string::npos);
  EXPECT_EQ(far.find("did you mean"), std::string::npos) << far;
  EXPECT_EQ(Told(app, {"model"}).find("did you mean"), std::string::npos);
}

TEST(CommandLineTest, NamesCommandsUntilOneIsGiven) {
  CommandLine app("");
  bool flag = false;
  app.AddCommand("remove", "").AddFlag("--dry-run", flag);
  app.AddCommand("list", "").AddFlag("--whole-files", flag);
  EXPECT_NE(Told(app, {"remov"}).find("did you mean remove?"), std::string::npos);
  EXPECT_NE(Told(app, {"--dry-rum"}).find("a command is missing: remove, list"), std::string::npos);
  EXPECT_NE(Told(app, {"remove", "--dry-rum"}).find("did you mean --dry-run?"), std::string::npos);
  EXPECT_EQ(Told(app, {"remove", "--whole-file"}).find("did you mean"), std::string::npos);
  EXPECT_EQ(Told(app, {"remove", "lst"}).find("did you mean"), std::string::npos);
}

TEST(CommandLineTest, SetsWhatIsGivenAndLeavesTheRest) {
  std::string left = "left";
  std::string text;
  int64_t count = 3;
  double share = 0.5;
  bool flag = false;
  std::vector<std::string> list;
  std::string handed;
  std::vector<std::string> all;
  CommandLine app("");
  app.Add("--left", left);
  app.Add("--text", text);
  app.Add("--count", count).Between(1, 9).LastCounts();
  app.Add("--share", share).Between(0.0, 1.0);
  app.AddFlag("--flag", flag);
  app.Add("--list", list).Separator(',').EachAddsOne();
  app.AddFunction(
      "--hand", [&handed](const std::string& value) { handed = value; }, "");
  app.AddFunction(
         "--all", [&all](const std::vector<std::string>& values) { all = values; }, "")
      .EachAddsOne();
  const char* argv[] = {"program",   "--text",     "--gres=gpu:1 -x", "--count=2",
                        "--count=9", "--list=a,b", "--list=c",        "--flag",
                        "--hand=x",  "--all=1",    "--all",           "2"};
  EXPECT_EQ(app.Parse(static_cast<int>(std::size(argv)), argv), std::nullopt);
  EXPECT_EQ(left, "left");
  EXPECT_EQ(text, "--gres=gpu:1 -x");  // dashes, but no option
  EXPECT_EQ(count, 9);
  EXPECT_EQ(share, 0.5);
  EXPECT_TRUE(flag);
  EXPECT_EQ(list, (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(handed, "x");
  EXPECT_EQ(all, (std::vector<std::string>{"1", "2"}));
}

TEST(CommandLineTest, NamesAreSuggested) {
  std::string text;
  CommandLine app("");
  app.Add("--model", text).OneOf({"emb_mlp", "gpt2"});
  EXPECT_NE(Told(app, {"--model=embmlp"})
                .find("--model: 'embmlp' is none of emb_mlp, gpt2; did you mean emb_mlp?"),
            std::string::npos);
  EXPECT_EQ(Told(app, {"--model=zzzzzz"}).find("did you mean"), std::string::npos);
}

TEST(CommandLineTest, HelpIsGivenWhateverStandsBesideIt) {
  int64_t count = 0;
  CommandLine app("Counts.");
  app.Add("--count", count, "how many").Between(1, 9);
  CommandLine command = app.AddCommand("again", "Counts again.");
  command.Add("--often", count, "how often");
  const auto help = [&app](std::vector<const char*> arguments) {
    arguments.insert(arguments.begin(), "program");
    testing::internal::CaptureStdout();
    EXPECT_EQ(app.Parse(static_cast<int>(arguments.size()), arguments.data()), 0);
    std::fflush(stdout);
    return testing::internal::GetCapturedStdout();
  };
  EXPECT_NE(help({"--count=100", "--help"}).find("how many"), std::string::npos);
  EXPECT_NE(help({"--bogus", "-h"}).find("how many"), std::string::npos);
  EXPECT_NE(help({"again", "--often=x", "--help"}).find("how often"), std::string::npos);
}

TEST(CommandLineTest, OnlyOneOfSomeIsTaken) {
  bool flag = false;
  CommandLine app("");
  const CommandLine::Option list = app.AddFlag("--list", flag, "names");
  const CommandLine::Option draw = app.AddFlag("--draw", flag, "pictures");
  CommandLine::Option print = app.AddFlag("--print", flag, "numbers");
  CommandLine::OnlyOne({list, draw, print}, "One of these");
  const CommandLine::Option other = app.AddFlag("--other", flag, "else");
  print.Excludes(other);
  app.AddFlag("--plain", flag).Excludes(other);
  EXPECT_NE(Told(app, {"--list", "--print"}).find("--list excludes --print"), std::string::npos);
  EXPECT_NE(Told(app, {"--print", "--draw"}).find(" excludes "), std::string::npos);
  const char* const one[] = {"program", "--draw"};
  EXPECT_EQ(app.Parse(2, one), std::nullopt);
  testing::internal::CaptureStdout();
  const char* const help[] = {"program", "--help"};
  EXPECT_EQ(app.Parse(2, help), 0);
  std::fflush(stdout);
  const std::string text = testing::internal::GetCapturedStdout();
  EXPECT_NE(text.find("One of these:\n"), std::string::npos) << text;
  // The heading says what they exclude of each other.
  EXPECT_EQ(text.find("Excludes: --list"), std::string::npos) << text;
  EXPECT_EQ(text.find("Excludes: --draw"), std::string::npos) << text;
  EXPECT_NE(text.find("Excludes: --other"), std::string::npos) << text;
  EXPECT_NE(text.find("--other Excludes: --p"), std::string::npos) << text;
  EXPECT_NE(text.find("--plain Excludes: --other"), std::string::npos) << text;
}

TEST(CommandLineTest, RefusesWhatWasNotAllowed) {
  const auto refused = [](std::vector<const char*> arguments) {
    std::string text;
    int64_t count = 0;
    double share = 0;
    bool flag = false;
    CommandLine app("");
    app.Add("FILE", text).Required();
    app.Add("--count", count).Between(1, 9);
    app.Add("--share", share).Between(0.0, 1.0);
    const CommandLine::Option one = app.AddFlag("--one", flag);
    app.AddFlag("--two", flag).Excludes(one);
    app.AddFlag("--three", flag).Needs(one);
    app.Add("--name", text).OneOf({"a", "b"}).Check([](const std::string& name) {
      return name == "b" ? "not this one" : "";
    });
    return Told(app, std::move(arguments));
  };
  EXPECT_NE(refused({}).find("FILE"), std::string::npos);
  EXPECT_NE(refused({"f", "--count=0"}).find("--count"), std::string::npos);
  EXPECT_NE(refused({"f", "--count=10"}).find("--count"), std::string::npos);
  EXPECT_NE(refused({"f", "--count=1", "--count=2"}).find("--count"), std::string::npos);
  EXPECT_NE(refused({"f", "--share=1.5"}).find("--share"), std::string::npos);
  EXPECT_NE(refused({"f", "--one", "--two"}).find("--two"), std::string::npos);
  EXPECT_NE(refused({"f", "--three"}).find("--one"), std::string::npos);
  EXPECT_NE(refused({"f", "--name=c"}).find("--name"), std::string::npos);
  EXPECT_NE(refused({"f", "--count=1.5"}).find("'1.5' is not a whole number"), std::string::npos);
  EXPECT_NE(refused({"f", "--share=nan"}).find("--share: 'nan' is not a number from 0 to 1"),
            std::string::npos);
  EXPECT_NE(refused({"f", "--count=1", "--count=2"}).find("--count is given twice"),
            std::string::npos);
  EXPECT_NE(refused({"f", "--name"}).find("--name needs a value"), std::string::npos);
  EXPECT_NE(refused({"--name", "--one", "f"}).find("--name needs a value"), std::string::npos);
  EXPECT_NE(refused({"f", "--name", ""}).find("--name has an empty value"), std::string::npos);
  EXPECT_NE(refused({""}).find("an argument is empty"), std::string::npos);
  EXPECT_NE(refused({"f", "x", "--y=1"}).find("not expected: x --y=1"), std::string::npos);
  EXPECT_NE(refused({"f", "--name=b"}).find("--name: not this one"), std::string::npos);
  EXPECT_NE(refused({"f", "--name="}).find("--name has an empty value"), std::string::npos);
}

}  // namespace
}  // namespace initbias
