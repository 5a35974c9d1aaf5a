// Beyond the paper: when does weight decay matter? In one quarter of training, always, or never.
//
// Claim    It is the early decay that makes large weights generalise.
// Command  bazel run //experiments:beyond_windows
// Cost     --help says it
// Expect   a table: masked accuracy and lead at gamma = 0.3 and 0.8, a row a window.
#include <fmt/format.h>

#include "experiments/base_runs.h"
#include "experiments/beyond_runs.h"
#include "experiments/findings.h"
#include "experiments/learning_contrast.h"
#include "experiments/study.h"
#include "experiments/sweep_metrics.h"
#include "experiments/variants.h"

namespace initbias {
namespace {

constexpr char kCaption[] =
    "Beyond the paper, weight decay windows: Transformer at gamma = 0.3 and 0.8 with a weight decay of 1 in one quarter of the "
    "training alone, always or never. Accuracy on masked sequences at the end, and their lead over memory "
    "sequences; medians over seeds";

constexpr char kGroup[] = "A";  // in the figure file

constexpr char kFirst[] = "first quarter";
constexpr char kLast[] = "last quarter";
constexpr char kAlways[] = "always";
constexpr char kNever[] = "never";

Variant Window(const char* name, double from, double to) {
  return {.name = name,
          .set = {"optimizer.weight_decay=1", fmt::format("optimizer.decay_from={}", from),
                  fmt::format("optimizer.decay_to={}", to)}};
}

VariantTable Table() {
  constexpr double kRates[] = {kLargeInit, kSmallInit};
  return {.rows = {{.name = kNever, .set = {"optimizer.weight_decay=0"}},
                   Window(kFirst, 0, 0.25),
                   Window("second quarter", 0.25, 0.5),
                   Window("third quarter", 0.5, 0.75),
                   Window(kLast, 0.75, 1),
                   Window(kAlways, 0, 1)},
          .columns = RateColumns(kRates),
          .metrics = {kMaskedAccuracyName, kLeadName}};
}

std::vector<RunConfig> Plan(Profile profile, int64_t seed) {
  return VariantRuns(BeyondRun(profile, kUsualInit, seed), Table());
}

void Assemble(const RunSet& runs, FigureData* figure) {
  AddVariants(kGroup, Table(), ModelKind::kTransformer, runs, figure);
}

ChooseRuns At(const char* window, double gamma) {
  return OfVariant(Table(), ModelKind::kTransformer, window, RateColumn(gamma));
}

std::vector<ClaimSpec> Claims() {
  const auto claim = [](const char* id, const char* statement, const char* a, const char* b,
                        double gamma, const Interval& expected) {
    return ClaimSpec{
        .id = id,
        .statement = statement,
        .place = kBeyondPlace,
        .kind = ClaimKind::kOurs,
        .metric = fmt::format("accuracy on masked sequences at the end at gamma = {}, with a "
                              "weight decay of 1: {} minus {}",
                              gamma, a, b),
        .expected = expected,
        .amended = kThreeSeeds,
        .registration = 6,
        .measure = DifferenceOfRuns(At(a, gamma), At(b, gamma), MaskedAccuracy)};
  };
  return {claim("beyond_windows.early",
                "For large weights (gamma = 0.3) decay in the first quarter of training helps "
                "generalisation more than in the last.",
                kFirst, kLast, kLargeInit, Above(0)),
          claim("beyond_windows.always",
                "For large weights decay throughout helps more than in the first quarter alone.",
                kAlways, kFirst, kLargeInit, Above(0)),
          // Ali, "Critical Windows of Complexity Control", arXiv 2605.04396: the basin of reasoning
          // shrinks at small initialisation.
          claim("beyond_windows.shrinks",
                "For small weights (gamma = 0.8) decay throughout harms generalisation.", kAlways,
                kNever, kSmallInit, Below(0))};
}

plot::Figure Describe(const FigureData& data) {
  plot::Figure figure{.title = "Weight decay windows", .caption = data.caption, .columns = 2};
  AddVariantPanels(kGroup, data, 0, &figure, {.before_column = "γ = "});
  return figure;
}

std::string Findings(const FigureData& data) {
  const auto compare = [&data](double gamma, const char* a, const char* b) {
    const auto accuracy = [&](const char* window) {
      return VariantCell(kGroup, kMaskedAccuracyName, window, RateColumn(gamma), data);
    };
    return CompareText(
        {fmt::format("At γ = {} masked accuracy with weight decay \"{}\"", gamma, a), accuracy(a)},
        {fmt::format("that with \"{}\"", b), accuracy(b)});
  };
  return fmt::format("{}. {}.", compare(kLargeInit, kFirst, kLast),
                     compare(kSmallInit, kAlways, kNever));
}

}  // namespace

Study MakeStudy() {
  return {.experiment = {.name = "beyond_windows",
                         .caption = kCaption,
                         .seeds = BeyondSeeds(),
                         .varies = VariedFields(Table()),
                         .plan = Plan,
                         .check = CheckMasked,
                         .assemble = Assemble,
                         .claims = Claims},
          .describe = Describe,
          .findings = Findings};
}

}  // namespace initbias
