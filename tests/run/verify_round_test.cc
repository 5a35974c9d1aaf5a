// What a round of --verify takes for trained: what was trained in it, and nothing else.
#include "lib/run/verify_round.h"

#include <fmt/format.h>
#include <gmock/gmock-matchers.h>
#include <gmock/gmock-more-matchers.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "lib/store/run_file.h"
#include "tests/error_of.h"
#include "tests/store/sample_results.h"

namespace initbias {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

class VerifyRoundTest : public testing::Test {
 protected:
  VerifyRoundTest()
      : scratch_(fs::path(testing::TempDir()) /
                     testing::UnitTest::GetInstance()->current_test_info()->name(),
                 "smoke") {
    fs::remove_all(scratch_.folder());
    fs::create_directories(scratch_.folder());
    for (const int64_t seed : {1, 2, 3}) {
      chosen_.push_back(RunOfSeed(seed).config);
    }
  }

  static RunResult RunOfSeed(int64_t seed) {
    RunResult run = SampleRun();
    run.config.seed = seed;
    return run;
  }
  void TrainSeed(int64_t seed) const {
    const RunResult run = RunOfSeed(seed);
    WriteRunFile(scratch_.Run(RunId(run.config)), run);
  }
  fs::path BeginSeed(int64_t seed) const {
    Checkpoint checkpoint = SampleCheckpoint();
    checkpoint.partial.config.seed = seed;
    fs::path path = scratch_.Checkpoint(RunId(RunOfSeed(seed).config));
    WriteCheckpoint(path, checkpoint);
    return path;
  }

  // The seeds that a round which begins now would train.
  std::vector<int64_t> Left(const std::string& how = "how") const {
    std::vector<int64_t> seeds;
    const VerifyRound round(scratch_, chosen_, how);
    for (const RunConfig& config : round.missing()) {
      seeds.push_back(config.seed);
    }
    return seeds;
  }

  const ResultsFolder scratch_;
  std::vector<RunConfig> chosen_;
};

TEST_F(VerifyRoundTest, OneThatWasStoppedGoesOnFromItsRunsAndCheckpoints) {
  EXPECT_THAT(Left(), ElementsAre(1, 2, 3));
  TrainSeed(2);
  const fs::path checkpoint = BeginSeed(3);
  EXPECT_THAT(Left(), ElementsAre(1, 3));
  EXPECT_TRUE(fs::exists(checkpoint));
  TrainSeed(1);
  TrainSeed(3);
  const VerifyRound round(scratch_, chosen_, "how");
  EXPECT_TRUE(round.goes_on());
  EXPECT_THAT(round.missing(), testing::IsEmpty());
}

TEST_F(VerifyRoundTest, WhatAnEndedOneTrainedIsTrainedAgain) {
  for (const int64_t seed : {1, 2, 3}) {
    TrainSeed(seed);
  }
  const fs::path checkpoint = BeginSeed(3);
  EXPECT_THAT(Left(), ElementsAre(1, 2, 3)) << "no round has begun";
  EXPECT_FALSE(fs::exists(checkpoint));
  for (const int64_t seed : {1, 2, 3}) {
    TrainSeed(seed);
  }
  {
    VerifyRound round(scratch_, chosen_, "how");
    EXPECT_THAT(round.missing(), testing::IsEmpty());
    round.End();
  }
  VerifyRound next(scratch_, chosen_, "how");
  EXPECT_FALSE(next.goes_on());
  EXPECT_EQ(next.missing().size(), 3);
  EXPECT_FALSE(fs::exists(scratch_.Run(RunId(chosen_[0]))));
}

TEST_F(VerifyRoundTest, AnotherProgramMachineOrChoiceBeginsAnew) {
  Left();
  TrainSeed(1);
  EXPECT_THAT(Left("another program"), ElementsAre(1, 2, 3));
  TrainSeed(1);
  EXPECT_THAT(Left("another program"), ElementsAre(2, 3));
  chosen_.pop_back();
  EXPECT_THAT(Left("another program"), ElementsAre(1, 2));
}

TEST_F(VerifyRoundTest, ADamagedRunIsTrainedAgain) {
  Left();
  TrainSeed(1);
  TrainSeed(2);
  fs::resize_file(scratch_.Run(RunId(chosen_[1])), 1000);
  EXPECT_THAT(Left(), ElementsAre(2, 3));
  EXPECT_FALSE(fs::exists(scratch_.Run(RunId(chosen_[1]))));
}

TEST_F(VerifyRoundTest, TwoAtOnceAreRefusedByTheirProcess) {
  const VerifyRound first(scratch_, chosen_, "how");
  TrainSeed(1);
  EXPECT_THAT(ErrorOf([this] { Left("another"); }),
              AllOf(HasSubstr("another --verify is going on in " + scratch_.folder().string()),
                    HasSubstr(fmt::format("process {}", getpid())),
                    HasSubstr("give the same command again when it has ended")));
  EXPECT_TRUE(fs::exists(scratch_.Run(RunId(chosen_[0])))) << "it is the first one's";
}

}  // namespace
}  // namespace initbias
