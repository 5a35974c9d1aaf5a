// What was submitted: written, read again, and joined with the queue.
#include "lib/run/slurm_submission.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace initbias {
namespace {

namespace fs = std::filesystem;

class SlurmSubmissionTest : public testing::Test {
 protected:
  SlurmSubmissionTest()
      : slurm_(fs::path(testing::TempDir()) /
               testing::UnitTest::GetInstance()->current_test_info()->name()) {
    fs::remove_all(slurm_);
  }

  SlurmSubmission Write(const std::string& name, std::vector<std::vector<std::string>> tasks) {
    SlurmSubmission submission{.folder = MakeSubmissionFolder(slurm_),
                               .name = name,
                               .command = "fig3 --seeds=5",
                               .chunk = 2,
                               .tasks = std::move(tasks)};
    WriteSubmission(submission);
    return submission;
  }

  fs::path slurm_;
};

TEST_F(SlurmSubmissionTest, WhatWasWrittenIsRead) {
  EXPECT_TRUE(ReadSubmissions(slurm_).empty());
  Write("one", {{"a", "b"}, {"c"}});
  MakeSubmissionFolder(slurm_);  // of a program that was killed
  Write("two", {});
  const auto read = ReadSubmissions(slurm_);
  ASSERT_EQ(read.size(), 2u);
  EXPECT_EQ(read[0].folder, slurm_ / "1");
  EXPECT_EQ(read[0].name, "one");
  EXPECT_EQ(read[0].command, "fig3 --seeds=5");
  EXPECT_EQ(read[0].chunk, 2);
  EXPECT_EQ(read[0].tasks, (std::vector<std::vector<std::string>>{{"a", "b"}, {"c"}}));
  EXPECT_EQ(read[1].folder, slurm_ / "3");
  std::ifstream tasks(slurm_ / "1" / "tasks");
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(tasks), {}), "a,b\nc\n");
}

TEST_F(SlurmSubmissionTest, ADamagedOneIsPassedOver) {
  Write("one", {{"a"}});
  std::ofstream(slurm_ / "1" / "submission.json") << "{\"name\": 3}";
  EXPECT_TRUE(ReadSubmissions(slurm_).empty());
}

TEST_F(SlurmSubmissionTest, RunsAreFoundInTheQueueByTheirArrayAndIndex) {
  const std::vector<SlurmSubmission> submissions = {Write("one", {{"a"}, {"b"}, {"c", "d"}}),
                                                    Write("two", {{"b"}, {"e"}})};
  const auto runs =
      SlurmRuns(submissions, {{.name = "one.0", .job = "7", .task = 1, .state = "PENDING"},
                              {.name = "one.2", .job = "8", .task = 0, .state = "RUNNING"},
                              {.name = "one.collect", .job = "9"}});
  EXPECT_FALSE(runs.at("a").queued);
  EXPECT_EQ(runs.at("a").log, slurm_ / "1/logs/0+0.log");
  EXPECT_TRUE(runs.at("b").queued);  // by the first submission; the second one has lost it
  EXPECT_EQ(runs.at("b").task.job, "7");
  EXPECT_TRUE(runs.at("d").queued);
  EXPECT_EQ(runs.at("d").task.job, "8");
  EXPECT_EQ(runs.at("d").log, slurm_ / "1/logs/2+0.log");
  EXPECT_FALSE(runs.at("e").queued);
  EXPECT_EQ(runs.at("e").log, slurm_ / "2/logs/0+1.log");
  EXPECT_FALSE(runs.contains("f"));
}

}  // namespace
}  // namespace initbias
