// Runs are copied whole, none is overwritten, and what is wrong with one does not keep the others.
#include "lib/store/copy_runs.h"

#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>

#include "lib/base/atomic_file.h"
#include "lib/base/file_access.h"
#include "lib/result/run_result.h"
#include "lib/store/results.h"
#include "lib/store/run_file.h"
#include "tests/error_of.h"
#include "tests/folder_flushes.h"
#include "tests/store/sample_results.h"

namespace initbias {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

bool All(const RunSummary& /*run*/) { return true; }

class CopyRunsTest : public testing::Test {
 protected:
  CopyRunsTest() {
    fs::remove_all(root_);
    for (int64_t seed = 1; seed <= kRuns; ++seed) {
      Write(from_, Run(seed));
    }
  }

  static RunResult Run(int64_t seed) {
    RunResult run = SampleRun();
    run.config.seed = seed;
    return run;
  }
  static fs::path File(const fs::path& root, int64_t seed) {
    return ResultsFolder(root, "smoke").Run(RunId(Run(seed).config));
  }
  static void Write(const fs::path& root, const RunResult& run) {
    WriteRunFile(File(root, run.config.seed), run);
  }
  // Files in the folder of runs, the index and what was left behind, too.
  static std::ptrdiff_t Files(const fs::path& root) {
    return std::distance(fs::directory_iterator(root / "smoke" / "runs"), {});
  }

  static constexpr int64_t kRuns = 6;
  const fs::path root_ =
      fs::path(testing::TempDir()) / testing::UnitTest::GetInstance()->current_test_info()->name();
  const fs::path from_ = root_ / "from";
  const fs::path to_ = root_ / "to";
};

TEST_F(CopyRunsTest, WhatIsThereStays) {
  RunResult other_machine = Run(2);
  other_machine.provenance.host = "another one, with a longer name";
  Write(to_, other_machine);
  RunResult other_bits = Run(3);
  other_bits.curves[0].loss[1] = 4.25;
  Write(to_, other_bits);
  Write(to_, Run(4));
  Write(to_, Run(9));
  fs::create_directories(to_ / "smoke" / "runs");
  std::ofstream(File(to_, 5)) << "no run";

  const CopyReport report = CopyRuns(from_, to_, All);
  EXPECT_EQ(report.copied, 2);
  EXPECT_EQ(report.same, 2);
  EXPECT_EQ(report.bytes, fs::file_size(File(from_, 1)) + fs::file_size(File(from_, 6)));
  EXPECT_THAT(report.left_out,
              UnorderedElementsAre(
                  AllOf(HasSubstr(File(to_, 3).string()), HasSubstr("its bits are others")),
                  AllOf(HasSubstr(File(to_, 5).string()), HasSubstr("no HDF5 file"))));
  EXPECT_EQ(ReadFile(File(to_, 1)), ReadFile(File(from_, 1)));
  EXPECT_EQ(ReadRunFile(File(to_, 2)).provenance.host, other_machine.provenance.host);
  EXPECT_EQ(ReadRunFile(File(to_, 3)).curves[0].loss[1], 4.25);
  EXPECT_EQ(ReadFile(File(to_, 5)), "no run");
  EXPECT_EQ(Files(to_), kRuns + 1 + 1);

  // Both sides are known now: 9 is not of `from`, 5 no run.
  RunIndex index(to_ / "smoke" / "runs");
  for (const int64_t seed : {1, 2, 3, 4, 6}) {
    EXPECT_NE(index.Find(File(to_, seed).filename().string()), nullptr) << seed;
  }
  EXPECT_EQ(CopyRuns(from_, to_, All).copied, 0);
}

TEST_F(CopyRunsTest, WhatAKilledCopyLeftIsRemoved) {
  fs::create_directories(to_ / "smoke" / "runs");
  const fs::path left = File(to_, 1).string() + ".12-345-89abcdef-0123abcd.tmp";
  std::ofstream(left) << "half";
  fs::last_write_time(left, fs::file_time_type::clock::now() - std::chrono::hours(25));
  const fs::path living = TemporaryOf(File(to_, 99));
  std::ofstream(living) << "another's";
  EXPECT_EQ(CopyRuns(from_, to_, All).copied, kRuns);
  EXPECT_FALSE(fs::exists(left));
  EXPECT_TRUE(fs::exists(living));
}

TEST_F(CopyRunsTest, OfOneProfileOrOfAll) {
  EXPECT_EQ(CopyRuns(from_ / "smoke", to_, All).copied, kRuns);
  EXPECT_EQ(CopyRuns(from_, root_ / "smoke", All).copied, kRuns);
  EXPECT_TRUE(fs::exists(root_ / "smoke" / "runs" / File(to_, 1).filename()));
  EXPECT_EQ(CopyRuns(from_, to_ / "smoke" / "", All).same, kRuns);
  const CopyReport wrong = CopyRuns(from_, root_ / "paper", All);
  EXPECT_EQ(wrong.left_out.size(), kRuns);
  EXPECT_THAT(wrong.left_out[0], HasSubstr("the run is of the smoke profile"));
  EXPECT_FALSE(fs::exists(root_ / "paper"));
  EXPECT_EQ(CopyRuns(from_, from_, All).same, kRuns);
  EXPECT_THAT(ErrorOf([&] { CopyRuns(root_ / "none", to_, All); }),
              HasSubstr("there is no folder"));
  fs::create_directories(root_ / "empty");
  EXPECT_THAT(ErrorOf([&] { CopyRuns(root_ / "empty", to_, All); }), HasSubstr("holds no runs"));
}

TEST_F(CopyRunsTest, OnlyWhatIsWanted) {
  const auto wanted = [](const RunSummary& run) { return run.config.seed == 2; };
  EXPECT_EQ(CopyRuns(from_, to_, wanted).copied, 1);
  EXPECT_TRUE(fs::exists(File(to_, 2)));
  EXPECT_EQ(Files(to_), 2);
}

TEST_F(CopyRunsTest, ADamagedFileIsLeftOutAlsoWhereTheIndexKnewItWhole) {
  const fs::path file = File(from_, 4);
  const std::string name = file.filename().string();
  RunIndex index(file.parent_path());
  const RunSummary whole = index.Get(name);
  // In the middle of a parameter. A disk that flips a bit leaves size and times as they are: here
  // the index is told so.
  const float value = 6.5;
  std::string bytes = ReadFile(file);
  const size_t place =
      bytes.find(std::string(reinterpret_cast<const char*>(&value), sizeof(value)));
  ASSERT_NE(place, std::string::npos);
  bytes[place] ^= 1;
  std::ofstream(file, std::ios::binary) << bytes;
  index.Add(name, whole);
  index.Save();
  ASSERT_NE(RunIndex(file.parent_path()).Find(name), nullptr);

  const CopyReport report = CopyRuns(from_, to_, All);
  EXPECT_EQ(report.copied, kRuns - 1);
  EXPECT_THAT(report.left_out, ElementsAre(AllOf(HasSubstr(file.string()), HasSubstr("damaged"))));
  EXPECT_FALSE(fs::exists(File(to_, 4)));
  EXPECT_EQ(Files(to_), kRuns - 1 + 1);
}

// A folder that was copied by other means, its index with it, to a bad disk.
TEST_F(CopyRunsTest, WhatIsDamagedThereIsNotTakenForACopy) {
  CopyRuns(from_, to_, All);
  const fs::path other = root_ / "other";
  fs::copy(to_, other, fs::copy_options::recursive);
  const fs::path file = File(other, 4);
  std::string bytes = ReadFile(file);
  const float value = 6.5;
  const size_t place =
      bytes.find(std::string(reinterpret_cast<const char*>(&value), sizeof(value)));
  ASSERT_NE(place, std::string::npos);
  bytes[place] ^= 1;
  std::ofstream(file, std::ios::binary) << bytes;
  for (int times = 0; times < 2; ++times) {
    // What looks at it only, and remembers that, does not change what a copy says.
    RunIndex index(file.parent_path());
    const RunSummary* const known = index.Find(file.filename().string());
    ASSERT_NE(known, nullptr);
    EXPECT_TRUE(known->by_its_ends);
    index.Save();
  }
  const CopyReport report = CopyRuns(from_, other, All);
  EXPECT_EQ(report.same, kRuns - 1);
  EXPECT_THAT(report.left_out, ElementsAre(AllOf(HasSubstr(file.string()), HasSubstr("damaged"))));
}

TEST_F(CopyRunsTest, AFileThatHoldsAnotherRunIsLeftOut) {
  fs::copy_file(File(from_, 1), File(from_, 7));
  const CopyReport report = CopyRuns(from_, to_, All);
  EXPECT_EQ(report.copied, kRuns);
  EXPECT_THAT(report.left_out, ElementsAre(AllOf(HasSubstr(File(from_, 7).string()),
                                                 HasSubstr("which its name does not say"))));
}

TEST_F(CopyRunsTest, TheNamesAreFlushedToo) {
  bool all_there = false;
  g_on_folder_flush = [&](const fs::path& folder) {
    std::error_code not_yet_made;
    // Not what is flushed with the index, which is written last.
    all_there = all_there || (fs::equivalent(folder, to_ / "smoke" / "runs", not_yet_made) &&
                              !fs::exists(folder / ".index") && fs::exists(File(to_, 1)) &&
                              fs::exists(File(to_, kRuns)));
    return 0;
  };
  CopyRuns(from_, to_, All);
  g_on_folder_flush = nullptr;
  EXPECT_TRUE(all_there);
}

TEST_F(CopyRunsTest, AFolderThatCannotBeMadeEndsIt) {
  fs::create_directories(to_);
  std::ofstream(to_ / "smoke") << "a file";
  EXPECT_THAT(ErrorOf([&] { CopyRuns(from_, to_, All); }), HasSubstr("cannot"));
  EXPECT_EQ(ReadFile(to_ / "smoke"), "a file");
}

}  // namespace
}  // namespace initbias
