// Our learning rates against those of PyTorch's LambdaLR, exported by export_schedule.py.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

#include "lib/config/run_config.h"
#include "lib/train/schedule.h"

namespace initbias {
namespace {

// Our cosine is rounded to float: half a unit in its last place, twice for the square.
constexpr double kTolerance = 1.3e-7;

// A run of the case in the rest of the line.
RunConfig ReadCase(std::istream& line) {
  RunConfig config{.model = ModelKind::kGpt2};
  OptimizerConfig& o = config.optimizer;
  int64_t steps_per_epoch = 0;
  o.schedule = Schedule::kWarmupCosine;
  line >> o.learning_rate >> o.warmup_multiplier >> o.warmup_epochs >> o.floor >>
      config.train.epochs >> steps_per_epoch;
  config.text.prontoqa_sequences = steps_per_epoch - 1;
  config.text.tinystories_sequences = 1;
  config.train.batch_size = 1;
  return config;
}

TEST(ScheduleOracleTest, EveryRateIsPyTorchs) {
  std::ifstream file("tests/oracle/schedule.txt");
  RunConfig config;
  std::string name;
  int64_t last_step = -1;
  int cases = 0;
  int rates = 0;
  for (std::string text; std::getline(file, text);) {
    std::istringstream line(text);
    std::string word;
    line >> word;
    if (word == "#") {
      continue;
    }
    if (word == "case") {
      line >> name;
      config = ReadCase(line);
      ASSERT_TRUE(line) << text;
      EXPECT_NO_THROW(Validate(config)) << name;
      ++cases;
      continue;
    }
    double rate = 0;
    line >> rate;
    ASSERT_TRUE(line) << text;
    last_step = std::stoll(word);
    EXPECT_NEAR(LearningRateAt(config, last_step) / rate, 1.0, kTolerance)
        << name << " " << last_step;
    ++rates;
  }
  EXPECT_EQ(cases, 5);
  EXPECT_EQ(rates, 382);
  EXPECT_EQ(last_step, TotalSteps(config) - 1) << "the file is cut";
}

}  // namespace
}  // namespace initbias
