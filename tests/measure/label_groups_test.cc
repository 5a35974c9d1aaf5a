// What is measured of nested groups of labels, on outputs whose answers are known.
#include "lib/measure/label_groups.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "lib/config/set_names.h"

namespace initbias {
namespace {

// Of eight labels two groups: one has 2 and 3, the other 2 to 5.
AnchorTaskConfig Task() {
  AnchorTaskConfig task;
  task.vocabulary = 8;
  task.memory_labels = MemoryLabels::kNested;
  task.memory_groups = 2;
  task.nested_min = 2;
  task.nested_step = 2;
  return task;
}

// The outputs of both groups, a row each.
Snapshot Outputs(int64_t step, std::vector<float> shares) {
  return {step, "outputs.argmax", {.shape = {2, 8}, .values = std::move(shares)}};
}

// Evaluated and probed at the steps 0, 10, 20 and 30; the second group learns nothing.
RunResult SomeRun(const std::vector<double>& loss, const std::vector<double>& accuracy) {
  RunResult run;
  run.config.task = Task();
  run.step = {0, 10, 20, 30};
  run.curves.push_back({MemoryGroupSet(0), loss, accuracy});
  run.curves.push_back({MemoryGroupSet(1), loss, {0, 0, 0, 0}});
  const std::vector<float> first = {0, 0, 1,   0, 0, 0,   0, 0,  //
                                    0, 0, 0.5, 0, 0, 0.5, 0, 0};
  const std::vector<float> second = {0, 0, 0, 0.75, 0.25, 0, 0, 0,  //
                                     0, 0, 0, 0,    0.5,  0, 0, 0.5};
  run.probes = {Outputs(0, first), Outputs(10, first), Outputs(20, second), Outputs(30, first)};
  return run;
}

// The steps of the low stage of `run`.
std::vector<int64_t> LowSteps(const RunResult& run, double low) {
  std::vector<int64_t> steps;
  for (const Snapshot* snapshot : LowStage(run, low)) {
    steps.push_back(snapshot->step);
  }
  return steps;
}

TEST(LabelGroupsTest, EntropyIsThatOfAllLabelsTogether) {
  // 2 and 3: 1/4 + 1/8 each; 4 and 5: 1/8 each.
  EXPECT_NEAR(GroupLabelEntropy(Task()), -0.75 * std::log(0.375) - 0.25 * std::log(0.125), 1e-12);
}

TEST(LabelGroupsTest, TheLowStageBeginsBelowTheEntropyAndEndsWhereAGroupIsLearned) {
  const std::vector<double> accuracy = {0, 0.1, 0.2, 0.5};
  EXPECT_EQ(LowSteps(SomeRun({2, 1.2, 1, 0.5}, accuracy), 0.2), (std::vector<int64_t>{10, 20}));
  EXPECT_EQ(LowSteps(SomeRun({2, 1.3, 1, 0.5}, accuracy), 0.2), (std::vector<int64_t>{20}))
      << "1.3 nats are above the entropy";
  EXPECT_EQ(LowSteps(SomeRun({2, 1.2, 1.3, 0.5}, accuracy), 0.2), (std::vector<int64_t>{10, 20}))
      << "once below it, the stage has begun";
  EXPECT_EQ(LowSteps(SomeRun({1, 1, 1, 0.5}, accuracy), 0.15), (std::vector<int64_t>{10}))
      << "without step 0, and an accuracy of 0.2 is no longer low";
  EXPECT_TRUE(LowSteps(SomeRun({2, 2, 2, 2}, accuracy), 0.2).empty());
}

TEST(LabelGroupsTest, MeasuresOfTheStage) {
  const RunResult run = SomeRun({2, 1.2, 1, 0.5}, {0, 0.1, 0.2, 0.5});
  const AnchorTaskConfig& task = run.config.task;
  const std::vector<const Snapshot*> stage = LowStage(run, 0.2);
  EXPECT_EQ(GroupOutputs(*stage.back(), 0), (std::vector<double>{0, 0, 0, 0.75, 0.25, 0, 0, 0}));
  EXPECT_NEAR(ShareInOwnRange(task, *stage.back(), 0), 0.75, 1e-6);
  EXPECT_NEAR(ShareInOwnRange(task, *stage.back(), 1), 0.5, 1e-6);
  EXPECT_NEAR(SmallestInRange(task, stage), 0.5, 1e-6);
  // At step 20 all of the second group's lie above 3, and a quarter of the first group's.
  EXPECT_NEAR(SmallestDistinction(task, stage), 0.75, 1e-6);
  // At step 10 all of the first group's lie in its range, and half of the other's.
  EXPECT_NEAR(InRangeOverExchanged(task, stage), 0.5, 1e-6);
}

const Snapshot& LastOutputs(const RunResult& run) { return *run.Probes("outputs.argmax").back(); }

TEST(LabelGroupsTest, ArraysAreOfEachGroup) {
  RunResult run = SomeRun({2, 1.2, 1, 0.5}, {0, 0.1, 0.2, 0.5});
  run.config.task.samples = 20;
  run.config.task.masked = {};
  run.config.task.kinds = TaskKinds::kMemory;
  run.config.train.batch_size = 1;
  Snapshot probability = Outputs(0, std::vector<float>(16, 0.125f));
  probability.name = "outputs.probability";
  run.probes.push_back(probability);
  const double epoch = static_cast<double>(StepsPerEpoch(run.config));
  RunResult other = run;
  other.probes[2] = other.probes[0];
  other.probes[2].step = 20;
  FigureData figure;
  AddLabelGroups("B", "C", {&run, &other}, LastOutputs, &figure);
  EXPECT_EQ(figure.Get("B/probe_epoch").values,
            (std::vector<double>{0, 10 / epoch, 20 / epoch, 30 / epoch}));
  EXPECT_EQ(figure.Get("B/steps_per_epoch").values, (std::vector<double>{epoch}));
  const std::string first = MemoryGroupSet(0);
  const std::string second = MemoryGroupSet(1);
  EXPECT_EQ(figure.Get("B/" + first + "/in_range_argmax_lo").values,
            (std::vector<double>{1, 1, 0.75, 1}));
  EXPECT_EQ(figure.Get("B/" + first + "/in_range_argmax_hi").values,
            (std::vector<double>{1, 1, 1, 1}));
  EXPECT_EQ(figure.Get("B/" + first + "/in_range_probability").values, (std::vector<double>{0.25}));
  EXPECT_EQ(figure.Get("C/epoch").values, (std::vector<double>{30 / epoch}));
  EXPECT_EQ(figure.Get("C/groups").values, (std::vector<double>{2}));
  EXPECT_EQ(figure.Get("C/" + second + "/range").values, (std::vector<double>{2, 5}));
  EXPECT_EQ(figure.Get("C/" + second + "/outputs").values,
            (std::vector<double>{0, 0, 0.5, 0, 0, 0.5, 0, 0}));
}

TEST(LabelGroupsTest, AnEmptyStageHasNone) {
  EXPECT_TRUE(std::isnan(SmallestInRange(Task(), {})));
  EXPECT_TRUE(std::isnan(SmallestDistinction(Task(), {})));
  EXPECT_TRUE(std::isnan(InRangeOverExchanged(Task(), {})));
}

}  // namespace
}  // namespace initbias
