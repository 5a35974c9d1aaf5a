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

namespace initbias {
namespace {

constexpr char kCaption[] =
    "Beyond the paper, initialisation rates: Transformer by gamma. Accuracies at the end, lead of the masked "
    "loss over the memory loss, area between these curves, steps to accuracies, plateau (steps until the "
    "reasoning training loss is below 0.9 of its first value); median and range over seeds";

constexpr double kTooSmall = 1.2;
constexpr double kSmokeRates[] = {kUsualInit, kSmallInit, kTooSmall};

Sweep SweepOf(Profile profile) {
  return {.axes = {profile == Profile::kSmoke ? GammaAxis(kSmokeRates)
                                              : ParseAxis("gamma=0.2:1.2:0.1")},
          .metrics = {"masked_accuracy", "reasoning_accuracy", "memory_accuracy", "lead", "area",
                      "plateau", "masked_steps_50", "reasoning_steps_50", "memory_steps_50",
                      "masked_steps_90", "reasoning_steps_90", "memory_steps_90"}};
}

std::vector<RunConfig> Plan(Profile profile, int64_t seed) {
  return SweepRuns(BeyondRun(profile, kUsualInit, seed), SweepOf(profile).axes);
}

ChooseRuns At(double gamma) { return RunsAt(ModelKind::kTransformer, gamma); }

// The rates of which there are runs.
void Assemble(const RunSet& runs, FigureData* figure) {
  Sweep sweep = SweepOf(Profile::kDefault);
  std::erase_if(sweep.axes[0].values, [&runs](const std::string& value) {
    return std::ranges::none_of(runs.all(), [&value](const RunResult& run) {
      return FormatValue(run.config.init.gamma) == value;
    });
  });
  AddSweep("A", sweep, runs.All(), figure);
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
       .measure = DifferenceOfRuns(At(kSmallInit), At(kUsualInit), metric("lead"))},
      {.id = "beyond_rates.lead_beyond",
       .statement = "It is larger still at gamma = 1.2 than at 0.8.",
       .place = kBeyondPlace,
       .kind = ClaimKind::kOurs,
       .metric = "the same at gamma = 1.2 minus at 0.8",
       .expected = Above(0),
       .registration = 5,
       .preconditions = {ReasoningIsLearned(At(kTooSmall))},
       .measure = DifferenceOfRuns(At(kTooSmall), At(kSmallInit), metric("lead"))},
      {.id = "beyond_rates.plateau",
       .statement = "The smaller the weights, the longer nothing is learned: the plateau is "
                    "longer at gamma = 1.2 than at 0.5.",
       .place = kBeyondPlace,
       .kind = ClaimKind::kOurs,
       .metric = "steps until the reasoning training loss is below 0.9 of its first value, at "
                 "gamma = 1.2 minus at 0.5",
       .expected = Above(0),
       .registration = 5,
       .measure = DifferenceOfRuns(At(kTooSmall), At(kUsualInit), metric("plateau"))},
      {.id = "beyond_rates.too_small",
       .statement = "Weights can be too small: after the same training masked accuracy is lower "
                    "at gamma = 1.2 than at 0.8.",
       .place = kBeyondPlace,
       .kind = ClaimKind::kOurs,
       .metric = "accuracy on masked sequences at the end, at gamma = 1.2 minus at 0.8",
       .expected = Below(0),
       .registration = 5,
       .preconditions = {ReasoningIsLearned(At(kSmallInit))},
       .measure = DifferenceOfRuns(At(kTooSmall), At(kSmallInit), metric("masked_accuracy"))}};
}

plot::Figure Describe(const FigureData& data) {
  plot::Figure figure{
      .title = "Initialisation rates", .caption = data.caption, .columns = SweepColumns("A", data)};
  AddSweepPanels("A", data, 0, &figure);
  return figure;
}

std::string Findings(const FigureData& data) {
  const auto extremes = [&data](const char* metric) {
    return ExtremesText(SweepLine("A", metric, data));
  };
  return fmt::format(
      "The lead of masked over memory sequences is {}. Masked accuracy at the end is {}; the "
      "plateau, in steps, is {}.",
      extremes("lead"), extremes("masked_accuracy"), extremes("plateau"));
}

}  // namespace

Study MakeStudy() {
  return {.experiment = {.name = "beyond_rates",
                         .caption = kCaption,
                         .plan = Plan,
                         .check = CheckMasked,
                         .assemble = Assemble,
                         .claims = Claims},
          .describe = Describe,
          .findings = Findings};
}

}  // namespace initbias
