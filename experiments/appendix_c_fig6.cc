// Appendix C: figure 6 at the usual and at large initialisation.
//
// Claim    Averaging and one dominant direction belong to small initialisation.
// Command  bazel run //experiments:appendix_c_fig6
// Cost     the runs are figure 3A's
// Expect   the panels of figure 6 at gamma = 0.3 (A) and 0.5 (B), and their course over training at
//          all three rates (C).
#include "experiments/anchor_structure.h"
#include "experiments/base_runs.h"
#include "experiments/first_attention.h"
#include "experiments/learning_contrast.h"
#include "experiments/other_rates.h"
#include "experiments/stages.h"
#include "experiments/study.h"
#include "figures/panels/attention.h"
#include "figures/panels/panel_place.h"
#include "figures/panels/values.h"
#include "lib/store/figure_key.h"
#include "lib/store/panel_names.h"

namespace initbias {
namespace {

constexpr char kCaption[] =
    "Appendix C, figure 6: first attention module at gamma = 0.3 (A) and 0.5 (B), at the stage of "
    "figure 6: attention (first seed), singular values of W_V, cosine of its first left singular vector "
    "with each anchor's embedding. C: the same over training at all rates. Median and range over "
    "seeds";

ChooseRuns At(double gamma) { return RunsAt(ModelKind::kTransformer, gamma); }

void Assemble(const RunSet& runs, FigureData* figure) {
  AddOtherRates({.add_panels =
                     [](const std::string& group, const Runs& some, FigureData* out) {
                       AddFirstAttention(group, some, AtStage(kStructureStage), out);
                     },
                 .add_course = AddFirstAttentionCourse,
                 .stages = {{"deviation", AbsoluteDeviation}, {"dominance", ValueDominance}}},
                runs, figure);
}

double StartDeviation(const RunResult& run) { return AbsoluteDeviation(run, 0); }
double NegativeStartDeviation(const RunResult& run) { return -StartDeviation(run); }

std::vector<ClaimSpec> Claims() {
  // Half of the guess level, up to which the peak is looked for.
  const auto half = [](double gamma) { return ReasoningTrainLearns(At(gamma), gamma); };
  const auto deviations = [](const RunSet& runs) {
    return "mean |A_ij - 1/i| at step 0: " +
           AtRatesText(runs, EachRate(At), StartDeviation, {.decimals = 4, .gamma_once = true});
  };
  return {
      {.id = "appendix_c_fig6.lemma1",
       .statement =
           "At initialisation every attention entry is within eps of 1/i, the closer the larger "
           "gamma is (Lemma 1).",
       .place = "Section 5.2, Lemma 1",
       .kind = ClaimKind::kText,
       .metric =
           "smaller of the falls, from gamma = 0.3 to 0.5 and to 0.8, of the mean of |A_ij - 1/i| "
           "over sequences and j <= i, i >= 2, at step 0",
       .expected = Above(0),
       .measure =
           SmallerStep(At(kLargeInit), At(kUsualInit), At(kSmallInit), NegativeStartDeviation),
       .reason = deviations},
      {.id = "appendix_c_fig6.lemma1_close",
       .statement =
           "At initialisation with gamma = 0.8 the first attention module is the averaging "
           "operator all but exactly.",
       .place = "Section 5.2, Lemma 1",
       .kind = ClaimKind::kText,
       .metric = "mean of |A_ij i - 1| over sequences and j <= i, i >= 2, at step 0, gamma = 0.8",
       .expected = AtMost(0.1),
       .threshold_reason = "as figure 6: an entry is on average within a tenth of the averaging "
                           "operator's",
       .measure =
           OfRuns(At(kSmallInit), [](const RunResult& run) { return RelativeDeviation(run, 0); }),
       .reason = deviations},
      {.id = "appendix_c_fig6.dominance",
       .statement = "One direction of W_V dominates at small initialisation more than at large.",
       .place = kAppendixC,
       .kind = ClaimKind::kDerived,
       .metric =
           "largest first over second singular value of W_V up to the first snapshot with the "
           "reasoning training loss at half of its guess level, at gamma = 0.8 minus at 0.3",
       .expected = Above(0),
       .amended = kHalfAmended,
       .registration = 2,
       .preconditions = {half(kLargeInit), half(kSmallInit)},
       .measure = DifferenceOfRuns(At(kSmallInit), At(kLargeInit), PeakDominance),
       .reason = [](const RunSet& runs) { return ReachedText(At(kLargeInit)(runs)); }},
      {.id = "appendix_c_fig6.progressive",
       .statement =
           "The smaller the initial weights, the more one direction of W_V dominates: gamma "
           "= 0.5 lies between 0.3 and 0.8.",
       .place = kAppendixC,
       .kind = ClaimKind::kDerived,
       .metric =
           "smaller of the steps from gamma = 0.3 to 0.5 and to 0.8 of the largest first over "
           "second singular value of W_V up to the first snapshot with the reasoning training "
           "loss at half of its guess level",
       .expected = Above(0),
       .registration = 2,
       .preconditions = {half(kLargeInit), half(kUsualInit), half(kSmallInit)},
       .measure = SmallerStep(At(kLargeInit), At(kUsualInit), At(kSmallInit), PeakDominance),
       .reason = [](const RunSet& runs) { return ReachedText(At(kLargeInit)(runs)); }}};
}

plot::Figure Describe(const FigureData& data) {
  plot::Figure figure{.title = "Appendix C, figure 6", .caption = data.caption, .columns = 3};
  const auto add = [&figure](plot::Panel panel, const std::string& letter, const std::string& title,
                             int row, int column) {
    AddPanel(std::move(panel), letter, title, {.row = row, .column = column}, &figure);
  };
  int row = 0;
  for (const auto& [group, gamma] : OtherRatesOf(data)) {
    const std::string at = ", " + GammaText(gamma);
    add(AttentionPanel(data, Below(group, kAttentionName), true), group, "attention" + at, row, 0);
    add(SingularValuePanel(data, group), "", "spectrum of W_{V}" + at, row, 1);
    add(AlignmentPanel(data, Below(group, kAlignmentName)), "", "first left singular vector" + at,
        row++, 2);
  }
  add(OtherRatesCourse(data, kMeanDeviationName, "mean |A_{ij} i − 1|"), "C",
      "distance from averaging", row, 0);
  add(OtherRatesCourse(data, kDominanceName, "first / second singular value"), "",
      "dominance of the first", row, 1);
  add(OtherRatesCourse(data, kReasoningEnergyName, "share of energy"), "",
      "reasoning anchors along it", row, 2);
  return figure;
}

}  // namespace

Study MakeStudy() {
  return {.experiment = {.name = "appendix_c_fig6",
                         .caption = kCaption,
                         .plan = TransformerRuns,
                         .check = CheckStructure,
                         .assemble = Assemble,
                         .claims = Claims},
          .describe = Describe};
}

}  // namespace initbias
