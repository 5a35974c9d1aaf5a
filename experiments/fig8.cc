// Figure 8: what the distribution of the labels does to learning, on memory tasks alone.
//
// Claim    Labels that say something of key and anchors (F_mem2) are learned much faster than
//          labels that do not (F_mem1); and before single labels are known, the outputs already
//          keep to the range that the labels of a group of anchors have.
// Command  bazel run //experiments:fig8, then bazel run //figures:fig8
// Cost     see kCost
// Expect   A: losses of F_mem1 and F_mem2. B: four groups, share of outputs inside their range, and
//          accuracy. C: the outputs of each group while its accuracy is low.
#include <fmt/format.h>

#include <algorithm>

#include "experiments/base_runs.h"
#include "lib/analysis/label_range.h"
#include "lib/base/error.h"
#include "lib/data/anchor_task.h"
#include "lib/run/experiment.h"

namespace initbias {
namespace {

constexpr char kCaption[] =
    "Figure 8: Emb-MLP at gamma = 0.8 on memory tasks alone. A: labels uniform on the keys (F_mem1) and "
    "on z - sum a .. z + sum a (F_mem2). B: four groups of anchors with label ranges 30 .. 29 + 20 i: "
    "share of predicted labels inside the group's range, and accuracy. C: predicted labels (seed 1) of each "
    "group while accuracy is low. Lines: median over seeds, band from the smallest to the largest. No "
    "label falls outside of the vocabulary";
constexpr char kCost[] = "smoke 3 s, default 1 min, paper 20 min";

// Accuracy below this counts as low.
constexpr double kLowAccuracy = 0.2;

// Emb-MLP on memory sequences without noise, each once an epoch: 100 keys x 100 combinations.
RunConfig MemoryRun(Profile profile, MemoryLabels labels, int64_t seed) {
  RunConfig run = EmbMlpRun(profile, kSmallInit, seed);
  run.task.kinds = TaskKinds::kMemory;
  run.task.masked = {};
  run.task.memory_labels = labels;
  run.task.samples = 10'000;
  if (labels == MemoryLabels::kNested) {
    // Four groups of five anchors, of which the first ten are the memory anchors elsewhere.
    run.task.memory_max = 20;
    run.task.memory_groups = 4;
  }
  run.train.eval_every = 100;  // an epoch
  if (profile == Profile::kDefault) {
    // 40 epochs of 100 steps at the Transformer's rate: as far in learning rate times steps as the
    // runs of figures 3 and 4.
    run.optimizer.learning_rate = 5e-4;
    run.train.epochs = 40;
  }
  if (profile == Profile::kSmoke) {
    run.train.eval_every = 20;
  }
  constexpr double kShares[] = {0,     0.01, 0.02,  0.03, 0.04, 0.05, 0.075, 0.1,
                                0.125, 0.15, 0.175, 0.2,  0.25, 0.3,  0.35,  0.4,
                                0.45,  0.5,  0.6,   0.7,  0.8,  0.9,  1};
  run.probe.names = {"outputs.argmax", "outputs.probability"};
  run.probe.steps = StepsAt(run, kShares);
  return run;
}

std::vector<RunConfig> Plan(Profile profile, int64_t seed) {
  return {MemoryRun(profile, MemoryLabels::kKeys, seed),
          MemoryRun(profile, MemoryLabels::kAroundKey, seed),
          MemoryRun(profile, MemoryLabels::kNested, seed)};
}

std::vector<const RunResult*> WithLabels(const RunSet& runs, MemoryLabels labels) {
  return runs.Select("with labels of " + FormatValue(labels), [labels](const RunConfig& config) {
    return config.task.memory_labels == labels;
  });
}

std::string Group(int64_t index) { return fmt::format("memory_group{}", index + 1); }

// Returns [V]: the share of each label among the outputs for group `index`.
std::vector<double> Outputs(const Snapshot& probe, int64_t index) {
  const int64_t vocabulary = probe.array.shape[1];
  const auto begin = probe.array.values.begin() + index * vocabulary;
  return {begin, begin + vocabulary};
}

double InRange(const RunConfig& config, const Snapshot& probe, int64_t index) {
  const LabelRange range = MemoryLabelRange(config.task, index, /*key=*/0, /*anchor_sum=*/0);
  return ShareInRange(Outputs(probe, index), range.min, range.max);
}

// The accuracy on group `index` at the evaluation nearest to `step`.
double AccuracyAt(const RunResult& run, int64_t index, int64_t step) {
  const auto nearest = std::ranges::min_element(
      run.step, {}, [step](int64_t evaluated) { return std::abs(evaluated - step); });
  return run.Get(Group(index)).accuracy[static_cast<size_t>(nearest - run.step.begin())];
}

// The last snapshot of the outputs at which the accuracy of every group is still low.
const Snapshot& LastLow(const RunResult& run) {
  const std::vector<const Snapshot*> probes = run.Probes("outputs.argmax");
  const Snapshot* last = probes.front();
  for (const Snapshot* probe : probes) {
    for (int64_t i = 0; i < run.config.task.memory_groups; ++i) {
      if (AccuracyAt(run, i, probe->step) > kLowAccuracy) {
        return *last;
      }
    }
    last = probe;
  }
  return *last;
}

double SmallestInRange(const RunResult& run) {
  double smallest = 1;
  for (int64_t i = 0; i < run.config.task.memory_groups; ++i) {
    smallest = std::min(smallest, InRange(run.config, LastLow(run), i));
  }
  return smallest;
}

void Assemble(const RunSet& runs, FigureData* figure) {
  AddSeries("A/F_mem1", WithLabels(runs, MemoryLabels::kKeys), figure);
  AddSeries("A/F_mem2", WithLabels(runs, MemoryLabels::kAroundKey), figure);
  const std::vector<const RunResult*> nested = WithLabels(runs, MemoryLabels::kNested);
  AddSeries("B", nested, figure);
  const RunResult& first = *nested.front();
  const auto epochs_of = [&](int64_t step) {
    return static_cast<double>(step) / static_cast<double>(StepsPerEpoch(first.config));
  };
  std::vector<double> epochs;
  for (const Snapshot* probe : first.Probes("outputs.argmax")) {
    epochs.push_back(epochs_of(probe->step));
  }
  figure->Add("B/probe_epoch", epochs, "epochs");
  figure->Add("C/epoch", {epochs_of(LastLow(first).step)}, "epochs");
  figure->Add("C/groups", {static_cast<double>(first.config.task.memory_groups)}, "1");
  for (int64_t i = 0; i < first.config.task.memory_groups; ++i) {
    for (const char* kind : {"argmax", "probability"}) {
      std::vector<std::vector<double>> curves;
      for (const RunResult* run : nested) {
        std::vector<double>& curve = curves.emplace_back();
        for (const Snapshot* probe : run->Probes(std::string("outputs.") + kind)) {
          curve.push_back(InRange(run->config, *probe, i));
        }
      }
      AddBand(fmt::format("B/{}/in_range_{}", Group(i), kind), "share of outputs", curves, figure);
    }
    const LabelRange range = MemoryLabelRange(first.config.task, i, /*key=*/0, /*anchor_sum=*/0);
    figure->Add(fmt::format("C/{}/range", Group(i)),
                {static_cast<double>(range.min), static_cast<double>(range.max)}, "label");
    figure->Add(fmt::format("C/{}/outputs", Group(i)), Outputs(LastLow(first), i),
                "share of sequences");
  }
}

// The first evaluated step at which the loss is at most half of what it was at the start; the
// length of the run where there is none.
double StepsToHalf(const RunResult& run) {
  const std::vector<double>& loss = run.Get("memory").loss;
  for (size_t i = 0; i < loss.size(); ++i) {
    if (loss[i] <= loss.front() / 2) {
      return static_cast<double>(run.step[i]);
    }
  }
  return static_cast<double>(run.step.back());
}

std::vector<Claim> Claims(const RunSet& runs) {
  Claim faster{
      .id = "fig8.A.faster",
      .statement = "Figure 8, left: F_mem2 is learned much faster than F_mem1.",
      .metric =
          "steps until the loss is half of its first value, F_mem1's over F_mem2's (a run "
          "that never comes there counts with its length)",
      .expected = AtLeast(2),
      .reason =
          "neither loss comes to half of its first value within so short a run: F_mem2's falls "
          "far below F_mem1's in the first epochs, then both only creep"};
  const auto slow = WithLabels(runs, MemoryLabels::kKeys);
  const auto fast = WithLabels(runs, MemoryLabels::kAroundKey);
  for (size_t i = 0; i < slow.size(); ++i) {
    faster.values.push_back(StepsToHalf(*slow[i]) / StepsToHalf(*fast[i]));
  }
  return {
      faster,
      {.id = "fig8.B.in_range",
       .statement = "Figure 8, right: while accuracy is low, the outputs already stay inside each "
                    "group's range.",
       .metric = "smallest share over the groups of predicted labels inside the group's range, at "
                 "the last snapshot at which every group's accuracy is at most 0.2",
       .expected = AtLeast(0.9),
       .values = PerSeed(WithLabels(runs, MemoryLabels::kNested), SmallestInRange)}};
}

void Check(const RunConfig& config) {
  if (config.task.kinds != TaskKinds::kMemory) {
    throw Error("figure 8 is about memory tasks alone: task.kinds must be memory");
  }
}

Experiment Fig8() {
  return {.name = "fig8",
          .caption = kCaption,
          .cost = kCost,
          .varies = {"task.memory_labels", "task.memory_groups", "task.memory_max"},
          .plan = Plan,
          .check = Check,
          .assemble = Assemble,
          .claims = Claims};
}

}  // namespace
}  // namespace initbias

int main(int argc, char** argv) { return initbias::ExperimentMain(argc, argv, initbias::Fig8()); }
