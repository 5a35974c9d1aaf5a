// Beyond the paper: does the bias survive another optimiser, no clipping, another temperature, no
// LayerNorm?
//
// Claim    It does.
// Command  bazel run //experiments:beyond_confounders
// Cost     --help says it
// Expect   a table: lead of reasoning and masked accuracy at gamma = 0.3, 0.5 and 0.8, a row a
//          variant.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>
#include <utility>

#include "experiments/base_runs.h"
#include "experiments/beyond_runs.h"
#include "experiments/findings.h"
#include "experiments/learning_contrast.h"
#include "experiments/study.h"
#include "experiments/sweep_metrics.h"
#include "experiments/variants.h"
#include "lib/measure/stored_seeds.h"

namespace initbias {
namespace {

constexpr char kCaption[] =
    "Beyond the paper, confounders: Transformer by initialisation rate with one thing changed. Accuracy on "
    "masked sequences at the end, and their lead over memory sequences (mean over training); medians over seeds";

constexpr char kGroup[] = "A";  // in the figure file

// A row, with the end of its claim's id. The first is the run as it is, of which there is no claim.
struct Confounder {
  const char* id;
  Variant row;
};
std::vector<Confounder> Confounders() {
  return {{"adamw", {.name = "AdamW", .set = {}}},
          {"adam", {.name = "Adam", .set = {"optimizer.kind=adam"}}},
          // Plain steps need a rate of their own: the gradient's norm is clipped to 1.
          {"sgd", {.name = "SGD", .set = {"optimizer.kind=sgd", "optimizer.learning_rate=0.1"}}},
          {"epsilon", {.name = "epsilon 1e-4", .set = {"optimizer.epsilon=1e-4"}}},
          {"clip", {.name = "no clipping", .set = {"optimizer.clip_norm=0"}}},
          {"cold", {.name = "logits x 1/2", .set = {"train.logit_scale=0.5"}}},
          {"hot", {.name = "logits x 2", .set = {"train.logit_scale=2"}}},
          {"norm", {.name = "no LayerNorm", .set = {"transformer.norm=none"}}}};
}

VariantTable Table() {
  VariantTable table{.columns = RateColumns(kAllGammas),
                     .metrics = {kMaskedAccuracyName, kLeadName}};
  for (Confounder& confounder : Confounders()) {
    table.rows.push_back(std::move(confounder.row));
  }
  return table;
}

std::vector<RunConfig> Plan(Profile profile, int64_t seed) {
  return VariantRuns(BeyondRun(profile, kUsualInit, seed), Table());
}

void Assemble(const RunSet& runs, FigureData* figure) {
  AddVariants(kGroup, Table(), ModelKind::kTransformer, runs, figure);
}

ChooseRuns At(const std::string& row, double gamma) {
  return OfVariant(Table(), ModelKind::kTransformer, row, RateColumn(gamma));
}

std::vector<ClaimSpec> Claims() {
  std::vector<ClaimSpec> claims;
  const std::vector<Confounder> confounders = Confounders();
  for (size_t i = 1; i < confounders.size(); ++i) {  // the first has no claim
    const auto& [id, row] = confounders[i];
    claims.push_back({.id = fmt::format("beyond_confounders.{}", id),
                      .statement = fmt::format("Small weights are biased towards reasoning beside "
                                               "large ones with {}, too.",
                                               row.name),
                      .place = kBeyondPlace,
                      .kind = ClaimKind::kOurs,
                      .metric = MeanLeadText() + " at gamma = 0.8 minus at 0.3",
                      .expected = Above(0),
                      .amended = kThreeSeeds,
                      .registration = 6,
                      .preconditions = {ReasoningIsLearned(At(row.name, kSmallInit))},
                      .measure = DifferenceOfRuns(At(row.name, kSmallInit),
                                                  At(row.name, kLargeInit), TestLead)});
  }
  return claims;
}

plot::Figure Describe(const FigureData& data) {
  plot::Figure figure{.title = "Confounders", .caption = data.caption, .columns = 2};
  AddVariantPanels(kGroup, data, 0, &figure, {.before_column = "γ = "});
  return figure;
}

std::string Findings(const FigureData& data) {
  // What is not learned at all has no bias to speak of.
  const std::string column = RateColumn(kSmallInit);
  std::vector<SeedList> small = VariantColumn(kGroup, kLeadName, column, data);
  std::vector<std::string> unlearned;
  std::erase_if(small, [&](const SeedList& row) {
    constexpr double kLittle = 0.1;
    const bool little =
        MedianOfSeeds(VariantCell(kGroup, kMaskedAccuracyName, row.name, column, data)) < kLittle;
    if (little) {
      unlearned.push_back(row.name);
    }
    return little;
  });
  std::vector<std::vector<double>> large;
  std::vector<SeedList> differences = small;
  for (SeedList& row : differences) {
    large.push_back(VariantCell(kGroup, kLeadName, row.name, RateColumn(kLargeInit), data));
    std::ranges::transform(row.values, large.back(), row.values.begin(), std::minus<>());
  }
  return fmt::format(
      "Masked sequences lead memory sequences at γ = 0.8 more than at 0.3 in every seed with: {}. "
      "The difference of these leads is {}{}.",
      EverywhereAbove(small, large), ExtremesText(differences),
      unlearned.empty()
          ? ""
          : fmt::format("; left out, for less than a tenth of the masked sequences is "
                        "inferred at γ = 0.8: {}",
                        fmt::join(unlearned, ", ")));
}

}  // namespace

Study MakeStudy() {
  return {.experiment = {.name = "beyond_confounders",
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
