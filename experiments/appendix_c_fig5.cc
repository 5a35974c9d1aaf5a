// Appendix C: figure 5 at the usual and at large initialisation.
//
// Claim    The order of the embeddings belongs to small initialisation.
// Command  bazel run //experiments:appendix_c_fig5
// Cost     the runs are figure 3A's
// Expect   the panels of figure 5 at gamma = 0.3 (A) and 0.5 (B), and the agreement with Theorem 1
//          over training at all three rates (C).
#include <fmt/format.h>

#include <iterator>

#include "experiments/anchor_structure.h"
#include "experiments/base_runs.h"
#include "experiments/learning_contrast.h"
#include "experiments/stages.h"
#include "experiments/study.h"
#include "figures/panels.h"
#include "lib/store/figure_key.h"

namespace initbias {
namespace {

constexpr char kCaption[] =
    "Appendix C, figure 5: Transformer at gamma = 0.3 (A) and 0.5 (B), at the stage of figure 5: "
    "cosines of anchor embeddings, principal components of all embeddings (first seed), real against "
    "theoretical cosines of anchor 15. C: correlation with Theorem 1's cosines over training, median "
    "and range over seeds";

// The panels of rates, in the order of kAllGammas; the small one is figure 5's.
constexpr const char* kPanels[] = {"A", "B"};

ChooseRuns At(double gamma) { return RunsAt(ModelKind::kTransformer, gamma); }

void Assemble(const RunSet& runs, FigureData* figure) {
  for (size_t i = 0; i < std::size(kPanels); ++i) {
    const Runs some = At(kAllGammas[i])(runs);
    const RunConfig& config = some.front()->config;
    const double stage = DrawnShare(*some.front(), kStructureStage);
    const std::string group = kPanels[i];
    AddAnchorCosines(group, some, AtStage(kStructureStage), figure);
    figure->Add(group + "/epoch", {EpochAt(*some.front(), stage)}, "epochs");
    const TokenRange all = {0, config.task.vocabulary - 1};
    AddComponents(group + "/components", config.task, Embeddings(*some.front(), stage, all), all,
                  figure);
    const int64_t anchor = ShownAnchor(config.task);
    figure->Add(group + "/row/anchor", {static_cast<double>(anchor)}, "token");
    AddTheoryRow(group + "/row", some, AtStage(kStructureStage), anchor, figure);
  }
  for (const double gamma : kAllGammas) {
    const Runs some = At(gamma)(runs);
    AddCourse(Key("C", gamma), "agreement", some, TheoryAgreement, figure);
    AddStages(Key("stages", gamma), "agreement", some, TheoryAgreement, figure);
  }
}

std::vector<ClaimSpec> Claims() {
  return {
      {.id = "appendix_c_fig5.structure",
       .statement = "The structure of figure 5 is that of small initialisation: at gamma = 0.3 the "
                    "reasoning anchors' embeddings have less of it when as much has been learned.",
       .place = "appendix C (known in outline only)",
       .kind = ClaimKind::kDerived,
       .metric = "correlation of the cosines of reasoning anchors' embeddings with those of Eq. 14 "
                 "without its noise, at gamma = 0.8 minus at 0.3, each " +
                 StageText(Stage::kHalf),
       .expected = Above(0),
       .amended = kHalfAmended,
       .registration = 2,
       .measure = DifferenceAtStage(At(kSmallInit), At(kLargeInit), Stage::kHalf, TheoryAgreement),
       .reason =
           [](const RunSet& runs) { return "gamma = 0.3, " + ReachedText(At(kLargeInit)(runs)); }},
      {.id = "appendix_c_fig5.progressive",
       .statement =
           "The smaller the initial weights, the more the reasoning anchors' embeddings have "
           "the structure of figure 5 when as much has been learned: gamma = 0.5 lies between "
           "0.3 and 0.8.",
       .place = "appendix C (known in outline only)",
       .kind = ClaimKind::kDerived,
       .metric =
           "smaller of the steps from gamma = 0.3 to 0.5 and to 0.8 of the correlation of the "
           "cosines of reasoning anchors' embeddings with those of Eq. 14 without its noise, " +
           StageText(Stage::kHalf),
       .expected = Above(0),
       .registration = 2,
       .measure = SmallerStep(At(kLargeInit), At(kUsualInit), At(kSmallInit),
                              MeasureAt(JudgedAt(Stage::kHalf), TheoryAgreement)),
       .reason = [](const RunSet& runs) {
         return "gamma = 0.5, " + ReachedText(At(kUsualInit)(runs));
       }}};
}

plot::Figure Describe(const FigureData& data) {
  plot::Figure figure{.title = "Appendix C, figure 5", .caption = data.caption, .columns = 3};
  int row = 0;
  for (size_t i = 0; i < std::size(kPanels); ++i) {
    const std::string group = kPanels[i];
    const std::string when = EpochText(data, group + "/epoch");
    AddAnchorPanels({.letter = group,
                     .heading = fmt::format("Transformer, γ = {}", GammaAt(data, RateKeys("C"), i)),
                     .group = group,
                     .when = when,
                     .row = row++},
                    data, &figure);
    AddPanel(ComponentPanel(data, group + "/components"), "", "all embeddings, " + when,
             {.row = row, .column = 0, .span = 2}, &figure);
    AddPanel(
        TheoryRowPanel(data, group + "/row", static_cast<int>(Value(data, group + "/row/anchor"))),
        "", "", {.row = row++, .column = 2}, &figure);
  }
  AddPanel(CoursePanel(data, GammaConditions(data, RateKeys("C")), "agreement", "correlation"), "C",
           "trained cosines against Theorem 1's", {.row = row, .column = 0, .span = 3}, &figure);
  return figure;
}

}  // namespace

Study MakeStudy() {
  return {.experiment = {.name = "appendix_c_fig5",
                         .caption = kCaption,
                         .plan = TransformerRuns,
                         .check = CheckStructure,
                         .assemble = Assemble,
                         .claims = Claims},
          .describe = Describe};
}

}  // namespace initbias
