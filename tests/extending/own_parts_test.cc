// What a network and a data set of one's own, those of docs/extending.md, are to the rest: known by
// name, part of a run's id, and refused where they cannot be what is asked.
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>
#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>

#include "lib/base/error.h"
#include "lib/config/run_config.h"
#include "lib/data/anchor/anchor_task.h"
#include "lib/model/spec/parameter_spec.h"
#include "lib/model/spec/probe_names.h"
#include "lib/model/torch/model.h"
#include "tests/error_of.h"

namespace initbias {
namespace {

using testing::HasSubstr;

RunConfig OwnRun() {
  RunConfig config{.model = ModelKind::kEmbMlp, .seed = 3};
  config.emb_mlp.d_model = 4;
  config.emb_mlp.d_ff = 6;
  config.emb_mlp.network = "gated";
  config.task.source = "modular";
  config.task.length = 4;
  config.task.samples = 50;
  return config;
}

TEST(OwnPartsTest, AreKnownByName) {
  EXPECT_THAT(OwnNames(OwnPart::kNetwork), testing::ElementsAre("gated"));
  EXPECT_THAT(OwnNames(OwnPart::kSource), testing::ElementsAre("modular"));
  EXPECT_NO_THROW(Validate(OwnRun()));
  RunConfig config = OwnRun();
  config.emb_mlp.network = "gatd";
  EXPECT_THAT(ErrorOf([&] { Validate(config); }),
              HasSubstr("emb_mlp.network = gatd is not among those of this program: mlp, gated"));
  config = OwnRun();
  config.task.source = "modula";
  EXPECT_THAT(ErrorOf([&] { Validate(config); }),
              HasSubstr("task.source = modula is not among those of this program: anchors, "
                        "modular"));
}

TEST(OwnPartsTest, NameOtherRunsAndLeaveTheOldNamesAlone) {
  const RunConfig plain{.model = ModelKind::kEmbMlp};
  EXPECT_THAT(CanonicalForm(plain), testing::Not(HasSubstr("network")));
  EXPECT_THAT(CanonicalForm(plain), testing::Not(HasSubstr("source")));
  RunConfig network = plain;
  network.emb_mlp.network = "gated";
  RunConfig source = plain;
  source.task.source = "modular";
  EXPECT_NE(RunId(plain), RunId(network));
  EXPECT_NE(RunId(plain), RunId(source));
  EXPECT_NE(RunId(network), RunId(source));
  EXPECT_EQ(RunId(ParseCanonicalForm(CanonicalForm(OwnRun()))), RunId(OwnRun()));
  EXPECT_THAT(RunLabel(OwnRun()), HasSubstr("network=gated source=modular"));
}

TEST(OwnPartsTest, ANetworkHasItsParametersAndItsLogits) {
  const RunConfig config = OwnRun();
  std::vector<std::string> names;
  for (const ParameterSpec& spec : ParameterSpecs(config)) {
    names.push_back(spec.name);
  }
  EXPECT_THAT(names, testing::ElementsAre("embedding.token", "mlp.w1", "mlp.wg", "mlp.w2"));
  const std::unique_ptr<Model> model = MakeModel(config, c10::kCPU);
  model->parameters().Initialize(config.seed);
  const at::Tensor tokens = at::zeros({5, config.task.length}, at::kLong);
  EXPECT_EQ(model->Logits(tokens).sizes(), (std::vector<int64_t>{5, config.task.vocabulary}));
}

TEST(OwnPartsTest, ADataSetIsMadeOfTheSeed) {
  const RunConfig config = OwnRun();
  const AnchorData data = MakeAnchorData(config.task, config.seed);
  EXPECT_EQ(data.memory.size() + data.reasoning_train.size(), TrainingSamples(config));
  EXPECT_EQ(DataDigest(data), DataDigest(MakeAnchorData(config.task, config.seed)));
  EXPECT_NE(DataDigest(data), DataDigest(MakeAnchorData(config.task, config.seed + 1)));
  // The rule, by hand.
  const int64_t keys = config.task.key_max - config.task.key_min + 1;
  for (int64_t i = 0; i < data.reasoning_train.size(); ++i) {
    const int32_t* const row = &data.reasoning_train.tokens[static_cast<size_t>(i * 4)];
    const int64_t sum = row[1] + row[2] - 2 * config.task.key_min;
    EXPECT_EQ(data.reasoning_train.labels[static_cast<size_t>(i)],
              config.task.key_min + sum % keys);
    EXPECT_NE(row[1], row[2]);
  }
}

TEST(OwnPartsTest, WhatASourceGivesIsLookedAt) {
  static AnchorData given;
  AddSource("given", [](const AnchorTaskConfig&, int64_t) { return given; });
  AnchorTaskConfig task = OwnRun().task;
  task.source = "given";
  task.length = 2;
  task.samples = 1;
  const auto error = [&](const AnchorSequences& sequences) {
    given = {.memory = sequences};
    return ErrorOf([&] { MakeAnchorData(task, 1); });
  };
  EXPECT_THAT(error({}), HasSubstr("0 training sequences, task.samples is 1"));
  EXPECT_THAT(error({.length = 3, .tokens = {1, 2, 3}, .labels = {1}}),
              HasSubstr("sequences of 3 tokens, task.length is 2"));
  EXPECT_THAT(error({.length = 2, .tokens = {1, 2, 3}, .labels = {1}}),
              HasSubstr("3 tokens for 1 labels"));
  EXPECT_THAT(error({.length = 2, .tokens = {1, 200}, .labels = {1}}),
              HasSubstr("the token 200, outside of the vocabulary 0 .. 199"));
  EXPECT_THAT(error({.length = 2, .tokens = {1, 2}, .labels = {-1}}), HasSubstr("the token -1"));
}

TEST(OwnPartsTest, ProbesOfAnchorsAreRefusedWithoutAnchors) {
  RunConfig config = OwnRun();
  config.probe.names = {"parameter.mlp.wg", "gradient.embedding.token"};
  config.probe.steps = {0};
  EXPECT_NO_THROW(CheckProbeNames(config));
  config.probe.names = {"outputs.argmax"};
  EXPECT_THAT(ErrorOf([&] { CheckProbeNames(config); }), HasSubstr("outputs.argmax"));
}

}  // namespace
}  // namespace initbias
