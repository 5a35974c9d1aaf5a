// The paper profile is what the paper states; the others are that, smaller.
#include "experiments/base_runs.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "lib/config/run_config.h"
#include "lib/model/spec/parameter_spec.h"
#include "lib/run/cost.h"

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

TEST(BaseRunsTest, PaperProfileOfGpt2IsThePapers) {
  const RunConfig run = TextRun(Profile::kPaper, 0.8, 1);
  EXPECT_EQ(run.model, ModelKind::kGpt2);
  EXPECT_EQ(ParameterCount(ParameterSpecs(run)), 124'439'808);
  EXPECT_EQ(run.text.prontoqa_sequences, 5000);
  EXPECT_EQ(run.text.tinystories_sequences, 5000);
  EXPECT_EQ(run.text.tinystories, "full");
  EXPECT_FALSE(run.text.packed);
  EXPECT_EQ(run.train.epochs, 200);
}

TEST(BaseRunsTest, TextRunsDifferInGammaAndSeedAlone) {
  for (const Profile profile : {Profile::kSmoke, Profile::kDefault, Profile::kPaper}) {
    RunConfig run = TextRun(profile, 0.3, 2);
    EXPECT_EQ(run.init.gamma, 0.3);
    EXPECT_EQ(run.seed, 2);
    run.init.gamma = 0.8;
    run.seed = 5;
    EXPECT_EQ(RunId(run), RunId(TextRun(profile, 0.8, 5)));
  }
}

TEST(BaseRunsTest, TextIsLookedAtWheneverTheDefaultProfileEvaluates) {
  const RunConfig run = TextRun(Profile::kDefault, 0.8, 1);
  for (int64_t step = 0; step <= TotalSteps(run); step += run.train.eval_every) {
    EXPECT_TRUE(std::ranges::binary_search(run.probe.steps, step)) << step;
  }
}

TEST(BaseRunsTest, EveryProfileIsPossibleAndEvaluatesOnTheWay) {
  for (const Profile profile :
       {Profile::kSmoke, Profile::kDefault, Profile::kExtended, Profile::kPaper}) {
    for (const RunConfig& run :
         {TransformerRun(profile, 0.5, 1), EmbMlpRun(profile, 0.5, 1), TextRun(profile, 0.5, 1)}) {
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
  EXPECT_EQ(TotalSteps(run), 4'950);
  EXPECT_EQ(TotalSteps(TransformerRun(Profile::kPaper, 0.5, 1)), 1'980'000);
}

TEST(BaseRunsTest, TheMainReadingIsThatOfTheSharedRuns) {
  // At the paper's size, and at the extended profile's default size.
  EXPECT_EQ(RunId(ReadingRun(Profile::kPaper, kMainReading, 0.8, 2)),
            RunId(TransformerRun(Profile::kPaper, 0.8, 2)));
  EXPECT_EQ(RunId(ReadingRun(Profile::kExtended, kMainReading, 0.8, 2)),
            RunId(TransformerRun(Profile::kDefault, 0.8, 2)));
}

TEST(BaseRunsTest, AShortRunIsOfTheMainReadingAndAtThePapersProfileThePapers) {
  const auto reading = [](Profile profile) {
    return RunId(ReadingRun(profile, kMainReading, 0.8, 2));
  };
  const auto run = [](Profile profile) { return RunId(ShortRun(profile, 0.8, 2)); };
  EXPECT_EQ(run(Profile::kSmoke), reading(Profile::kSmoke));
  EXPECT_EQ(run(Profile::kDefault), reading(Profile::kDefault));
  EXPECT_EQ(run(Profile::kExtended), reading(Profile::kDefault));
  EXPECT_EQ(run(Profile::kPaper), RunId(TransformerRun(Profile::kPaper, 0.8, 2)));
}

TEST(BaseRunsTest, ReadingsOfAProfileDifferInTheReadingOnly) {
  for (const Profile profile :
       {Profile::kSmoke, Profile::kDefault, Profile::kExtended, Profile::kPaper}) {
    const RunConfig run = ReadingRun(profile, {}, 0.5, 1);
    RunConfig other =
        ReadingRun(profile, {Norm::kNone, Bias::kNone, Schedule::kWarmupCosine}, 0.5, 1);
    EXPECT_NO_THROW(Validate(run));
    EXPECT_NO_THROW(Validate(other));
    EXPECT_EQ(other.transformer.norm, Norm::kNone);
    EXPECT_EQ(other.transformer.bias, Bias::kNone);
    EXPECT_EQ(other.optimizer.schedule, Schedule::kWarmupCosine);
    EXPECT_EQ(TotalSteps(run), TotalSteps(other));
    other.transformer = run.transformer;
    other.optimizer = run.optimizer;
    EXPECT_EQ(RunId(other), RunId(run));
  }
}

TEST(BaseRunsTest, AWarmUpPeaksAtTheConstantRateAndBeginsAtThePapers) {
  const Reading warm = {.schedule = Schedule::kWarmupCosine};
  const RunConfig constant = ReadingRun(Profile::kExtended, {}, 0.5, 1);
  const RunConfig reduced = ReadingRun(Profile::kExtended, warm, 0.5, 1);
  EXPECT_NEAR(reduced.optimizer.learning_rate * reduced.optimizer.warmup_multiplier,
              constant.optimizer.learning_rate, 1e-12);
  const RunConfig paper = ReadingRun(Profile::kPaper, warm, 0.5, 1);
  EXPECT_EQ(paper.optimizer.learning_rate, 1e-5);
  EXPECT_EQ(paper.optimizer.floor, 1e-5);
  EXPECT_EQ(paper.optimizer.warmup_epochs, 50);
}

TEST(BaseRunsTest, RunFilesOfThePaperProfileStaySmall) {
  std::vector<RunConfig> runs = {TransformerRun(Profile::kPaper, 0.8, 1),
                                 EmbMlpRun(Profile::kPaper, 0.8, 1),
                                 TextRun(Profile::kPaper, 0.8, 1)};
  for (const RunConfig& run : runs) {
    EXPECT_LT(RunFileBytes(run), 20e6) << RunLabel(run);
  }
}

TEST(TextRunsOfAllRatesTest, HasEachRateOnce) {
  std::vector<double> gammas;
  for (const RunConfig& run : TextRunsOfAllRates(Profile::kDefault, 2)) {
    EXPECT_EQ(run.seed, 2);
    gammas.push_back(run.init.gamma);
  }
  EXPECT_EQ(gammas, (std::vector<double>{0.3, 0.5, 0.8}));
}

}  // namespace
}  // namespace initbias
