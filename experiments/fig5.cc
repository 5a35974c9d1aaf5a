// Figure 5: the Transformer's embeddings at small initialisation, beside the theory's.
//
// Claim    Reasoning anchors and keys arrange themselves in numerical order, as Theorem 1 says.
// Command  bazel run //experiments:fig5
// Cost     the runs are figure 3A's
// Expect   A: cosines of anchor embeddings. B: principal components of all embeddings. C: cosines
//          of the theoretical embeddings, and both for s = 15. D: their principal components.
#include <fmt/format.h>

#include "experiments/anchor_structure.h"
#include "experiments/base_runs.h"
#include "experiments/learning_contrast.h"
#include "experiments/stages.h"
#include "experiments/structure_panels.h"
#include "experiments/study.h"
#include "figures/panels/embeddings.h"
#include "figures/panels/panel_place.h"
#include "figures/panels/values.h"
#include "lib/analysis/statistics.h"

namespace initbias {
namespace {

constexpr char kCaption[] =
    "Figure 5: Transformer at gamma = 0.8, at the end of the plateau at the start (the last snapshot before the "
    "reasoning training loss is below {} of its guess level). A: cosines of anchor embeddings (matrices: first seed; lines: median and range over seeds). "
    "B: principal components of all embeddings (first seed). C: cosines of Theorem 1's embeddings, and "
    "real against theoretical ones for one anchor. D: principal components of Theorem 1's embeddings";

// Places in the figure file, which begin with the panels' letters.
constexpr char kCosines[] = "A";
constexpr char kComponents[] = "B";
constexpr char kNoisePath[] = "C/noise";
constexpr char kTheoryGroup[] = "C/theory";
constexpr char kTheoryComponents[] = "D";
StructureGroups Groups() {
  return {.cosines = kCosines, .components = kComponents, .row = "C/row"};
}

const ChooseRuns kSmallRuns = RunsAt(ModelKind::kTransformer, kSmallInit);

void Assemble(const RunSet& runs, FigureData* figure) {
  const Runs small = kSmallRuns(runs);
  const RunConfig& config = small.front()->config;
  const AnchorTaskConfig& task = config.task;
  AddStructure(Groups(), small, figure);
  for (const auto& [name, metric] :
       {NamedMeasure{"memory_contrast", MemoryContrast}, NamedMeasure{"decay", DecayCorrelation},
        NamedMeasure{"key_path_length", KeyPathLength},
        NamedMeasure{"theory_agreement", TheoryAgreement},
        NamedMeasure{"shape_excess", ShapeExcess}}) {
    AddStages("stages", name, small, metric, figure);
  }
  figure->texts.push_back({kNoisePath, {NoiseText(config)}});
  AddMatrix(kTheoryGroup, ReasoningAnchors(task),
            CosineMatrix(TheoreticalEmbeddings(config, ReasoningAnchors(task))), figure);
  const TokenRange summed = {task.reasoning_min, task.key_max};
  AddComponents(kTheoryComponents, task, TheoreticalEmbeddings(config, summed), summed, figure);
}

ClaimSpec OrderClaim(const std::string& id, const std::string& what,
                     double (*metric)(const RunResult&, double)) {
  return {
      .id = "fig5.B." + id,
      .statement =
          "The projection of the embedding space shows a strong inherent numerical order of "
          "the " +
          what + ".",
      .place = "Section 5.2, figure 5B",
      .kind = ClaimKind::kText,
      .metric = "one-sided probability of the length of the path through the " + what +
                " in numerical order, in the plane of the first two principal components of all "
                "embeddings, under " +
                PermutationsText() + "; " + StageText(kStructureStage),
      .expected = AtMost(kTestLevel),
      .rule = ClaimRule::kEverySeed,
      .threshold_reason = kTestLevelReason,
      .measure = AtShares(kSmallRuns, JudgedAt(kStructureStage), metric),
      .reason = [](const RunSet& runs) { return ReachedText(kSmallRuns(runs)); }};
}

std::vector<ClaimSpec> Claims() {
  const auto judged = [](auto metric) {
    return AtShares(kSmallRuns, JudgedAt(kStructureStage), metric);
  };
  const std::string when = "; " + StageText(kStructureStage);
  std::vector<ClaimSpec> claims = AnchorClaims({.prefix = "fig5.A.",
                                                .place = "Section 5.2, figure 5A",
                                                .kind = ClaimKind::kText,
                                                .when = StageText(kStructureStage),
                                                .runs = kSmallRuns,
                                                .share = JudgedAt(kStructureStage)});
  claims.push_back(OrderClaim("keys_in_order", "keys", KeyOrderProbability));
  claims.push_back(OrderClaim("anchors_in_order", "reasoning anchors", AnchorOrderProbability));
  const auto errors = [judged](const RunSet& runs) {
    return fmt::format(
        "correlation with Eq. 14's cosines {:.2f}; RMSE to them minus RMSE to a straight "
        "line {:.3f} over reasoning anchors, {:.3f} over keys",
        Mean(judged(TheoryAgreement)(runs)), Mean(judged(ShapeExcess)(runs)),
        Mean(judged([](const RunResult& run, double share) {
          return KeyRowExcess(run, share, ShownAnchor(run.config.task));
        })(runs)));
  };
  claims.push_back(
      {.id = "fig5.C.structure",
       .statement = "The cosines of Theorem 1's embeddings have the structure of the trained ones.",
       .place = "Section 5.2, figure 5C top",
       .kind = ClaimKind::kText,
       .metric = "one-sided probability of the correlation of the cosines of reasoning anchors' "
                 "embeddings with those of Eq. 14 without its noise under " +
                 PermutationsText() +
                 " of the "
                 "anchors (Mantel test)" +
                 when,
       .expected = AtMost(kTestLevel),
       .rule = ClaimRule::kEverySeed,
       .threshold_reason = kTestLevelReason,
       .measure = judged(TheoryProbability),
       .reason = errors});
  claims.push_back(
      {.id = "fig5.C.shape",
       .statement =
           "The cosines of two reasoning anchors decay with their distance d as Theorem 1 says, "
           "exp(-d^2 / 24).",
       .place = "Section 5.2, Theorem 1, figure 5C",
       .kind = ClaimKind::kText,
       .metric =
           "RMSE of the mean cosine of reasoning anchors by distance to Eq. 14's minus that to its "
           "own best straight line in the distance" +
           when,
       .expected = Below(0),
       .amended = kReworded,
       .measure = judged(ShapeExcess),
       .reason = errors});
  claims.push_back(
      {.id = "fig5.C.keys",
       .statement = "The cosines of anchor 15 with the keys are Theorem 1's (Eq. 14 for keys).",
       .place = "Section 5.2, Theorem 1, figure 5C bottom",
       .kind = ClaimKind::kText,
       .metric =
           "RMSE of the cosines of the embedding of anchor 15 with those of the keys to Eq. 14's "
           "minus that to their own best straight line in the key" +
           when,
       .expected = Below(0),
       .amended = kReworded,
       .measure = judged([](const RunResult& run, double share) {
         return KeyRowExcess(run, share, ShownAnchor(run.config.task));
       }),
       .reason = errors});
  return claims;
}

plot::Figure Describe(const FigureData& data) {
  plot::Figure figure{.title = "Figure 5", .caption = data.caption, .columns = 3};
  const StructureGroups groups = Groups();
  const std::string when = StructureEpoch(groups, data);
  AddAnchorPanels({.letter = kCosines,
                   .heading = "Transformer, " + RateText(data),
                   .group = groups.cosines,
                   .when = when,
                   .row = 0},
                  data, &figure);
  AddPanel(ComponentPanel(data, groups.components), kComponents, "all embeddings, " + when,
           {.row = 1, .column = 0, .span = 3}, &figure);
  figure.panels.push_back({.letter = "C",
                           .title = "cosine of w̃_{s}, reasoning anchors",
                           .row = 2,
                           .column = 0,
                           .x_axis = {.label = "anchor s_{j}"},
                           .y_axis = {.label = "anchor s_{i}"},
                           .content = CosineMap(data, kTheoryGroup, true)});
  AddPanel(StructureRowPanel(groups, data), "", "", {.row = 2, .column = 1, .span = 2}, &figure);
  AddPanel(ComponentPanel(data, kTheoryComponents), kTheoryComponents, "Theorem 1's w̃_{s}",
           {.row = 3, .column = 0, .span = 3}, &figure);
  return figure;
}

}  // namespace

Study MakeStudy() {
  return {.experiment = {.name = "fig5",
                         .caption = fmt::format(kCaption, kPlateauEnds),
                         .plan = SmallTransformerPlan,
                         .check = CheckStructure,
                         .assemble = Assemble,
                         .claims = Claims},
          .describe = Describe};
}

}  // namespace initbias
