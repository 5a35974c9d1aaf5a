// Appendix C: figure 5 at the usual and at large initialisation.
//
// Claim    The order of the embeddings belongs to small initialisation.
// Command  bazel run //experiments:appendix_c_fig5
// Cost     the runs are figure 3A's
// Expect   the panels of figure 5 at gamma = 0.3 (A) and 0.5 (B), and the agreement with Theorem 1
//          over training at all three rates (C).
#include "experiments/anchor_structure.h"
#include "experiments/base_runs.h"
#include "experiments/learning_contrast.h"
#include "experiments/other_rates.h"
#include "experiments/stages.h"
#include "experiments/structure_panels.h"
#include "experiments/study.h"
#include "figures/panels/embeddings.h"
#include "figures/panels/panel_place.h"
#include "figures/panels/values.h"

namespace initbias {
namespace {

constexpr char kCaption[] =
    "Appendix C, figure 5: Transformer at gamma = 0.3 (A) and 0.5 (B), at the stage of figure 5: "
    "cosines of anchor embeddings, principal components of all embeddings (first seed), real against "
    "theoretical cosines of anchor 15. C: correlation with Theorem 1's cosines over training, median "
    "and range over seeds";

// Places in the figure file.
constexpr char kAgreement[] = "agreement";
StructureGroups GroupsOf(const std::string& group) {
  return {.cosines = group, .components = group + "/components", .row = group + "/row"};
}

ChooseRuns At(double gamma) { return RunsAt(ModelKind::kTransformer, gamma); }

void Assemble(const RunSet& runs, FigureData* figure) {
  AddOtherRates({.add_panels = [](const std::string& group, const Runs& some,
                                  FigureData* out) { AddStructure(GroupsOf(group), some, out); },
                 .add_course =
                     [](const std::string& group, const Runs& some, FigureData* out) {
                       AddCourse(group, kAgreement, some, TheoryAgreement, out);
                     },
                 .stages = {{kAgreement, TheoryAgreement}}},
                runs, figure);
}

std::vector<ClaimSpec> Claims() {
  return {SmallHasMore(
              {.figure = 5, .theory = "Eq. 14 without its noise", .agreement = TheoryAgreement}),
          {.id = "appendix_c_fig5.progressive",
           .statement =
               "The smaller the initial weights, the more the reasoning anchors' embeddings have "
               "the structure of figure 5 when as much has been learned: gamma = 0.5 lies between "
               "0.3 and 0.8.",
           .place = kAppendixC,
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
  for (const OtherRate& rate : OtherRatesOf(data)) {
    const StructureGroups groups = GroupsOf(rate.group);
    const std::string when = StructureEpoch(groups, data);
    AddAnchorPanels({.letter = rate.group,
                     .heading = "Transformer, " + GammaText(rate.gamma),
                     .group = groups.cosines,
                     .when = when,
                     .row = row++},
                    data, &figure);
    AddPanel(ComponentPanel(data, groups.components), "", "all embeddings, " + when,
             {.row = row, .column = 0, .span = 2}, &figure);
    AddPanel(StructureRowPanel(groups, data), "", "", {.row = row++, .column = 2}, &figure);
  }
  AddPanel(OtherRatesCourse(data, kAgreement, "correlation"), "C",
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
