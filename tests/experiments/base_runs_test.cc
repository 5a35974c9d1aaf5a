// The paper profile is what the paper states; the others are that, smaller.
#include "experiments/base_runs.h"

#include <gtest/gtest.h>

#include "lib/config/run_config.h"

namespace initbias {
namespace {

TEST(BaseRunsTest, PaperProfileOfTheTransformerIsThePapers) {
  const RunConfig run = TransformerRun(Profile::kPaper, 0.8, 3);
  EXPECT_EQ(run.model, ModelKind::kTransformer);
  EXPECT_EQ(run.init.gamma, 0.8);
  EXPECT_EQ(run.seed, 3);
  EXPECT_EQ(run.task.samples, 200'000);
  EXPECT_EQ(run.task.length, 9);
  EXPECT_EQ(run.task.num_anchors, 2);
  EXPECT_EQ(run.task.vocabulary, 200);
  EXPECT_EQ(run.task.key_min, 21);
  EXPECT_EQ(run.task.key_max, 120);
  EXPECT_EQ(run.task.memory_min, 1);
  EXPECT_EQ(run.task.memory_max, 10);
  EXPECT_EQ(run.task.reasoning_min, 11);
  EXPECT_EQ(run.task.reasoning_max, 20);
  EXPECT_EQ(run.task.masked, (std::vector<std::string>{"11-13", "13-11"}));
  EXPECT_EQ(run.transformer.layers, 2);
  EXPECT_EQ(run.transformer.heads, 1);
  EXPECT_EQ(run.transformer.d_model, 200);
  EXPECT_EQ(run.transformer.d_ff, 512);
  EXPECT_EQ(run.transformer.d_head, 64);
  EXPECT_EQ(run.train.epochs, 1000);
  EXPECT_EQ(run.train.batch_size, 100);
  EXPECT_EQ(run.optimizer.clip_norm, 1.0);
  EXPECT_EQ(run.optimizer.learning_rate, 1e-5);
}

TEST(BaseRunsTest, PaperProfileOfEmbMlpHasNoNoise) {
  const RunConfig run = EmbMlpRun(Profile::kPaper, 0.3, 1);
  EXPECT_EQ(run.model, ModelKind::kEmbMlp);
  EXPECT_EQ(run.task.length, run.task.num_anchors + 1);
  EXPECT_EQ(run.train.epochs, 1000);
  EXPECT_EQ(run.emb_mlp.activation, Activation::kTanh);
}

TEST(BaseRunsTest, EveryProfileIsPossibleAndEvaluatesOnTheWay) {
  for (const Profile profile : {Profile::kSmoke, Profile::kDefault, Profile::kPaper}) {
    for (const RunConfig& run : {TransformerRun(profile, 0.5, 1), EmbMlpRun(profile, 0.5, 1)}) {
      EXPECT_NO_THROW(Validate(run)) << RunLabel(run);
      EXPECT_GE(TotalSteps(run) / run.train.eval_every, 5) << RunLabel(run);
    }
  }
}

TEST(BaseRunsTest, DefaultProfileKeepsTheModelAndTheStepsArithmetic) {
  const RunConfig run = TransformerRun(Profile::kDefault, 0.5, 1);
  EXPECT_EQ(run.transformer.d_model, 200);
  EXPECT_EQ(run.transformer.d_ff, 512);
  EXPECT_EQ(run.train.batch_size, 100);
  EXPECT_EQ(TotalSteps(run), 3'960);
  EXPECT_EQ(TotalSteps(TransformerRun(Profile::kPaper, 0.5, 1)), 1'980'000);
}

}  // namespace
}  // namespace initbias
