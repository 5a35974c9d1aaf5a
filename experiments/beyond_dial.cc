// Beyond the paper: how many masked combinations can a rule be learned without?
//
// Claim    Small weights infer the masked combinations even where half of them are masked.
// Command  bazel run //experiments:beyond_dial
// Cost     --help says it
// Expect   masked accuracy by the number of masked combinations, a curve a rate.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <set>
#include <utility>

#include "experiments/base_runs.h"
#include "experiments/beyond_runs.h"
#include "experiments/learning_contrast.h"
#include "experiments/study.h"
#include "experiments/sweep_axes.h"
#include "figures/look.h"
#include "lib/store/figure_key.h"

namespace initbias {
namespace {

constexpr char kCaption[] =
    "Beyond the paper, masked combinations: Transformer at gamma = 0.3 and 0.8 with 2 to 50 of the 100 combinations "
    "of two reasoning anchors kept out of training. Accuracy on these at the end, and on those trained on; median and "
    "range over seeds";

constexpr int kCounts[] = {2, 10, 20, 50};

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

std::vector<RunConfig> Plan(Profile profile, int64_t seed) {
  return SweepRuns(BeyondRun(profile, kUsualInit, seed),
                   {ParseAxis("gamma=0.3,0.8"), MaskedAxis()});
}

ChooseRuns At(double gamma, int count) {
  return [gamma, count](const RunSet& runs) {
    return runs.Select(fmt::format("with {} masked combinations at gamma = {}", count, gamma),
                       [gamma, count](const RunConfig& config) {
                         return config.init.gamma == gamma &&
                                static_cast<int>(config.task.masked.size()) == count;
                       });
  };
}

double MaskedAccuracy(const RunResult& run) { return FinalAccuracy(run, kReasoningTestSet); }

void Assemble(const RunSet& runs, FigureData* figure) {
  figure->Add("A/count", {std::begin(kCounts), std::end(kCounts)}, "1");
  for (const double gamma : {kLargeInit, kSmallInit}) {
    for (const char* set : {kReasoningTestSet, kReasoningTrainSet}) {
      std::vector<std::vector<double>> curves(At(gamma, kCounts[0])(runs).size());
      for (const int count : kCounts) {
        const Runs some = At(gamma, count)(runs);
        for (size_t seed = 0; seed < some.size(); ++seed) {
          curves[seed].push_back(FinalAccuracy(*some[seed], set));
        }
      }
      AddBand(Key("A", gamma, set), "1", curves, figure);
    }
  }
}

std::vector<ClaimSpec> Claims() {
  return {
      {.id = "beyond_dial.half_masked",
       .statement = "At gamma = 0.8 the rule reaches half of the combinations when it was "
                    "trained on the others: masked accuracy falls by less than 0.1 from 2 to 50 "
                    "masked combinations.",
       .place = kBeyondPlace,
       .kind = ClaimKind::kOurs,
       .metric = "accuracy on masked sequences at the end, with 50 masked combinations minus "
                 "with 2, at gamma = 0.8",
       .expected = Above(-0.1),
       .threshold_reason = "a tenth is what we call little",
       .registration = 5,
       .preconditions = {ReasoningIsLearned(At(kSmallInit, kCounts[0]))},
       .measure = DifferenceOfRuns(At(kSmallInit, 50), At(kSmallInit, 2), MaskedAccuracy)},
      {.id = "beyond_dial.bias",
       .statement = "With 50 masked combinations, too, small weights infer them better than "
                    "large ones.",
       .place = kBeyondPlace,
       .kind = ClaimKind::kOurs,
       .metric = "accuracy on masked sequences at the end, with 50 masked combinations, at gamma "
                 "= 0.8 minus at 0.3",
       .expected = Above(0),
       .registration = 5,
       .measure = DifferenceOfRuns(At(kSmallInit, 50), At(kLargeInit, 50), MaskedAccuracy)}};
}

plot::Figure Describe(const FigureData& data) {
  plot::Figure figure{.title = "Masked combinations", .caption = data.caption, .columns = 2};
  int column = 0;
  for (const auto& [set, label] :
       {std::pair(kReasoningTestSet, "masked"), std::pair(kReasoningTrainSet, "trained on")}) {
    plot::LinePlot lines;
    for (const double gamma : {kLargeInit, kSmallInit}) {
      const std::string name = Key("A", gamma, set);
      lines.series.push_back({.label = fmt::format("γ = {}", gamma),
                              .x = data.Get("A/count").values,
                              .y = data.Get(name).values,
                              .lo = data.Get(name + "_lo").values,
                              .hi = data.Get(name + "_hi").values,
                              .look = GammaLook(gamma),
                              .markers = true});
    }
    figure.panels.push_back({.letter = column == 0 ? "A" : "",
                             .title = label,
                             .row = 0,
                             .column = column,
                             .x_axis = {.label = "masked combinations of 100"},
                             .y_axis = {.label = "accuracy", .min = 0.0, .max = 1.0, .share = "a"},
                             .content = std::move(lines)});
    ++column;
  }
  return figure;
}

}  // namespace

Study MakeStudy() {
  return {.experiment = {.name = "beyond_dial",
                         .caption = kCaption,
                         .seeds = BeyondSeeds(),
                         .varies = {"task.masked"},
                         .plan = Plan,
                         .check = CheckMasked,
                         .assemble = Assemble,
                         .claims = Claims},
          .describe = Describe};
}

}  // namespace initbias
