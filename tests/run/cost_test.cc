#include "lib/run/cost.h"

#include <gtest/gtest.h>

#include "lib/model/parameter_spec.h"

namespace initbias {
namespace {

// The paper's Transformer, by hand: 6 flops a weight and position, 100 sequences of 9 tokens. In
// the last block only keys and values are needed at all positions.
TEST(CostTest, StepFlopsByHand) {
  RunConfig config;
  const double attention = 4 * 200 * 64;  // WQ, WK, WV, WO
  const double ffn = 2 * 200 * 512;
  const double head = 200 * 200;
  const double key_value = 2 * 200 * 64;
  config.transformer.pruned = true;
  EXPECT_DOUBLE_EQ(StepFlops(config), 600 * (9 * (attention + ffn) + 9 * key_value +
                                             (attention - key_value) + ffn + head));
  config.transformer.pruned = false;
  EXPECT_DOUBLE_EQ(StepFlops(config), 600 * (2 * 9 * (attention + ffn) + head));
  config.transformer.pruned = true;
  config.train.target = Target::kNextToken;  // all positions all the same
  EXPECT_DOUBLE_EQ(StepFlops(config), 600 * 9 * (2 * (attention + ffn) + head));
  config.train.target = Target::kLabel;
  config.model = ModelKind::kEmbMlp;
  EXPECT_DOUBLE_EQ(StepFlops(config), 600 * (200.0 * 512 + 512 * 200));
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
  const double parameters = 4.0 * static_cast<double>(ParameterCount(ParameterSpecs(config)));
  EXPECT_GT(RunFileBytes(config), parameters);
  EXPECT_GT(CheckpointBytes(config), 3 * parameters);
}

// gpt2-124M: all matrices, the token embedding as head, no position table, at the positions of a
// text up to its last label: stories of 220 tokens, examples of 145, 219 and 293.
TEST(CostTest, StepFlopsOfGpt2ByHand) {
  RunConfig config{.model = ModelKind::kGpt2};
  config.train.batch_size = 2;
  const double block = 768.0 * 768 * (3 + 1 + 4 + 4);
  const double position = 6.0 * 2 * (12 * block + 50'257.0 * 768);
  EXPECT_DOUBLE_EQ(StepFlops(config), (220.0 + 219) / 2 * position);
  config.text.packed = true;  // sequences are then full
  EXPECT_DOUBLE_EQ(StepFlops(config), 1024 * position);
  config.text.packed = false;
  config.text.padded_length = 190;  // cut there; the last token is a label only
  const double proofs = (145.0 + 189 + 189) / 3;
  EXPECT_NEAR(StepFlops(config), (189 + proofs) / 2 * position, 1e-9 * position);
  config.text.prontoqa_sequences = 0;  // stories alone, here the excerpt's short ones
  config.text.tinystories = "excerpt";
  EXPECT_DOUBLE_EQ(StepFlops(config), 47 * position);
  config.text.padding_labels = true;  // all of it is computed
  EXPECT_DOUBLE_EQ(StepFlops(config), 189 * position);
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

}  // namespace
}  // namespace initbias
