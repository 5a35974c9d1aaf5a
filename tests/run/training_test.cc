// Which stored runs are taken, and that those which are not to be taken are left as they are.
#include "lib/run/training.h"

#include <fcntl.h>
#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "lib/base/file_access.h"
#include "lib/store/hdf5_file.h"
#include "lib/store/header.h"
#include "lib/store/run_file.h"
#include "tests/error_of.h"
#include "tests/small_runs.h"
#include "tests/store/sample_results.h"

namespace initbias {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

class StoredRunsTest : public testing::Test {
 protected:
  void SetUp() override { fs::remove_all(folder_.folder()); }

  // Stores SampleRun() of `seed` as made on `device` with LibTorch `version`.
  RunConfig Store(int64_t seed, const std::string& device = "cpu",
                  const std::string& version = "2.11.0") {
    RunResult run = SampleRun();
    run.config.seed = seed;
    run.provenance.device = device;
    run.provenance.torch_version = version;
    WriteRunFile(folder_.Run(RunId(run.config)), run);
    return run.config;
  }

  // All that is stored of the seeds 1 and 2.
  std::vector<std::pair<RunConfig, Provenance>> Stored(const std::vector<RunConfig>& configs) {
    std::vector<std::pair<RunConfig, Provenance>> stored;
    for (const RunConfig& config : configs) {
      stored.emplace_back(config, FindStored(config, flags_, folder_).value());
    }
    return stored;
  }

  PoolOptions Pool() const {
    return {.worker = fs::absolute("lib/run/worker"),
            .results_root = fs::path(testing::TempDir()) / "stored",
            .profile = "smoke",
            .device = "cpu"};
  }

  const ResultsFolder folder_{
      fs::path(testing::TempDir()) / testing::UnitTest::GetInstance()->current_test_info()->name(),
      "smoke"};
  ExperimentFlags flags_;
};

TEST_F(StoredRunsTest, ALockedRunIsRefusedAndStays) {
  const RunConfig config = Store(1);
  const fs::path path = folder_.Run(RunId(config));
  const int holder = open(path.c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_EQ(flock(holder, LOCK_EX), 0);
  EXPECT_THROW(FindStored(config, flags_, folder_), FileRefused);
  close(holder);
  EXPECT_TRUE(FindStored(config, flags_, folder_).has_value());
}

TEST_F(StoredRunsTest, EachDamagedRunKeepsAFileOfItsOwn) {
  const RunConfig config = Store(1);
  const fs::path path = folder_.Run(RunId(config));
  for (const std::string content : {"first", "second"}) {
    std::ofstream(path) << content;
    EXPECT_FALSE(FindStored(config, flags_, folder_).has_value());
    EXPECT_FALSE(fs::exists(path));
  }
  for (const auto& [ending, content] :
       {std::pair(".damaged", "first"), std::pair(".damaged2", "second")}) {
    std::string found;
    std::ifstream(path.string() + ending) >> found;
    EXPECT_EQ(found, content);
  }
}

TEST_F(StoredRunsTest, AWholeFileOfAnotherRunIsNotCalledDamaged) {
  const RunConfig config = Store(1);
  const fs::path path = folder_.Run(RunId(config));
  fs::copy_file(folder_.Run(RunId(Store(2))), path, fs::copy_options::overwrite_existing);
  EXPECT_FALSE(FindStored(config, flags_, folder_).has_value());
  EXPECT_TRUE(fs::exists(path.string() + ".aside"));
  EXPECT_FALSE(fs::exists(path.string() + ".damaged"));
}

TEST_F(StoredRunsTest, RunsOfTwoDevicesOrLibTorchsAreNotMixed) {
  const RunConfig one = Store(1);
  CheckModes(Stored({one, Store(2)}), /*here=*/true, /*missing=*/false, folder_, Pool());
  EXPECT_THAT(ErrorOf([&] {
                CheckModes(Stored({one, Store(2, "cuda:0")}), /*here=*/true, /*missing=*/false,
                           folder_, Pool());
              }),
              AllOf(HasSubstr("was made on cpu"), HasSubstr("on cuda:0")));
  EXPECT_THAT(ErrorOf([&] {
                CheckModes(Stored({one, Store(2, "cpu", "1.0.0")}), /*here=*/true,
                           /*missing=*/false, folder_, Pool());
              }),
              AllOf(HasSubstr("LibTorch 2.11.0"), HasSubstr("LibTorch 1.0.0")));
}

TEST_F(StoredRunsTest, WhatIsMissingIsToBeTrainedAsTheStoredRunsWere) {
  Provenance now = QueryWorker(Pool());
  EXPECT_EQ(now.device, "cpu");
  EXPECT_EQ(now.numerics, "pinned");
  const RunConfig same = Store(1, "cpu", now.torch_version);
  CheckModes(Stored({same}), /*here=*/true, /*missing=*/true, folder_, Pool());
  EXPECT_THAT(ErrorOf([&] {
                CheckModes(Stored({Store(2, "cuda:0")}), /*here=*/true, /*missing=*/true, folder_,
                           Pool());
              }),
              AllOf(HasSubstr("was made on cuda:0"), HasSubstr("now it would be cpu")));
}

TEST_F(StoredRunsTest, ARunThatDependsOnTheCpuIsComparedWithIt) {
  RunConfig config = SmallGpt2Run();
  config.gpt2.dropout = 0.1;
  Provenance made = QueryWorker(Pool());
  CheckModes({{config, made}}, /*here=*/true, /*missing=*/false, folder_, Pool());
  made.cpu_capability = "another";
  EXPECT_THAT(ErrorOf([&] {
                CheckModes({{config, made}}, /*here=*/true, /*missing=*/false, folder_, Pool());
              }),
              HasSubstr("its operators for another"));
}

TEST_F(StoredRunsTest, OfAnotherLayoutTheCommandRemovesTheseFilesAlone) {
  const ResultsFolder folder(fs::path(testing::TempDir()) / "my results", "smoke");
  fs::remove_all(folder.folder());
  std::vector<RunConfig> plan;
  std::vector<std::string> files;
  const auto add = [&] {
    plan.push_back(SmallEmbMlpRun());
    plan.back().seed = static_cast<int64_t>(plan.size());
    files.push_back(folder.Run(RunId(plan.back())).string());
    fs::create_directories(fs::path(files.back()).parent_path());
  };
  const auto add_newer = [&] {
    add();
    Hdf5File file = Hdf5File::Create(files.back());
    file.WriteAttribute("/", "schema", "initbias");
    file.WriteAttribute("/", "schema_version", kSchemaVersion + 1);
    file.WriteAttribute("/", "kind", "run");
    file.Close();
  };
  add();
  EXPECT_EQ(SortOut(plan, flags_, folder).missing.size(), 1);
  RunResult whole = SampleRun();
  whole.config = plan[0];
  whole.provenance.device = "cpu";
  WriteRunFile(files[0], whole);
  EXPECT_EQ(SortOut(plan, flags_, folder).stored.size(), 1);
  add_newer();
  EXPECT_THAT(ErrorOf([&] { SortOut(plan, flags_, folder); }),
              testing::EndsWith("to train it again, remove its file: rm '" + files[1] + "'"));
  add_newer();
  EXPECT_THAT(ErrorOf([&] { SortOut(plan, flags_, folder); }),
              AllOf(HasSubstr("so it is with 2 runs"),
                    testing::EndsWith(": rm '" + files[1] + "' '" + files[2] + "'")));
  for (const std::string& file : files) {
    EXPECT_TRUE(fs::exists(file));
  }
}

}  // namespace
}  // namespace initbias
