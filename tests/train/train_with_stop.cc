#include "tests/train/train_with_stop.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <string>

#include "lib/store/run_file.h"
#include "tests/test_files.h"

namespace initbias {

RunResult TrainWithStop(const RunConfig& config, int64_t stop_step, const DataFolders& data) {
  const std::filesystem::path path =
      std::filesystem::path(testing::TempDir()) / "train_with_stop.h5";
  TrainOptions options{.data = data};
  int64_t calls = 0;
  options.should_stop = [&] { return calls++ == stop_step; };
  options.save_checkpoint = [&](const Checkpoint& c) { WriteCheckpoint(path, c); };
  const TrainOutcome stopped = Train(config, options);
  EXPECT_FALSE(stopped.finished);
  TrainOptions rest{.data = data};
  rest.resume = ReadCheckpoint(path);
  EXPECT_EQ(rest.resume->step, stop_step);
  const TrainOutcome finished = Train(config, rest);
  EXPECT_TRUE(finished.finished);
  EXPECT_EQ(finished.result.provenance.resumed, 1);
  std::filesystem::remove(path);
  return finished.result;
}

RunResult TrainWithKill(const RunConfig& config, int64_t step, const DataFolders& data) {
  const std::filesystem::path path = Temporary("train_with_kill.h5");
  std::filesystem::remove(path);
  const pid_t child = fork();
  if (child == 0) {
    TrainOptions options{.data = data};
    options.checkpoint_seconds = 0;
    options.save_checkpoint = [&](const Checkpoint& c) {
      if (c.step >= step - 2) {  // the others would be replaced
        WriteCheckpoint(path, c);
      }
    };
    int64_t calls = 0;
    options.should_stop = [&] {
      if (calls++ == step) {
        kill(getpid(), SIGKILL);
      }
      return false;
    };
    Train(config, options);
    _exit(0);
  }
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << "status " << status;
  TrainOptions rest{.data = data};
  if (std::filesystem::exists(path)) {
    rest.resume = ReadCheckpoint(path);
    EXPECT_GE(rest.resume->step, step - 1);
  } else {
    EXPECT_EQ(step, 0);
  }
  const TrainOutcome finished = Train(config, rest);
  EXPECT_TRUE(finished.finished);
  std::filesystem::remove(path);
  return finished.result;
}

void ExpectSameRunFiles(RunResult a, const RunResult& b) {
  a.provenance = b.provenance;
  const std::filesystem::path path = Temporary("same_run_files.h5");
  WriteRunFile(path, a);
  const std::string bytes = Bytes(path);
  WriteRunFile(path, b);
  EXPECT_GT(bytes.size(), 1000U);
  EXPECT_TRUE(bytes == Bytes(path)) << "the run files differ";
  std::filesystem::remove(path);
}

}  // namespace initbias
