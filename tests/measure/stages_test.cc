// Stages are dated by what a run has learned.
#include "lib/measure/stages.h"

#include <gtest/gtest.h>

#include <cmath>

#include "lib/measure/learning.h"

namespace initbias {
namespace {

// A run of 100 epochs of one step, evaluated and probed every ten steps.
RunResult RunOf(std::vector<double> loss) {
  RunResult run;
  run.config = {.model = ModelKind::kTransformer};
  run.config.task.key_max = 60;
  run.config.task.samples = 2;
  run.config.task.masked = {};
  run.config.train.epochs = 100;
  for (size_t i = 0; i < loss.size(); ++i) {
    run.step.push_back(static_cast<int64_t>(10 * i));
  }
  run.config.probe.steps = run.step;
  run.curves = {{"memory", std::vector<double>(loss.size(), 4.0), {}},
                {"reasoning_train", std::move(loss), {}}};
  return run;
}

int64_t StepOf(const RunResult& run, Stage stage) {
  return std::llround(StageShare(run, stage) * static_cast<double>(TotalSteps(run.config)));
}

TEST(StageTest, DatesByTheReasoningLoss) {
  // Guess level of the default task: 3.86; 0.9 of the first loss 4.5, of the guess level 3.48.
  const RunResult run = RunOf({5, 4.9, 4.2, 3.8, 3.6, 3.3, 2.8, 2.4, 2, 1, 0.5});
  ASSERT_EQ(TotalSteps(run.config), 100);
  EXPECT_NEAR(GuessLevel(run.config.task, "reasoning_train"), 3.86, 0.01);
  EXPECT_EQ(StepOf(run, Stage::kStart), 0);
  EXPECT_EQ(StepOf(run, Stage::kEarly), 10);    // crosses 4.5 between 10 and 20
  EXPECT_EQ(StepOf(run, Stage::kPlateau), 40);  // crosses 3.48 between 40 and 50
  EXPECT_EQ(StepOf(run, Stage::kHalf), 90);     // crosses 1.93, half of the level, from 80 to 90
  EXPECT_EQ(StepOf(run, Stage::kEnd), 100);
}

TEST(StageTest, ALossThatFallsAtOnceIsEarlyAtTheStart) {
  const RunResult run = RunOf({5, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1});
  EXPECT_EQ(StepOf(run, Stage::kEarly), 0);
  EXPECT_EQ(StepOf(run, Stage::kPlateau), 0);
  EXPECT_EQ(StepOf(run, Stage::kHalf), 10);
}

TEST(StageTest, ARunThatLearnsNothingStaysOnThePlateauAndHasNoHalf) {
  const RunResult run = RunOf(std::vector<double>(11, 5.0));
  EXPECT_EQ(StepOf(run, Stage::kPlateau), 100);
  EXPECT_TRUE(std::isnan(StageShare(run, Stage::kHalf)));
  EXPECT_EQ(DrawnShare(run, Stage::kHalf), 1);
  FigureData figure{.figure = "fig5", .profile = "default"};
  AddStages(
      "stages", "share", {&run}, [](const RunResult&, double share) { return share; }, &figure);
  EXPECT_TRUE(std::isnan(figure.Get("stages/share").values.at(3)));
  EXPECT_TRUE(std::isnan(figure.Get("stages/epoch").values.at(3)));
}

TEST(StageTest, ANanLossDatesNothingAfterIt) {
  const RunResult run = RunOf({5, std::nan(""), 1, 1, 1, 1, 1, 1, 1, 1, 1});
  EXPECT_TRUE(std::isnan(StageShare(run, Stage::kEarly)));
  EXPECT_TRUE(std::isnan(StageShare(run, Stage::kHalf)));
}

TEST(StageTest, RunsWithoutReasoningAreDatedByMemory) {
  RunResult run = RunOf(std::vector<double>(11, 5.0));
  run.curves = {{"memory", {4, 4, 4, 4, 4, 1, 1, 1, 1, 1, 1}, {}}};
  EXPECT_EQ(StepOf(run, Stage::kHalf), 50);
}

TEST(StageTest, AddStagesHasARowASeed) {
  const RunResult run = RunOf({5, 4.9, 4.2, 3.8, 3.6, 3.3, 2.8, 2.4, 2, 1, 0.5});
  FigureData figure{.figure = "fig5", .profile = "default"};
  AddStages(
      "stages", "share", {&run, &run}, [](const RunResult&, double share) { return share; },
      &figure);
  EXPECT_EQ(figure.Get("stages/share").shape, (std::vector<int64_t>{2, 5}));
  EXPECT_NEAR(figure.Get("stages/share").values.at(7), 0.4, 1e-12);
  EXPECT_NEAR(figure.Get("stages/epoch").values.at(7), 40, 1e-9);
  EXPECT_EQ(figure.Texts("stages/stage").at(2), "plateau");
}

}  // namespace
}  // namespace initbias
