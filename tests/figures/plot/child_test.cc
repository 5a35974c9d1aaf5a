#include "figures/plot/child.h"

#include <cstdlib>
#include <string>

#include "gtest/gtest.h"
#include "lib/base/error.h"

namespace initbias::plot {
namespace {

std::string MessageOf(const std::string& program, const std::vector<std::string>& arguments) {
  try {
    RunFilter(program, arguments, "", "the-package");
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(ChildTest, PassesBytesThrough) {
  std::string bytes;
  for (int i = 0; i < 3'000'000; ++i) {
    bytes += static_cast<char>(i * 7 % 256);
  }
  EXPECT_EQ(RunFilter("cat", {}, bytes, "coreutils"), bytes);
  EXPECT_EQ(RunFilter("cat", {}, "", "coreutils"), "");
  EXPECT_EQ(RunFilter("true", {}, bytes, "coreutils"), "") << "input that nobody reads";
}

TEST(ChildTest, ArgumentsAreNotForAShell) {
  EXPECT_EQ(RunFilter("echo", {"$HOME; `id` > x", "*"}, "", "coreutils"), "$HOME; `id` > x *\n");
}

TEST(ChildTest, TheEnvironmentIsTheCallersButForTimeAndPlace) {
  setenv("INITBIAS_TEST", "kept", 1);
  setenv("LC_ALL", "de_DE.UTF-8", 1);
  setenv("TZ", "Asia/Tokyo", 1);
  setenv("SOURCE_DATE_EPOCH", "12345", 1);
  const std::string variables = "\n" + RunFilter("env", {}, "", "coreutils");
  EXPECT_NE(variables.find("\nINITBIAS_TEST=kept\n"), std::string::npos);
  EXPECT_NE(variables.find("\nLC_ALL=C.UTF-8\n"), std::string::npos);
  EXPECT_NE(variables.find("\nTZ=UTC\n"), std::string::npos);
  EXPECT_NE(variables.find("\nSOURCE_DATE_EPOCH=0\n"), std::string::npos);
  EXPECT_EQ(variables.find("Tokyo"), std::string::npos);
}

TEST(ChildTest, AMissingProgramNamesThePackage) {
  EXPECT_EQ(MessageOf("no-such-program", {}),
            "no-such-program is needed to draw figures and was not found in PATH; on Debian or "
            "Ubuntu: sudo apt-get install the-package");
}

TEST(ChildTest, WarningsOfAFilterThatEndedWellArePassedOn) {
  testing::internal::CaptureStderr();
  EXPECT_EQ(RunFilter("sh", {"-c", "echo out; echo no such font >&2"}, "", "dash"), "out\n");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "sh: no such font\n");
  testing::internal::CaptureStderr();
  RunFilter("true", {}, "", "coreutils");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST(ChildTest, ThatFontconfigKeepsNoCacheIsNoWarning) {
  const auto said = [](const std::string& script) {
    testing::internal::CaptureStderr();
    EXPECT_EQ(RunFilter("sh", {"-c", script + "echo out"}, "", "dash"), "out\n");
    return testing::internal::GetCapturedStderr();
  };
  const std::string no_cache = "echo 'Fontconfig error: No writable cache directories' >&2; ";
  EXPECT_EQ(said(no_cache + no_cache), "");
  EXPECT_EQ(said(no_cache + "echo >&2; " + no_cache), "");
  EXPECT_EQ(said(no_cache + "echo one >&2; " + no_cache + "echo two >&2; " + no_cache),
            "sh: one\ntwo\n");
  EXPECT_EQ(said("echo 'Fontconfig error: Cannot load default config file' >&2; "),
            "sh: Fontconfig error: Cannot load default config file\n");
  EXPECT_EQ(MessageOf("sh", {"-c", no_cache + "exit 4"}),
            "sh failed, exit status 4: Fontconfig error: No writable cache directories");
}

TEST(ChildTest, FailuresPassOnWhatWasSaid) {
  EXPECT_EQ(MessageOf("sh", {"-c", "echo out; echo oh no >&2; exit 3"}),
            "sh failed, exit status 3: oh no");
  EXPECT_EQ(MessageOf("sh", {"-c", "exit 4"}), "sh failed, exit status 4: it said nothing");
  EXPECT_EQ(MessageOf("sh", {"-c", "kill -9 $$"}),
            "sh failed, killed by signal 9 (Killed): it said nothing");
}

}  // namespace
}  // namespace initbias::plot
