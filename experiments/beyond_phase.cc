// Beyond the paper: does the bias survive other weight decays and learning rates?
//
// Claim    It does; and weight decay helps large weights to generalise.
// Command  bazel run //experiments:beyond_phase
// Cost     --help says it
// Expect   two phase diagrams of masked accuracy, with lines of how much faster reasoning is
//          learned, and of its lead.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>

#include "experiments/base_runs.h"
#include "experiments/beyond_runs.h"
#include "experiments/findings.h"
#include "experiments/learning_contrast.h"
#include "experiments/study.h"
#include "experiments/sweep_axes.h"
#include "experiments/sweep_figure.h"
#include "experiments/sweep_metrics.h"
#include "experiments/variants.h"

namespace initbias {
namespace {

constexpr char kCaption[] =
    "Beyond the paper, phase diagrams: Transformer by initialisation rate, with weight decay (A) and learning "
    "rate (B). Accuracy on masked sequences at the end with lines of equal log2 of memory's steps over reasoning's to half "
    "of the guess level (1: reasoning twice as fast), and the lead of masked over memory sequences; medians over seeds";

constexpr double kGammas[] = {kLargeInit, kUsualInit, kSmallInit, 1};

Sweep SweepOf(const SweepAxis& second) {
  return {.axes = {GammaAxis(kGammas), second},
          .metrics = {kMaskedAccuracyName, kLeadName},
          .contours = kSpeedRatioName};
}

constexpr double kNoDecay = 0;
constexpr double kStrongDecay = 1;
constexpr double kDecays[] = {kNoDecay, 0.01, 0.1, kStrongDecay};

// Learning rates are the base's, and it divided and multiplied by this.
constexpr int kFactor = 4;

// Places in the figure file.
constexpr char kDecayGroup[] = "A";
constexpr char kRateGroup[] = "B";

Sweep Decays() {
  SweepAxis axis{.field = "optimizer.weight_decay"};
  for (const double decay : kDecays) {
    axis.values.push_back(FormatValue(decay));
  }
  return SweepOf(axis);
}

Sweep LearningRates(double rate) {
  return SweepOf(
      {.field = "optimizer.learning_rate",
       .values = {FormatValue(rate / kFactor), FormatValue(rate), FormatValue(rate * kFactor)}});
}

std::vector<RunConfig> Plan(Profile profile, int64_t seed) {
  const RunConfig base = BeyondRun(profile, kUsualInit, seed);
  std::vector<RunConfig> runs = SweepRuns(base, Decays().axes);
  std::ranges::copy(SweepRuns(base, LearningRates(base.optimizer.learning_rate).axes),
                    std::back_inserter(runs));
  return runs;
}

// That of most of them.
double BaseRate(const RunSet& runs) {
  double rate = 0;
  ParseValue(MostCommonText(runs, ModelKind::kTransformer, "optimizer.learning_rate"), &rate);
  return rate;
}

// Those of one of both sweeps, which share the base's own values.
Runs OfDecays(const RunSet& runs) {
  const double rate = BaseRate(runs);
  return runs.Select("of another weight decay", [rate](const RunConfig& config) {
    return config.optimizer.learning_rate == rate;
  });
}
Runs OfRates(const RunSet& runs) {
  return runs.Select("of another learning rate", [](const RunConfig& config) {
    return config.optimizer.weight_decay == OptimizerConfig{}.weight_decay;
  });
}

void Assemble(const RunSet& runs, FigureData* figure) {
  AddSweep(kDecayGroup, Decays(), OfDecays(runs), figure);
  AddSweep(kRateGroup, LearningRates(BaseRate(runs)), OfRates(runs), figure);
}

// Of each seed, the smallest difference of the leads at gamma = 0.8 and 0.3 along the second axis.
SeedValues SmallestBias(Runs (*choose)(const RunSet&)) {
  return SmallestDifference(choose, kSmallInit, kLargeInit, TestLead);
}

ChooseRuns AtDecay(double decay) {
  return [decay](const RunSet& runs) {
    const double rate = BaseRate(runs);
    return runs.Select("at gamma = 0.3", [=](const RunConfig& config) {
      return config.init.gamma == kLargeInit && config.optimizer.weight_decay == decay &&
             config.optimizer.learning_rate == rate;
    });
  };
}

std::vector<ClaimSpec> Claims() {
  const std::string metric = MeanLeadText() + " at gamma = 0.8 minus at 0.3, the smallest over ";
  return {
      {.id = "beyond_phase.decay",
       .statement =
           "Small weights are biased towards reasoning beside large ones at every weight decay.",
       .place = kBeyondPlace,
       .kind = ClaimKind::kOurs,
       .metric = fmt::format("{}weight decays {}", metric, fmt::join(kDecays, ", ")),
       .expected = Above(0),
       .amended = kThreeSeeds,
       .registration = 6,
       .measure = SmallestBias(OfDecays)},
      {.id = "beyond_phase.learning_rate",
       .statement = "And at a quarter and four times the learning rate.",
       .place = kBeyondPlace,
       .kind = ClaimKind::kOurs,
       .metric =
           fmt::format("{0}learning rates of 1/{1}, 1 and {1} times the study's", metric, kFactor),
       .expected = Above(0),
       .amended = kThreeSeeds,
       .registration = 6,
       .measure = SmallestBias(OfRates)},
      {.id = "beyond_phase.decay_generalises",
       .statement = fmt::format(
           "Weight decay makes large weights generalise: at gamma = 0.3 masked accuracy is higher with a "
           "decay of {} than without.",
           kStrongDecay),
       .place = kBeyondPlace,
       .kind = ClaimKind::kOurs,
       .metric =
           fmt::format("accuracy on masked sequences at the end at gamma = 0.3, with a weight "
                       "decay of {} minus without",
                       kStrongDecay),
       .expected = Above(0),
       .amended = kThreeSeeds,
       .registration = 6,
       .measure = DifferenceOfRuns(AtDecay(kStrongDecay), AtDecay(kNoDecay), MaskedAccuracy)}};
}

plot::Figure Describe(const FigureData& data) {
  plot::Figure figure{.title = "Phase diagrams",
                      .caption = data.caption,
                      .columns = SweepColumns(kDecayGroup, data)};
  const int row = AddSweepPanels(kDecayGroup, data, 0, &figure);
  AddSweepPanels(kRateGroup, data, row, &figure);
  return figure;
}

// The values of the second axis at which small weights lead more than large ones in every seed.
std::string BiasedText(const std::string& group, const FigureData& data) {
  std::vector<SeedList> small;
  std::vector<std::vector<double>> large;
  for (const std::string& second : SweepValues(group, 1, data)) {
    const auto at = [&](double gamma) {
      return SweepCell(group, kLeadName, FormatValue(gamma), second, data);
    };
    small.push_back({second, at(kSmallInit)});
    large.push_back(at(kLargeInit));
  }
  return EverywhereAbove(small, large);
}

std::string Findings(const FigureData& data) {
  const auto accuracy = [&data](double decay) {
    return SweepCell(kDecayGroup, kMaskedAccuracyName, FormatValue(kLargeInit), FormatValue(decay),
                     data);
  };
  return fmt::format(
      "Masked sequences lead memory sequences at γ = 0.8 more than at 0.3 in every seed at these "
      "weight decays: {}; and at these learning rates: {}. {}.",
      BiasedText(kDecayGroup, data), BiasedText(kRateGroup, data),
      CompareText(
          {fmt::format("At γ = 0.3 masked accuracy with a weight decay of {}", kStrongDecay),
           accuracy(kStrongDecay)},
          {"that without", accuracy(kNoDecay)}));
}

}  // namespace

Study MakeStudy() {
  return {.experiment = {.name = "beyond_phase",
                         .caption = kCaption,
                         .seeds = BeyondSeeds(),
                         .varies = {"optimizer.weight_decay", "optimizer.learning_rate"},
                         .plan = Plan,
                         .check = CheckMasked,
                         .assemble = Assemble,
                         .claims = Claims},
          .describe = Describe,
          .findings = Findings};
}

}  // namespace initbias
