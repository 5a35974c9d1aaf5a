// Beyond the paper: how many masked combinations can a rule be learned without, and what is left of
// it where labels are random?
//
// Claim    Small weights infer the masked combinations even where half of them are masked; their
//          lead over memory goes as the rule becomes a table.
// Command  bazel run //experiments:beyond_dial
// Cost     --help says it
// Expect   accuracies and reasoning's lead by the number of masked combinations (A) and by the
//          share of random labels (B), a curve a rate.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "experiments/base_runs.h"
#include "experiments/beyond_runs.h"
#include "experiments/findings.h"
#include "experiments/learning_contrast.h"
#include "experiments/study.h"
#include "experiments/sweep_axes.h"
#include "figures/panels/marked_curves.h"
#include "figures/panels/values.h"
#include "lib/store/figure_key.h"

namespace initbias {
namespace {

constexpr char kCaption[] =
    "Beyond the paper, from rule to table: Transformer at gamma = 0.3 and 0.8. A: with {} to {} of the 100 combinations "
    "of two reasoning anchors kept out of training. B: with a share of the reasoning labels trained on replaced by random ones. "
    "Accuracy at the end on the masked combinations and on those trained on, and the lead of the latter's loss over the "
    "memory loss (mean over training); median and range over seeds";

constexpr double kRates[] = {kLargeInit, kSmallInit};
constexpr int kFewest = 2;  // the paper's
constexpr int kMost = 50;
constexpr int kCounts[] = {kFewest, 10, 20, kMost};  // of masked combinations
constexpr double kHalf = 0.5;
constexpr double kShares[] = {0, 0.25, kHalf, 0.75, 1};  // of random labels

// Places in the figure file: along a dial, by rate.
constexpr char kMaskedGroup[] = "A";
constexpr char kRandomGroup[] = "B";
constexpr char kDial[] = "dial";
constexpr char kLead[] = "lead";

// `count` of the ordered pairs of reasoning anchors, each with its mirror image, the paper's first;
// each anchor is left in pairs that are trained on.
std::string Masked(int count) {
  const AnchorTaskConfig task;
  const auto anchors = static_cast<int>(task.reasoning_max - task.reasoning_min + 1);
  std::set<std::pair<int, int>> pairs;  // in the order in which a config has them
  for (int i = 0; i < count / 2; ++i) {
    const int a = i % anchors;
    const int b = (a + 2 + i / anchors) % anchors;
    pairs.insert({std::pair(a, b), std::pair(b, a)});
  }
  std::vector<std::string> texts;
  for (const auto& [a, b] : pairs) {
    texts.push_back(fmt::format("{}-{}", task.reasoning_min + a, task.reasoning_min + b));
  }
  return fmt::format("{}", fmt::join(texts, ","));
}

SweepAxis MaskedAxis() {
  SweepAxis axis{.field = "task.masked"};
  for (const int count : kCounts) {
    axis.values.push_back(Masked(count));
  }
  return axis;
}

// Both sweeps have the run with the paper's masked combinations and no random label.
std::vector<RunConfig> Plan(Profile profile, int64_t seed) {
  const RunConfig base = BeyondRun(profile, kUsualInit, seed);
  const SweepAxis gammas = GammaAxis(kRates);
  std::vector<RunConfig> runs = SweepRuns(base, {gammas, MaskedAxis()});
  SweepAxis labels{.field = "task.random_labels"};
  for (const double share : kShares) {
    labels.values.push_back(FormatValue(share));
  }
  std::ranges::copy(SweepRuns(base, {gammas, labels}), std::back_inserter(runs));
  return runs;
}

ChooseRuns At(double gamma, int count) {
  return [gamma, count](const RunSet& runs) {
    return runs.Select(fmt::format("with {} masked combinations at gamma = {}", count, gamma),
                       [gamma, count](const RunConfig& config) {
                         return config.init.gamma == gamma && config.task.random_labels == 0 &&
                                static_cast<int>(config.task.masked.size()) == count;
                       });
  };
}

ChooseRuns WithRandom(double gamma, double share) {
  return [gamma, share](const RunSet& runs) {
    return runs.Select(fmt::format("with {} of the labels random at gamma = {}", share, gamma),
                       [gamma, share](const RunConfig& config) {
                         return config.init.gamma == gamma && config.task.random_labels == share &&
                                static_cast<int>(config.task.masked.size()) == kFewest;
                       });
  };
}

double TrainedAccuracy(const RunResult& run) { return FinalAccuracy(run, kReasoningTrainSet); }

// What is measured along both dials.
struct Measured {
  const char* name;
  const char* title;
  double (*measure)(const RunResult& run);
};
constexpr Measured kMeasured[] = {{kReasoningTestSet, "masked", MaskedAccuracy},
                                  {kReasoningTrainSet, "trained on", TrainedAccuracy},
                                  {kLead, "lead over memory", TrainLead}};

// Adds the values along a dial below `group`: dial, and each measure as a band over seeds by rate.
template <typename Value, size_t n>
void AddDial(const std::string& group, const Value (&dial)[n], ChooseRuns (*choose)(double, Value),
             const RunSet& runs, FigureData* figure) {
  figure->Add(fmt::format("{}/{}", group, kDial), {std::begin(dial), std::end(dial)}, "1");
  for (const double gamma : kRates) {
    std::vector<Runs> places;
    for (const Value value : dial) {
      places.push_back(choose(gamma, value)(runs));
    }
    for (const Measured& measured : kMeasured) {
      AddBandOver(Key(group, gamma, measured.name), "1", places, measured.measure, figure);
    }
  }
}

void Assemble(const RunSet& runs, FigureData* figure) {
  AddDial(kMaskedGroup, kCounts, At, runs, figure);
  AddDial(kRandomGroup, kShares, WithRandom, runs, figure);
}

// A tenth of the accuracy.
constexpr double kLittle = 0.1;

std::vector<ClaimSpec> Claims() {
  return {
      {.id = "beyond_dial.half_masked",
       .statement = fmt::format(
           "At gamma = 0.8 the rule reaches half of the combinations when it was trained on the others: "
           "masked accuracy falls by less than {} from {} to {} masked combinations.",
           kLittle, kFewest, kMost),
       .place = kBeyondPlace,
       .kind = ClaimKind::kOurs,
       .metric = fmt::format(
           "accuracy on masked sequences at the end, with {} masked combinations minus with {}, at "
           "gamma = 0.8",
           kMost, kFewest),
       .expected = Above(-kLittle),
       .threshold_reason = "a tenth is what we call little",
       .amended = kThreeSeeds,
       .registration = 6,
       .preconditions = {ReasoningIsLearned(At(kSmallInit, kFewest))},
       .measure = DifferenceOfRuns(At(kSmallInit, kMost), At(kSmallInit, kFewest), MaskedAccuracy)},
      {.id = "beyond_dial.bias",
       .statement = fmt::format(
           "With {} masked combinations, too, small weights infer them better than large ones.",
           kMost),
       .place = kBeyondPlace,
       .kind = ClaimKind::kOurs,
       .metric =
           fmt::format("accuracy on masked sequences at the end, with {} masked combinations, at "
                       "gamma = 0.8 minus at 0.3",
                       kMost),
       .expected = Above(0),
       .amended = kThreeSeeds,
       .registration = 6,
       .measure = DifferenceOfRuns(At(kSmallInit, kMost), At(kLargeInit, kMost), MaskedAccuracy)},
      {.id = "beyond_dial.random_rule",
       .statement = "With half of the reasoning labels random, too, small weights infer the "
                    "masked combinations better than large ones.",
       .place = fmt::format("{}; suggested by section 3, figure 3", kBeyondPlace),
       .kind = ClaimKind::kOurs,
       .metric = "accuracy on masked sequences (by the rule) at the end, with half of the "
                 "reasoning labels random, at gamma = 0.8 minus at 0.3",
       .expected = Above(0),
       .registration = 6,
       .preconditions = {ReasoningIsLearned(WithRandom(kSmallInit, 0))},
       .measure = DifferenceOfRuns(WithRandom(kSmallInit, kHalf), WithRandom(kLargeInit, kHalf),
                                   MaskedAccuracy)},
      {.id = "beyond_dial.random_lead",
       .statement = "At gamma = 0.8 reasoning's lead over memory shrinks with the share of "
                    "random labels: it is smaller with half of them random than with none.",
       .place = fmt::format("{}; suggested by section 6, figure 8", kBeyondPlace),
       .kind = ClaimKind::kOurs,
       .metric = MeanLeadText("reasoning training") +
                 " with half of the reasoning labels random minus with none, at gamma = 0.8",
       .expected = Below(0),
       .registration = 6,
       .preconditions = {ReasoningIsLearned(WithRandom(kSmallInit, 0))},
       .measure =
           DifferenceOfRuns(WithRandom(kSmallInit, kHalf), WithRandom(kSmallInit, 0), TrainLead)},
      {.id = "beyond_dial.table",
       .statement = "Where all reasoning labels are random nothing is left of small weights' lead "
                    "over memory: label distributions no longer differ from token to token.",
       .place = fmt::format("{}; suggested by Proposition 1 and section 6, figure 8", kBeyondPlace),
       .kind = ClaimKind::kOurs,
       .metric =
           MeanLeadText("reasoning training") + " with all reasoning labels random, at gamma = 0.8",
       .expected = AtMost(0.05),
       .threshold_reason = "a twentieth of the larger loss is no lead that a figure shows",
       .registration = 6,
       .preconditions = {ReasoningIsLearned(WithRandom(kSmallInit, 0))},
       .measure = OfRuns(WithRandom(kSmallInit, 1), TrainLead)}};
}

void AddDialPanels(const std::string& group, const std::string& label, int row,
                   const FigureData& data, plot::Figure* figure) {
  int column = 0;
  for (const Measured& measured : kMeasured) {
    const bool lead = measured.measure == TrainLead;
    plot::Panel panel{.letter = column == 0 ? group : "",
                      .title = row == 0 ? measured.title : "",
                      .row = row,
                      .column = column,
                      .x_axis = {.label = label},
                      .y_axis = {.label = lead ? "lead" : "accuracy", .share = group + "accuracy"},
                      .content = RateCurves(data, Below(group, kDial), group, measured.name)};
    if (lead) {
      panel.y_axis.share = "";
      panel.references = {{.at = 0}};
    } else {
      panel.y_axis.min = 0.0;
      panel.y_axis.max = 1.0;
    }
    figure->panels.push_back(std::move(panel));
    ++column;
  }
}

plot::Figure Describe(const FigureData& data) {
  plot::Figure figure{.title = "From rule to table", .caption = data.caption, .columns = 3};
  AddDialPanels(kMaskedGroup, "masked combinations of 100", 0, data, &figure);
  AddDialPanels(kRandomGroup, "share of random labels", 1, data, &figure);
  return figure;
}

// A measure at the end of a dial beside that at its beginning.
std::string DialText(const std::string& group, const std::string& name, double gamma,
                     const std::string& last, const std::string& first, const FigureData& data) {
  return EndsText(data.Get(BandOf(Key(group, gamma, name)).seeds), last, first);
}

std::string Findings(const FigureData& data) {
  const auto masked = [&data](const char* at, double gamma) {
    return DialText(
        kMaskedGroup, kReasoningTestSet, gamma,
        fmt::format("{} γ = {} masked accuracy with {} masked combinations", at, gamma, kMost),
        fmt::format("that with {}", kFewest), data);
  };
  const auto lead = [&data](const char* at, double gamma) {
    return DialText(
        kRandomGroup, kLead, gamma,
        fmt::format("{} γ = {} reasoning's lead over memory with all labels random", at, gamma),
        "that with none", data);
  };
  return fmt::format("{}; {}. {}; {}.", masked("At", kSmallInit), masked("at", kLargeInit),
                     lead("At", kSmallInit), lead("at", kLargeInit));
}

}  // namespace

Study MakeStudy() {
  return {.experiment = {.name = "beyond_dial",
                         .caption = fmt::format(kCaption, kFewest, kMost),
                         .seeds = BeyondSeeds(),
                         .varies = {"task.masked", "task.random_labels"},
                         .plan = Plan,
                         .check = CheckMasked,
                         .assemble = Assemble,
                         .claims = Claims},
          .describe = Describe,
          .findings = Findings};
}

}  // namespace initbias
