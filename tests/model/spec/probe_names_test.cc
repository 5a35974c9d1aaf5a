#include "lib/model/spec/probe_names.h"

#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/error_of.h"
#include "tests/small_runs.h"

namespace initbias {
namespace {

using testing::HasSubstr;

RunConfig Probing(RunConfig config, const std::string& name) {
  config.probe.names = {name};
  return config;
}

TEST(ProbeNamesTest, ReadsKindLayerAndRest) {
  const auto score_parts = ParseProbeName("score_parts.layer12.memory");
  ASSERT_TRUE(score_parts);
  EXPECT_EQ(score_parts->kind, ProbeKind::kScoreParts);
  EXPECT_EQ(score_parts->layer, 12);
  EXPECT_EQ(score_parts->of, "memory");
  const auto attention = ParseProbeName("attention.layer0");
  ASSERT_TRUE(attention);
  EXPECT_EQ(attention->kind, ProbeKind::kAttention);
  EXPECT_EQ(attention->of, "");
  const auto parameter = ParseProbeName("parameter.layer0.attn.wv");
  ASSERT_TRUE(parameter);
  EXPECT_EQ(parameter->kind, ProbeKind::kParameter);
  EXPECT_EQ(parameter->of, "layer0.attn.wv");
  EXPECT_EQ(ParseProbeName("used_tokens").value().kind, ProbeKind::kUsedTokens);
}

TEST(ProbeNamesTest, ReadsNoNameThatNoModelHas) {
  for (const char* name :
       {"", ".", "weights", "attention", "attention.", "attention.layer", "attention.layer-1",
        "attention.layer0.memory", "score_parts.layer0.", "score_parts.layer0.other", "outputs",
        "outputs.other", "accuracy.", "own_tokens", "own_tokens.other", "used_tokens.",
        "used_tokens.prontoqa", "Attention.layer0"}) {
    EXPECT_FALSE(ParseProbeName(name)) << name;
  }
}

TEST(ProbeNamesTest, SizesAreThoseOfTheShapesOrMore) {
  const RunConfig config = SmallTransformerRun();
  const auto vocabulary = static_cast<double>(config.task.vocabulary);
  const auto width = static_cast<double>(config.transformer.d_model);
  EXPECT_EQ(ProbeSize(config, "parameter.embedding.token"), vocabulary * width);
  EXPECT_EQ(ProbeSize(config, "gradient.embedding.token"), vocabulary * width);
  const auto length = static_cast<double>(config.task.length);
  EXPECT_GE(ProbeSize(config, "attention.layer0"),
            static_cast<double>(config.transformer.heads) * length * length);
  EXPECT_GE(ProbeSize(config, "score_parts.layer0"), 4 * length * length);
  EXPECT_EQ(ProbeSize(config, "parameter.nothing"), 0);
  EXPECT_EQ(ProbeSize(config, "nothing"), 0);
  const RunConfig text = SmallGpt2Run();
  EXPECT_EQ(ProbeSize(text, "own_embedding.prontoqa"),
            static_cast<double>(text.text.corpus_tokens * text.gpt2.d_model));
  EXPECT_EQ(ProbeSize(text, "used_tokens"), 1);
}

TEST(ProbeNamesTest, AveragesByKeyMayHaveGaps) {
  EXPECT_TRUE(MayHaveGaps("attention_by_key.layer0"));
  EXPECT_TRUE(MayHaveGaps("score_parts.layer1.memory"));
  EXPECT_FALSE(MayHaveGaps("attention.layer0"));
  EXPECT_FALSE(MayHaveGaps("parameter.head.w"));
}

TEST(ProbeNamesTest, TakesWhatTheSmallRunsProbe) {
  for (const RunConfig& config : {SmallEmbMlpRun(), SmallTransformerRun(), SmallGpt2Run()}) {
    CheckProbeNames(config);
  }
  for (const char* name :
       {"accuracy.clean", "accuracy.without_positions", "accuracy.shuffled_positions",
        "outputs.probability", "key_patch.layer1", "attention_by_key.layer0.memory",
        "score_parts.layer1.reasoning", "parameter.head.w"}) {
    CheckProbeNames(Probing(SmallTransformerRun(), name));
  }
  for (const char* name : {"used_tokens", "own_counts.tinystories", "own_rows.prontoqa"}) {
    CheckProbeNames(Probing(SmallGpt2Run(), name));
  }
}

TEST(ProbeNamesTest, RefusesWhatTheModelHasNot) {
  const auto refuses = [](const RunConfig& config, const std::string& name) {
    EXPECT_THAT(ErrorOf([&] { CheckProbeNames(Probing(config, name)); }),
                HasSubstr("the model has no '" + name + "'"));
  };
  for (const char* name : {"weights", "parameter.nothing", "attention.layer2", "attention.layer",
                           "attention.layer0.memory", "score_parts.layer0.other", "accuracy.other",
                           "outputs", "used_tokens", "own_tokens.prontoqa"}) {
    refuses(SmallTransformerRun(), name);
  }
  for (const char* name : {"attention.layer0", "accuracy.without_positions", "key_patch.layer0"}) {
    refuses(SmallEmbMlpRun(), name);
  }
  for (const char* name : {"outputs.argmax", "own_tokens.other", "attention.layer0"}) {
    refuses(SmallGpt2Run(), name);
  }
  RunConfig memory = SmallTransformerRun();
  memory.task.kinds = TaskKinds::kMemory;
  refuses(memory, "score_parts.layer0.reasoning");
}

TEST(ProbeNamesTest, KeyPatchNeedsTwoKeys) {
  RunConfig config = Probing(SmallTransformerRun(), "key_patch.layer0");
  config.task.key_max = config.task.key_min;
  EXPECT_EQ(ErrorOf([&] { CheckProbeNames(config); }), kOneKey);
}

}  // namespace
}  // namespace initbias
