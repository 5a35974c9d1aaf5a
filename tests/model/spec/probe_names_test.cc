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
