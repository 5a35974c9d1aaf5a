// Figure 3: what is learned first, at three initialisation rates.
//
// Claim    Small weights (gamma = 0.8) learn the reasoning sequences long before the memory ones,
//          and generalise; large weights (gamma = 0.3) learn both at the same rate and do not.
//          Emb-MLP's bias is noticeable beside that of gamma = 0.3.
// Command  bazel run //experiments:fig3
// Cost     --help says it
// Expect   A: Transformer. Curves of memory and reasoning apart at 0.8, together at 0.3, 0.5 in
//          between; the masked test falls with reasoning at 0.8 only. B: Emb-MLP, the same.
#include <algorithm>
#include <iterator>

#include "experiments/base_runs.h"
#include "experiments/learning_contrast.h"
#include "experiments/study.h"
#include "figures/panels/learning_curves.h"
#include "figures/panels/values.h"
#include "lib/store/figure_key.h"
#include "lib/store/panel_names.h"

namespace initbias {
namespace {

constexpr char kCaption[] =
    "Figure 3: loss and accuracy on memory, reasoning and masked sequences, by initialisation rate; "
    "median over seeds, band from the smallest to the largest";

// Places in the figure file, by rate: the letters of the panels.
constexpr char kTransformerPanel[] = "A";
constexpr char kEmbMlpPanel[] = "B";

ChooseRuns Transformers(double gamma) { return RunsAt(ModelKind::kTransformer, gamma); }
ChooseRuns EmbMlps(double gamma) { return RunsAt(ModelKind::kEmbMlp, gamma); }

std::vector<RunConfig> Plan(Profile profile, int64_t seed) {
  std::vector<RunConfig> runs = TransformerRuns(profile, seed);
  for (const double gamma : {kLargeInit, kSmallInit}) {
    runs.push_back(EmbMlpRun(profile, gamma, seed));
  }
  return runs;
}

void Assemble(const RunSet& runs, FigureData* figure) {
  if (runs.Has(ModelKind::kTransformer)) {
    for (const double gamma : kAllGammas) {
      AddLearningCurves(Key(kTransformerPanel, gamma), Transformers(gamma)(runs), figure);
    }
  }
  if (runs.Has(ModelKind::kEmbMlp)) {
    for (const double gamma : {kLargeInit, kSmallInit}) {
      AddLearningCurves(Key(kEmbMlpPanel, gamma), EmbMlps(gamma)(runs), figure);
    }
  }
}

// What is said of Emb-MLP: it is biased at gamma = 0.8, beside gamma = 0.3.
std::vector<ClaimSpec> EmbMlpClaims() {
  const ChooseRuns large = EmbMlps(kLargeInit);
  const ChooseRuns small = EmbMlps(kSmallInit);
  const PreconditionSpec learned = {
      .text = "accuracy at the end on reasoning training sequences, gamma = 0.8",
      .expected = AtLeast(0.8),
      .measure = OfRuns(
          small, [](const RunResult& run) { return FinalAccuracy(run, kReasoningTrainSet); })};
  return {{.id = "fig3.B.bias",
           .statement =
               "Beside large initial weights (gamma = 0.3) a noticeable bias towards reasoning is "
               "seen in Emb-MLP at gamma = 0.8.",
           .place = "Section 4, figure 3B",
           .kind = ClaimKind::kText,
           .metric = LeadContrastText(),
           .expected = Above(0),
           .amended = kReferenceAmended,
           .registration = 2,
           .preconditions = {learned, ReferenceLearns(large)},
           .measure = DifferenceOfRuns(small, large, TestLead),
           .reason = [small](const RunSet& runs) { return ReachedText(small(runs)); }},
          {.id = "fig3.B.small_reasoning_first",
           .statement =
               "Emb-MLP at gamma = 0.8: both reasoning losses fall faster than the memory loss.",
           .place = "figure 3B",
           .kind = ClaimKind::kPicture,
           .metric = ReasoningSpeedText("half of the set's guess level"),
           .expected = Above(0),
           .preconditions = {learned},
           .measure = OfRuns(small, ReasoningSpeed),
           .reason = [small](const RunSet& runs) { return ReachedText(small(runs)); }}};
}

std::vector<ClaimSpec> Claims() {
  std::vector<ClaimSpec> claims = ContrastClaims({.prefix = "fig3.A.",
                                                  .place = "Section 4, figure 3A",
                                                  .kind = ClaimKind::kText,
                                                  .large = Transformers(kLargeInit),
                                                  .usual = Transformers(kUsualInit),
                                                  .small = Transformers(kSmallInit)});
  std::ranges::move(EmbMlpClaims(), std::back_inserter(claims));
  return claims;
}

plot::Figure Describe(const FigureData& data) {
  plot::Figure figure{.title = "Figure 3", .caption = data.caption};
  struct Model {
    const char* panel;
    const char* name;
  };
  for (const Model& model :
       {Model{kTransformerPanel, "Transformer"}, Model{kEmbMlpPanel, "Emb-MLP"}}) {
    const std::vector<double> gammas = GammasOf(data, model.panel);
    if (gammas.empty()) {  // of a figure of the other model alone
      continue;
    }
    const int row = static_cast<int>(figure.row_heights_in.size());
    figure.columns = std::max(figure.columns, static_cast<int>(gammas.size()));
    AddCurveRow({.letter = model.panel,
                 .heading = model.name,
                 .panel = model.panel,
                 .quantity = kLossName,
                 .row = row,
                 .gammas = gammas,
                 .titles = true},
                data, &figure);
    AddCurveRow({.panel = model.panel, .quantity = kAccuracyName, .row = row + 1, .gammas = gammas},
                data, &figure);
    figure.row_heights_in.insert(figure.row_heights_in.end(), 2, 1.1);
  }
  return figure;
}

}  // namespace

Study MakeStudy() {
  return {.experiment = {.name = "fig3",
                         .caption = kCaption,
                         .by_model = true,
                         .plan = Plan,
                         .check = CheckMasked,
                         .assemble = Assemble,
                         .claims = Claims},
          .describe = Describe};
}

}  // namespace initbias
