// Runs cut to what they have in common, and what is read of a folder in which some are on their
// way.
#include "lib/run/unfinished.h"

#include <gmock/gmock-more-matchers.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "lib/store/run_file.h"
#include "tests/error_of.h"
#include "tests/small_runs.h"

namespace initbias {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// A run evaluated every 10 steps and at its snapshots (0, 5, 20, ..), up to and with step `done`.
RunResult RunUpTo(int64_t done, RunConfig config) {
  config.train.eval_every = 10;
  config.probe.steps = {0, 5, 20, 35};
  RunResult run{.config = config, .profile = "smoke"};
  LearningCurve curve{.group = "memory"};
  for (int64_t step = 0; step <= done; step += 5) {
    const bool probed = std::ranges::count(config.probe.steps, step) > 0;
    if (step % 10 == 0 || probed) {
      run.step.push_back(step);
      run.epoch.push_back(static_cast<double>(step) / static_cast<double>(StepsPerEpoch(config)));
      curve.loss.push_back(100.0 - static_cast<double>(step));
      curve.accuracy.push_back(static_cast<double>(step));
    }
    if (probed) {
      run.probes.push_back({step, "a", {{1}, {static_cast<float>(step)}}});
      run.probes.push_back({step, "b", {{1}, {0}}});
    }
  }
  run.curves = {curve};
  return run;
}

RunResult RunUpTo(int64_t done, int64_t seed = 1, double gamma = 0.5) {
  RunConfig config = SmallEmbMlpRun();
  config.seed = seed;
  config.init.gamma = gamma;
  config.probe.names = {"a", "b"};
  return RunUpTo(done, config);
}

std::vector<int64_t> ProbeSteps(const RunResult& run, const std::string& name) {
  std::vector<int64_t> steps;
  for (const Snapshot* probe : run.Probes(name)) {
    steps.push_back(probe->step);
  }
  return steps;
}

TEST(CutToCommonStepsTest, SeriesSnapshotsAndProbeStepsEndWhereTheLeastAdvancedDoes) {
  std::vector<RunResult> runs = {RunUpTo(35, 1), RunUpTo(20, 2, 0.8), RunUpTo(30, 3)};
  CutToCommonSteps(&runs);
  for (const RunResult& run : runs) {
    EXPECT_THAT(run.step, ElementsAre(0, 5, 10, 20));
    EXPECT_EQ(run.epoch.size(), 4u);
    EXPECT_THAT(run.Get("memory").loss, ElementsAre(100, 95, 90, 80));
    EXPECT_THAT(run.Get("memory").accuracy, ElementsAre(0, 5, 10, 20));
    EXPECT_THAT(run.config.probe.steps, ElementsAre(0, 5, 20));
    EXPECT_THAT(ProbeSteps(run, "a"), ElementsAre(0, 5, 20));
    EXPECT_THAT(ProbeSteps(run, "b"), ElementsAre(0, 5, 20));
  }
  EXPECT_EQ(runs[1].config.init.gamma, 0.8);
  EXPECT_EQ(runs[2].config.seed, 3);
}

TEST(CutToCommonStepsTest, RunsOfOtherStepsAreCutByThemselves) {
  RunConfig longer = SmallEmbMlpRun();
  longer.train.epochs *= 2;
  std::vector<RunResult> runs = {RunUpTo(35), RunUpTo(10, longer), RunUpTo(20, longer)};
  CutToCommonSteps(&runs);
  EXPECT_THAT(runs[0].step, ElementsAre(0, 5, 10, 20, 30, 35));
  EXPECT_THAT(runs[0].config.probe.steps, ElementsAre(0, 5, 20, 35));
  EXPECT_THAT(runs[1].step, ElementsAre(0, 5, 10));
  EXPECT_THAT(runs[2].step, ElementsAre(0, 5, 10));
  EXPECT_THAT(runs[2].config.probe.steps, ElementsAre(0, 5));
}

TEST(CutToCommonStepsTest, AnEvaluationWithoutItsSnapshotDoesNotCount) {
  std::vector<RunResult> runs = {RunUpTo(20, 1), RunUpTo(30, 2)};
  std::erase_if(runs[0].probes, [](const Snapshot& probe) { return probe.step == 20; });
  CutToCommonSteps(&runs);
  EXPECT_THAT(runs[1].step, ElementsAre(0, 5, 10));
  EXPECT_THAT(runs[1].config.probe.steps, ElementsAre(0, 5));
}

TEST(CutToCommonStepsTest, ProbeStepsOfRunsWithoutProbes) {
  RunConfig config = SmallEmbMlpRun();
  config.probe.names = {};
  std::vector<RunResult> runs = {RunUpTo(20, config), RunUpTo(10, config)};
  for (RunResult& run : runs) {
    run.probes.clear();
  }
  CutToCommonSteps(&runs);
  EXPECT_THAT(runs[0].step, ElementsAre(0, 5, 10));
  EXPECT_THAT(runs[0].config.probe.steps, ElementsAre(0, 5));
}

TEST(CutToCommonStepsTest, NothingInCommonAndNoRuns) {
  std::vector<RunResult> runs = {RunUpTo(20, 1), RunUpTo(-5, 2)};
  CutToCommonSteps(&runs);
  EXPECT_THAT(runs[0].step, IsEmpty());
  EXPECT_THAT(runs[0].probes, IsEmpty());
  std::vector<RunResult> none;
  CutToCommonSteps(&none);
  EXPECT_THAT(none, IsEmpty());
}

TEST(WhyUnfinishedTest, TheLeastAdvancedByItsShareOfTheTraining) {
  RunConfig longer = SmallEmbMlpRun();
  const int64_t epochs = longer.train.epochs;
  longer.train.epochs *= 10;
  const int64_t step = 2 * StepsPerEpoch(longer);
  RunResult far = RunUpTo(0);
  far.step = {step};
  RunResult behind = RunUpTo(0, longer);
  behind.step = {step};
  EXPECT_EQ(WhyUnfinished({far}, {}), "unfinished: epoch 2 of " + std::to_string(epochs));
  EXPECT_EQ(WhyUnfinished({far, behind}, {}),
            "unfinished: epoch 2 of " + std::to_string(10 * epochs));
  EXPECT_THAT(WhyUnfinished({far}, {7}), HasSubstr(", without seed 7"));
  EXPECT_THAT(WhyUnfinished({far}, {7, 8}), HasSubstr(", without seeds 7, 8"));
}

class ReadUnfinishedTest : public testing::Test {
 protected:
  ReadUnfinishedTest()
      : root_(fs::path(testing::TempDir()) /
              testing::UnitTest::GetInstance()->current_test_info()->name()),
        folder_(root_, "smoke") {
    fs::remove_all(root_);
    for (const int64_t seed : {4, 5, 6}) {
      plan_.push_back(RunUpTo(0, seed).config);
    }
  }

  void Finish(int64_t seed) const {
    RunResult run = RunUpTo(35, seed);
    run.parameters_digest = ArraysDigest({});
    const fs::path path = folder_.Run(RunId(run.config));
    fs::create_directories(path.parent_path());
    WriteRunFile(path, run);
  }
  void Train(int64_t seed, int64_t done) const {
    const RunResult run = RunUpTo(done, seed);
    const fs::path path = folder_.Checkpoint(RunId(run.config));
    fs::create_directories(path.parent_path());
    WriteCheckpoint(path, {.partial = run, .step = done});
  }

  fs::path root_;
  ResultsFolder folder_;
  std::vector<RunConfig> plan_;
};

TEST_F(ReadUnfinishedTest, RunFilesCheckpointsAndSeedsWithoutEither) {
  Finish(4);
  Train(5, 20);
  const UnfinishedRuns found = ReadUnfinished(plan_, folder_);
  ASSERT_EQ(found.runs.size(), 2u);
  EXPECT_EQ(found.finished, 1);
  EXPECT_THAT(found.left_out, ElementsAre(6));
  EXPECT_THAT(found.missing, HasSubstr(RunId(plan_[2])));
  EXPECT_THAT(found.missing, testing::Not(HasSubstr(RunId(plan_[1]))));
  ASSERT_EQ(found.planned.size(), 2u);
  EXPECT_EQ(RunId(found.planned[1]), RunId(plan_[1]));
  EXPECT_THAT(found.runs[0].step, ElementsAre(0, 5, 10, 20));
  EXPECT_THAT(found.runs[1].step, ElementsAre(0, 5, 10, 20));
  EXPECT_THAT(found.why_not_judged, HasSubstr("unfinished: epoch "));
  EXPECT_THAT(found.why_not_judged, HasSubstr(", without seed 6"));
}

TEST_F(ReadUnfinishedTest, NothingLeft) {
  const auto read = [this] { (void)ReadUnfinished(plan_, folder_); };
  EXPECT_THAT(ErrorOf(read), HasSubstr("there is nothing to draw"));
  EXPECT_THAT(ErrorOf(read), HasSubstr("in each of seeds 4, 5, 6"));
}

TEST_F(ReadUnfinishedTest, AllFinished) {
  for (const int64_t seed : {4, 5, 6}) {
    Finish(seed);
  }
  EXPECT_THAT(ErrorOf([this] { (void)ReadUnfinished(plan_, folder_); }),
              HasSubstr("all 3 runs are finished: leave out --unfinished"));
}

TEST_F(ReadUnfinishedTest, ADamagedFileCountsAsNoneAndStays) {
  Train(4, 20);
  Train(5, 20);
  Train(6, 20);
  const fs::path damaged = folder_.Checkpoint(RunId(plan_[1]));
  std::ofstream(damaged) << "damaged";
  const UnfinishedRuns found = ReadUnfinished(plan_, folder_);
  EXPECT_THAT(found.left_out, ElementsAre(5));
  EXPECT_THAT(found.missing, HasSubstr("(" + RunId(plan_[1]) + ")\n  cannot read " +
                                       damaged.string() + ": it is no HDF5 file"));
  EXPECT_TRUE(fs::exists(damaged));
}

TEST_F(ReadUnfinishedTest, OfARunThatLeftFilesWhichCannotBeUsedTheyAreNamed) {
  for (const int64_t seed : {4, 5, 6}) {
    Train(seed, 20);
  }
  fs::resize_file(folder_.Checkpoint(RunId(plan_[0])), 2000);
  fs::copy_file(folder_.Checkpoint(RunId(plan_[2])), folder_.Checkpoint(RunId(plan_[1])),
                fs::copy_options::overwrite_existing);
  fs::remove(folder_.Checkpoint(RunId(plan_[2])));
  const std::string error = ErrorOf([this] { (void)ReadUnfinished(plan_, folder_); });
  EXPECT_THAT(error, HasSubstr("neither finished nor left a checkpoint that can be used:\n"));
  EXPECT_THAT(error, HasSubstr("  cannot read " + folder_.Checkpoint(RunId(plan_[0])).string()));
  EXPECT_THAT(
      error, HasSubstr("  " + folder_.Checkpoint(RunId(plan_[1])).string() + " is of another run"));
  EXPECT_THAT(error, HasSubstr("(" + RunId(plan_[2]) + ")\n"));
  EXPECT_THAT(error, testing::Not(HasSubstr(folder_.Checkpoint(RunId(plan_[2])).string())));
}

}  // namespace
}  // namespace initbias
