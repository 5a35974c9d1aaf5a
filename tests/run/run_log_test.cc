// The lines of the log, and where they go.
#include "lib/run/run_log.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "lib/base/file_access.h"
#include "lib/config/run_config.h"
#include "lib/run/message.h"
#include "tests/small_runs.h"

namespace initbias {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

json Line(const Message& message) {
  return json::parse(LogLine("2026-01-02T03:04:05.678Z", SmallEmbMlpRun(), message));
}

TEST(LogLineTest, ProgressHasTheLossesOfAllSets) {
  RunConfig config = SmallEmbMlpRun();
  const json line = Line(ProgressMessage{
      .step = 18, .total = 36, .rate = 2.5, .losses = {{"memory", 4.5}, {"prontoqa", 3.25}}});
  EXPECT_EQ(line["time"], "2026-01-02T03:04:05.678Z");
  EXPECT_EQ(line["event"], "progress");
  EXPECT_EQ(line["run"], RunId(config));
  EXPECT_EQ(line["label"], RunLabel(config));
  EXPECT_EQ(line["model"], "emb_mlp");
  EXPECT_EQ(line["gamma"], config.init.gamma);
  EXPECT_EQ(line["seed"], config.seed);
  EXPECT_EQ(line["step"], 18);
  EXPECT_EQ(line["total"], 36);
  EXPECT_EQ(line["epoch"], static_cast<double>(config.train.epochs) / 2);
  EXPECT_EQ(line["rate"], 2.5);
  EXPECT_EQ(line["loss"], json({{"memory", 4.5}, {"prontoqa", 3.25}}));
}

TEST(LogLineTest, OtherEventsHaveTheirs) {
  EXPECT_EQ(Line(StartedMessage{.device = "cpu"})["device"], "cpu");
  const json finished = Line(FinishedMessage{.seconds = 1.5, .memory = 3e8});
  EXPECT_EQ(finished["event"], "finished");
  EXPECT_EQ(finished["seconds"], 1.5);
  EXPECT_EQ(finished["memory"], 3e8);
  const json found = Line(FoundMessage{});
  EXPECT_EQ(found["event"], "finished");
  EXPECT_EQ(found["seconds"], 0);
  EXPECT_EQ(Line(StoppedMessage{.step = 7})["step"], 7);
  const json failed = Line(FailedMessage{.error = "a \"b\"\n\xff"});
  EXPECT_EQ(failed["event"], "failed");
  EXPECT_EQ(failed["error"], "a \"b\"\n\xEF\xBF\xBD");
}

TEST(RunLogTest, Appends) {
  const fs::path path = fs::path(testing::TempDir()) / "folder" / "log.jsonl";
  for (const char* const device : {"cpu", "cuda:0"}) {
    RunLog log(path);
    EXPECT_TRUE(log.Write(SmallEmbMlpRun(), StartedMessage{.device = device}));
  }
  std::ifstream in(path);
  std::vector<std::string> devices;
  for (std::string line; std::getline(in, line);) {
    devices.push_back(json::parse(line)["device"]);
  }
  EXPECT_EQ(devices, (std::vector<std::string>{"cpu", "cuda:0"}));
}

TEST(RunLogTest, ADiskThatRefusesIsTold) {
  EXPECT_THROW(RunLog(fs::path(testing::TempDir())), FileRefused);
  if (fs::exists("/dev/full")) {
    RunLog full("/dev/full");
    EXPECT_FALSE(full.Write(SmallEmbMlpRun(), StartedMessage{}));
  }
}

}  // namespace
}  // namespace initbias
