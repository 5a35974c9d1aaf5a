// Messages name programs so that they can be started: by Bazel, or in a bundle by their paths.
#include "lib/base/program_command.h"

#include <fmt/format.h>
#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "lib/base/shell.h"

namespace initbias {
namespace {

namespace fs = std::filesystem;

constexpr char kLabel[] = "//figures:claim_table";

TEST(ProgramCommandTest, IsBazelsOutsideOfABundle) {
  EXPECT_EQ(ProgramCommand(kLabel), "bazel run //figures:claim_table --");
}

TEST(ProgramCommandTest, WithoutArgumentsEndsInTheProgram) {
  EXPECT_EQ(ProgramCommand(kLabel, ""), "bazel run //figures:claim_table");
  EXPECT_EQ(ProgramCommand(kLabel, "--short"), "bazel run //figures:claim_table -- --short");
}

// Run by the test below, of a copy of this program.
TEST(ProgramCommandTest, DISABLED_Print) {
  std::printf("<%s>\n", (ProgramCommand(kLabel) + "|" + ProgramCommand(kLabel, "") + "|" +
                         ProgramCommand(kLabel, "--short"))
                            .c_str());
}

std::string Printed(const fs::path& program) {
  const std::string command = ShellWord(program.string()) +
                              " --gtest_also_run_disabled_tests --gtest_filter=*DISABLED_Print";
  std::FILE* const pipe = popen(command.c_str(), "r");
  std::string output;
  std::array<char, 256> part{};
  while (std::fgets(part.data(), part.size(), pipe) != nullptr) {
    output += part.data();
  }
  EXPECT_EQ(pclose(pipe), 0);
  const size_t begin = output.find('<');
  return begin == std::string::npos ? output
                                    : output.substr(begin + 1, output.find('>') - begin - 1);
}

TEST(ProgramCommandTest, IsAQuotedPathInABundle) {
  const fs::path bundle = fs::path(testing::TempDir()) / "a bundle";
  fs::create_directories(bundle / "lib/run");
  std::ofstream(bundle / "lib/run/worker") << "a program\n";
  const fs::path copy = bundle / "copy";
  fs::copy_file(fs::read_symlink("/proc/self/exe"), copy, fs::copy_options::overwrite_existing);
  EXPECT_THAT(Printed(copy), testing::StartsWith("bazel run //figures:claim_table --"))
      << "it lacks its libraries";
  fs::create_directories(bundle / "libraries");
  EXPECT_EQ(Printed(copy),
            fmt::format("'{0}'|'{0}'|'{0}' --short", (bundle / "claim_table").string()));
}

}  // namespace
}  // namespace initbias
