#include "lib/base/shell.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "tests/error_of.h"

namespace initbias {
namespace {

namespace fs = std::filesystem;

struct ClosePipe {
  void operator()(std::FILE* file) const { pclose(file); }
};

// The words that sh makes of a line.
std::vector<std::string> ReadByShell(const std::string& line) {
  const std::string command = "printf '%s\\0' " + line;
  const std::unique_ptr<std::FILE, ClosePipe> pipe(popen(command.c_str(), "r"));
  std::vector<std::string> words(1);
  for (int letter = 0; (letter = std::fgetc(pipe.get())) != EOF;) {
    if (letter == 0) {
      words.emplace_back();
    } else {
      words.back() += static_cast<char>(letter);
    }
  }
  words.pop_back();
  return words;
}

TEST(ShellWordTest, QuotesWhereAWordNeedsIt) {
  EXPECT_EQ(ShellWord("--results=/r/1.5_x-y,z:@%+"), "--results=/r/1.5_x-y,z:@%+");
  EXPECT_EQ(ShellWord("/my results"), "'/my results'");
  EXPECT_EQ(ShellWord("--results=/my results"), "--results='/my results'");
  EXPECT_EQ(ShellWord("--a b=c"), "'--a b=c'");
  EXPECT_EQ(ShellWord("it's"), "'it'\\''s'");
  EXPECT_EQ(ShellWord("~/out"), "'~/out'");
  EXPECT_EQ(ShellWord(""), "''");
}

TEST(ShellWordTest, AShellReadsTheSameWords) {
  const std::vector<std::string> words = {"plain",
                                          "",
                                          "a b",
                                          " ",
                                          "it's",
                                          "\"quoted\"",
                                          "$HOME",
                                          "`date`",
                                          "a\\b",
                                          "*",
                                          "[a-z]",
                                          "{1,2}",
                                          "a;b",
                                          "a&b",
                                          "a|b",
                                          "(a)",
                                          "<a>",
                                          "#a",
                                          "~",
                                          "~/a",
                                          "!a",
                                          "a\nb",
                                          "a\tb",
                                          "M\xc3\xa4rchen",
                                          "'",
                                          "''",
                                          "--results=/my results",
                                          "--set=text.tinystories=it's $HOME",
                                          "-",
                                          "=",
                                          "--=  "};
  EXPECT_EQ(ReadByShell(ShellWords(words)), words);
}

class ExpandHomeTest : public testing::Test {
 protected:
  void SetUp() override { setenv("HOME", "/home/user", 1); }
};

TEST_F(ExpandHomeTest, TakesHomeForALeadingTilde) {
  EXPECT_EQ(ExpandHome("~/out"), fs::path("/home/user/out"));
  EXPECT_EQ(ExpandHome("~/"), fs::path("/home/user/"));
  EXPECT_EQ(ExpandHome("~"), fs::path("/home/user/"));
}

TEST_F(ExpandHomeTest, LeavesOtherPathsAlone) {
  for (const char* path :
       {"", "out", "/out", "./~/out", "a~", "./~other/out", "~.txt", "~a b/out"}) {
    EXPECT_EQ(ExpandHome(path), fs::path(path));
  }
}

TEST_F(ExpandHomeTest, RefusesAnothersHome) {
  for (const std::string path : {"~other/out", "~other", "~other_1-a/"}) {
    EXPECT_EQ(ErrorOf([&] { ExpandHome(path); }),
              path + ": only ~/, your own home folder, is known here: write the whole path, or ./" +
                  path);
  }
}

TEST_F(ExpandHomeTest, SaysWhereHomeIsNotSet) {
  unsetenv("HOME");
  EXPECT_EQ(ErrorOf([] { ExpandHome("~/out"); }),
            "~/out: HOME is not set, so the folder ~ is not known");
  EXPECT_EQ(ExpandHome("/out"), fs::path("/out"));
}

}  // namespace
}  // namespace initbias
