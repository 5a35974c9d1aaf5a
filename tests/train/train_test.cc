// The training loop: reruns, stops and resumptions end in the same bits; probes see what they say;
// what cannot go on says so.
#include "lib/train/train.h"

#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "lib/base/error.h"
#include "lib/model/spec/parameter_spec.h"
#include "tests/expect_same.h"
#include "tests/small_runs.h"
#include "tests/train/train_with_stop.h"

namespace initbias {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class TrainTest : public testing::TestWithParam<ModelKind> {
 protected:
  RunConfig config_ = GetParam() == ModelKind::kEmbMlp ? SmallEmbMlpRun() : SmallTransformerRun();
};

TEST_P(TrainTest, LearnsAndReportsEveryEvaluation) {
  const RunResult result = Train(config_, {}).result;
  const int64_t total = TotalSteps(config_);
  EXPECT_EQ(total, 3 * 12);  // 1,188 training sequences in batches of 100
  std::vector<int64_t> steps;
  for (int64_t step = 0; step < total; step += 5) {
    steps.push_back(step);
  }
  steps.push_back(total);
  steps.insert(steps.begin() + 2, 7);  // probed; 20 is there already
  EXPECT_EQ(result.step, steps);
  EXPECT_DOUBLE_EQ(result.epoch.back(), 3.0);
  ASSERT_EQ(result.curves.size(), 3u);
  for (const LearningCurve& curve : result.curves) {
    ASSERT_EQ(curve.loss.size(), steps.size());
    ASSERT_EQ(curve.accuracy.size(), steps.size());
    EXPECT_LT(curve.loss.back(), curve.loss.front()) << curve.group;
    for (const double accuracy : curve.accuracy) {
      EXPECT_GE(accuracy, 0);
      EXPECT_LE(accuracy, 1);
    }
  }
}

TEST_P(TrainTest, RerunGivesTheSameBits) {
  ExpectSame(Train(config_, {}).result, Train(config_, {}).result);
}

TEST_P(TrainTest, SeedAndGammaMatter) {
  const std::string digest = Train(config_, {}).result.parameters_digest;
  RunConfig other = config_;
  other.seed = 8;
  EXPECT_NE(Train(other, {}).result.parameters_digest, digest);
  other = config_;
  other.init.gamma = 0.8;
  EXPECT_NE(Train(other, {}).result.parameters_digest, digest);
}

// Stops at the start, within an epoch, at evaluations and probes, and just before the end.
TEST_P(TrainTest, ResumeAtAnyStepGivesTheSameBits) {
  const RunResult reference = Train(config_, {}).result;
  for (int64_t stop = 0; stop < TotalSteps(config_); ++stop) {
    SCOPED_TRACE(stop);
    const RunResult resumed = TrainWithStop(config_, stop);
    ExpectSame(resumed, reference);
    ExpectSameRunFiles(resumed, reference);
  }
}

TEST_P(TrainTest, AKillAtAnyStepGivesTheSameBits) {
  const RunResult reference = Train(config_, {}).result;
  ASSERT_GE(TotalSteps(config_), 30);
  for (int64_t step = 0; step < TotalSteps(config_); ++step) {
    SCOPED_TRACE(step);
    ExpectSameRunFiles(TrainWithKill(config_, step), reference);
  }
}

// The rate is a function of the step alone: stops in the rise, at the peak and in the fall.
TEST_P(TrainTest, ResumeUnderAScheduleGivesTheSameBits) {
  config_.optimizer.schedule = Schedule::kWarmupCosine;
  config_.optimizer.warmup_epochs = 0.5;
  config_.optimizer.warmup_multiplier = 3;
  const RunResult reference = Train(config_, {}).result;
  for (int64_t stop = 0; stop < TotalSteps(config_); ++stop) {
    SCOPED_TRACE(stop);
    ExpectSame(TrainWithStop(config_, stop), reference);
  }
}

// One update at twice the rate moves the parameters by twice as much, and the step's own rate is
// taken: the first step's rate is the base, whatever comes after.
TEST_P(TrainTest, EachStepHasTheRateOfTheSchedule) {
  config_.probe = {.names = {"parameter.embedding.token"}, .steps = {0, 1, 2}};
  const auto embedding = [](const RunResult& result, size_t i) {
    return result.Probes("parameter.embedding.token").at(i)->array.values;
  };
  const RunResult constant = Train(config_, {}).result;
  config_.optimizer.schedule = Schedule::kWarmupCosine;
  config_.optimizer.warmup_epochs = 1.0 / 12;  // one step
  config_.optimizer.warmup_multiplier = 2;
  const RunResult scheduled = Train(config_, {}).result;
  EXPECT_EQ(embedding(scheduled, 1), embedding(constant, 1));
  const std::vector<float> before = embedding(constant, 1);
  const std::vector<float> single = embedding(constant, 2);
  const std::vector<float> twice = embedding(scheduled, 2);
  double moved = 0;
  for (size_t i = 0; i < before.size(); ++i) {
    EXPECT_NEAR(twice[i] - before[i], 2 * (single[i] - before[i]), 1e-6) << i;
    moved = std::max(moved, std::fabs(static_cast<double>(single[i] - before[i])));
  }
  EXPECT_GT(moved, 1e-4) << "nothing moved";
}

// Up to the share at which it begins a run is one without decay, up to that at which it ends one
// with it: the same bits.
TEST_P(TrainTest, WeightsDecayWithinTheSharesAlone) {
  config_.optimizer.weight_decay = 50;
  const RunResult always = Train(config_, {}).result;
  config_.optimizer.weight_decay = 0;
  const RunResult never = Train(config_, {}).result;
  config_.optimizer.weight_decay = 50;
  config_.optimizer.decay_from = 0.5;
  const RunResult late = Train(config_, {}).result;
  config_.optimizer.decay_from = 0;
  config_.optimizer.decay_to = 0.5;
  const RunResult early = Train(config_, {}).result;
  const int64_t half = TotalSteps(config_) / 2;
  ASSERT_EQ(late.step, never.step);
  for (size_t i = 0; i < never.step.size(); ++i) {
    const bool apart = never.step[i] > half;
    EXPECT_EQ(late.curves[0].loss[i] != never.curves[0].loss[i], apart) << never.step[i];
    EXPECT_EQ(early.curves[0].loss[i] != always.curves[0].loss[i], apart) << never.step[i];
  }
}

TEST_P(TrainTest, CheckpointsAndProgressChangeNoBit) {
  TrainOptions options;
  int checkpoints = 0;
  int reports = 0;
  options.checkpoint_seconds = 0;
  options.progress_seconds = 0;
  options.save_checkpoint = [&](const Checkpoint&) { ++checkpoints; };
  options.on_progress = [&](const Progress& progress) {
    EXPECT_EQ(progress.total_steps, TotalSteps(config_));
    ++reports;
  };
  ExpectSame(Train(config_, options).result, Train(config_, {}).result);
  EXPECT_EQ(checkpoints, TotalSteps(config_));
  EXPECT_EQ(reports, TotalSteps(config_) + 1);
}

TEST_P(TrainTest, ProbesChangeNoBitOfTheTraining) {
  RunConfig without = config_;
  without.probe = {};
  config_.probe.steps = {0, 20};  // evaluations anyway
  const RunResult a = Train(config_, {}).result;
  const RunResult b = Train(without, {}).result;
  EXPECT_EQ(a.parameters_digest, b.parameters_digest);
  EXPECT_EQ(a.Get("memory").loss, b.Get("memory").loss);
  EXPECT_TRUE(b.probes.empty());
}

TEST_P(TrainTest, ParameterProbeAtStepZeroIsTheInitialValue) {
  const RunResult result = Train(config_, {}).result;
  const auto probe = std::ranges::find_if(result.probes, [](const Snapshot& s) {
    return s.name == "parameter.embedding.token" && s.step == 0;
  });
  ASSERT_NE(probe, result.probes.end());
  const ParameterSpec token_embedding = ParameterSpecs(config_).front();
  EXPECT_EQ(probe->array.shape, token_embedding.shape);
  EXPECT_EQ(probe->array.values, InitialValues(token_embedding, config_.seed));
}

TEST_P(TrainTest, DivergenceIsAnErrorThatSaysWhere) {
  config_.optimizer.learning_rate = 1e38;
  config_.optimizer.weight_decay = 0;
  try {
    Train(config_, {});
    FAIL() << "training went on with losses that are not finite";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("not finite"));
    EXPECT_THAT(error.what(), HasSubstr("step"));
    EXPECT_THAT(error.what(), HasSubstr("optimizer.learning_rate (1e+38)"));
  }
}

// Of a token that no sequence has, no loss tells.
TEST_P(TrainTest, WhatIsNoNumberIsNeverFinished) {
  TrainOptions options;
  options.should_stop = [] { return true; };
  TrainOptions resume;
  options.save_checkpoint = [&resume](const Checkpoint& c) { resume.resume = c; };
  for (const bool probed : {true, false}) {
    RunConfig config = config_;
    if (!probed) {
      config.probe = {};
    }
    Train(config, options);
    const auto parameters =
        std::ranges::find(resume.resume->state, "parameters", &NamedArray::name);
    ASSERT_EQ(ParameterSpecs(config).front().name, "embedding.token");
    parameters->array.values[0] = std::numeric_limits<float>::quiet_NaN();  // of token 0
    try {
      Train(config, resume);
      FAIL() << "finished";
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), HasSubstr(probed ? "parameter.embedding.token is not finite at step"
                                                 : "embedding.token is not finite at the end"));
    }
  }
}

TEST(LargeWeightsTest, AreToldBeforeTraining) {
  RunConfig config = SmallTransformerRun();
  config.init.gamma = -kLargestRate;
  config.transformer.norm = Norm::kNone;
  try {
    Train(config, {});
    FAIL() << "the first losses should not be finite";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("init.gamma = -5"));
  }
}

TEST_P(TrainTest, RefusesAnotherRunsCheckpoint) {
  TrainOptions options;
  options.should_stop = [] { return true; };
  Checkpoint checkpoint;
  options.save_checkpoint = [&](const Checkpoint& c) { checkpoint = c; };
  Train(config_, options);
  RunConfig other = config_;
  other.seed = 99;
  TrainOptions resume;
  resume.resume = checkpoint;
  EXPECT_THROW(Train(other, resume), Error);
  resume.resume->state.clear();
  EXPECT_THROW(Train(config_, resume), Error);
}

TEST_P(TrainTest, RefusesAnUnknownProbeBeforeTraining) {
  config_.probe.names = {"parameter.embedding.tokens"};
  TrainOptions options;
  bool started = false;
  options.should_stop = [&] { return started = true; };
  try {
    Train(config_, options);
    FAIL() << "an unknown probe was taken";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("parameter.embedding.tokens"));
  }
  EXPECT_FALSE(started);
}

TEST_P(TrainTest, RefusesAnImpossibleConfig) {
  config_.train.batch_size = 0;
  EXPECT_THROW(Train(config_, {}), Error);
}

INSTANTIATE_TEST_SUITE_P(Models, TrainTest,
                         testing::Values(ModelKind::kEmbMlp, ModelKind::kTransformer),
                         [](const auto& param) { return FormatValue(param.param); });

// Next-token training begins from the same parameters and is measured by the same labels.
TEST(NextTokenTest, EvaluatesTheLabelAndTrainsToOtherParameters) {
  RunConfig config = SmallTransformerRun();
  const RunResult label = Train(config, {}).result;
  config.train.target = Target::kNextToken;
  const RunResult next = Train(config, {}).result;
  EXPECT_EQ(next.data_digest, label.data_digest);
  EXPECT_EQ(next.step, label.step);
  ASSERT_EQ(next.curves.size(), label.curves.size());
  for (const LearningCurve& curve : next.curves) {
    EXPECT_EQ(curve.loss.front(), label.Get(curve.group).loss.front()) << curve.group;
    EXPECT_EQ(curve.accuracy.front(), label.Get(curve.group).accuracy.front()) << curve.group;
    EXPECT_NE(curve.loss.back(), label.Get(curve.group).loss.back()) << curve.group;
  }
  EXPECT_NE(next.parameters_digest, label.parameters_digest);
}

TEST(NextTokenTest, ResumeGivesTheSameBits) {
  RunConfig config = SmallTransformerRun();
  config.train.target = Target::kNextToken;
  const RunResult reference = Train(config, {}).result;
  for (const int64_t stop : {0, 7, 12, 20}) {
    SCOPED_TRACE(stop);
    ExpectSame(TrainWithStop(config, stop), reference);
  }
}

TEST(NextTokenTest, IsRefusedForEmbMlp) {
  RunConfig config = SmallEmbMlpRun();
  config.train.target = Target::kNextToken;
  EXPECT_THROW(Train(config, {}), Error);
}

TEST(TransformerProbeTest, AttentionRowsAreAverages) {
  const RunResult result = Train(SmallTransformerRun(), {}).result;
  const auto probe = std::ranges::find_if(
      result.probes, [](const Snapshot& s) { return s.name == "attention.layer0" && s.step == 0; });
  ASSERT_NE(probe, result.probes.end());
  ASSERT_EQ(probe->array.shape, (std::vector<int64_t>{1, 9, 9}));
  for (size_t i = 0; i < 9; ++i) {
    double sum = 0;
    for (size_t j = 0; j < 9; ++j) {
      sum += static_cast<double>(probe->array.values[9 * i + j]);
    }
    EXPECT_NEAR(sum, 1, 1e-5);
  }
}

// A task of memory sequences alone, in four groups of five anchors with nested ranges of labels.
RunConfig GroupsRun() {
  RunConfig config = SmallEmbMlpRun();
  config.task.kinds = TaskKinds::kMemory;
  config.task.masked = {};
  config.task.memory_max = 20;
  config.task.memory_groups = 4;
  config.task.memory_labels = MemoryLabels::kNested;
  return config;
}

TEST(MemoryGroupsTest, EachGroupHasASeriesOfItsOwn) {
  const RunConfig config = GroupsRun();
  const RunResult result = Train(config, {}).result;
  std::vector<std::string> groups;
  for (const LearningCurve& curve : result.curves) {
    groups.push_back(curve.group);
    EXPECT_EQ(curve.loss.size(), result.step.size()) << curve.group;
    EXPECT_LT(curve.loss.back(), curve.loss.front()) << curve.group;
  }
  EXPECT_THAT(groups,
              ElementsAre("memory_group1", "memory_group2", "memory_group3", "memory_group4"));
  for (size_t i = 1; i < result.curves.size(); ++i) {
    EXPECT_NE(result.curves[i].loss, result.curves[0].loss) << groups[i];
  }
  EXPECT_EQ(result.step.back(), 3 * 12);  // all 1,200 sequences in batches of 100
  // One row of outputs a group.
  EXPECT_THAT(result.ProbeNear("outputs.probability", 0).array.shape,
              ElementsAre(4, config.task.vocabulary));
}

TEST(MemoryGroupsTest, ResumeGivesTheSameBits) {
  const RunResult reference = Train(GroupsRun(), {}).result;
  for (const int64_t stop : {0, 7, 12, 17}) {
    SCOPED_TRACE(stop);
    ExpectSame(TrainWithStop(GroupsRun(), stop), reference);
  }
}

TEST(TrainingDataTest, MaskedSequencesAreOnlyEvaluated) {
  // Where nothing is masked there is no test set, and no series of it.
  RunConfig config = SmallEmbMlpRun();
  config.task.masked = {};
  const RunResult result = Train(config, {}).result;
  EXPECT_EQ(result.curves.size(), 2u);
  EXPECT_THROW(result.Get("reasoning_test"), Error);
}

}  // namespace
}  // namespace initbias
