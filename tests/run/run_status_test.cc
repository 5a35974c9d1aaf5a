// The word for each state of a run, and what is said beside it.
#include "lib/run/run_status.h"

#include <fcntl.h>
#include <gmock/gmock-more-matchers.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>

#include "lib/run/run_lock.h"
#include "lib/store/hdf5_file.h"
#include "lib/store/header.h"
#include "lib/store/run_file.h"
#include "tests/store/sample_results.h"

namespace initbias {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class RunStatusTest : public testing::Test {
 protected:
  RunStatusTest() {
    fs::remove_all(root_);
    fs::create_directories(checkpoint_.parent_path());
    fs::create_directories(folder_.Run(id_).parent_path());
  }

  void WriteSampleCheckpoint() const { WriteCheckpoint(checkpoint_, SampleCheckpoint()); }

  void WriteFutureFile(const fs::path& path) const {
    Hdf5File file = Hdf5File::Create(path);
    file.WriteAttribute("/", "schema", "initbias");
    file.WriteAttribute("/", "schema_version", kSchemaVersion + 1);
    file.WriteAttribute("/", "kind", "checkpoint");
    file.Close();
  }

  RunState State() const {
    return StateOf(config_, StoredRuns({config_}, folder_).Of(config_), folder_, slurm_);
  }

  void ExpectState(const std::string& word, const std::string& more) const {
    const RunState state = State();
    EXPECT_EQ(state.word, word);
    EXPECT_THAT(state.more, ElementsAre(HasSubstr(more)));
  }

  const fs::path root_ = fs::path(testing::TempDir()) / "run_status_test";
  const ResultsFolder folder_{root_, "smoke"};
  const RunConfig config_ = SampleCheckpoint().partial.config;
  const std::string id_ = RunId(config_);
  const fs::path checkpoint_ = folder_.Checkpoint(id_);
  const std::string step_ = "step " + std::to_string(SampleCheckpoint().step) + " of " +
                            std::to_string(TotalSteps(config_));
  std::map<std::string, SlurmRun> slurm_;
};

TEST_F(RunStatusTest, NewStoppedAndStored) {
  EXPECT_EQ(State().word, "new");
  EXPECT_THAT(State().more, IsEmpty());
  WriteSampleCheckpoint();
  EXPECT_EQ(State().word, "stopped");
  EXPECT_THAT(State().more, ElementsAre(step_));
  RunResult run = SampleRun();
  run.config = config_;
  WriteRunFile(folder_.Run(id_), run);
  EXPECT_EQ(State().word, "stored");
  EXPECT_THAT(State().more, IsEmpty());
}

TEST_F(RunStatusTest, ARunFileThatIsDamagedOrRefused) {
  RunResult run = SampleRun();
  run.config = config_;
  const fs::path path = folder_.Run(id_);
  WriteRunFile(path, run);
  fs::resize_file(path, fs::file_size(path) / 2);
  ExpectState("damaged", "cannot read " + path.string());
  WriteFutureFile(path);
  ExpectState("unreadable", path.string() + " has schema version");
}

TEST_F(RunStatusTest, ACheckpointThatIsDamagedOrAnothersIsTold) {
  WriteSampleCheckpoint();
  fs::resize_file(checkpoint_, fs::file_size(checkpoint_) / 2);
  ExpectState("damaged", "checkpoint: cannot read " + checkpoint_.string() +
                             ": it is no HDF5 file, or it is truncated or damaged");
  Checkpoint other = SampleCheckpoint();
  other.partial.config.seed += 1;
  WriteCheckpoint(checkpoint_, other);
  ExpectState("damaged", "checkpoint: " + checkpoint_.string() + " holds the run ");
}

TEST_F(RunStatusTest, ACheckpointThatTheSystemOrItsVersionKeepsFromUsIsNotDamaged) {
  WriteFutureFile(checkpoint_);
  ExpectState("unreadable", "checkpoint: " + checkpoint_.string() + " has schema version");
  WriteSampleCheckpoint();
  const int holder = open(checkpoint_.c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_EQ(flock(holder, LOCK_EX), 0);
  ExpectState("unreadable", "checkpoint: cannot read " + checkpoint_.string() + ": it is locked");
  close(holder);
  if (geteuid() != 0) {
    fs::permissions(checkpoint_, fs::perms::none);
    ExpectState("unreadable",
                "checkpoint: cannot read " + checkpoint_.string() + ": Permission denied");
  }
}

TEST_F(RunStatusTest, RunningHereWithWhateverItsCheckpointIs) {
  const RunLock lock(folder_.Lock(id_));
  ASSERT_TRUE(lock.held());
  const std::string process = "process " + std::to_string(getpid());
  ExpectState("running", process);
  WriteSampleCheckpoint();
  RunState state = State();
  EXPECT_EQ(state.word, "running");
  EXPECT_THAT(state.more, ElementsAre(HasSubstr(process), step_));
  std::ofstream(checkpoint_) << "damaged";
  state = State();
  EXPECT_EQ(state.word, "running");
  EXPECT_THAT(state.more, ElementsAre(HasSubstr(process), HasSubstr("checkpoint: cannot read ")));
}

TEST_F(RunStatusTest, OfSlurmQueuedRunningAndFailed) {
  const fs::path log = root_ / "log";
  slurm_[id_] = {.queued = true,
                 .task = {.job = "17", .task = 3, .state = "PENDING", .reason = "Priority"},
                 .log = log};
  RunState state = State();
  EXPECT_EQ(state.word, "queued");
  EXPECT_THAT(state.more, ElementsAre("job 17_3", "Priority"));
  slurm_[id_].task = {.job = "17", .task = 3, .state = "RUNNING", .node = "n7"};
  WriteSampleCheckpoint();
  state = State();
  EXPECT_EQ(state.word, "running");
  EXPECT_THAT(state.more, ElementsAre("job 17_3", "node n7", step_));
  slurm_[id_].queued = false;
  state = State();
  EXPECT_EQ(state.word, "failed");
  EXPECT_THAT(state.more, ElementsAre(step_, "it was never started"));
  std::ofstream(log) << "said";
  fs::remove(checkpoint_);
  state = State();
  EXPECT_EQ(state.word, "failed");
  EXPECT_THAT(state.more, ElementsAre(log.string()));
}

TEST_F(RunStatusTest, PrintsALineARunAndASum) {
  WriteSampleCheckpoint();
  RunConfig other = config_;
  other.seed += 1;
  testing::internal::CaptureStdout();
  PrintStatus({config_, other}, folder_);
  const std::string said = testing::internal::GetCapturedStdout();
  EXPECT_THAT(said, HasSubstr(id_ + " stopped  "));
  EXPECT_THAT(said, HasSubstr(": " + step_ + "\n" + RunId(other) + " new      "));
  EXPECT_THAT(said, testing::EndsWith("\n2 runs: 1 new, 1 stopped\n"));
}

}  // namespace
}  // namespace initbias
