// Curves as text and as a page, and what is read of a folder that changes meanwhile.
#include "lib/store/live_curves.h"

#include <fcntl.h>
#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <limits>
#include <string>
#include <vector>

#include "lib/base/file_access.h"
#include "lib/config/run_config.h"
#include "lib/result/run_result.h"
#include "lib/store/results.h"
#include "lib/store/run_file.h"
#include "tests/store/sample_results.h"

namespace initbias {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::StartsWith;

std::string Ascii(const std::vector<double>& x, const std::vector<double>& y, double x_end,
                  size_t columns) {
  return Sparkline(x, y, x_end, 7, columns, true);
}

TEST(SparklineTest, ShowsHeightsAndBlanks) {
  EXPECT_EQ(Ascii({0, 1, 2, 3}, {7, 4, 2, 0}, 4, 4), "#=:_");
  EXPECT_EQ(Ascii({0, 1}, {7, 0}, 4, 4), "#_  ") << "what is not trained yet is blank";
  EXPECT_EQ(Ascii({0, 3}, {7, 0}, 4, 4), "###_") << "between two evaluations the earlier one holds";
  EXPECT_EQ(Ascii({0, 4}, {7, 0}, 4, 4), "###_") << "the end is in the last column";
  EXPECT_EQ(Ascii({}, {}, 4, 4), "    ");
  EXPECT_EQ(Ascii({0, 1}, {std::numeric_limits<double>::quiet_NaN(), 99}, 2, 2), " #");
  EXPECT_EQ(Sparkline(std::vector<double>{0}, std::vector<double>{1}, 1, 1, 1, false), "█");
}

TEST(RunLinesTest, FitTheColumns) {
  RunResult run = SampleRun();
  run.config.train.epochs = 4;
  const LiveRun live{.run = run, .label = RunLabel(run.config)};
  const std::vector<std::string> lines = RunLines(live, {.columns = 80, .ascii = true});
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_THAT(lines[0], StartsWith("transformer gamma="));
  EXPECT_THAT(lines[0], testing::EndsWith("  1 of 4 epochs"));
  EXPECT_THAT(lines[1], StartsWith("  memory           "));
  EXPECT_THAT(lines[1], HasSubstr("loss 4.000 accuracy 0.50"));
  for (const size_t columns : {40, 80, 200}) {
    for (const std::string& line : RunLines(live, {.columns = columns, .ascii = true})) {
      EXPECT_LE(line.size(), std::max<size_t>(columns, 60)) << line;
    }
  }
  EXPECT_THAT(RunLines(live, {.color = true})[1], HasSubstr("\x1b[34m"));
}

TEST(RunLinesTest, ALongLabelHasALineOfItsOwn) {
  const LiveRun live{.run = SampleRun(), .label = std::string(70, 'a') + " x=1"};
  const std::vector<std::string> lines = RunLines(live, {.columns = 80, .ascii = true});
  ASSERT_EQ(lines.size(), 4u);
  EXPECT_EQ(lines[0], live.label);
  EXPECT_THAT(lines[1], testing::EndsWith(" epochs"));
  EXPECT_EQ(RunLines(live, {.columns = 40})[0], std::string(37, 'a') + "...");
}

TEST(CurvesPageTest, EscapesAndReloads) {
  const std::string page = CurvesPage({{.run = SampleRun()}}, "a<b>&\"c", "now", 0.5);
  EXPECT_THAT(page, HasSubstr("a&lt;b&gt;&amp;&quot;c"));
  EXPECT_THAT(page, HasSubstr("http-equiv=\"refresh\" content=\"1\""));
  EXPECT_THAT(page, HasSubstr("<polyline points=\"36.0,"));
  EXPECT_THAT(page, HasSubstr("memory 4.000"));
}

class LiveRunsTest : public testing::Test {
 protected:
  LiveRunsTest()
      : root_(fs::path(testing::TempDir()) /
              testing::UnitTest::GetInstance()->current_test_info()->name()),
        folder_(root_, "smoke") {
    fs::remove_all(root_);
    run_ = SampleRun();
    checkpoint_ = SampleCheckpoint();
  }

  fs::path root_;
  ResultsFolder folder_;
  RunResult run_;
  Checkpoint checkpoint_;
};

TEST_F(LiveRunsTest, AFolderThatIsNotThereHasNoRuns) {
  EXPECT_TRUE(LiveRuns(root_).Read().empty());
}

TEST_F(LiveRunsTest, AFinishedRunStandsForItsCheckpoint) {
  const std::string id = RunId(run_.config);
  LiveRuns live(root_);
  WriteCheckpoint(folder_.Checkpoint(id), checkpoint_);
  ASSERT_EQ(live.Read().size(), 1u);
  EXPECT_FALSE(live.Read()[0].finished);
  EXPECT_EQ(live.Read()[0].run.curves[0].loss.back(), 4);
  WriteRunFile(folder_.Run(id), run_);
  ASSERT_EQ(live.Read().size(), 1u);
  EXPECT_TRUE(live.Read()[0].finished);
}

TEST_F(LiveRunsTest, TellsRunsOfOneLabelApart) {
  RunResult other = run_;
  ++other.config.train.batch_size;
  ASSERT_EQ(RunLabel(other.config), RunLabel(run_.config));
  WriteRunFile(folder_.Run(RunId(run_.config)), run_);
  WriteRunFile(folder_.Run(RunId(other.config)), other);
  const std::vector<LiveRun> runs = LiveRuns(root_).Read();
  ASSERT_EQ(runs.size(), 2u);
  EXPECT_NE(runs[0].label, runs[1].label);
  for (const LiveRun& live : runs) {
    EXPECT_THAT(live.label, HasSubstr(" train.batch_size="));
    EXPECT_THAT(RunLines(live, {.columns = 80, .ascii = true})[0], HasSubstr(" train.batch_size="));
    EXPECT_THAT(CurvesPage(runs, "", "now", 1), HasSubstr("<h2>" + live.label + "</h2>"));
  }
}

TEST_F(LiveRunsTest, WhatCannotBeReadNowStaysAsItWas) {
  const fs::path path = folder_.Checkpoint(RunId(checkpoint_.partial.config));
  LiveRuns live(root_);
  WriteCheckpoint(path, checkpoint_);
  ASSERT_EQ(live.Read().size(), 1u);
  fs::resize_file(path, 100);
  ASSERT_EQ(live.Read().size(), 1u);
  EXPECT_EQ(live.Read()[0].run.step.size(), 3u);
  checkpoint_.partial.step.push_back(20);
  checkpoint_.partial.epoch.push_back(2);
  for (LearningCurve& curve : checkpoint_.partial.curves) {
    curve.loss.push_back(1);
    curve.accuracy.push_back(1);
  }
  WriteCheckpoint(path, checkpoint_);
  EXPECT_EQ(live.Read()[0].run.step.size(), 4u);
  fs::remove(path);
  EXPECT_TRUE(live.Read().empty());
  std::ofstream(path) << "no HDF5";
  EXPECT_TRUE(live.Read().empty());
}

TEST_F(LiveRunsTest, WhatCannotBeReadIsNamed) {
  LiveRuns live(root_);
  checkpoint_.partial.config.seed = 11;
  const std::string two = RunId(checkpoint_.partial.config);
  WriteRunFile(folder_.Run(RunId(run_.config)), run_);
  WriteCheckpoint(folder_.Checkpoint(two), checkpoint_);
  live.Read();
  EXPECT_TRUE(live.unread().empty());
  EXPECT_EQ(UnreadText(live.unread()), "");
  fs::resize_file(folder_.Checkpoint(two), 100);
  EXPECT_EQ(live.Read().size(), 2u) << "as it was";
  EXPECT_EQ(UnreadText(live.unread()),
            "1 file of runs cannot be read: smoke/checkpoints/" + two + ".h5");
  std::ofstream(folder_.Run("one")) << "no HDF5";
  for (int look = 0; look < 2; ++look) {
    EXPECT_EQ(live.Read().size(), 2u);
    EXPECT_EQ(UnreadText(live.unread()),
              "2 files of runs cannot be read, the first: smoke/checkpoints/" + two + ".h5");
  }
  EXPECT_THAT(CurvesPage({}, "", "now", 1, {"", "a<b", "c"}),
              HasSubstr("nats.</p>\n<p>a&lt;b</p>\n<p>c</p>\n"));
  WriteCheckpoint(folder_.Checkpoint(two), checkpoint_);
  fs::remove(folder_.Run("one"));
  EXPECT_EQ(live.Read().size(), 2u);
  EXPECT_TRUE(live.unread().empty());
}

// A copy under the name of another run is not shown as if it were that run.
TEST_F(LiveRunsTest, AFileUnderAnotherRunsNameIsToldAndNotShown) {
  LiveRuns live(root_);
  WriteRunFile(folder_.Run(RunId(run_.config)), run_);
  live.Read();
  EXPECT_EQ(MisnamedText(live.misnamed()), "");
  const fs::path wrong = folder_.Run("0123456789abcdef");
  fs::copy_file(folder_.Run(RunId(run_.config)), wrong);
  const std::string told =
      wrong.string() + " holds the run " + RunId(run_.config) + ", which its name does not say";
  for (int look = 0; look < 2; ++look) {
    EXPECT_EQ(live.Read().size(), 1u);
    EXPECT_EQ(MisnamedText(live.misnamed()), told);
    EXPECT_TRUE(live.unread().empty());
  }
  WriteCheckpoint(folder_.Checkpoint("fedcba9876543210"), checkpoint_);
  EXPECT_EQ(live.Read().size(), 1u);
  EXPECT_THAT(MisnamedText(live.misnamed()),
              testing::AllOf(HasSubstr("checkpoints/fedcba9876543210.h5 holds the run "),
                             testing::EndsWith(" (so it is with 2 files)")));
  EXPECT_THAT(live.misnamed(), testing::Contains(told));
  // What stood there before as another run is no longer shown.
  fs::rename(wrong, folder_.Run(RunId(run_.config)));
  run_.config.seed = 12;
  WriteRunFile(folder_.Run(RunId(run_.config)), run_);
  EXPECT_EQ(live.Read().size(), 2u);
  fs::copy_file(folder_.Run(RunId(SampleRun().config)), folder_.Run(RunId(run_.config)),
                fs::copy_options::overwrite_existing);
  EXPECT_EQ(live.Read().size(), 1u);
  EXPECT_EQ(live.misnamed().size(), 2u);
}

// A value that was changed is not shown as if it were a result.
TEST_F(LiveRunsTest, AFinishedRunWithAFlippedBitIsNoneThatCanBeRead) {
  const fs::path path = folder_.Run(RunId(run_.config));
  WriteRunFile(path, run_);
  std::string bytes = ReadFile(path);
  const std::vector<double>& loss = run_.curves[0].loss;
  const size_t at = bytes.find(
      std::string(reinterpret_cast<const char*>(loss.data()), loss.size() * sizeof(double)));
  ASSERT_NE(at, std::string::npos);
  bytes[at + 6] = static_cast<char>(bytes[at + 6] ^ 1);
  std::ofstream(path, std::ios::binary) << bytes;
  LiveRuns live(root_);
  EXPECT_TRUE(live.Read().empty());
  EXPECT_EQ(live.unread().size(), 1u);
}

TEST_F(LiveRunsTest, ALockedFileIsReadWhenItsHolderIsDone) {
  const fs::path path = folder_.Run(RunId(run_.config));
  WriteRunFile(path, run_);
  LiveRuns live(root_);
  const int holder = open(path.c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_EQ(flock(holder, LOCK_EX), 0);
  EXPECT_TRUE(live.Read().empty());
  EXPECT_EQ(live.unread().size(), 1u);
  close(holder);
  EXPECT_EQ(live.Read().size(), 1u);
  EXPECT_TRUE(live.unread().empty());
}

}  // namespace
}  // namespace initbias
