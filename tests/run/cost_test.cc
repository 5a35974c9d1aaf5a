#include "lib/run/cost.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "lib/model/spec/model_cost.h"

namespace initbias {
namespace {

TEST(CostTest, StepFlopsAreThoseOfItsSequences) {
  RunConfig config;
  config.train.batch_size = 7;
  EXPECT_DOUBLE_EQ(StepFlops(config), 7 * SequenceFlops(config));
}

TEST(CostTest, AStepHasNoMoreSequencesThanThereAre) {
  RunConfig config;
  config.train.batch_size = 100'000'000;
  EXPECT_DOUBLE_EQ(StepFlops(config),
                   static_cast<double>(TrainingSamples(config)) * SequenceFlops(config));
}

TEST(CostTest, RunFlopsGrowWithStepsAndEvaluations) {
  RunConfig config;
  const double once = RunFlops(config);
  EXPECT_GT(once, StepFlops(config) * static_cast<double>(TotalSteps(config)));
  config.train.epochs *= 2;
  EXPECT_NEAR(RunFlops(config), 2 * once, 1e-3 * once);
  config.train.eval_every /= 2;
  EXPECT_GT(RunFlops(config), 2 * once);
}

// A forward pass is a third of a step.
TEST(CostTest, SnapshotsCostTheirForwardPasses) {
  RunConfig config;
  config.task.samples = 10'000;
  const double forward = SequenceFlops(config) / 3;
  const auto of = [&](std::vector<std::string> names) {
    config.probe.names = std::move(names);
    return SnapshotFlops(config);
  };
  EXPECT_EQ(of({"parameter.embedding.token"}), 0);
  EXPECT_DOUBLE_EQ(of({"accuracy.clean"}), 3 * 250 * forward);
  EXPECT_DOUBLE_EQ(of({"key_patch.layer1"}), 3 * 2 * 250 * forward);
  EXPECT_DOUBLE_EQ(of({"accuracy.clean", "key_patch.layer1"}), 9 * 250 * forward);
  const double attention = of({"attention.layer0"});
  EXPECT_GT(attention, 2 * 250 * forward) << "all positions";
  EXPECT_DOUBLE_EQ(of({"attention.layer0", "score_parts.layer1"}), attention) << "one pass";
  config.probe.steps = {};
  const double without = RunFlops(config);
  config.probe.steps = {0};  // evaluated anyway
  EXPECT_DOUBLE_EQ(RunFlops(config), without + attention);
}

TEST(CostTest, CountsEveryEvaluationOnce) {
  RunConfig config;
  config.train.epochs = 1;
  ASSERT_EQ(TotalSteps(config), 1980);
  config.train.eval_every = 990;
  config.probe = {};
  EXPECT_EQ(Evaluations(config), 3);  // at 0, 990 and 1980
  config.train.eval_every = 1000;
  EXPECT_EQ(Evaluations(config), 3);  // at 0, 1000 and the end
  config.probe.steps = {0, 7, 1000, 1980};
  EXPECT_EQ(Evaluations(config), 4);
}

TEST(CostTest, FilesHoldAtLeastTheirParameters) {
  const RunConfig config;
  const double parameters = ParameterBytes(config);
  EXPECT_GT(RunFileBytes(config), parameters);
  EXPECT_GT(CheckpointBytes(config), 3 * parameters);
}

// Of a large model the run file keeps a digest; its checkpoint has parameters and two moments.
TEST(CostTest, FilesOfALargeModel) {
  RunConfig config{.model = ModelKind::kGpt2};
  config.train.batch_size = 16;
  config.probe.names = {"own_embedding.prontoqa"};
  config.probe.steps = {0, 10};
  EXPECT_LT(RunFileBytes(config), 20e6);
  EXPECT_GT(CheckpointBytes(config), 3 * 4.0 * 124'439'808);
}

TEST(CostTest, RunsOfOneClassDifferInSeedAndInitialValuesAlone) {
  const RunConfig config;
  RunConfig other = config;
  other.seed = 7;
  other.init.gamma = 0.8;
  other.init.qk_gamma = 0.3;
  EXPECT_EQ(CostClass(other), CostClass(config));
  other.transformer.layers += 1;
  EXPECT_NE(CostClass(other), CostClass(config));
  other = config;
  other.train.epochs += 1;
  EXPECT_NE(CostClass(other), CostClass(config));
}

}  // namespace
}  // namespace initbias
