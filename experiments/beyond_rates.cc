// Beyond the paper: how small is too small? The Transformer at gamma from 0.2 to 1.2.
//
// Claim    Reasoning's lead grows with gamma, and so does the plateau before anything is learned.
// Command  bazel run //experiments:beyond_rates
// Cost     --help says it
// Expect   a panel a quantity, a point a rate.
#include <fmt/format.h>

#include <algorithm>

#include "experiments/base_runs.h"
#include "experiments/beyond_runs.h"
#include "experiments/findings.h"
#include "experiments/learning_contrast.h"
#include "experiments/study.h"
#include "experiments/sweep_axes.h"
#include "experiments/sweep_figure.h"
#include "experiments/sweep_metrics.h"
#include "lib/measure/learning.h"

namespace initbias {
namespace {

constexpr char kCaption[] =
    "Beyond the paper, initialisation rates: Transformer by gamma. Accuracies at the end, lead of the masked "
    "loss over the memory loss, area between these curves, steps to accuracies, plateau (steps until the "
    "reasoning training loss is below {} of its first value); median and range over seeds";

constexpr double kTooSmall = 1.2;
constexpr double kSmokeRates[] = {kUsualInit, kSmallInit, kTooSmall};

Sweep SweepOf(Profile profile) {
  return {
      .axes = {profile == Profile::kSmoke ? GammaAxis(kSmokeRates)
                                          : ParseAxis(fmt::format("gamma=0.2:{}:0.1", kTooSmall))},
      .metrics = {kMaskedAccuracyName, "reasoning_accuracy", "memory_accuracy", kLeadName, "area",
                  kPlateauName, "masked_steps_50", "reasoning_steps_50", "memory_steps_50",
                  "masked_steps_90", "reasoning_steps_90", "memory_steps_90"}};
}

std::vector<RunConfig> Plan(Profile profile, int64_t seed) {
  return SweepRuns(BeyondRun(profile, kUsualInit, seed), SweepOf(profile).axes);
}

ChooseRuns At(double gamma) { return RunsAt(ModelKind::kTransformer, gamma); }

constexpr char kGroup[] = "A";  // in the figure file

// The rates of which there are runs.
void Assemble(const RunSet& runs, FigureData* figure) {
  Sweep sweep = SweepOf(Profile::kDefault);
  std::erase_if(sweep.axes[0].values, [&runs](const std::string& value) {
    return std::ranges::none_of(runs.all(), [&value](const RunResult& run) {
      return FormatValue(run.config.init.gamma) == value;
    });
  });
  AddSweep(kGroup, sweep, runs.All(), figure);
}

std::vector<ClaimSpec> Claims() {
  const auto metric = [](const char* name) { return FindSweepMetric(name).measure; };
  return {
      {.id = "beyond_rates.lead",
       .statement = "Reasoning's lead over memory is larger at gamma = 0.8 than at 0.5.",
       .place = kBeyondPlace,
       .kind = ClaimKind::kOurs,
       .metric = LeadText() + ", mean over training, at gamma = 0.8 minus at 0.5",
       .expected = Above(0),
       .registration = 5,
       .preconditions = {ReasoningIsLearned(At(kSmallInit))},
       .measure = DifferenceOfRuns(At(kSmallInit), At(kUsualInit), metric(kLeadName))},
      {.id = "beyond_rates.lead_beyond",
       .statement = fmt::format("It is larger still at gamma = {} than at 0.8.", kTooSmall),
       .place = kBeyondPlace,
       .kind = ClaimKind::kOurs,
       .metric = fmt::format("the same at gamma = {} minus at 0.8", kTooSmall),
       .expected = Above(0),
       .registration = 5,
       .preconditions = {ReasoningIsLearned(At(kTooSmall))},
       .measure = DifferenceOfRuns(At(kTooSmall), At(kSmallInit), metric(kLeadName))},
      {.id = "beyond_rates.plateau",
       .statement = fmt::format(
           "The smaller the weights, the longer nothing is learned: the plateau is longer at gamma = {} "
           "than at 0.5.",
           kTooSmall),
       .place = kBeyondPlace,
       .kind = ClaimKind::kOurs,
       .metric =
           fmt::format("steps until the reasoning training loss is below {} of its first value, at "
                       "gamma = {} minus at 0.5",
                       kPlateauEnds, kTooSmall),
       .expected = Above(0),
       .registration = 5,
       .measure = DifferenceOfRuns(At(kTooSmall), At(kUsualInit), metric(kPlateauName))},
      {.id = "beyond_rates.too_small",
       .statement =
           fmt::format("Weights can be too small: after the same training masked accuracy is "
                       "lower at gamma = {} than at 0.8.",
                       kTooSmall),
       .place = kBeyondPlace,
       .kind = ClaimKind::kOurs,
       .metric = fmt::format("accuracy on masked sequences at the end, at gamma = {} minus at 0.8",
                             kTooSmall),
       .expected = Below(0),
       .registration = 5,
       .preconditions = {ReasoningIsLearned(At(kSmallInit))},
       .measure = DifferenceOfRuns(At(kTooSmall), At(kSmallInit), metric(kMaskedAccuracyName))}};
}

plot::Figure Describe(const FigureData& data) {
  plot::Figure figure{.title = "Initialisation rates",
                      .caption = data.caption,
                      .columns = SweepColumns(kGroup, data)};
  AddSweepPanels(kGroup, data, 0, &figure);
  return figure;
}

std::string Findings(const FigureData& data) {
  const auto extremes = [&data](const char* metric) {
    return ExtremesText(SweepLine(kGroup, metric, data));
  };
  return fmt::format(
      "The lead of masked over memory sequences is {}. Masked accuracy at the end is {}; the "
      "plateau, in steps, is {}.",
      extremes(kLeadName), extremes(kMaskedAccuracyName), extremes(kPlateauName));
}

}  // namespace

Study MakeStudy() {
  return {.experiment = {.name = "beyond_rates",
                         .caption = fmt::format(kCaption, kPlateauEnds),
                         .plan = Plan,
                         .check = CheckMasked,
                         .assemble = Assemble,
                         .claims = Claims},
          .describe = Describe,
          .findings = Findings};
}

}  // namespace initbias
