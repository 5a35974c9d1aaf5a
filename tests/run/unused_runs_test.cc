// Which runs may be removed: those that no figure names, and never what is at work or not known.
#include "lib/run/unused_runs.h"

#include <gmock/gmock-more-matchers.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "lib/base/error.h"
#include "lib/result/run_result.h"
#include "lib/run/run_lock.h"
#include "lib/store/figure_file.h"
#include "lib/store/results.h"
#include "lib/store/run_file.h"
#include "tests/error_of.h"
#include "tests/store/sample_results.h"

namespace initbias {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

// Runs of seeds 1 to 6, of which fig9 names the first and fig8.custom the second.
class UnusedRunsTest : public testing::Test {
 protected:
  UnusedRunsTest() {
    fs::remove_all(root_);
    for (int64_t seed = 1; seed <= 6; ++seed) {
      RunResult run = SampleRun();
      run.config.seed = seed;
      WriteRunFile(File(seed), run);
    }
    WriteFigure("fig9", {1});
    WriteFigure("fig8.custom", {2});
  }

  static std::string Id(int64_t seed) {
    RunConfig config = SampleRun().config;
    config.seed = seed;
    return RunId(config);
  }
  fs::path File(int64_t seed) const { return folder_.Run(Id(seed)); }

  void WriteFigure(const std::string& name, const std::vector<int64_t>& seeds) const {
    FigureData figure = SampleFigure();
    const FigureRun row = figure.runs[0];
    figure.runs.clear();
    for (const int64_t seed : seeds) {
      figure.runs.push_back(row);
      figure.runs.back().id = Id(seed);
    }
    WriteFigureFile(folder_.Figure(name), figure);
  }

  std::vector<int64_t> Unused() const {
    std::vector<int64_t> seeds;
    for (const UnusedRun& run : SortOutRuns(folder_.folder()).unused) {
      EXPECT_EQ(run.path, File(run.config.seed));
      seeds.push_back(run.config.seed);
    }
    return seeds;
  }

  const fs::path root_ =
      fs::path(testing::TempDir()) / testing::UnitTest::GetInstance()->current_test_info()->name();
  const ResultsFolder folder_{root_, "smoke"};
};

TEST_F(UnusedRunsTest, WhatNoFigureNames) {
  const RunUse use = SortOutRuns(folder_.folder());
  EXPECT_THAT(use.figures, ElementsAre("fig8.custom", "fig9"));
  EXPECT_EQ(use.used, 2);
  EXPECT_THAT(use.kept, IsEmpty());
  EXPECT_THAT(Unused(), UnorderedElementsAre(3, 4, 5, 6));
  EXPECT_EQ(RemoveUnused(use), 4);
  for (int64_t seed = 1; seed <= 6; ++seed) {
    EXPECT_EQ(fs::exists(File(seed)), seed <= 2) << seed;
  }
  EXPECT_THAT(Unused(), IsEmpty());
}

TEST_F(UnusedRunsTest, FilesThatAreNotOursStay) {
  std::ofstream(folder_.folder() / "runs" / "notes.txt") << "mine";
  std::ofstream(folder_.folder() / "runs" / "mine.h5") << "mine";
  std::ofstream(folder_.folder() / "runs" / "0123456789abcdef.h5.damaged") << "set aside";
  fs::copy_file(File(3), folder_.folder() / "runs" / "copy of three.h5");
  fs::rename(File(4), root_ / "four.h5");
  fs::create_symlink(root_ / "four.h5", File(4));
  Checkpoint checkpoint = SampleCheckpoint();
  checkpoint.partial.config.seed = 5;
  WriteCheckpoint(folder_.Checkpoint(Id(5)), checkpoint);
  fs::resize_file(File(6), 3000);

  const RunUse use = SortOutRuns(folder_.folder());
  EXPECT_THAT(Unused(), ElementsAre(3));
  EXPECT_THAT(
      use.kept,
      UnorderedElementsAre(AllOf(HasSubstr("mine.h5"), HasSubstr("no HDF5 file")),
                           AllOf(HasSubstr("copy of three.h5"), HasSubstr("its name does not say")),
                           AllOf(HasSubstr(Id(4)), HasSubstr("is a link")),
                           AllOf(HasSubstr(Id(5)), HasSubstr("has a checkpoint")),
                           AllOf(HasSubstr(Id(6)), HasSubstr("truncated or damaged"))));
  EXPECT_EQ(RemoveUnused(use), 1);
  for (const char* const name : {"notes.txt", "mine.h5", "0123456789abcdef.h5.damaged"}) {
    EXPECT_TRUE(fs::exists(folder_.folder() / "runs" / name)) << name;
  }
  EXPECT_TRUE(fs::exists(File(4)) && fs::exists(File(5)) && fs::exists(File(6)));
  EXPECT_TRUE(fs::exists(folder_.Checkpoint(Id(5))));
}

TEST_F(UnusedRunsTest, NothingGoesWhileARunIsTrained) {
  const RunUse use = SortOutRuns(folder_.folder());
  for (const bool lease : {false, true}) {
    const RunLock lock(folder_.Lock(Id(9)), {.always_lease = lease});
    EXPECT_THAT(ErrorOf([&] { SortOutRuns(folder_.folder()); }),
                AllOf(HasSubstr("are being trained"), HasSubstr(Id(9)), HasSubstr("process")));
    EXPECT_THROW(RemoveUnused(use), Error);
    EXPECT_TRUE(fs::exists(File(3)));
  }
  // The file stays when the lock is let go.
  ASSERT_TRUE(fs::exists(folder_.Lock(Id(9))));
  EXPECT_EQ(RemoveUnused(use), 4);
}

TEST_F(UnusedRunsTest, AFigureThatCannotBeReadStopsIt) {
  std::ofstream(folder_.Figure("fig7")) << "no figure";
  EXPECT_THAT(ErrorOf([&] { SortOutRuns(folder_.folder()); }),
              AllOf(HasSubstr("fig7.h5"), HasSubstr("none is taken for unused")));
  fs::remove(folder_.Figure("fig7"));
  fs::resize_file(folder_.Figure("fig9"), fs::file_size(folder_.Figure("fig9")) / 2);
  EXPECT_THAT(ErrorOf([&] { SortOutRuns(folder_.folder()); }), HasSubstr("fig9.h5"));
  fs::remove(folder_.Figure("fig9"));
  fs::remove(folder_.Figure("fig8.custom"));
  EXPECT_THAT(ErrorOf([&] { SortOutRuns(folder_.folder()); }), HasSubstr("has no figure file"));
}

TEST_F(UnusedRunsTest, WhatChangesMeanwhileStays) {
  const RunUse use = SortOutRuns(folder_.folder());
  WriteFigure("fig7", {3});
  RunResult again = SampleRun();
  again.config.seed = 4;
  WriteRunFile(File(4), again);
  fs::remove(File(5));
  EXPECT_EQ(RemoveUnused(use), 1);
  EXPECT_TRUE(fs::exists(File(3)));
  EXPECT_TRUE(fs::exists(File(4)));
  EXPECT_FALSE(fs::exists(File(6)));
}

}  // namespace
}  // namespace initbias
