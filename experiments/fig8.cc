// Figure 8: what the distribution of the labels does to learning, on memory tasks alone.
//
// Claim    Labels that say something of key and anchors (F_mem2) are learned much faster than
//          labels that do not (F_mem1); and before single labels are known, the outputs already
//          keep to the range that the labels of a group of anchors have.
// Command  bazel run //experiments:fig8
// Cost     --help says it
// Expect   A: losses of F_mem1 and F_mem2. B: four groups, share of outputs inside their range, and
//          accuracy. C: the outputs of each group while its accuracy is low.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "experiments/base_runs.h"
#include "experiments/learning_contrast.h"
#include "experiments/study.h"
#include "figures/panels/curves.h"
#include "figures/panels/labels.h"
#include "figures/panels/panel_place.h"
#include "figures/panels/values.h"
#include "lib/analysis/statistics.h"
#include "lib/base/error.h"
#include "lib/config/set_names.h"
#include "lib/measure/label_groups.h"
#include "lib/store/figure_key.h"
#include "lib/store/panel_names.h"

namespace initbias {
namespace {

constexpr char kCaption[] =
    "Figure 8: Emb-MLP at gamma = 0.8 on memory tasks alone. A: labels uniform on the keys (F_mem1) and "
    "on z - sum a .. z + sum a (F_mem2). B: four groups of anchors with label ranges 30 .. 29 + 20 i: "
    "share of predicted labels inside the group's range, and accuracy. C: predicted labels (first seed) of "
    "each group at the last snapshot before a group's accuracy exceeds {}. "
    "Lines: median over seeds, band from the smallest to the largest. No label falls outside of the "
    "vocabulary. The model sums its embeddings: of (z, a, b) and (z, b, a), which have labels of their own, it "
    "can know one at most, so that no loss can fall below 0.62 nats";

// Accuracy up to this counts as low; a group has at least 20 labels, a guess is right in 0.05.
constexpr double kLowAccuracy = 0.2;

// "before a group's accuracy exceeds 0.2", for metrics.
std::string WhileLow() { return fmt::format("before a group's accuracy exceeds {}", kLowAccuracy); }

// Emb-MLP on memory sequences without noise, each once an epoch.
RunConfig MemoryRun(Profile profile, MemoryLabels labels, int64_t seed) {
  RunConfig run = EmbMlpRun(profile, kSmallInit, seed);
  run.task.kinds = TaskKinds::kMemory;
  run.task.masked = {};
  run.task.memory_labels = labels;
  run.task.samples = kMemoryAlone.samples;
  if (labels == MemoryLabels::kNested) {
    // Four groups of five anchors, of which the first ten are the memory anchors elsewhere.
    run.task.memory_max = 20;
    run.task.memory_groups = 4;
  }
  run.train.eval_every = StepsPerEpoch(run);
  if (profile == Profile::kDefault) {
    SetSize(kMemoryAlone, &run);
  }
  if (profile == Profile::kSmoke) {
    run.train.eval_every = SizeOf(ModelKind::kEmbMlp, profile).eval_every / 2;  // half the steps
  }
  // Densely at first: figure 8B is about the time at which accuracy is low.
  constexpr double kShares[] = {0,     0.0004, 0.0008, 0.0012, 0.002, 0.003, 0.004, 0.006, 0.008,
                                0.012, 0.016,  0.024,  0.032,  0.04,  0.06,  0.08,  0.12,  0.16,
                                0.2,   0.24,   0.28,   0.32,   0.36,  0.4,   0.5,   0.75,  1};
  run.probe.names = {"outputs.argmax", "outputs.probability"};
  run.probe.steps = StepsAt(run, kShares);
  return run;
}

std::vector<RunConfig> Plan(Profile profile, int64_t seed) {
  return {MemoryRun(profile, MemoryLabels::kKeys, seed),
          MemoryRun(profile, MemoryLabels::kAroundKey, seed),
          MemoryRun(profile, MemoryLabels::kNested, seed)};
}

Runs WithLabels(const RunSet& runs, MemoryLabels labels) {
  return runs.Select("with labels of " + FormatValue(labels), [labels](const RunConfig& config) {
    return config.task.memory_labels == labels;
  });
}

// Places in the figure file.
constexpr char kKeysGroup[] = "A/F_mem1";
constexpr char kAroundKeyGroup[] = "A/F_mem2";
constexpr char kNestedGroup[] = "B";
constexpr char kOutputsGroup[] = "C";

// The measures of figure 8B, of the stage at which accuracy is low.
std::vector<const Snapshot*> Low(const RunResult& run) { return LowStage(run, kLowAccuracy); }
double LowSnapshots(const RunResult& run) { return static_cast<double>(Low(run).size()); }
double LowInRange(const RunResult& run) { return SmallestInRange(run.config.task, Low(run)); }
double LowDistinction(const RunResult& run) {
  return SmallestDistinction(run.config.task, Low(run));
}
double LowOverExchanged(const RunResult& run) {
  return InRangeOverExchanged(run.config.task, Low(run));
}

// What C draws: the last snapshot of that stage, or of the run.
const Snapshot& Shown(const RunResult& run) {
  const std::vector<const Snapshot*> stage = Low(run);
  return stage.empty() ? *run.Probes("outputs.argmax").back() : *stage.back();
}

void Assemble(const RunSet& runs, FigureData* figure) {
  AddLearningCurves(kKeysGroup, WithLabels(runs, MemoryLabels::kKeys), figure);
  AddLearningCurves(kAroundKeyGroup, WithLabels(runs, MemoryLabels::kAroundKey), figure);
  const Runs nested = WithLabels(runs, MemoryLabels::kNested);
  AddLearningCurves(kNestedGroup, nested, figure);
  AddLabelGroups(kNestedGroup, kOutputsGroup, nested, Shown, figure);
}

Runs Keys(const RunSet& runs) { return WithLabels(runs, MemoryLabels::kKeys); }
Runs AroundKey(const RunSet& runs) { return WithLabels(runs, MemoryLabels::kAroundKey); }
Runs Nested(const RunSet& runs) { return WithLabels(runs, MemoryLabels::kNested); }

// The levels at which the two labellings are compared, alike for both.
double OneNatDown(const RunResult& run) { return run.Get(kMemorySet).loss.front() - 1; }
double HalfOfKeys(const RunResult& run) { return GuessLevel(run.config.task, kMemorySet) / 2; }

// log2 of the steps of F_mem1 to `level` over those of F_mem2, seed by seed.
SeedValues Speed(double (*level)(const RunResult&)) {
  return [level](const RunSet& runs) {
    return PerSeedDifference(Keys(runs), AroundKey(runs), [level](const RunResult& run) {
      return std::log2(StepsToLoss(run, kMemorySet, level(run)));
    });
  };
}

// How far the smallest loss of the worse of both is above `level`; at most 0 where both reach it.
PreconditionSpec BothReach(const std::string& text, double (*level)(const RunResult&)) {
  return {.text = "smallest loss of F_mem1 and F_mem2, the larger one, above " + text,
          .expected = AtMost(0),
          .measure = LargestOf({Keys, AroundKey}, [level](const RunResult& run) {
            return std::ranges::min(run.Get(kMemorySet).loss) - level(run);
          })};
}

// How far both came, for the reasons of A.
std::string LossText(const RunSet& runs) {
  const auto loss = [](const Runs& some) {
    return Mean(PerSeed(some, [](const RunResult& run) { return SmallestLoss(run, kMemorySet); }));
  };
  const auto steps = [](const Runs& some, double (*level)(const RunResult&)) {
    return Mean(PerSeed(
        some, [level](const RunResult& run) { return StepsToLoss(run, kMemorySet, level(run)); }));
  };
  const RunResult& first = *Keys(runs).front();
  return fmt::format(
      "means over seeds: smallest loss of F_mem1 {:.2f} and of F_mem2 {:.2f} nats within {} steps; "
      "{:.0f} and {:.0f} steps to {:.2f} nats, {:.0f} and {:.0f} to {:.2f}",
      loss(Keys(runs)), loss(AroundKey(runs)), first.step.back(), steps(Keys(runs), OneNatDown),
      steps(AroundKey(runs), OneNatDown), OneNatDown(first), steps(Keys(runs), HalfOfKeys),
      steps(AroundKey(runs), HalfOfKeys), HalfOfKeys(first));
}

std::vector<ClaimSpec> SpeedClaims() {
  const std::string nat = "the first loss minus 1 nat";
  const std::string half = fmt::format("half of the keys' entropy, ln({}) / 2", kMemoryAlone.keys);
  const auto metric = [](const std::string& level) {
    return "log2 of the steps of F_mem1 over those of F_mem2 to a loss of " + level +
           ", linear between evaluations";
  };
  return {
      {.id = "fig8.A.faster",
       .statement = "The loss of F_mem2 falls faster than that of F_mem1.",
       .place = "Section 6, figure 8 (left)",
       .kind = ClaimKind::kText,
       .metric = metric(nat),
       .expected = Above(0),
       .preconditions = {BothReach(nat, OneNatDown)},
       .measure = Speed(OneNatDown),
       .reason = LossText},
      {.id = "fig8.A.factor_two",
       .statement = "The loss of F_mem2 falls significantly faster than that of F_mem1: at least "
                    "twice as fast.",
       .place = "Section 6, figure 8 (left)",
       .kind = ClaimKind::kText,
       .metric = metric(nat),
       .expected = AtLeast(1),
       .rule = ClaimRule::kEverySeed,
       .threshold_reason = kSignificantly,
       .amended = kReworded,
       .preconditions = {BothReach(nat, OneNatDown)},
       .measure = Speed(OneNatDown),
       .reason = LossText},
      {.id = "fig8.A.memorised",
       .statement = "F_mem2 is ahead where single labels are known too, not their range alone.",
       .place = "Section 6, figure 8 (left)",
       .kind = ClaimKind::kDerived,
       .metric = metric(half),
       .expected = Above(0),
       .preconditions = {BothReach(half, HalfOfKeys)},
       .measure = Speed(HalfOfKeys),
       .reason = LossText}};
}

std::vector<ClaimSpec> RangeClaims() {
  const std::vector<PreconditionSpec> low = {
      {.text = "snapshots after step 0 whose mean loss over the groups is below the entropy of all "
               "labels, or later, and " +
               WhileLow(),
       .expected = AtLeast(1),
       .measure = OfRuns(Nested, LowSnapshots)}};
  const auto text = [](const RunSet& runs) {
    const Runs nested = Nested(runs);
    const auto mean = [&](auto metric) { return Mean(PerSeed(nested, metric)); };
    return fmt::format(
        "means over seeds: {:.1f} snapshots at low accuracy, the last at step {:.0f}; smallest share "
        "inside the range {:.3f}, smallest difference {:.2f}",
        mean(LowSnapshots),
        mean([](const RunResult& run) { return static_cast<double>(Shown(run).step); }),
        mean(LowInRange), mean(LowDistinction));
  };
  return {
      {.id = "fig8.B.in_range",
       .statement = "While accuracy is low, the outputs do not exceed each group's range of "
                    "labels.",
       .place = "Section 6, figure 8 (right)",
       .kind = ClaimKind::kText,
       .metric =
           "share of predicted labels inside the group's range, the smallest over the groups and "
           "over all snapshots from the first whose mean loss over the groups is below the "
           "entropy of all labels to the last " +
           WhileLow(),
       .expected = AtLeast(0.99),
       .rule = ClaimRule::kEverySeed,
       .threshold_reason = "the words say none outside; 0.99 leaves one output in a hundred",
       .preconditions = low,
       .measure = OfRuns(Nested, LowInRange),
       .reason = text},
      {.id = "fig8.B.distinguishes",
       .statement =
           "While accuracy is low, the outputs use the range of their group: the ranges are nested, "
           "and outputs of a group go beyond the range of the group before it more than that group's "
           "own do.",
       .place = "Section 6, figure 8 (right)",
       .kind = ClaimKind::kDerived,
       .metric = "share of a group's predicted labels above the range of the group before it minus "
                 "the same share of that group's, the smallest over groups 2 .. 4, at the last "
                 "snapshot " +
                 WhileLow(),
       .expected = Above(0),
       .amended = kReworded,
       .preconditions = low,
       .measure = OfRuns(Nested, LowDistinction),
       .reason = text},
      {.id = "fig8.B.beyond_chance",
       .statement =
           "The outputs keep to their own group's range more than chance would have them: more "
           "than the other groups' outputs keep to it.",
       .place = "Section 6, figure 8 (right)",
       .kind = ClaimKind::kDerived,
       .metric =
           "share of a group's predicted labels inside its range minus the mean of that share "
           "over the other groups' predicted labels, mean over groups 1 .. 3, at the first "
           "snapshot whose mean loss over the groups is below the entropy of all labels",
       .expected = Above(0),
       .registration = 2,
       .preconditions = low,
       .measure = OfRuns(Nested, LowOverExchanged),
       .reason = text}};
}

std::vector<ClaimSpec> Claims() {
  std::vector<ClaimSpec> claims = SpeedClaims();
  std::ranges::move(RangeClaims(), std::back_inserter(claims));
  return claims;
}

void Check(const RunConfig& config) {
  if (config.task.kinds != TaskKinds::kMemory) {
    throw Error("figure 8 is about memory tasks alone: task.kinds must be memory");
  }
}

// The curve over steps + 1, for a logarithmic axis: all that B shows happens in the first steps.
plot::Series BySteps(const FigureData& data, plot::Series curve) {
  for (double& x : curve.x) {
    x = x * Value(data, Below(kNestedGroup, kStepsPerEpochName)) + 1;
  }
  return curve;
}

plot::Figure Describe(const FigureData& data) {
  const auto groups = static_cast<int>(Value(data, Below(kOutputsGroup, kGroupsName)));
  plot::Figure figure{.title = "Figure 8",
                      .caption = data.caption,
                      .columns = groups,
                      .row_heights_in = {1.3, 1.1}};
  const auto add = [&figure](plot::Panel panel, const std::string& letter, const std::string& title,
                             int row, int column, int span) {
    AddPanel(std::move(panel), letter, title, {.row = row, .column = column, .span = span},
             &figure);
  };
  // Looks that no group has.
  plot::Panel losses = CoursePanel(
      data,
      {{Below(kKeysGroup, kMemorySet), "F_{mem1}, keys", plot::IndexLook(groups)},
       {Below(kAroundKeyGroup, kMemorySet), "F_{mem2}, z ± Σ a", plot::IndexLook(groups + 1)}},
      kLossName, "loss");
  losses.y_axis.unit = "nats";
  losses.y_axis.min = 0.0;
  losses.legend = plot::LegendPlace::kBelow;
  add(std::move(losses), "A", "two label distributions", 0, 0, groups - 2);
  plot::LinePlot range;
  plot::LinePlot accuracy;
  for (int i = 0; i < groups; ++i) {
    const std::string group = Below(kNestedGroup, MemoryGroupSet(i));
    const std::string label = LabelGroupText(data, kOutputsGroup, i);
    const plot::Look look = plot::IndexLook(i);
    range.series.push_back(BySteps(data, BandCurve(data, Below(kNestedGroup, kProbeEpochName),
                                                   Below(group, kArgmaxInRangeName), label, look)));
    accuracy.series.push_back(
        BySteps(data, Curve(data, group, kEpochName, kAccuracyName, label, look)));
    add(LabelOutputsPanel(data, kOutputsGroup, i), i == 0 ? kOutputsGroup : "",
        fmt::format("group {}, {}", i + 1, EpochText(data, Below(kOutputsGroup, kEpochName))), 1, i,
        1);
  }
  add({.x_axis = {.label = "step + 1", .log = true, .share = "groups"},
       .y_axis = {.label = "share", .min = 0.0, .max = 1.0},
       .content = std::move(range)},
      kNestedGroup, "outputs inside the range", 0, groups - 2, 1);
  add({.x_axis = {.label = "step + 1", .log = true, .share = "groups"},
       .y_axis = {.label = "accuracy", .min = 0.0, .max = 1.0},
       .content = std::move(accuracy)},
      "", "accuracy", 0, groups - 1, 1);
  return figure;
}

}  // namespace

Study MakeStudy() {
  return {.experiment = {.name = "fig8",
                         .caption = fmt::format(kCaption, kLowAccuracy),
                         .varies = {"task.memory_labels", "task.memory_groups", "task.memory_max"},
                         .plan = Plan,
                         .check = Check,
                         .assemble = Assemble,
                         .claims = Claims},
          .describe = Describe};
}

}  // namespace initbias
