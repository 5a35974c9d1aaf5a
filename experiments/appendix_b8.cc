// Appendix B.8: more of the first attention module's value matrix W_V (Theorem 2).
//
// Claim    W_V has one direction, the reasoning anchors'; the further ones have none of it.
// Command  bazel run //experiments:appendix_b8
// Cost     the runs are figure 3A's
// Expect   A: the first four left singular vectors against every anchor. B: alignment of the first
//          with both kinds of anchors by gamma. C: that with the reasoning anchors over training.
#include <fmt/format.h>

#include "experiments/anchor_structure.h"
#include "experiments/base_runs.h"
#include "experiments/first_attention.h"
#include "experiments/learning_contrast.h"
#include "experiments/stages.h"
#include "experiments/study.h"
#include "figures/panels/attention.h"
#include "figures/panels/curves.h"
#include "figures/panels/marked_curves.h"
#include "figures/panels/panel_place.h"
#include "figures/panels/values.h"
#include "lib/config/set_names.h"
#include "lib/store/figure_key.h"
#include "lib/store/panel_names.h"

namespace initbias {
namespace {

constexpr char kCaption[] =
    "Appendix B.8: value matrix W_V of the first attention module. A: cosines of its first four left "
    "singular vectors with each anchor's embedding, gamma = 0.8, at the stage of figure 6 (the end of the plateau). B: share of the energy of each "
    "kind of anchors along the first, by gamma. C: the reasoning anchors' over training. Median "
    "and range over seeds";

constexpr int64_t kDirections = 4;

// Places in the figure file.
constexpr char kEnergyGroup[] = "B";
constexpr char kGammaName[] = "gamma";
constexpr char kCourses[] = "C";
// The cosines of the left singular vector number `index`, from 0, with each kind of anchors.
std::string DirectionGroup(int64_t index) { return fmt::format("A/direction{}", index + 1); }

ChooseRuns At(double gamma) { return RunsAt(ModelKind::kTransformer, gamma); }

double FirstOverAllOthers(const RunResult& run, double share) {
  return FirstOverOthers(run, share, kDirections);
}

void Assemble(const RunSet& runs, FigureData* figure) {
  const Runs small = At(kSmallInit)(runs);
  for (int64_t i = 0; i < kDirections; ++i) {
    AddAlignment(DirectionGroup(i), i, small, AtStage(kStructureStage), figure);
  }
  figure->Add(Below(kEnergyGroup, kGammaName), {std::begin(kAllGammas), std::end(kAllGammas)}, "1");
  std::vector<Runs> rates;
  for (const double gamma : kAllGammas) {
    const Runs some = At(gamma)(runs);
    rates.push_back(some);
    AddFirstAttentionCourse(Key(kCourses, gamma), some, figure);
    AddStages(Key("stages", gamma), "energy_contrast", some, EnergyContrast, figure);
    AddStages(Key("stages", gamma), "first_over_others", some, FirstOverAllOthers, figure);
  }
  const auto add = [&](const char* kind, double (*energy)(const RunResult&, double, int64_t)) {
    AddBandOver(
        Below(kEnergyGroup, kind), "1", rates,
        [energy](const RunResult& run) { return energy(run, DrawnShare(run, kStructureStage), 0); },
        figure);
  };
  add(kReasoningKind, ReasoningEnergy);
  add(kMemoryKind, MemoryEnergy);
}

std::vector<ClaimSpec> Claims() {
  const std::string place = "appendix B.8 (known in outline only)";
  const auto reached = [](const RunSet& runs) { return ReachedText(At(kSmallInit)(runs)); };
  return {
      {.id = "appendix_b8.one_direction",
       .statement =
           "W_V has one direction that is the reasoning anchors'; the next ones have less of it.",
       .place = place,
       .kind = ClaimKind::kDerived,
       .metric =
           "share of the squared norm of the reasoning anchors' embeddings along W_V's first left "
           "singular vector minus the mean along the second to the fourth; " +
           StageText(kStructureStage),
       .expected = Above(0),
       .preconditions = {ValuesHaveADirection(At(kSmallInit), kStructureStage)},
       .measure = AtShares(At(kSmallInit), JudgedAt(kStructureStage), FirstOverAllOthers),
       .reason = reached},
      {.id = "appendix_b8.by_gamma",
       .statement =
           "W_V's first direction singles out reasoning anchors at small initialisation, more than "
           "at large.",
       .place = place,
       .kind = ClaimKind::kDerived,
       .metric =
           "share of energy along W_V's first left singular vector, of reasoning minus of memory "
           "anchors' embeddings, at gamma = 0.8 minus at 0.3; " +
           StageText(kStructureStage),
       .expected = Above(0),
       .measure =
           DifferenceAtStage(At(kSmallInit), At(kLargeInit), kStructureStage, EnergyContrast),
       .reason = reached}};
}

plot::Figure Describe(const FigureData& data) {
  plot::Figure figure{.title = "Appendix B.8", .caption = data.caption, .columns = 2};
  const auto add = [&figure](plot::Panel panel, const std::string& letter, const std::string& title,
                             int row, int column) {
    AddPanel(std::move(panel), letter, title, {.row = row, .column = column}, &figure);
  };
  const double small = LargestGamma(data, kCourses);
  for (int i = 0; data.Has(Below(Below(DirectionGroup(i), kMemoryKind), kTokenName)); ++i) {
    add(AlignmentPanel(data, DirectionGroup(i)), i == 0 ? "A" : "",
        fmt::format("left singular vector {} of W_{{V}}, {}", i + 1, GammaText(small)), i / 2,
        i % 2);
  }
  add({.x_axis = {.label = "initialisation rate γ"},
       .y_axis = {.label = "share of energy", .min = 0.0},
       .content = KindCurves(data, kEnergyGroup, kGammaName, "anchors")},
      "B", "first left singular vector, by γ", 2, 0);
  plot::Panel course =
      CoursePanel(data, GammaConditions(data, kCourses), kReasoningEnergyName, "share of energy");
  course.y_axis.min = 0.0;
  add(std::move(course), "C", "reasoning anchors along the first", 2, 1);
  return figure;
}

}  // namespace

Study MakeStudy() {
  return {.experiment = {.name = "appendix_b8",
                         .caption = kCaption,
                         .plan = TransformerRuns,
                         .check = CheckStructure,
                         .assemble = Assemble,
                         .claims = Claims},
          .describe = Describe};
}

}  // namespace initbias
