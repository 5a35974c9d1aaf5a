// Training of GPT-2 on text: the same bits on a rerun and over stops, parts of a batch that add up,
// series and probes that say what they should.
#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include "lib/model/torch/model.h"
#include "lib/train/train.h"
#include "lib/train/training_data.h"
#include "tests/error_of.h"
#include "tests/expect_same.h"
#include "tests/small_runs.h"
#include "tests/train/train_with_stop.h"

namespace initbias {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const DataFolders kData = {.shipped = "data", .downloaded = "nowhere", .user = "."};

RunResult TrainIt(const RunConfig& config) { return Train(config, {.data = kData}).result; }

TEST(TextTrainTest, LearnsAndReportsEverySet) {
  RunConfig config = SmallGpt2Run();
  config.text.hops = {1, 2};
  config.gpt2.context = 320;
  config.init.gamma = 1.5;
  const RunResult result = TrainIt(config);
  EXPECT_EQ(TotalSteps(config), 12);
  EXPECT_THAT(result.step, ElementsAre(0, 3, 5, 8, 10, 12));  // at the probes' too
  std::vector<std::string> groups;
  for (const LearningCurve& curve : result.curves) {
    groups.push_back(curve.group);
    EXPECT_EQ(curve.loss.size(), 6u);
    // With weights so small an untrained model guesses: about ln V a label.
    EXPECT_NEAR(curve.loss.front(), std::log(1024), 0.2) << curve.group;
    EXPECT_LT(curve.loss.back(), curve.loss.front()) << curve.group;
  }
  EXPECT_THAT(groups, ElementsAre("prontoqa", "tinystories", "answer_hops1", "answer_hops2"));
}

TEST(TextTrainTest, RerunGivesTheSameBits) {
  ExpectSame(TrainIt(SmallGpt2Run()), TrainIt(SmallGpt2Run()));
}

// With dropout, whose masks must not depend on where the run was stopped, and with batches in
// parts.
TEST(TextTrainTest, ResumeAtAnyStepGivesTheSameBits) {
  RunConfig config = SmallGpt2Run();
  config.gpt2.dropout = 0.1;
  const RunResult reference = TrainIt(config);
  for (int64_t stop = 0; stop < TotalSteps(config); ++stop) {
    SCOPED_TRACE(stop);
    const RunResult resumed = TrainWithStop(config, stop, kData);
    ExpectSame(resumed, reference);
    ExpectSameRunFiles(resumed, reference);
  }
}

// The same without dropout, which our own kernels compute.
RunConfig LongerRun() {
  RunConfig config = SmallGpt2Run();
  config.train.epochs = 8;
  return config;
}

TEST(TextTrainTest, ResumeAtAnyStepOfOurKernelsGivesTheSameBits) {
  const RunConfig config = LongerRun();
  const RunResult reference = TrainIt(config);
  ASSERT_GE(TotalSteps(config), 30);
  for (int64_t stop = 0; stop < TotalSteps(config); ++stop) {
    SCOPED_TRACE(stop);
    const RunResult resumed = TrainWithStop(config, stop, kData);
    ExpectSame(resumed, reference);
    ExpectSameRunFiles(resumed, reference);
  }
}

TEST(TextTrainTest, AKillAtAnyStepGivesTheSameBits) {
  const RunConfig config = LongerRun();
  const RunResult reference = TrainIt(config);
  ASSERT_GE(TotalSteps(config), 30);
  for (int64_t step = 0; step < TotalSteps(config); ++step) {
    SCOPED_TRACE(step);
    ExpectSameRunFiles(TrainWithKill(config, step, kData), reference);
  }
}

TEST(TextTrainTest, DropoutAndSeedMatter) {
  RunConfig config = SmallGpt2Run();
  const std::string digest = TrainIt(config).parameters_digest;
  config.gpt2.dropout = 0.1;
  EXPECT_NE(TrainIt(config).parameters_digest, digest);
  config.gpt2.dropout = 0;
  config.seed = 8;
  EXPECT_NE(TrainIt(config).parameters_digest, digest);
}

// One text a sequence, padded, the padding among the labels.
RunConfig PaddedRun() {
  RunConfig config = SmallGpt2Run();
  config.text.packed = false;
  config.text.padded_length = 120;
  config.text.padding_labels = true;
  return config;
}

TEST(TextTrainTest, PaddedTextsResumeToTheSameBits) {
  const RunConfig config = PaddedRun();
  const RunResult reference = TrainIt(config);
  for (const int64_t stop : {3, 7}) {
    SCOPED_TRACE(stop);
    ExpectSame(TrainWithStop(config, stop, kData), reference);
  }
  RunConfig other = config;
  other.text.padding_labels = false;
  EXPECT_NE(TrainIt(other).parameters_digest, reference.parameters_digest);
}

// One text a sequence, each as long as it is: parts are padded to other lengths than the batch.
RunConfig UnequalRun() {
  RunConfig config = SmallGpt2Run();
  config.text.packed = false;
  config.gpt2.context = 320;
  return config;
}

struct PartsCase {
  const char* name;
  RunConfig config;
  double dropout;
};

class PartsTest : public testing::TestWithParam<PartsCase> {};
INSTANTIATE_TEST_SUITE_P(Runs, PartsTest,
                         testing::Values(PartsCase{"packed", SmallGpt2Run(), 0},
                                         PartsCase{"padded", PaddedRun(), 0},
                                         PartsCase{"unequal", UnequalRun(), 0},
                                         PartsCase{"packed_dropout", SmallGpt2Run(), 0.1},
                                         PartsCase{"padded_dropout", PaddedRun(), 0.1},
                                         PartsCase{"unequal_dropout", UnequalRun(), 0.1}),
                         [](const auto& param) { return std::string(param.param.name); });

// A batch in parts is the batch, but for the order in which float32 sums are taken; dropout's masks
// are those of the whole.
TEST_P(PartsTest, TrainAsTheWhole) {
  RunConfig config = GetParam().config;
  config.gpt2.dropout = GetParam().dropout;
  config.probe = {};
  config.train.epochs = 1;
  config.train.micro_batch_size = 0;
  const RunResult whole = TrainIt(config);
  for (const int64_t part : {1, 3}) {
    config.train.micro_batch_size = part;
    const RunResult parts = TrainIt(config);
    for (size_t i = 0; i < whole.curves.size(); ++i) {
      ASSERT_EQ(parts.curves[i].loss.size(), whole.curves[i].loss.size());
      for (size_t j = 0; j < whole.curves[i].loss.size(); ++j) {
        EXPECT_NEAR(parts.curves[i].loss[j], whole.curves[i].loss[j], 2e-5) << part;
      }
    }
  }
  config.train.micro_batch_size = 4;  // the whole batch again
  EXPECT_EQ(TrainIt(config).parameters_digest, whole.parameters_digest);
}

class LabelledTextTest : public testing::TestWithParam<RunConfig> {};
INSTANTIATE_TEST_SUITE_P(Runs, LabelledTextTest, testing::Values(SmallGpt2Run(), PaddedRun()),
                         [](const auto& param) {
                           return param.param.text.packed ? "packed" : "padded";
                         });

// The series' first entry against a loop over positions.
TEST_P(LabelledTextTest, LossIsTheMeanOverAllLabelsOfTheSet) {
  RunConfig config = GetParam();
  config.init.gamma = 0.3;  // far from uniform outputs
  config.train.eval_samples = 100;
  const RunResult result = TrainIt(config);
  const TextData data = MakeTextData(config, kData);
  const std::unique_ptr<Model> model = MakeModel(config, c10::kCPU);
  model->parameters().Initialize(config.seed);
  const at::NoGradGuard no_grad;
  for (const TextCorpus* corpus : {&data.prontoqa, &data.tinystories}) {
    double sum = 0;
    double right = 0;
    double labels = 0;
    const TextSequences& set = corpus->sequences;
    for (int64_t i = 0; i < set.size(); ++i) {
      const auto row = set.tokens.begin() + i * set.length;
      for (int64_t j = 0; j < set.length; ++j) {
        const int32_t label = set.labels[static_cast<size_t>(i * set.length + j)];
        if (label == kNoLabel) {
          continue;
        }
        // The prefix up to this position, alone.
        const at::Tensor prefix = ToDevice({row, row + j + 1}, {1, j + 1}, c10::kCPU);
        const at::Tensor logits = model->Logits(prefix);
        const at::Tensor label_tensor = ToDevice({label}, {1}, c10::kCPU);
        sum += at::cross_entropy_loss(logits, label_tensor).item<double>();
        right += logits.argmax(1).eq(label_tensor).item<bool>() ? 1 : 0;
        ++labels;
      }
    }
    EXPECT_EQ(labels, static_cast<double>(
                          std::accumulate(set.lengths.begin(), set.lengths.end(), int64_t{0})));
    EXPECT_NEAR(result.Get(corpus->name).loss.front(), sum / labels, 1e-4) << corpus->name;
    EXPECT_NEAR(result.Get(corpus->name).accuracy.front(), right / labels, 1e-9) << corpus->name;
  }
}

TEST(TextTrainTest, CorpusProbesSayWhatTheDataHave) {
  const RunConfig config = SmallGpt2Run();
  const RunResult result = TrainIt(config);
  const TextData data = MakeTextData(config, kData);
  const auto values = [&](const std::string& name, size_t i) {
    return result.Probes(name).at(i)->array;
  };
  const Array rows = values("own_rows.prontoqa", 0);
  EXPECT_EQ(std::vector<int32_t>(rows.values.begin(), rows.values.end()), data.prontoqa.own_tokens);
  const Array tokens = values("own_tokens.tinystories", 2);
  EXPECT_EQ(std::vector<int32_t>(tokens.values.begin(), tokens.values.end()),
            data.tinystories.own_gpt2_tokens);
  EXPECT_FLOAT_EQ(values("unigram_entropy.prontoqa", 0).values.at(0),
                  static_cast<float>(data.prontoqa.unigram_entropy));
  // At step 0 the embeddings are the initial ones.
  const ParameterSpec spec = ParameterSpecs(config).front();
  const std::vector<float> initial = InitialValues(spec, config.seed);
  const Array embedding = values("own_embedding.prontoqa", 0);
  ASSERT_EQ(embedding.shape, (std::vector<int64_t>{12, 16}));
  for (size_t i = 0; i < 12; ++i) {
    for (size_t j = 0; j < 16; ++j) {
      EXPECT_EQ(embedding.values[i * 16 + j],
                initial[static_cast<size_t>(data.prontoqa.own_tokens[i]) * 16 + j]);
    }
  }
  EXPECT_NE(values("own_embedding.prontoqa", 1).values, embedding.values);
}

TEST(TextTrainTest, ProbesOfTheAnchorTaskAreUnknown) {
  RunConfig config = SmallGpt2Run();
  for (const char* name : {"outputs.argmax", "attention.layer0", "own_embedding.wikipedia"}) {
    config.probe.names = {name};
    EXPECT_THAT(ErrorOf([&] { TrainIt(config); }), HasSubstr(name));
  }
}

TEST(TextTrainTest, GradientProbeIsThatOfTheTrainedSets) {
  RunConfig config = SmallGpt2Run();
  config.probe.names = {"gradient.layer0.ffn.up.w"};
  config.probe.steps = {0};
  const RunResult result = TrainIt(config);
  const TrainingData data = MakeTrainingData(config, kData, c10::kCPU);
  const std::unique_ptr<Model> model = MakeModel(config, c10::kCPU);
  model->parameters().Initialize(config.seed);
  int64_t labels = 0;
  for (const EvaluationSet& set : data.evaluation) {
    labels += set.IsTrained() ? set.sequences.LabelCount() : 0;
  }
  for (const EvaluationSet& set : data.evaluation) {
    for (int64_t i = 0; set.IsTrained() && i < set.sequences.size(); ++i) {
      const Batch batch = set.sequences.Rows(i, 1).ToBatch();
      (at::cross_entropy_loss(BatchLogits(*model, batch), batch.labels, {}, at::Reduction::Sum) /
       static_cast<double>(labels))
          .backward();
    }
  }
  const Array probe = result.Probes("gradient.layer0.ffn.up.w").at(0)->array;
  const Array ours = ToArray(model->parameters().Gradient("layer0.ffn.up.w"));
  ASSERT_EQ(probe.values.size(), ours.values.size());
  float largest = 0;
  for (size_t i = 0; i < ours.values.size(); ++i) {
    largest = std::max(largest, std::fabs(ours.values[i]));
    EXPECT_NEAR(probe.values[i], ours.values[i], 1e-6) << i;
  }
  EXPECT_GT(largest, 1e-5) << "a zero gradient tests nothing";
}

TEST(TextTrainTest, TellsWhatWasCut) {
  RunConfig config = SmallGpt2Run();
  config.text.packed = false;
  config.gpt2.context = 150;
  std::vector<std::string> notes;
  TrainOptions options{.data = kData};
  options.on_note = [&](const std::string& note) { notes.push_back(note); };
  Train(config, options);
  ASSERT_EQ(notes.size(), 1u);
  EXPECT_THAT(notes[0], HasSubstr("PrOntoQA examples are longer than gpt2.context = 150"));
}

// Of two answers the more likely one counts, whatever else the model would rather say.
TEST(TextTrainTest, AnswersAreChosenFromTrueAndFalse) {
  RunConfig config = SmallGpt2Run();
  config.text.answer_samples = 40;
  config.train.eval_samples = 40;
  config.probe = {};
  const RunResult result = TrainIt(config);
  const TrainingData data = MakeTrainingData(config, kData, c10::kCPU);
  const std::unique_ptr<Model> model = MakeModel(config, c10::kCPU);
  model->parameters().Initialize(config.seed);
  const at::NoGradGuard no_grad;
  const EvaluationSet& set = data.evaluation.back();
  ASSERT_EQ(set.group, "answer_hops1");
  ASSERT_EQ(set.choices.size(0), 2);
  const int64_t yes = set.choices[0].item<int64_t>();
  const int64_t no = set.choices[1].item<int64_t>();
  ASSERT_NE(yes, no);
  double right = 0;
  double said_yes = 0;
  for (int64_t i = 0; i < 40; ++i) {
    const Batch batch = set.sequences.Rows(i, 1).ToBatch();
    const int64_t label = batch.labels.item<int64_t>();
    ASSERT_TRUE(label == yes || label == no);
    const at::Tensor logits = BatchLogits(*model, batch)[0];
    const bool says_yes = logits[yes].item<float>() > logits[no].item<float>();
    right += says_yes == (label == yes) ? 1 : 0;
    said_yes += label == yes ? 1 : 0;
  }
  EXPECT_DOUBLE_EQ(result.Get("answer_hops1").accuracy.front(), right / 40);
  EXPECT_GT(right, 5) << "an untrained model is right by chance";
  EXPECT_GT(said_yes, 5);
  EXPECT_LT(said_yes, 35);
}

// The batch of some rows has the positions and labels that a loop finds.
TEST(SequenceSetTest, ToBatchFindsTheLabelledPositions) {
  const SequenceSet set = {
      .tokens = ToDevice({1, 2, 3, 4, 5, 0, 6, 7, 0, 0, 0, 0}, {3, 4}, c10::kCPU),
      .labels = ToDevice(
          {2, 3, 4, kNoLabel, kNoLabel, 9, kNoLabel, kNoLabel, 7, kNoLabel, kNoLabel, kNoLabel},
          {3, 4}, c10::kCPU),
      .lengths = {3, 2, 1},
      .label_counts = {3, 1, 1}};
  const auto ints = [](const at::Tensor& t) {
    const at::Tensor c = t.contiguous();
    return std::vector<int64_t>(c.const_data_ptr<int64_t>(),
                                c.const_data_ptr<int64_t>() + c.numel());
  };
  EXPECT_EQ(set.LabelCount(), 5);
  const Batch all = set.ToBatch();
  EXPECT_EQ(all.tokens.sizes().vec(), (std::vector<int64_t>{3, 3}));
  EXPECT_THAT(ints(all.positions), ElementsAre(0, 1, 2, 4, 6));
  EXPECT_THAT(ints(all.labels), ElementsAre(2, 3, 4, 9, 7));
  const std::vector<int32_t> rows = {2, 1};
  const Batch some = set.Select(rows, ToDevice(rows, {2}, c10::kCPU)).ToBatch();
  EXPECT_THAT(ints(some.tokens), ElementsAre(0, 0, 5, 0));
  EXPECT_THAT(ints(some.positions), ElementsAre(0, 3));
  EXPECT_THAT(ints(some.labels), ElementsAre(7, 9));
  EXPECT_EQ(set.Rows(1, 1).LabelCount(), 1);
}

}  // namespace
}  // namespace initbias
