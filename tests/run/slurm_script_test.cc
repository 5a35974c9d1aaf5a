// Slurm's scripts: what the options say stands in them, and a shell can read them.
#include "lib/run/slurm_script.h"

#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "lib/process/subprocess.h"

namespace initbias {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

SlurmJob Job() {
  return {.name = "fig3-1a2b",
          .folder = "/shared/my results/smoke/slurm/1",
          .command = {"/shared/initbias-bundle/fig3", "--set=text.prontoqa=a file", "--seeds=5"},
          .working_folder = "/home/me"};
}

// The folder's tasks are in `folder`; what stands in place of Slurm's programs is in `path`.
std::string RunScript(const std::string& script, const std::vector<std::string>& environment) {
  const std::string file = testing::TempDir() + "/script.sh";
  std::ofstream(file) << script;
  Subprocess bash({"bash", file, "2"}, {.input = "", .environment = environment});
  const std::string output = bash.ReadAll();
  return output + bash.Wait();
}

TEST(SlurmScriptTest, ChunksAreAsLargeAsAnArrayMayBe) {
  EXPECT_THAT(SlurmChunks(0, 10), ElementsAre());
  EXPECT_THAT(SlurmChunks(10, 10), ElementsAre(SlurmChunk{0, 10}));
  EXPECT_THAT(SlurmChunks(21, 10),
              ElementsAre(SlurmChunk{0, 10}, SlurmChunk{10, 10}, SlurmChunk{20, 1}));
}

TEST(SlurmScriptTest, RunsArePackedInTheirOrder) {
  EXPECT_THAT(PackRuns({"a", "b", "c"}, 1),
              ElementsAre(ElementsAre("a"), ElementsAre("b"), ElementsAre("c")));
  EXPECT_THAT(PackRuns({"a", "b", "c"}, 2), ElementsAre(ElementsAre("a", "b"), ElementsAre("c")));
  EXPECT_THAT(PackRuns({}, 2), ElementsAre());
}

TEST(SlurmScriptTest, TheOptionsStandInTheScripts) {
  SlurmJob job = Job();
  job.options = {.partition = "gpu",
                 .time = "2:00:00",
                 .memory = "4G",
                 .pack = 8,
                 .notice = 90,
                 .args = "--account=x --gres=gpu:1"};
  job.workers = 4;
  job.environment = {{"BUILD_WORKING_DIRECTORY", "/home/me/a b"}};
  for (const std::string& script : {TaskScript(job), CollectScript(job)}) {
    // First, so that what we need wins.
    EXPECT_THAT(script, StartsWith("#!/bin/bash\n#SBATCH --account=x --gres=gpu:1\n"));
    EXPECT_THAT(script, HasSubstr("\n#SBATCH --partition=gpu\n"));
    EXPECT_THAT(script, HasSubstr("\n#SBATCH --time=2:00:00\n"));
    EXPECT_THAT(script, HasSubstr("\n#SBATCH --mem=4G\n"));
    EXPECT_THAT(script, HasSubstr("\n#SBATCH --requeue\n"));
    EXPECT_THAT(script, HasSubstr("\nexport BUILD_WORKING_DIRECTORY='/home/me/a b'\n"));
    EXPECT_THAT(script, HasSubstr("/shared/initbias-bundle/fig3 --set='text.prontoqa=a file'"));
  }
  EXPECT_THAT(TaskScript(job), HasSubstr("\n#SBATCH --cpus-per-task=4\n"));
  EXPECT_THAT(TaskScript(job), HasSubstr("\n#SBATCH --signal=B:TERM@90\n"));
  EXPECT_THAT(TaskScript(job), HasSubstr(" --executor=local --jobs=4 --runs=\"$runs\" &\n"));
  EXPECT_THAT(CollectScript(job), HasSubstr(" --executor=none\n"));
  EXPECT_THAT(TaskScript(Job()), Not(HasSubstr("--partition")));
}

TEST(SlurmScriptTest, TheCommandsSubmitAnArrayAndWhatFollowsIt) {
  SlurmJob job = Job();
  job.folder = "/shared/100%/slurm/1";
  job.options.throttle = 8;
  EXPECT_THAT(SubmitChunk(job, {.first = 10, .count = 10}, {"7"}),
              ElementsAre("sbatch", "--parsable", "--job-name=fig3-1a2b.10", "--array=0-9%8",
                          "--output=/shared/100%%/slurm/1/logs/10+%a.log",
                          "--dependency=afterany:7", "/shared/100%/slurm/1/tasks.sh", "10"));
  EXPECT_THAT(SubmitCollect(job, {"7", "8"}),
              ElementsAre("sbatch", "--parsable", "--job-name=fig3-1a2b.collect",
                          "--output=/shared/100%%/slurm/1/logs/collect.log",
                          "--dependency=afterany:7:8", "/shared/100%/slurm/1/collect.sh"));
}

// A task's script, run by a shell with programs in the place of ours and of Slurm's.
class TaskTest : public testing::Test {
 protected:
  TaskTest() : folder_(testing::TempDir() + "/a folder") {
    std::filesystem::create_directories(folder_);
    std::ofstream(folder_ / "tasks") << "a\nb\nc\nd,e\nf\n";
    Write("scontrol", "echo \"scontrol $*\"");
    Write("squeue", "echo RUNNING");
  }

  void Write(const std::string& name, const std::string& text) const {
    const auto file = folder_ / name;
    std::ofstream(file) << "#!/bin/bash\n" << text << "\n";
    std::filesystem::permissions(file, std::filesystem::perms::owner_all);
  }

  std::string Run() const {
    SlurmJob job = Job();
    job.folder = folder_;
    job.command = {(folder_ / "program").string(), "--seeds=5"};
    job.working_folder = folder_;
    return RunScript(TaskScript(job),
                     {"SLURM_ARRAY_TASK_ID=1", "SLURM_JOB_ID=17", "SLURM_ARRAY_JOB_ID=17",
                      "PATH=" + folder_.string() + ":/usr/bin:/bin"});
  }

  std::filesystem::path folder_;
};

TEST_F(TaskTest, ItsRunsAreTrainedAndAFailureIsItsOwn) {
  Write("program", "echo \"got $*\"");
  const std::string output = Run();
  EXPECT_THAT(output, HasSubstr("got --seeds=5 --executor=local --jobs=1 --runs=d,e\n"));
  EXPECT_THAT(output, Not(HasSubstr("scontrol")));
  Write("program", "exit 1");
  EXPECT_THAT(Run(), testing::AllOf(HasSubstr("exit status 1"), Not(HasSubstr("scontrol"))));
}

// Slurm sends TERM to the script.
constexpr char kStopped[] =
    "trap 'kill %1; echo stopped; exit 143' TERM; sleep 30 >/dev/null & kill -TERM $PPID; wait";

TEST_F(TaskTest, AStoppedTaskAsksToBeQueuedAgain) {
  Write("program", kStopped);
  EXPECT_THAT(Run(), HasSubstr("stopped\nscontrol requeue 17_1\n"));
}

TEST_F(TaskTest, ACancelledTaskDoesNotComeBack) {
  Write("program", kStopped);
  Write("squeue", "echo COMPLETING");
  EXPECT_THAT(Run(), testing::AllOf(HasSubstr("exit status 143"), Not(HasSubstr("scontrol"))));
}

}  // namespace
}  // namespace initbias
