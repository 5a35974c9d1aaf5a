// Beyond the paper: which part's small weights make the bias?
//
// Claim    The embedding's alone do.
// Command  bazel run //experiments:beyond_modules
// Cost     --help says it
// Expect   a table: each module small alone (gamma = 0.8, all else 0.3) and large alone.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <string>
#include <utility>

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
    "Beyond the paper, modules: Transformer with one module at another initialisation rate. A: this one alone at "
    "gamma = 0.8, all else at 0.3; B: this one alone at 0.3, all else at 0.8. Accuracy on masked "
    "sequences at the end, and their lead over memory sequences; medians over seeds";

constexpr char kAlone[] = "alone small";
constexpr char kAllBut[] = "alone large";
constexpr char kNone[] = "none";
constexpr char kSmallGroup[] = "A";  // in the figure file: one module small
constexpr char kLargeGroup[] = "B";

struct Module {
  const char* id;       // as its field has it, init.<id>_gamma, and a claim's id
  const char* words;    // in figures
  const char* weights;  // in claims
};
constexpr Module kModules[] = {{"embedding", "embedding", "the embeddings"},
                               {"qk", "query and key", "W_Q and W_K"},
                               {"vo", "value and output", "W_V and W_O"},
                               {"mlp", "feed-forward", "the feed-forward parts"},
                               {"head", "head", "the last projection"}};

// What rows are called in figures.
std::map<std::string, std::string> Words() {
  std::map<std::string, std::string> words;
  for (const Module& module : kModules) {
    words[module.id] = module.words;
  }
  return words;
}

// Rows set the rate of one module, the column that of all others.
VariantTable Table(double all) {
  const double other = all == kLargeInit ? kSmallInit : kLargeInit;
  VariantTable table{.rows = {{.name = kNone, .set = {}}},
                     .columns = {{.name = all == kLargeInit ? kAlone : kAllBut,
                                  .set = {fmt::format("{}={}", kGammaField, all)}}},
                     .metrics = {kMaskedAccuracyName, kLeadName}};
  for (const Module& module : kModules) {
    table.rows.push_back(
        {.name = module.id, .set = {fmt::format("init.{}_gamma={}", module.id, other)}});
  }
  return table;
}

std::vector<RunConfig> Plan(Profile profile, int64_t seed) {
  std::vector<RunConfig> runs;
  for (const double all : {kLargeInit, kSmallInit}) {
    std::ranges::copy(VariantRuns(BeyondRun(profile, all, seed), Table(all)),
                      std::back_inserter(runs));
  }
  return runs;
}

void Assemble(const RunSet& runs, FigureData* figure) {
  AddVariants(kSmallGroup, Table(kLargeInit), ModelKind::kTransformer, runs, figure);
  AddVariants(kLargeGroup, Table(kSmallInit), ModelKind::kTransformer, runs, figure);
}

ChooseRuns Alone(const std::string& module) {
  return OfVariant(Table(kLargeInit), ModelKind::kTransformer, module, kAlone);
}

std::vector<ClaimSpec> Claims() {
  std::vector<ClaimSpec> claims;
  for (const Module& module : kModules) {
    claims.push_back(
        {.id = fmt::format("beyond_modules.{}", module.id),
         .statement = fmt::format("Small weights of {} alone bias a Transformer towards reasoning "
                                  "whose other weights are large.",
                                  module.weights),
         .place = kBeyondPlace,
         .kind = ClaimKind::kOurs,
         .metric = MeanLeadText() +
                   " with this module at gamma = 0.8 and all else at 0.3, minus with all at 0.3",
         .expected = Above(0),
         .amended = kThreeSeeds,
         .registration = 6,
         .measure = DifferenceOfRuns(Alone(module.id), Alone(kNone), TestLead)});
  }
  return claims;
}

plot::Figure Describe(const FigureData& data) {
  plot::Figure figure{.title = "Modules", .caption = data.caption, .columns = 2};
  AddVariantPanels(kSmallGroup, data, 0, &figure, {.instead_of = Words()});
  AddVariantPanels(kLargeGroup, data, 1, &figure, {.instead_of = Words()});
  return figure;
}

// The leads of each module in a group, and beside each the one with none.
struct Leads {
  std::vector<SeedList> modules;
  std::vector<std::vector<double>> none;
};
Leads LeadsOf(const std::string& group, const char* column, const FigureData& data) {
  Leads leads;
  const std::map<std::string, std::string> words = Words();
  for (SeedList& row : VariantColumn(group, kLeadName, column, data)) {
    if (row.name != kNone) {
      if (const auto word = words.find(row.name); word != words.end()) {
        row.name = word->second;
      }
      leads.modules.push_back(std::move(row));
      leads.none.push_back(VariantCell(group, kLeadName, kNone, column, data));
    }
  }
  return leads;
}

std::string Findings(const FigureData& data) {
  const Leads small = LeadsOf(kSmallGroup, kAlone, data);
  const Leads large = LeadsOf(kLargeGroup, kAllBut, data);
  // What takes of the lead: the one with none lies above it.
  Leads taking = large;
  for (size_t i = 0; i < taking.modules.size(); ++i) {
    std::swap(taking.modules[i].values, taking.none[i]);
  }
  return fmt::format(
      "Small alone, these modules add to the lead of masked over memory sequences in every seed: "
      "{}; it is {}. Large alone, these take of it in every seed: {}; it is {}.",
      EverywhereAbove(small.modules, small.none), ExtremesText(small.modules),
      EverywhereAbove(taking.modules, taking.none), ExtremesText(large.modules));
}

}  // namespace

Study MakeStudy() {
  return {.experiment = {.name = "beyond_modules",
                         .caption = kCaption,
                         .seeds = BeyondSeeds(),
                         .varies = VariedFields(Table(kLargeInit)),
                         .plan = Plan,
                         .check = CheckMasked,
                         .assemble = Assemble,
                         .claims = Claims},
          .describe = Describe,
          .findings = Findings};
}

}  // namespace initbias
