#include "lib/model/spec/model_cost.h"

#include <gtest/gtest.h>

namespace initbias {
namespace {

// The paper's Transformer, by hand: 6 flops a weight and position, a sequence of 9 tokens. In
// the last block only keys and values are needed at all positions.
TEST(ModelCostTest, TransformerAndEmbMlpByHand) {
  RunConfig config;
  const double attention = 4 * 200 * 64;  // WQ, WK, WV, WO
  const double ffn = 2 * 200 * 512;
  const double head = 200 * 200;
  const double key_value = 2 * 200 * 64;
  config.transformer.pruned = true;
  EXPECT_DOUBLE_EQ(SequenceFlops(config), 6 * (9 * (attention + ffn) + 9 * key_value +
                                               (attention - key_value) + ffn + head));
  config.transformer.pruned = false;
  EXPECT_DOUBLE_EQ(SequenceFlops(config), 6 * (2 * 9 * (attention + ffn) + head));
  config.transformer.pruned = true;
  config.train.target = Target::kNextToken;  // all positions all the same
  EXPECT_DOUBLE_EQ(SequenceFlops(config), 6 * 9 * (2 * (attention + ffn) + head));
  config.train.target = Target::kLabel;
  config.model = ModelKind::kEmbMlp;
  EXPECT_DOUBLE_EQ(SequenceFlops(config), 6 * (200.0 * 512 + 512 * 200));
}

// gpt2-124M: all matrices, the token embedding as head, no position table, at the positions of a
// text up to its last label: stories of 220 tokens, examples of 145, 219 and 293.
TEST(ModelCostTest, Gpt2ByHand) {
  RunConfig config{.model = ModelKind::kGpt2};
  const double block = 768.0 * 768 * (3 + 1 + 4 + 4);
  const double position = 6.0 * (12 * block + 50'257.0 * 768);
  EXPECT_DOUBLE_EQ(SequenceFlops(config), (220.0 + 219) / 2 * position);
  config.text.packed = true;  // sequences are then full
  EXPECT_DOUBLE_EQ(SequenceFlops(config), 1024 * position);
  config.text.packed = false;
  config.text.padded_length = 190;  // cut there; the last token is a label only
  const double proofs = (145.0 + 189 + 189) / 3;
  EXPECT_NEAR(SequenceFlops(config), (189 + proofs) / 2 * position, 1e-9 * position);
  config.text.prontoqa_sequences = 0;  // stories alone, here the excerpt's short ones
  config.text.tinystories = "excerpt";
  EXPECT_DOUBLE_EQ(SequenceFlops(config), 47 * position);
  config.text.padding_labels = true;  // all of it is computed
  EXPECT_DOUBLE_EQ(SequenceFlops(config), 189 * position);
}

// Of the paper's Transformer one table, of gpt2-124M all.
TEST(ModelCostTest, Parameters) {
  const RunConfig config;
  EXPECT_DOUBLE_EQ(ParameterSize(config, "embedding.token"), 200.0 * 200);
  EXPECT_DOUBLE_EQ(ParameterSize(config, "none"), 0);
  EXPECT_DOUBLE_EQ(ParameterBytes({.model = ModelKind::kGpt2}), 4.0 * 124'439'808);
}

}  // namespace
}  // namespace initbias
