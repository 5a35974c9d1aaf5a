// Validate of run_config.h: every impossible config is refused up front, and the message says which
// numbers clash.
#include <fmt/format.h>
#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/base/error.h"
#include "lib/config/enums.h"
#include "lib/config/field_list.h"
#include "lib/config/run_config.h"
#include "lib/rng/stream.h"
#include "tests/config/default_of.h"
#include "tests/config/random_task.h"
#include "tests/error_of.h"
#include "tests/non_finite.h"

namespace initbias {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr int64_t kMin = std::numeric_limits<int64_t>::min();
constexpr int64_t kMax = std::numeric_limits<int64_t>::max();

// The message of the Error that Validate throws; "" if it throws none.
std::string ValidateError(const RunConfig& config) {
  try {
    Validate(config);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

struct Impossible {
  const char* name;
  std::function<void(RunConfig&)> spoil;
  std::vector<std::string> message;  // parts that the message must hold
};

std::ostream& operator<<(std::ostream& out, const Impossible& impossible) {
  return out << impossible.name;
}

class ImpossibleConfigTest : public testing::TestWithParam<Impossible> {};

TEST_P(ImpossibleConfigTest, IsAnErrorThatSaysWhatClashes) {
  RunConfig config;
  GetParam().spoil(config);
  const std::string message = ValidateError(config);
  ASSERT_NE(message, "") << "was taken";
  EXPECT_TRUE(message.starts_with("impossible config: ") || message.starts_with("task.masked"))
      << message;
  for (const std::string& part : GetParam().message) {
    EXPECT_NE(message.find(part), std::string::npos)
        << "'" << message << "' without '" << part << "'";
  }
}

// The default task: keys 21 .. 120, memory 1 .. 10, reasoning 11 .. 20, q = 2, L = 9, 200
// tokens, 200,000 sequences.
INSTANTIATE_TEST_SUITE_P(
    Task, ImpossibleConfigTest,
    testing::ValuesIn(std::vector<Impossible>{
        {"LabelOutsideTheVocabulary", [](RunConfig& c) { c.task.vocabulary = 160; },
         {"largest label", "task.key_max", "task.num_anchors", "task.reasoning_max",
          "120 + 2 * 20 = 160", "0 .. 159", "task.vocabulary = 160"}},
        {"ThreeAnchorsPushTheLabelOut",
         [](RunConfig& c) {
           c.task.num_anchors = 3;
           c.task.vocabulary = 180;
           c.task.masked = {};
         },
         {"120 + 3 * 20 = 180", "0 .. 179"}},
        {"KeysOverlapMemory",
         [](RunConfig& c) {
           c.task.key_min = 10;
           c.task.reasoning_min = 121;
           c.task.reasoning_max = 130;
           c.task.vocabulary = 1000;
         },
         {"task.key (10 .. 120)", "task.memory (1 .. 10)", "overlap"}},
        {"KeysOverlapReasoning", [](RunConfig& c) { c.task.key_min = 20; },
         {"task.key (20 .. 120)", "task.reasoning (11 .. 20)", "overlap"}},
        {"MemoryOverlapsReasoning", [](RunConfig& c) { c.task.memory_max = 11; },
         {"task.memory (1 .. 11)", "task.reasoning (11 .. 20)", "overlap"}},
        {"ReasoningInsideKeys",
         [](RunConfig& c) {
           c.task.reasoning_min = 50;
           c.task.reasoning_max = 50;
         },
         {"task.key (21 .. 120)", "task.reasoning (50 .. 50)", "overlap"}},
        {"KeysInsideMemory",
         [](RunConfig& c) {
           c.task.memory_min = 21;
           c.task.memory_max = 130;
           c.task.key_min = 30;
           c.task.key_max = 40;
         },
         {"task.key (30 .. 40)", "task.memory (21 .. 130)", "overlap"}},
        {"KeyRangeUpsideDown",
         [](RunConfig& c) {
           c.task.key_min = 120;
           c.task.key_max = 21;
         },
         {"task.key_min = 120", "task.key_max = 21"}},
        {"MemoryRangeUpsideDown", [](RunConfig& c) { c.task.memory_max = 0; },
         {"task.memory_min = 1", "task.memory_max = 0"}},
        {"ReasoningRangeUpsideDown", [](RunConfig& c) { c.task.reasoning_min = 21; },
         {"task.reasoning_min = 21", "task.reasoning_max = 20"}},
        {"KeyOutsideTheVocabulary", [](RunConfig& c) { c.task.key_max = 200; },
         {"task.key_max = 200", "0 .. 199", "task.vocabulary = 200"}},
        {"NegativeAnchors", [](RunConfig& c) { c.task.memory_min = -1; },
         {"task.memory_min = -1", "0 .. 199"}},
        {"NoVocabulary",
         [](RunConfig& c) { c.task.vocabulary = 0; },
         {"task.vocabulary = 0", "2 .. 1000000"}},
        {"OneToken",
         [](RunConfig& c) { c.task.vocabulary = 1; },
         {"task.vocabulary = 1 is not within 2 .. 1000000"}},
        {"HugeVocabulary",
         [](RunConfig& c) { c.task.vocabulary = 1'000'001; },
         {"task.vocabulary = 1000001", "2 .. 1000000"}},
        {"NoAnchors", [](RunConfig& c) { c.task.num_anchors = 0; }, {"task.num_anchors = 0"}},
        {"NegativeAnchorCount", [](RunConfig& c) { c.task.num_anchors = -2; },
         {"task.num_anchors = -2"}},
        {"NineAnchors",
         [](RunConfig& c) {
           c.task.num_anchors = 9;
           c.task.length = 12;
           c.task.vocabulary = 1000;
         },
         {"task.num_anchors = 9", "1 .. 8"}},
        {"TooShort", [](RunConfig& c) { c.task.length = 2; },
         {"task.length = 2", "too short", "task.num_anchors = 2"}},
        {"NegativeLength", [](RunConfig& c) { c.task.length = -9; }, {"task.length = -9"}},
        {"HugeLength",
         [](RunConfig& c) { c.task.length = 100'001; },
         {"task.length = 100001", "above 100000"}},
        // 1000^8 overflows an int64.
        {"CombinationsBeyondCounting",
         [](RunConfig& c) {
           c.task.num_anchors = 8;
           c.task.memory_max = 1000;
           c.task.reasoning_min = 1001;
           c.task.reasoning_max = 2000;
           c.task.key_min = 2001;
           c.task.key_max = 2100;
           c.task.vocabulary = 100'000;
           c.task.masked = {};
         },
         {"combinations", "10,000,000", "task.num_anchors = 8"}},
        {"CombinationsOfAMillionAnchors",
         [](RunConfig& c) {
           c.task.num_anchors = 8;
           c.task.memory_min = 200;
           c.task.memory_max = 999'999;
           c.task.vocabulary = 1'000'000;
           c.task.masked = {};
         },
         {"combinations", "10,000,000"}},
        {"SamplesNoMultiple", [](RunConfig& c) { c.task.samples = 200'100; },
         {"task.samples = 200100", "multiple", "200", "equally often"}},
        {"FewerSamplesThanCombinations", [](RunConfig& c) { c.task.samples = 100; },
         {"task.samples = 100", "multiple", "200"}},
        {"NoSamples", [](RunConfig& c) { c.task.samples = 0; }, {"task.samples = 0", "multiple"}},
        {"NegativeSamples", [](RunConfig& c) { c.task.samples = -200; }, {"task.samples = -200"}},
        {"HugeSamples",
         [](RunConfig& c) { c.task.samples = 9'000'000'000'000'000'000; },
         {"task.samples = 9000000000000000000", "100,000,000"}},
        {"MoreSamplesThanTheLimit",
         [](RunConfig& c) { c.task.samples = 100'000'200; },
         {"task.samples = 100000200", "100,000,000"}},
        {"EnumeratedWithNoise",
         [](RunConfig& c) {
           c.task.sampling = Sampling::kEnumerated;
           c.task.samples = 20'000;
         },
         {"task.sampling = enumerated", "without noise", "task.length = 9",
          "task.num_anchors + 1 = 3"}},
        {"EnumeratedWithOtherSamples",
         [](RunConfig& c) {
           c.task.sampling = Sampling::kEnumerated;
           c.task.length = 3;
         },
         {"task.samples = 200000", "100 keys * 200 anchor combinations = 20000",
          "task.sampling = enumerated"}},
        {"MaskedAboveTheAnchors", [](RunConfig& c) { c.task.masked = {"11-13", "11-21"}; },
         {"task.masked '11-21'", "outside of the reasoning anchors 11 .. 20"}},
        {"MaskedMemoryAnchor", [](RunConfig& c) { c.task.masked = {"10-13"}; },
         {"task.masked '10-13'", "11 .. 20"}},
        {"MaskedTwice", [](RunConfig& c) { c.task.masked = {"11-13", "13-11", "11-13"}; },
         {"task.masked '11-13'", "twice"}},
        {"MaskedTwiceInOtherLetters", [](RunConfig& c) { c.task.masked = {"11-13", "011-13"}; },
         {"twice"}},
        {"MaskedWithTooFewAnchors", [](RunConfig& c) { c.task.masked = {"11"}; },
         {"task.masked '11' has 1 anchors", "task.num_anchors is 2"}},
        {"MaskedWithTooManyAnchors", [](RunConfig& c) { c.task.masked = {"11-12-13"}; },
         {"task.masked '11-12-13' has 3 anchors", "task.num_anchors is 2"}},
        {"MaskedOfAnotherForm", [](RunConfig& c) { c.task.masked = {"11:13"}; },
         {"task.masked", "'11:13'", "11-13"}},
        {"AllMasked",
         [](RunConfig& c) {
           c.task.num_anchors = 1;
           c.task.reasoning_max = 12;
           c.task.samples = 12'000;
           c.task.masked = {"11", "12"};
         },
         {"task.masked holds all 2 reasoning combinations", "none is left to train"}},
        {"MaskedInAMemoryTask", [](RunConfig& c) { c.task.kinds = TaskKinds::kMemory; },
         {"task.masked = 11-13,13-11 is to be empty", "task.kinds = memory"}},
        {"ReasoningRangeUpsideDownInAMemoryTask",
         [](RunConfig& c) {
           c.task.kinds = TaskKinds::kMemory;
           c.task.masked = {};
           c.task.reasoning_min = 21;
         },
         {"task.reasoning_min = 21", "task.reasoning_max = 20"}},
        {"KeysOverlapMemoryInAMemoryTask",
         [](RunConfig& c) {
           c.task.kinds = TaskKinds::kMemory;
           c.task.masked = {};
           c.task.memory_max = 21;
         },
         {"task.key (21 .. 120)", "task.memory (1 .. 21)", "overlap"}},
        {"SamplesNoMultipleInAMemoryTask",
         [](RunConfig& c) {
           c.task.kinds = TaskKinds::kMemory;
           c.task.masked = {};
           c.task.samples = 150;
         },
         {"task.samples = 150", "multiple", "the 100 anchor combinations"}},
        {"NegativeRandomLabels", [](RunConfig& c) { c.task.random_labels = -0.1; },
         {"task.random_labels = -0.1 is not within 0 .. 1"}},
        {"MoreRandomLabelsThanLabels", [](RunConfig& c) { c.task.random_labels = 1.1; },
         {"task.random_labels = 1.1 is not within 0 .. 1"}},
        {"NoMemoryGroups", [](RunConfig& c) { c.task.memory_groups = 0; },
         {"task.memory_groups = 0", "10 memory anchors"}},
        {"MemoryGroupsOfUnequalSize", [](RunConfig& c) { c.task.memory_groups = 3; },
         {"task.memory_groups = 3", "10 memory anchors", "task.memory_min = 1",
          "task.memory_max = 10"}},
        {"MoreMemoryGroupsThanAnchors", [](RunConfig& c) { c.task.memory_groups = 20; },
         {"task.memory_groups = 20", "10 memory anchors"}},
        // 5 * 2^2 and 10^2.
        {"SamplesNoMultipleOfTheGroups",
         [](RunConfig& c) {
           c.task.memory_groups = 5;
           c.task.samples = 200;
         },
         {"task.samples = 200", "multiple", "the 120 anchor combinations"}},
        {"EnumeratedGroupsWithOtherSamples",
         [](RunConfig& c) {
           c.task.memory_groups = 5;
           c.task.sampling = Sampling::kEnumerated;
           c.task.length = 3;
           c.task.samples = 20'000;
         },
         {"task.samples = 20000", "100 keys * 120 anchor combinations = 12000"}},
        {"LabelsAroundTheKeyBelowZero",
         [](RunConfig& c) {
           c.task.memory_labels = MemoryLabels::kAroundKey;
           c.task.num_anchors = 3;
           c.task.masked = {};
           c.task.samples = 2000;
         },
         {"smallest label", "task.memory_labels = around_key", "task.key_min",
          "task.num_anchors", "task.memory_max", "21 - 3 * 10 = -9", "negative"}},
        {"LabelsAroundTheKeyAboveTheVocabulary",
         [](RunConfig& c) {
           c.task.memory_labels = MemoryLabels::kAroundKey;
           c.task.kinds = TaskKinds::kMemory;
           c.task.masked = {};
           c.task.vocabulary = 140;
         },
         {"largest label", "task.memory_labels = around_key", "task.key_max", "task.num_anchors",
          "task.memory_max", "120 + 2 * 10 = 140", "0 .. 139", "task.vocabulary = 140"}},
        {"NestedLabelsAboveTheVocabulary",
         [](RunConfig& c) {
           c.task.memory_labels = MemoryLabels::kNested;
           c.task.memory_groups = 5;
           c.task.samples = 120;
           c.task.nested_step = 35;
           c.task.nested_min = 26;
         },
         {"largest label", "task.memory_labels = nested", "task.nested_min", "task.nested_step",
          "task.memory_groups", "26 - 1 + 35 * 5 = 200", "0 .. 199", "task.vocabulary = 200"}},
        {"NestedLabelsBelowZero",
         [](RunConfig& c) {
           c.task.memory_labels = MemoryLabels::kNested;
           c.task.nested_min = -1;
         },
         {"task.nested_min = -1", "0 .. 1000000"}},
        {"NestedLabelsFarAboveTheVocabulary",
         [](RunConfig& c) {
           c.task.memory_labels = MemoryLabels::kNested;
           c.task.nested_min = kMax;
         },
         {"task.nested_min = 9223372036854775807", "0 .. 1000000"}},
        {"NoNestedStep",
         [](RunConfig& c) {
           c.task.memory_labels = MemoryLabels::kNested;
           c.task.nested_step = 0;
         },
         {"task.nested_step = 0", "1 .. 1000000"}},
        {"HugeNestedStep",
         [](RunConfig& c) {
           c.task.memory_labels = MemoryLabels::kNested;
           c.task.nested_step = kMax;
         },
         {"task.nested_step = 9223372036854775807", "1 .. 1000000"}},
        {"EnumeratedMemoryTaskWithOtherSamples",
         [](RunConfig& c) {
           c.task.kinds = TaskKinds::kMemory;
           c.task.masked = {};
           c.task.sampling = Sampling::kEnumerated;
           c.task.length = 3;
           c.task.samples = 20'000;
         },
         {"task.samples = 20000", "100 keys * 100 anchor combinations = 10000"}}}),
    [](const auto& impossible) { return std::string(impossible.param.name); });

INSTANTIATE_TEST_SUITE_P(
    Model, ImpossibleConfigTest,
    testing::ValuesIn(std::vector<Impossible>{
        {"NegativeSeed", [](RunConfig& c) { c.seed = -1; }, {"seed = -1", "negative"}},
        {"NanGamma", [](RunConfig& c) { c.init.gamma = kNan; }, {"init.gamma = nan"}},
        {"InfiniteGamma", [](RunConfig& c) { c.init.gamma = kInfinity; }, {"init.gamma = inf"}},
        {"HugeGamma", [](RunConfig& c) { c.init.gamma = 1e6; }, {"init.gamma = 1000000"}},
        {"NoLayers", [](RunConfig& c) { c.transformer.layers = 0; }, {"transformer.layers = 0"}},
        {"NoHeads", [](RunConfig& c) { c.transformer.heads = 0; }, {"transformer.heads = 0"}},
        {"NegativeWidth",
         [](RunConfig& c) { c.transformer.d_model = -200; },
         {"transformer.d_model = -200"}},
        {"HugeWidth",
         [](RunConfig& c) { c.transformer.d_ff = 65'537; },
         {"transformer.d_ff = 65537", "1 .. 65536"}},
        {"NoHeadWidth", [](RunConfig& c) { c.transformer.d_head = 0; }, {"transformer.d_head = 0"}},
        {"NoEmbMlpWidth",
         [](RunConfig& c) {
           c.model = ModelKind::kEmbMlp;
           c.emb_mlp.d_model = 0;
         },
         {"emb_mlp.d_model = 0"}},
        {"HugeEmbMlpHiddenWidth",
         [](RunConfig& c) {
           c.model = ModelKind::kEmbMlp;
           c.emb_mlp.d_ff = kMax;
         },
         {"emb_mlp.d_ff = 9223372036854775807"}}}),
    [](const auto& impossible) { return std::string(impossible.param.name); });

INSTANTIATE_TEST_SUITE_P(
    Training, ImpossibleConfigTest,
    testing::ValuesIn(std::vector<Impossible>{
        {"NoLearningRate",
         [](RunConfig& c) { c.optimizer.learning_rate = 0; },
         {"optimizer.learning_rate = 0"}},
        {"NegativeLearningRate",
         [](RunConfig& c) { c.optimizer.learning_rate = -1e-5; },
         {"optimizer.learning_rate = -1e-05"}},
        {"NanLearningRate",
         [](RunConfig& c) { c.optimizer.learning_rate = kNan; },
         {"optimizer.learning_rate = nan"}},
        {"InfiniteLearningRate",
         [](RunConfig& c) { c.optimizer.learning_rate = kInfinity; },
         {"optimizer.learning_rate = inf"}},
        {"NegativeWeightDecay",
         [](RunConfig& c) { c.optimizer.weight_decay = -0.01; },
         {"optimizer.weight_decay = -0.01"}},
        {"NanWeightDecay",
         [](RunConfig& c) { c.optimizer.weight_decay = kNan; },
         {"optimizer.weight_decay = nan"}},
        {"Beta1IsOne", [](RunConfig& c) { c.optimizer.beta1 = 1; }, {"optimizer.beta1 = 1"}},
        {"Beta2IsNegative",
         [](RunConfig& c) { c.optimizer.beta2 = -0.1; },
         {"optimizer.beta2 = -0.1"}},
        {"NoEpsilon", [](RunConfig& c) { c.optimizer.epsilon = 0; }, {"optimizer.epsilon = 0"}},
        {"NegativeClipNorm",
         [](RunConfig& c) { c.optimizer.clip_norm = -1; },
         {"optimizer.clip_norm = -1"}},
        {"DecayThatEndsBeforeItBegins",
         [](RunConfig& c) {
           c.optimizer.decay_from = 0.5;
           c.optimizer.decay_to = 0.25;
         },
         {"optimizer.decay_from = 0.5", "optimizer.decay_to = 0.25"}},
        {"DecayBeyondTheEnd",
         [](RunConfig& c) { c.optimizer.decay_to = 1.5; },
         {"optimizer.decay_from = 0", "optimizer.decay_to = 1.5"}},
        {"NoLogitScale",
         [](RunConfig& c) { c.train.logit_scale = 0; },
         {"train.logit_scale = 0 is not positive"}},
        {"NanClipNorm",
         [](RunConfig& c) { c.optimizer.clip_norm = kNan; },
         {"optimizer.clip_norm = nan"}},
        {"NoEpochs", [](RunConfig& c) { c.train.epochs = 0; }, {"train.epochs = 0"}},
        {"HugeEpochs",
         [](RunConfig& c) { c.train.epochs = 10'000'001; },
         {"train.epochs = 10000001", "1 .. 10,000,000"}},
        {"NoBatch", [](RunConfig& c) { c.train.batch_size = 0; }, {"train.batch_size = 0"}},
        {"NextTokensOfEmbMlp",
         [](RunConfig& c) {
           c.model = ModelKind::kEmbMlp;
           ApplyOverride(c, "train.target=next_token");
         },
         {"train.target = next_token needs model = transformer", "emb_mlp"}},
        {"NoEvaluations", [](RunConfig& c) { c.train.eval_every = 0; }, {"train.eval_every = 0"}},
        {"NoEvaluationSamples",
         [](RunConfig& c) { c.train.eval_samples = 0; },
         {"train.eval_samples = 0"}},
        {"ProbeStepsFall",
         [](RunConfig& c) {
           c.probe.names = {"embedding"};
           c.probe.steps = {10, 5};
         },
         {"probe.steps", "rise"}},
        {"NegativeProbeStep",
         [](RunConfig& c) {
           c.probe.names = {"embedding"};
           c.probe.steps = {-1, 5};
         },
         {"probe.steps"}},
        {"ProbeStepTwice",
         [](RunConfig& c) {
           c.probe.names = {"embedding"};
           c.probe.steps = {5, 5};
         },
         {"probe.steps", "twice"}},
        {"ProbeStepsWithoutNames",
         [](RunConfig& c) { c.probe.steps = {5}; },
         {"probe.names", "probe.steps"}},
        {"ProbeNamesWithoutSteps",
         [](RunConfig& c) { c.probe.names = {"embedding"}; },
         {"probe.names", "probe.steps"}}}),
    [](const auto& impossible) { return std::string(impossible.param.name); });

// A run of 1000 epochs of 1,980 steps under a schedule, spoilt.
void SpoilSchedule(RunConfig& c, std::string_view assignment) {
  c.optimizer.schedule = Schedule::kWarmupCosine;
  ApplyOverride(c, assignment);
}

INSTANTIATE_TEST_SUITE_P(
    Schedule, ImpossibleConfigTest,
    testing::ValuesIn(std::vector<Impossible>{
        {"NoWarmup",
         [](RunConfig& c) { SpoilSchedule(c, "optimizer.warmup_epochs=0"); },
         {"optimizer.warmup_epochs = 0 is not positive and finite"}},
        {"NanWarmup",
         [](RunConfig& c) { SpoilSchedule(c, "optimizer.warmup_epochs=nan"); },
         {"optimizer.warmup_epochs = nan is not positive and finite"}},
        {"InfiniteMultiplier",
         [](RunConfig& c) { SpoilSchedule(c, "optimizer.warmup_multiplier=inf"); },
         {"optimizer.warmup_multiplier = inf is not positive and finite"}},
        {"FallingWarmup",
         [](RunConfig& c) { SpoilSchedule(c, "optimizer.warmup_multiplier=0.9"); },
         {"optimizer.warmup_multiplier = 0.9 is below 1"}},
        {"PeakBeyondTheNumbers",
         [](RunConfig& c) {
           SpoilSchedule(c, "optimizer.warmup_multiplier=1e308");
           c.optimizer.learning_rate = 1e5;
           c.optimizer.weight_decay = 0;
         },
         {"optimizer.warmup_multiplier = 1e+308",
          "too large for optimizer.learning_rate = 100000"}},
        {"NoFloor",
         [](RunConfig& c) { SpoilSchedule(c, "optimizer.floor=0"); },
         {"optimizer.floor = 0 is not positive and finite"}},
        {"FloorAboveThePeak",
         [](RunConfig& c) { SpoilSchedule(c, "optimizer.floor=0.001"); },
         {"optimizer.floor = 0.001", "1e-05 * 10 = 0.0001"}},
        {"NothingButWarmup",
         [](RunConfig& c) { SpoilSchedule(c, "optimizer.warmup_epochs=1000"); },
         {"optimizer.warmup_epochs = 1000 leaves no step to fall in",
          "train.epochs = 1000 of 1980 steps"}},
        {"PeakAtTheLastStep",
         [](RunConfig& c) {
           SpoilSchedule(c, "optimizer.warmup_epochs=2");
           c.train.epochs = 3;
           c.train.batch_size = 200'000;
         },
         {"optimizer.warmup_epochs = 2 leaves no step to fall in", "3 of 1 steps"}}}),
    [](const auto& impossible) { return std::string(impossible.param.name); });

INSTANTIATE_TEST_SUITE_P(Init, ImpossibleConfigTest,
                         testing::ValuesIn(std::vector<Impossible>{
                             {"HugeMemoryGamma",
                              [](RunConfig& c) { c.init.memory_gamma = -5.1; },
                              {"init.memory_gamma = -5.1 is not within -5 .. 5"}},
                             {"HugeQkGamma",
                              [](RunConfig& c) { c.init.qk_gamma = 5.1; },
                              {"init.qk_gamma = 5.1 is not within -5 .. 5"}},
                             {"HeadGammaThatIsNone",
                              [](RunConfig& c) { c.init.head_gamma = kNan; },
                              {"init.head_gamma = nan is not within -5 .. 5"}},
                             {"NegativeEmbeddingStd",
                              [](RunConfig& c) {
                                c.model = ModelKind::kGpt2;
                                c.init.embedding_std = -0.02;
                              },
                              {"init.embedding_std = -0.02 is not within 0 .. 1e6"}}}),
                         [](const auto& impossible) { return std::string(impossible.param.name); });

// A GPT-2 run that can be run, spoilt.
void SpoilGpt2(RunConfig& c, std::string_view assignment) {
  c.model = ModelKind::kGpt2;
  ApplyOverride(c, assignment);
}

INSTANTIATE_TEST_SUITE_P(
    Text, ImpossibleConfigTest,
    testing::ValuesIn(std::vector<Impossible>{
        {"NoProntoqa",
         [](RunConfig& c) { SpoilGpt2(c, "text.prontoqa_sequences=0"); },
         {"text.prontoqa_sequences = 0", "1 .. 10000000"}},
        {"NoStories",
         [](RunConfig& c) { SpoilGpt2(c, "text.tinystories_sequences=0"); },
         {"text.tinystories_sequences = 0", "1 .. 10000000"}},
        {"HugeStories",
         [](RunConfig& c) { SpoilGpt2(c, "text.tinystories_sequences=10000001"); },
         {"text.tinystories_sequences = 10000001", "1 .. 10000000"}},
        {"NoAnswerSamples",
         [](RunConfig& c) { SpoilGpt2(c, "text.answer_samples=0"); },
         {"text.answer_samples = 0"}},
        {"NoCorpusTokens",
         [](RunConfig& c) { SpoilGpt2(c, "text.corpus_tokens=0"); },
         {"text.corpus_tokens = 0"}},
        {"NoHops", [](RunConfig& c) { SpoilGpt2(c, "text.hops="); }, {"text.hops is empty"}},
        {"ZeroHops",
         [](RunConfig& c) { SpoilGpt2(c, "text.hops=1,0"); },
         {"text.hops: 0 is not within 1 .. 6"}},
        {"TooManyHops",
         [](RunConfig& c) { SpoilGpt2(c, "text.hops=7"); },
         {"text.hops: 7 is not within 1 .. 6"}},
        {"HopsTwice",
         [](RunConfig& c) { SpoilGpt2(c, "text.hops=1,3,1"); },
         {"text.hops names 1 twice"}},
        {"NoProntoqaSource",
         [](RunConfig& c) { SpoilGpt2(c, "text.prontoqa="); },
         {"text.prontoqa is empty"}},
        {"NegativePadding",
         [](RunConfig& c) { SpoilGpt2(c, "text.padded_length=-1"); },
         {"text.padded_length = -1 is negative"}},
        {"NothingButPadding",
         [](RunConfig& c) { SpoilGpt2(c, "text.padded_length=1"); },
         {"text.padded_length = 1 is not within 2 .. gpt2.context + 1 = 1025"}},
        {"PaddingBeyondTheContext",
         [](RunConfig& c) { SpoilGpt2(c, "text.padded_length=1026"); },
         {"text.padded_length = 1026 is not within 2 .. gpt2.context + 1 = 1025"}},
        {"PaddedInAContextBeyondAllNumbers",
         [](RunConfig& c) {
           SpoilGpt2(c, "text.padded_length=24");
           SpoilGpt2(c, "gpt2.context=9223372036854775807");
         },
         {"gpt2.context = 9223372036854775807 is not within 2 .. 65536"}},
        {"PaddedAndPacked",
         [](RunConfig& c) {
           SpoilGpt2(c, "text.padded_length=190");
           c.text.packed = true;
         },
         {"text.padded_length = 190", "text.packed = true"}},
        {"BlankAtTheEnd",
         [](RunConfig& c) {
           SpoilGpt2(c, "text.packed=true");
           c.text.prontoqa = "examples.json ";
         },
         {"text.prontoqa = 'examples.json ' begins or ends with a blank"}},
        {"NoStoriesSource",
         [](RunConfig& c) { SpoilGpt2(c, "text.tinystories="); },
         {"text.tinystories is empty"}}}),
    [](const auto& impossible) { return std::string(impossible.param.name); });

INSTANTIATE_TEST_SUITE_P(
    Gpt2, ImpossibleConfigTest,
    testing::ValuesIn(std::vector<Impossible>{
        {"OneToken",
         [](RunConfig& c) { SpoilGpt2(c, "gpt2.vocabulary=1"); },
         {"gpt2.vocabulary = 1", "2 .. 50257"}},
        {"MoreTokensThanGpt2Has",
         [](RunConfig& c) { SpoilGpt2(c, "gpt2.vocabulary=50258"); },
         {"gpt2.vocabulary = 50258", "2 .. 50257"}},
        {"NothingToPredict",
         [](RunConfig& c) { SpoilGpt2(c, "gpt2.context=1"); },
         {"gpt2.context = 1", "2 .. 65536"}},
        {"HugeContext",
         [](RunConfig& c) { SpoilGpt2(c, "gpt2.context=65537"); },
         {"gpt2.context = 65537", "2 .. 65536"}},
        {"NoBlocks",
         [](RunConfig& c) { SpoilGpt2(c, "gpt2.layers=0"); },
         {"gpt2.layers = 0", "1 .. 1000"}},
        {"NoWidthAtAll",
         [](RunConfig& c) { SpoilGpt2(c, "gpt2.d_model=0"); },
         {"gpt2.d_model = 0", "1 .. 16384"}},
        {"HugeGpt2Width",
         [](RunConfig& c) { SpoilGpt2(c, "gpt2.d_model=16385"); },
         {"gpt2.d_model = 16385", "1 .. 16384"}},
        {"TooManyGpt2Weights",
         [](RunConfig& c) {
           SpoilGpt2(c, "gpt2.layers=1000");
           c.gpt2.d_model = 1536;
         },
         {"gpt2.layers = 1000, gpt2.d_model = 1536 make 2.83e+10 weights, more than 1e10"}},
        {"HeadsDoNotDivideTheWidth",
         [](RunConfig& c) { SpoilGpt2(c, "gpt2.heads=7"); },
         {"gpt2.heads = 7 does not divide gpt2.d_model = 768"}},
        {"NoGpt2Heads", [](RunConfig& c) { SpoilGpt2(c, "gpt2.heads=0"); }, {"gpt2.heads = 0"}},
        {"NegativeDropout",
         [](RunConfig& c) { SpoilGpt2(c, "gpt2.dropout=-0.1"); },
         {"gpt2.dropout = -0.1", "[0, 1)"}},
        {"NothingIsKept",
         [](RunConfig& c) { SpoilGpt2(c, "gpt2.dropout=1"); },
         {"gpt2.dropout = 1", "[0, 1)"}},
        {"NegativeMicroBatch",
         [](RunConfig& c) { SpoilGpt2(c, "train.micro_batch_size=-1"); },
         {"train.micro_batch_size = -1 is negative"}},
        {"ProbeStepAfterTheRun",
         [](RunConfig& c) {
           SpoilGpt2(c, "probe.names=embedding");
           c.train.epochs = 2;
           c.probe.steps = {201};
         },
         {"probe.steps ends at 201, the run at step 200"}}}),
    [](const auto& impossible) { return std::string(impossible.param.name); });

// What is infinite or NaN is neither "negative" nor "not positive": a message that says so
// sends the reader after the wrong thing.
TEST(ValidateTest, MessagesAboutInfinityAreTrue) {
  for (const char* name : {"weight_decay", "learning_rate", "epsilon"}) {
    RunConfig config;
    SetField(config, std::string("optimizer.") + name, "inf");
    EXPECT_NE(ValidateError(config).find("finite"), std::string::npos) << ValidateError(config);
  }
}

// Training computes in float: what is 0 or infinite there is refused, at both ends.
TEST(ValidateTest, TakesWhatAFloatHoldsAlone) {
  const auto message = [](const std::string& name, const std::string& value) {
    RunConfig config;
    config.optimizer.schedule = Schedule::kWarmupCosine;
    config.optimizer.weight_decay = 0;
    SetField(config, "optimizer." + name, value);
    return ValidateError(config);
  };
  for (const char* const name : {"learning_rate", "epsilon", "floor", "clip_norm"}) {
    EXPECT_THAT(message(name, "1e-39"), HasSubstr(std::string(name) + " = 1e-39 is not positive"));
    EXPECT_THAT(message(name, "1e-30"), testing::Not(HasSubstr("as a float")));
  }
  for (const char* const name : {"learning_rate", "epsilon", "floor"}) {
    EXPECT_THAT(message(name, "1e39"), HasSubstr("within 1.2e-38 .. 3.4e+38"));
  }
  EXPECT_EQ(message("clip_norm", "1e300"), "");
}

TEST(ValidateTest, RefusesADecayThatEnlarges) {
  RunConfig config;
  config.optimizer.learning_rate = 10;
  config.optimizer.weight_decay = 0.2;
  EXPECT_EQ(ValidateError(config), "");
  config.optimizer.weight_decay = 0.21;
  EXPECT_THAT(ValidateError(config),
              AllOf(HasSubstr("optimizer.learning_rate"), HasSubstr("optimizer.weight_decay"),
                    HasSubstr("10 * 0.21")));
  config.optimizer.learning_rate = 1;
  config.optimizer.schedule = Schedule::kWarmupCosine;
  EXPECT_THAT(ValidateError(config), HasSubstr("optimizer.warmup_multiplier"));
}

class EveryFieldTest : public testing::TestWithParam<ModelKind> {
 protected:
  // Whether the field takes `text` and gives it back as it is.
  static bool Holds(const Field& field, std::string_view text) {
    try {
      field.parse(text);
    } catch (const Error&) {
      return false;
    }
    return field.get() == text;
  }

  // The names of the fields that hold all of `texts`, and no other text.
  static std::vector<std::string> FieldsThatHold(const std::vector<std::string>& texts) {
    RunConfig config = DefaultOf(GetParam());
    std::vector<std::string> names;
    for (const Field& field : Fields(config)) {
      const auto holds = [&field](const std::string& text) { return Holds(field, text); };
      if (std::ranges::all_of(texts, holds) && !holds("some text")) {
        names.push_back(field.name);
      }
    }
    return names;
  }
  static std::vector<std::string> WholeNumberFields() {
    return FieldsThatHold({"-1", "9223372036854775807"});
  }
  static std::vector<std::string> RealNumberFields() { return FieldsThatHold({"0.25", "inf"}); }

  static RunConfig With(const std::string& name, const std::string& text) {
    RunConfig config = DefaultOf(GetParam());
    SetField(config, name, text);
    return config;
  }
};

INSTANTIATE_TEST_SUITE_P(Models, EveryFieldTest,
                         testing::Values(ModelKind::kEmbMlp, ModelKind::kTransformer,
                                         ModelKind::kGpt2),
                         [](const auto& model) { return FormatValue(model.param); });

TEST_P(EveryFieldTest, NegativeWholeNumbersAreErrorsThatNameTheField) {
  const std::vector<std::string> names = WholeNumberFields();
  ASSERT_GE(names.size(), GetParam() == ModelKind::kGpt2 ? 14U : 16U);
  for (const std::string& name : names) {
    for (const int64_t value : {int64_t{-1}, int64_t{-1'000'000'000'000}, kMin + 1, kMin}) {
      EXPECT_NE(ValidateError(With(name, FormatValue(value))).find(name), std::string::npos)
          << name << " = " << value << ": '" << ValidateError(With(name, FormatValue(value)))
          << "'";
    }
  }
}

// Whatever is taken must be safe to compute with: no overflow on the way to the number of steps.
TEST_P(EveryFieldTest, HugeWholeNumbersAreErrorsOrWork) {
  for (const std::string& name : WholeNumberFields()) {
    for (const int64_t value :
         {int64_t{1} << 31, int64_t{1} << 32, int64_t{1} << 62, kMax - 1, kMax}) {
      const RunConfig config = With(name, FormatValue(value));
      if (ValidateError(config).empty()) {
        EXPECT_GE(StepsPerEpoch(config), 1) << name << " = " << value;
        EXPECT_GE(TotalSteps(config), config.train.epochs) << name << " = " << value;
      }
    }
  }
}

TEST_P(EveryFieldTest, NanIsAnError) {
  const std::vector<std::string> names = RealNumberFields();
  ASSERT_EQ(names.size(), GetParam() == ModelKind::kEmbMlp ? 15U
                          : GetParam() == ModelKind::kGpt2 ? 16U
                                                           : 17U);
  for (const std::string& name : names) {
    EXPECT_NE(ValidateError(With(name, "nan")).find(name + " = nan"), std::string::npos) << name;
    EXPECT_NE(ValidateError(With(name, "-inf")).find(name + " = -inf"), std::string::npos) << name;
  }
}

// No clipping is an infinite norm, or 0; nothing else may be infinite.
TEST_P(EveryFieldTest, InfinityIsAnErrorButForTheClipNorm) {
  for (const std::string& name : RealNumberFields()) {
    EXPECT_EQ(ValidateError(With(name, "inf")).empty(), name == "optimizer.clip_norm") << name;
  }
}

// The authors' generator makes longer proofs than ours.
TEST(ValidateTest, AFileMayHaveMoreHopsThanAreGenerated) {
  RunConfig config{.model = ModelKind::kGpt2};
  config.text.hops = {7, 8};
  EXPECT_THAT(ErrorOf([&] { Validate(config); }), testing::HasSubstr("text.prontoqa=FILE"));
  config.text.prontoqa = "8hop.json";
  Validate(config);
  config.text.hops = {101};
  EXPECT_THAT(ErrorOf([&] { Validate(config); }), testing::HasSubstr("is not within 1 .. 100"));
}

TEST(ValidateTest, SaysThatAPaddedVocabularyIsNotNeeded) {
  RunConfig config{.model = ModelKind::kGpt2};
  config.gpt2.vocabulary = 50'304;
  EXPECT_THAT(ErrorOf([&] { Validate(config); }), testing::HasSubstr("not needed"));
}

// With the time of a comparison of all pairs the test would run into its limit.
TEST(ValidateTest, LongListsAreCheckedAtOnce) {
  RunConfig config;
  config.task = {.vocabulary = 4000,
                 .key_min = 3000,
                 .key_max = 3001,
                 .memory_min = 1,
                 .memory_max = 2,
                 .reasoning_min = 10,
                 .reasoning_max = 409,
                 .masked = {}};
  config.task.samples = 400 * 400 + 4;
  for (int64_t a = 10; a < 409; ++a) {
    for (int64_t b = 10; b <= 409; ++b) {
      config.task.masked.push_back(fmt::format("{}-{}", a, b));
    }
  }
  std::ranges::sort(config.task.masked, {}, [](const std::string& text) {
    const size_t dash = text.find('-');
    return std::pair(std::stoi(text.substr(0, dash)), std::stoi(text.substr(dash + 1)));
  });
  Validate(config);
  config.task.masked.push_back(config.task.masked.front());
  EXPECT_THAT(ErrorOf([&] { Validate(config); }), testing::HasSubstr("stands twice"));
}

TEST(ValidateTest, TakesNoClipping) {
  RunConfig config;
  config.optimizer.clip_norm = 0;
  EXPECT_EQ(ValidateError(config), "");
}

// L2 terms are no factors of the parameters but where the step is a multiple of the gradient.
TEST(ValidateTest, AdamTakesAnyDecay) {
  RunConfig config;
  config.optimizer.learning_rate = 0.1;
  config.optimizer.weight_decay = 30;
  EXPECT_NE(ValidateError(config), "");
  config.optimizer.kind = OptimizerKind::kSgd;
  EXPECT_NE(ValidateError(config), "");
  config.optimizer.kind = OptimizerKind::kAdam;
  EXPECT_EQ(ValidateError(config), "");
}

TEST(ValidateTest, TakesThePapersConfigs) {
  EXPECT_EQ(ValidateError(RunConfig{}), "");
  RunConfig emb_mlp = DefaultOf(ModelKind::kEmbMlp);
  emb_mlp.task.length = 3;
  emb_mlp.task.sampling = Sampling::kEnumerated;
  emb_mlp.task.samples = 20'000;
  EXPECT_EQ(ValidateError(emb_mlp), "");
}

TEST(ValidateTest, TakesGpt2sThatAreJustPossible) {
  RunConfig config = DefaultOf(ModelKind::kGpt2);
  EXPECT_EQ(ValidateError(config), "");
  config.text.hops = {6, 1};
  config.text.prontoqa_sequences = config.text.tinystories_sequences = 1;
  config.gpt2 = {.vocabulary = 2, .context = 2, .layers = 1, .heads = 1, .d_model = 1};
  config.train.micro_batch_size = kMax;  // more than a batch: all of it
  EXPECT_EQ(ValidateError(config), "");
  config.text.prontoqa_sequences = config.text.tinystories_sequences = 10'000'000;
  config.gpt2 = {.context = 65'536, .layers = 1000, .heads = 16, .d_model = 16, .dropout = 0.999};
  EXPECT_EQ(ValidateError(config), "");
}

// No sequence has a reasoning anchor, so none of them clashes and no sum leaves the vocabulary.
TEST(ValidateTest, MemoryTasksHaveNoReasoningAnchorsToClashWith) {
  RunConfig config;
  config.task.kinds = TaskKinds::kMemory;
  config.task.masked = {};
  config.task.vocabulary = 121;
  config.task.memory_max = 20;
  config.task.samples = 400;
  EXPECT_EQ(ValidateError(config), "");
  config.task.sampling = Sampling::kEnumerated;
  config.task.length = 3;
  config.task.samples = 40'000;
  EXPECT_EQ(ValidateError(config), "");
}

TEST(ValidateTest, CountsTheCombinationsOfGroups) {
  RunConfig config;
  config.task.memory_groups = 5;
  config.task.samples = 120;
  config.task.masked = {};
  EXPECT_EQ(ValidateError(config), "");
  config.task.memory_groups = 10;
  config.task.samples = 110;
  EXPECT_EQ(ValidateError(config), "");
  config.task.memory_groups = 1;
  config.task.samples = 200;
  EXPECT_EQ(ValidateError(config), "");
}

// Labels from 0 to the last of the vocabulary.
TEST(ValidateTest, TakesMemoryLabelsThatJustFit) {
  RunConfig config;
  config.task.kinds = TaskKinds::kMemory;
  config.task.masked = {};
  config.task.memory_labels = MemoryLabels::kAroundKey;
  config.task.key_min = 20;
  config.task.vocabulary = 141;
  config.task.reasoning_min = config.task.reasoning_max = 0;
  EXPECT_EQ(ValidateError(config), "");
  config.task.memory_labels = MemoryLabels::kNested;
  config.task.memory_groups = 5;
  config.task.nested_min = 0;
  config.task.nested_step = 28;
  config.task.vocabulary = 140;
  EXPECT_EQ(ValidateError(config), "");
  config.task.vocabulary = 139;
  EXPECT_NE(ValidateError(config), "");
}

TEST(ValidateTest, TakesSchedulesThatAreJustPossible) {
  RunConfig config;
  config.optimizer.schedule = Schedule::kWarmupCosine;
  EXPECT_EQ(ValidateError(config), "");
  config.optimizer.floor = 1e-4;  // the peak
  EXPECT_EQ(ValidateError(config), "");
  config.optimizer.floor = config.optimizer.learning_rate;
  config.optimizer.warmup_multiplier = 1;
  config.train.epochs = 1;
  config.optimizer.warmup_epochs = 1978.0 / 1980.0;
  EXPECT_EQ(ValidateError(config), "");
  config.train.epochs = 2;
  config.optimizer.warmup_epochs = 1e-9;
  EXPECT_EQ(ValidateError(config), "");
  config.optimizer = {.warmup_epochs = -1, .warmup_multiplier = 0, .floor = kNan};  // constant
  EXPECT_EQ(ValidateError(config), "");
}

// The numbers of a rule that is not used clash with nothing.
TEST(ValidateTest, LooksAtTheUsedLabelRuleOnly) {
  RunConfig config;
  config.task.nested_min = 1000;
  EXPECT_EQ(ValidateError(config), "");
  config.task.num_anchors = 3;
  config.task.masked = {};
  config.task.samples = 2000;
  EXPECT_EQ(ValidateError(config), "");
}

TEST(ValidateTest, TakesWhatIsJustPossible) {
  RunConfig config;
  config.task.vocabulary = 161;  // the largest label is 160
  EXPECT_EQ(ValidateError(config), "");
  config.task.length = 3;
  config.task.samples = 200;
  config.task.masked = {};
  config.seed = kMax;
  config.init.gamma = 0;
  config.optimizer.weight_decay = 0;
  config.optimizer.beta1 = 0;
  config.train.epochs = 1;
  config.train.eval_every = kMax;
  config.probe.names = {"embedding"};
  config.probe.steps = {0, 1, TotalSteps(config)};
  EXPECT_EQ(ValidateError(config), "");
}

TEST(ValidateTest, TakesWhatIsJustNotTooMuch) {
  RunConfig config;
  config.task.vocabulary = 1'000'000;
  config.task.length = 20;
  config.task.samples = 100'000'000;
  EXPECT_EQ(ValidateError(config), "");
  config.task.length = 100'000;
  config.task.samples = 20'000;
  config.transformer.d_ff = 65'536;
  config.train.epochs = 10'000'000;
  EXPECT_EQ(ValidateError(config), "");
  config.task.num_anchors = 8;
  config.task.memory_max = 2;
  config.task.reasoning_max = 12;
  config.task.samples = 512;
  config.task.masked = {};
  EXPECT_EQ(ValidateError(config), "");
}

TEST(ValidateTest, TakesAllRandomTasks) {
  Stream stream(1, "test/validate");
  for (int i = 0; i < 500; ++i) {
    RunConfig config;
    config.task = RandomTask(&stream);
    ASSERT_EQ(ValidateError(config), "") << CanonicalForm(config);
  }
}

// All combinations but one may be masked, none may be left.
TEST(ValidateTest, OneCombinationMustBeLeftToTrain) {
  RunConfig config;
  config.task.masked.clear();
  for (const std::vector<int64_t>& anchors : AllCombinations(11, 20, 2)) {
    EXPECT_EQ(ValidateError(config), "") << config.task.masked.size() << " masked";
    config.task.masked.push_back(FormatValue(anchors[0]) + "-" + FormatValue(anchors[1]));
  }
  EXPECT_NE(ValidateError(config).find("masked holds all 100"), std::string::npos);
}

// An Emb-MLP has no heads to complain about.
TEST(ValidateTest, LooksAtTheActiveModelOnly) {
  RunConfig config = DefaultOf(ModelKind::kEmbMlp);
  config.transformer.heads = 0;
  EXPECT_EQ(ValidateError(config), "");
  config = RunConfig{};
  config.emb_mlp.d_ff = 0;
  config.gpt2.heads = 0;
  config.text.hops = {};
  EXPECT_EQ(ValidateError(config), "");
  config = DefaultOf(ModelKind::kGpt2);
  config.task.vocabulary = 0;
  config.transformer.heads = 0;
  EXPECT_EQ(ValidateError(config), "");
}

}  // namespace
}  // namespace initbias
