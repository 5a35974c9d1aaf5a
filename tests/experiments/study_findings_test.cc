// What a study beyond the paper says it found, of made-up runs: the opposite runs, the opposite
// sentences; of runs without numbers that these are missing. The study is the one linked in.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <regex>
#include <set>
#include <string>

#include "experiments/study.h"
#include "lib/measure/learning.h"
#include "lib/result/run_result.h"

namespace initbias {
namespace {

enum class World {
  kBetter,   // small weights, few masked combinations, no noise and no decay make it better
  kWorse,    // they make it worse
  kMissing,  // nothing is a number
};

// Of each study what its findings hold in each world.
struct Expected {
  const char* study;
  std::vector<std::string> better;
  std::vector<std::string> worse;
  std::vector<std::string> missing;
};
const Expected kExpected[] = {
    {"beyond_rates",
     {"memory sequences is largest with γ = 1.2, ", "end is largest with γ = 1.2, "},
     {"memory sequences is largest with γ = 0.5, ", "end is largest with γ = 0.5, "},
     {"memory sequences is measured nowhere", "end is measured nowhere"}},
    {"beyond_phase",
     {"decays: 0, 0.01, 0.1, 1 (4 of 4);", "(3 of 3). ", "decay of 1 lies below that without: "},
     {"decays: none of 4;", "rates: none of 3. ", "decay of 1 lies above that without: "},
     {"decays: none of 4; without all values: 0, 0.01, 0.1, 1;", "cannot be compared"}},
    {"beyond_dial",
     {"At γ = 0.8 masked accuracy with 50 masked combinations lies below that with 2: ",
      "at γ = 0.3 reasoning's lead over memory with all labels random lies below that with none: "},
     {"At γ = 0.8 masked accuracy with 50 masked combinations lies above that with 2: ",
      "at γ = 0.3 reasoning's lead over memory with all labels random lies above that with none: "},
     {"with 50 masked combinations cannot be compared with that with 2: no value"}},
    {"beyond_modules",
     {"add to the lead of masked over memory sequences in every seed: embedding, query and key, value and output, feed-forward, head "
      "(5 of 5)",
      "take of it in every seed: embedding, query and key, value and output, feed-forward, head (5 of 5)"},
     {"add to the lead of masked over memory sequences in every seed: none of 5; it is largest",
      "take of it in every seed: none of 5; it is largest"},
     {"it is measured nowhere"}},
    {"beyond_confounders",
     {"every seed with: AdamW, Adam, SGD, epsilon 1e-4, no clipping, logits x 1/2, logits x 2, no "
      "LayerNorm (8 of 8). "},
     {"every seed with: none of 8. "},
     {"none of 8; without all values: AdamW", "these leads is measured nowhere"}},
    {"beyond_windows",
     {"decay \"first quarter\" lies above that with \"last quarter\": ",
      "decay \"always\" lies below that with \"never\": "},
     {"decay \"first quarter\" lies below that with \"last quarter\": ",
      "decay \"always\" lies above that with \"never\": "},
     {"decay \"first quarter\" cannot be compared with that with \"last quarter\": no value"}},
    {"beyond_mechanism",
     {"every seed: memory anchors, reasoning anchors, rank of W_V, rank of W_Q, rank of W_K, "
      "attention (6 of 6). ",
      "guess level (epoch "},
     {"every seed: none (0 of 6). "},
     {"guess level (which it is not)", "none (0 of 6; no date of memory anchors, "}}};

// 0 .. 1: what a run comes to.
double Score(const RunConfig& config, World world) {
  if (world == World::kMissing) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  if (!config.probe.names.empty()) {
    return 0.9;  // of beyond_mechanism the snapshots differ, not the losses
  }
  const MatrixRates rates = RatesOf(config.init);
  const double better =
      0.35 + 0.1 * (rates.embedding + rates.qk + rates.vo + rates.mlp + rates.head) -
      0.002 * static_cast<double>(config.task.masked.size()) - 0.2 * config.task.random_labels -
      0.05 * config.optimizer.weight_decay * config.optimizer.decay_to;
  return world == World::kBetter ? better : 1 - better;
}

// Numbers without a structure, or all equal where they have moved.
Array MadeUp(std::vector<int64_t> shape, bool moved) {
  Array array{.shape = std::move(shape)};
  for (int64_t i = 0; i < array.shape[0] * array.shape[1]; ++i) {
    const double x = std::sin(static_cast<double>(i + 1)) * 43758.5453;
    array.values.push_back(moved ? 1.0f : static_cast<float>(x - std::floor(x) - 0.5));
  }
  return array;
}

RunResult MadeUpRun(const RunConfig& config, World world) {
  const double score = Score(config, world) + 0.001 * static_cast<double>(config.seed);
  const int64_t total = TotalSteps(config);
  RunResult run{.config = config, .step = {0, total / 2, total}, .epoch = {0, 1, 2}};
  for (const char* set : {kMemorySet, kReasoningTrainSet, kReasoningTestSet}) {
    const bool memory = std::string(set) == kMemorySet;
    const double loss = memory ? 3.9 : 4 * (1 - score);
    run.curves.push_back({set, {4, loss, loss}, {0, score, score}});
  }
  // Snapshots move before the losses have fallen or long after.
  for (const int64_t step : config.probe.steps) {
    const double share = static_cast<double>(step) / static_cast<double>(total);
    const bool moved = world != World::kMissing && share >= (world == World::kBetter ? 0.1 : 0.8);
    const int64_t width = config.transformer.d_model;
    for (const std::string& name : config.probe.names) {
      Array array =
          name == "parameter.embedding.token" ? MadeUp({config.task.vocabulary, width}, moved)
          : name.starts_with("parameter.")
              ? MadeUp({width, config.transformer.d_head}, moved)
              : Array{.shape = {2, config.task.length},
                      .values = std::vector<float>(static_cast<size_t>(2 * config.task.length),
                                                   moved ? 0.5f : 0.1f)};
      run.probes.push_back({step, name, std::move(array)});
    }
  }
  return run;
}

std::string FindingsIn(World world) {
  const Study study = MakeStudy();
  std::vector<RunResult> runs;
  std::set<std::string> ids;
  for (const int64_t seed : {4, 5, 6}) {
    for (const RunConfig& config : study.experiment.plan(Profile::kSmoke, seed)) {
      if (ids.insert(RunId(config)).second) {  // a plan may name a run twice
        runs.push_back(MadeUpRun(config, world));
      }
    }
  }
  FigureData data{.figure = study.experiment.name};
  study.experiment.assemble(RunSet(std::move(runs)), &data);
  return study.findings(data);
}

class StudyFindingsTest : public testing::Test {
 protected:
  StudyFindingsTest() {
    for (const Expected& expected : kExpected) {
      if (expected.study == MakeStudy().experiment.name) {
        expected_ = &expected;
      }
    }
  }

  static void ExpectHas(const std::string& text, const std::vector<std::string>& parts) {
    for (const std::string& part : parts) {
      EXPECT_NE(text.find(part), std::string::npos) << "\"" << part << "\" in: " << text;
    }
    // Two sentences.
    const std::regex between("\\. [A-Z]");
    EXPECT_EQ(std::distance(std::sregex_iterator(text.begin(), text.end(), between), {}), 1)
        << text;
    EXPECT_TRUE(text.ends_with('.')) << text;
  }

  const Expected* expected_ = nullptr;
};

TEST_F(StudyFindingsTest, AreRightWhateverTheNumbersSay) {
  ASSERT_NE(expected_, nullptr) << "what this study finds stands in no line of this test";
  ExpectHas(FindingsIn(World::kBetter), expected_->better);
  ExpectHas(FindingsIn(World::kWorse), expected_->worse);
}

TEST_F(StudyFindingsTest, TellWhatIsMissing) {
  ASSERT_NE(expected_, nullptr);
  ExpectHas(FindingsIn(World::kMissing), expected_->missing);
}

}  // namespace
}  // namespace initbias
