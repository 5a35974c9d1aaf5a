// What a look at a folder says of its runs, and that it leaves them as they are.
#include "lib/run/stored_runs.h"

#include <fcntl.h>
#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <unistd.h>

#include <filesystem>
#include <vector>

#include "lib/store/hdf5_file.h"
#include "lib/store/header.h"
#include "lib/store/run_file.h"
#include "tests/store/sample_results.h"

namespace initbias {
namespace {

namespace fs = std::filesystem;

TEST(StoredRunsLookTest, TellsTheDamagedFromTheWholeAndTheRefused) {
  const fs::path root = fs::path(testing::TempDir()) / "stored_runs_look";
  fs::remove_all(root);
  const ResultsFolder folder(root, "smoke");
  std::vector<RunConfig> plan;
  std::vector<fs::path> paths;
  for (int64_t seed = 1; seed <= 6; ++seed) {
    RunResult run = SampleRun();
    run.config.seed = seed;
    plan.push_back(run.config);
    paths.push_back(folder.Run(RunId(run.config)));
    if (seed != 1) {
      WriteRunFile(paths.back(), run);
    }
  }
  fs::resize_file(paths[2], fs::file_size(paths[2]) / 2);
  fs::copy_file(paths[1], paths[3], fs::copy_options::overwrite_existing);
  fs::remove(paths[4]);
  {
    Hdf5File file = Hdf5File::Create(paths[4]);
    file.WriteAttribute("/", "schema", "initbias");
    file.WriteAttribute("/", "schema_version", kSchemaVersion + 1);
    file.WriteAttribute("/", "kind", "run");
    file.Close();
  }
  const int holder = open(paths[5].c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_EQ(flock(holder, LOCK_EX), 0);
  // The second time from what the first one remembers.
  for (int i = 0; i < 2; ++i) {
    const StoredRuns runs(plan, folder);
    std::vector<StoredRun::State> states;
    for (const RunConfig& config : plan) {
      states.push_back(runs.Of(config).state);
    }
    using State = StoredRun::State;
    EXPECT_THAT(states, testing::ElementsAre(State::kMissing, State::kWhole, State::kDamaged,
                                             State::kDamaged, State::kRefused, State::kRefused));
    EXPECT_THAT(runs.Of(plan[2]).error, testing::HasSubstr(paths[2].string()));
    EXPECT_THAT(runs.Of(plan[3]).error, testing::HasSubstr("which its name does not say"));
    EXPECT_THAT(runs.Of(plan[4]).error, testing::HasSubstr("schema version"));
    EXPECT_TRUE(runs.Of(plan[0]).ToTrain());
    EXPECT_FALSE(runs.Of(plan[1]).ToTrain());
    EXPECT_TRUE(runs.Of(plan[2]).ToTrain());
    EXPECT_FALSE(runs.Of(plan[4]).ToTrain());
  }
  close(holder);
  for (size_t i = 1; i < paths.size(); ++i) {
    EXPECT_TRUE(fs::exists(paths[i]));
  }
}

TEST(StoredRunsLookTest, OfNoFolderNothingIsStoredNorMade) {
  const fs::path root = fs::path(testing::TempDir()) / "stored_runs_nowhere";
  const StoredRuns runs({SampleRun().config}, ResultsFolder(root, "smoke"));
  EXPECT_TRUE(runs.Of(SampleRun().config).ToTrain());
  EXPECT_FALSE(fs::exists(root));
}

}  // namespace
}  // namespace initbias
