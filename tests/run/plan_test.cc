// The runs of a plan as its command line changes them, and what is refused.
#include "lib/run/plan.h"

#include <gmock/gmock-matchers.h>
#include <gmock/gmock-more-matchers.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "lib/base/error.h"
#include "lib/config/run_config.h"
#include "lib/run/experiment.h"
#include "lib/run/flags.h"
#include "tests/error_of.h"
#include "tests/small_runs.h"

namespace initbias {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// A Transformer at two rates and an Emb-MLP, of two seeds.
Experiment PlannedExperiment() {
  Experiment experiment{.name = "planned", .seeds = {4, 5}};
  experiment.plan = [](Profile, int64_t seed) {
    std::vector<RunConfig> runs = {SmallTransformerRun(), SmallTransformerRun(), SmallEmbMlpRun()};
    runs[1].init.gamma = 0.8;
    for (RunConfig& run : runs) {
      run.seed = seed;
    }
    return runs;
  };
  return experiment;
}

ExperimentFlags WithOverrides(std::vector<std::string> overrides) {
  ExperimentFlags flags;
  flags.overrides = std::move(overrides);
  return flags;
}

std::vector<RunConfig> PlanOf(const Experiment& experiment, const ExperimentFlags& flags) {
  return MakePlan(experiment, flags, Profile::kDefault, {});
}

// The UsageError that the planned experiment refuses these with.
std::string PlanRefusal(const Experiment& experiment, const ExperimentFlags& flags) {
  EXPECT_THROW(PlanOf(experiment, flags), UsageError);
  return ErrorOf([&] { PlanOf(experiment, flags); });
}
std::string PlanRefusal(std::vector<std::string> overrides) {
  return PlanRefusal(PlannedExperiment(), WithOverrides(std::move(overrides)));
}

TEST(PlanTest, HasTheRunsOfAllSeedsEachOnce) {
  const Experiment experiment = PlannedExperiment();
  const std::vector<RunConfig> plan = PlanOf(experiment, {});
  ASSERT_EQ(plan.size(), 6u);
  EXPECT_EQ(plan[0].seed, 4);
  EXPECT_EQ(plan[5].seed, 5);
  EXPECT_EQ(plan[5].model, ModelKind::kEmbMlp);
  Experiment twice = experiment;
  twice.plan = [&experiment](Profile profile, int64_t seed) {
    std::vector<RunConfig> runs = experiment.plan(profile, seed);
    runs.push_back(runs.front());
    runs.back().init.gamma += 1e-14;  // as computed rates are
    return runs;
  };
  EXPECT_EQ(PlanOf(twice, {}).size(), 6u);
  ExperimentFlags flags;
  flags.seeds = "7,9";
  flags.model = "emb_mlp";
  const std::vector<RunConfig> some = PlanOf(experiment, flags);
  ASSERT_EQ(some.size(), 2u);
  EXPECT_EQ(some[1].seed, 9);
  EXPECT_EQ(some[1].model, ModelKind::kEmbMlp);
}

TEST(PlanTest, AnOverrideIsForAllRunsOrForThoseOfAModel) {
  std::vector<RunConfig> plan =
      PlanOf(PlannedExperiment(), WithOverrides({"transformer:train.batch_size=20"}));
  EXPECT_EQ(plan[0].train.batch_size, 20);
  EXPECT_EQ(plan[2].train.batch_size, SmallEmbMlpRun().train.batch_size);
  ExperimentFlags flags = WithOverrides({"train.batch_size=30"});
  plan = PlanOf(PlannedExperiment(), flags);
  EXPECT_TRUE(std::ranges::all_of(
      plan, [](const RunConfig& config) { return config.train.batch_size == 30; }));
  flags.only = "emb_mlp";
  plan = PlanOf(PlannedExperiment(), flags);
  EXPECT_EQ(plan[0].train.batch_size, SmallTransformerRun().train.batch_size);
  EXPECT_EQ(plan[2].train.batch_size, 30);
}

TEST(PlanTest, ProbesStayAtTheirSharesOfALongerRun) {
  const int64_t steps = TotalSteps(SmallTransformerRun());
  ExperimentFlags flags = WithOverrides({"train.epochs=6"});
  const RunConfig longer = PlanOf(PlannedExperiment(), flags).front();
  ASSERT_EQ(TotalSteps(longer), 2 * steps);
  EXPECT_EQ(longer.probe.steps, (std::vector<int64_t>{0, 14, 40}));
  flags.overrides.emplace_back("probe.steps=0,3");
  EXPECT_EQ(PlanOf(PlannedExperiment(), flags).front().probe.steps, (std::vector<int64_t>{0, 3}))
      << "asked for";
}

TEST(PlanTest, WhatThePlanSetsItselfIsNotOverridden) {
  EXPECT_THAT(PlanRefusal({"init.gamma=0.4"}),
              AllOf(HasSubstr("--set init.gamma=0.4: the experiment sets init.gamma for each run"),
                    HasSubstr("any model at any rate: bazel run //experiments:run")));
  EXPECT_THAT(PlanRefusal({"seed=3"}), HasSubstr("the experiment sets seed for each run itself"));
  Experiment experiment = PlannedExperiment();
  experiment.varies = {"transformer.norm"};
  experiment.varied = [] { return std::vector<std::string>{"transformer.bias"}; };
  for (const char* text : {"transformer.norm=post", "transformer.bias=none"}) {
    EXPECT_THAT(PlanRefusal(experiment, WithOverrides({text})),
                AllOf(HasSubstr("for each run itself"), Not(HasSubstr("any model"))))
        << text;
  }
  EXPECT_NO_THROW(PlanOf(PlannedExperiment(), WithOverrides({"transformer.norm=post"})));
}

TEST(PlanTest, AnOverrideThatNoRunUsesIsRefused) {
  EXPECT_EQ(PlanRefusal({"gpt2:train.epochs=2"}),
            "--set gpt2:train.epochs=2: no run of this plan uses it");
  ExperimentFlags flags = WithOverrides({"transformer.norm=post"});
  flags.model = "emb_mlp";
  EXPECT_THAT(PlanRefusal(PlannedExperiment(), flags), HasSubstr("no run of this plan uses it"));
}

TEST(PlanTest, TwoOverridesOfOneFieldAreRefused) {
  EXPECT_THAT(PlanRefusal({"train.epochs=3", "train.epochs=4"}), HasSubstr("train.epochs"));
}

TEST(PlanTest, AnImpossibleRunIsNamed) {
  const std::string label = RunLabel(PlanOf(PlannedExperiment(), {})[2]);
  EXPECT_THAT(PlanRefusal({"emb_mlp:train.batch_size=0"}), HasSubstr(label + ": "));
  EXPECT_THAT(PlanRefusal({"emb_mlp:probe.names=parameter.no_such"}),
              AllOf(HasSubstr(label + ": "), HasSubstr("parameter.no_such")));
  Experiment experiment = PlannedExperiment();
  experiment.check = [](const RunConfig& config) {
    if (config.model == ModelKind::kEmbMlp) {
      throw Error("too few tokens");
    }
  };
  EXPECT_EQ(PlanRefusal(experiment, {}), label + ": too few tokens");
}

TEST(PlanTest, MoreThanAFigureFileKeepsIsRefused) {
  std::string text = "text.tinystories=";
  text.resize(16'000'001, 'x');
  EXPECT_THAT(PlanRefusal({text}), HasSubstr("more than a figure file keeps (16000000 bytes)"));
}

TEST(PlanTest, AFileThatIsMissingIsNoWrongUsage) {
  Experiment experiment{.name = "texts", .seeds = {4}};
  experiment.plan = [](Profile, int64_t seed) {
    RunConfig run = SmallGpt2Run();
    run.seed = seed;
    return std::vector<RunConfig>{run};
  };
  const ExperimentFlags flags = WithOverrides({"text.tinystories=no_such_stories.txt"});
  try {
    PlanOf(experiment, flags);
    ADD_FAILURE() << "not refused";
  } catch (const UsageError& error) {
    ADD_FAILURE() << "no option is at fault: " << error.what();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("no_such_stories.txt"));
  }
}

TEST(BatchNoteTest, NamesTheFirstRunWhoseBatchIsLargerThanItsData) {
  std::vector<RunConfig> plan = PlanOf(PlannedExperiment(), {});
  EXPECT_THAT(BatchNote(plan), IsEmpty());
  plan[1].train.batch_size = TrainingSamples(plan[1]);
  EXPECT_THAT(BatchNote(plan), IsEmpty()) << "as large is not larger";
  ++plan[1].train.batch_size;
  EXPECT_THAT(BatchNote(plan), AllOf(HasSubstr("note: " + RunLabel(plan[1]) + ": train.batch_size"),
                                     HasSubstr("an epoch is one step")));
}

}  // namespace
}  // namespace initbias
