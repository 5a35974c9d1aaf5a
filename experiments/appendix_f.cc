// Appendix F: figures 3A, 5A and 6 without LayerNorm; 3A without the final projection, too.
//
// Claim    LayerNorm and the final projection are not what makes the difference: without them,
//          small weights still learn reasoning first, and their reasoning anchors lie as they do
//          with LayerNorm.
// Command  bazel run //experiments:appendix_f
// Cost     --help says it
// Expect   A: the curves of figure 3A without LayerNorm. B: the cosines of figure 5A without it. C:
//          the curves at gamma = 0.8 of a model that ends with the residual stream (Definition 2).
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "experiments/anchor_structure.h"
#include "experiments/base_runs.h"
#include "experiments/first_attention.h"
#include "experiments/learning_contrast.h"
#include "experiments/stages.h"
#include "experiments/study.h"
#include "figures/panels/embeddings.h"
#include "figures/panels/learning_curves.h"
#include "figures/panels/values.h"
#include "lib/store/figure_key.h"
#include "lib/store/panel_names.h"

namespace initbias {
namespace {

constexpr char kCaption[] =
    "Appendix F: Transformer without LayerNorm. A: loss and accuracy by initialisation rate, as figure "
    "3A. B: cosines of anchor embeddings at gamma = 0.8, as figure 5A. C: loss and accuracy at gamma = 0.8 "
    "without the final projection, too: the residual stream's values are the logits. At the default profile "
    "{} epochs in place of figure 3's {}";

// Places in the figure file.
constexpr char kCurves[] = "A";  // by rate
constexpr char kCosinesGroup[] = "B";
constexpr char kCosinesEpochPath[] = "B/epoch";
constexpr char kNoProjectionGroup[] = "C";

// The last run: at gamma = 0.8 without the map to the logits, too, which the theory leaves out as
// it does LayerNorm.
std::vector<RunConfig> Plan(Profile profile, int64_t seed) {
  std::vector<RunConfig> runs;
  for (const double gamma : kAllGammas) {
    RunConfig run = TransformerRun(profile, gamma, seed);
    run.transformer.norm = Norm::kNone;
    if (profile == Profile::kDefault) {
      run.train.epochs = kEpochsWithoutNorm;
      SetSchedule(run.optimizer.schedule, &run);
      SetTransformerProbes(&run);
    }
    run.probe.names.assign(std::begin(kStructureProbes), std::end(kStructureProbes));
    runs.push_back(run);
  }
  RunConfig run = runs.back();
  run.transformer.projection = false;
  run.transformer.d_model = std::max(run.transformer.d_model, run.task.vocabulary);
  runs.push_back(run);
  return runs;
}

ChooseRuns At(double gamma, bool projection = true) {
  return [=](const RunSet& runs) {
    return runs.Select(
        fmt::format("at gamma = {}{}", gamma, projection ? "" : " without projection"),
        [=](const RunConfig& config) {
          return config.init.gamma == gamma && config.transformer.projection == projection;
        });
  };
}

void Assemble(const RunSet& runs, FigureData* figure) {
  for (const double gamma : kAllGammas) {
    AddLearningCurves(Key(kCurves, gamma), At(gamma)(runs), figure);
  }
  AddLearningCurves(kNoProjectionGroup, At(kSmallInit, /*projection=*/false)(runs), figure);
  const Runs small = At(kSmallInit)(runs);
  AddAnchorCosines(kCosinesGroup, small, AtStage(kStructureStage), figure);
  figure->Add(kCosinesEpochPath,
              {EpochAt(*small.front(), DrawnShare(*small.front(), kStructureStage))}, "epochs");
}

std::vector<ClaimSpec> Claims() {
  const std::string place = "Section 3 (LayerNorm left out in the theory, \"see appendix F\")";
  std::vector<ClaimSpec> claims = ContrastClaims({.prefix = "appendix_f.",
                                                  .place = place + ", as figure 3A",
                                                  .kind = ClaimKind::kDerived,
                                                  .large = At(kLargeInit),
                                                  .usual = At(kUsualInit),
                                                  .small = At(kSmallInit)});
  std::ranges::move(AnchorClaims({.prefix = "appendix_f.",
                                  .place = place + ", as figure 5A",
                                  .kind = ClaimKind::kDerived,
                                  .when = StageText(kStructureStage),
                                  .runs = At(kSmallInit),
                                  .share = JudgedAt(kStructureStage)}),
                    std::back_inserter(claims));
  std::ranges::move(FirstAttentionClaims("appendix_f.", place + ", as figure 6",
                                         ClaimKind::kDerived, At(kSmallInit), kStructureStage),
                    std::back_inserter(claims));
  const std::vector<ClaimSpec> without = ContrastClaims(
      {.prefix = "appendix_f.no_projection.",
       .place = "Section 3 (the projection left out in the theory, \"see appendix F\")",
       .kind = ClaimKind::kDerived,
       .large = At(kLargeInit),
       .usual = At(kUsualInit),
       .small = At(kSmallInit, /*projection=*/false)});
  ClaimSpec claim =
      *std::ranges::find(without, "appendix_f.no_projection.small_reasoning_first", &ClaimSpec::id);
  claim.statement =
      "Without LayerNorm and without the final projection, too, at gamma = 0.8 the losses on "
      "reasoning training and masked data fall faster than the loss on memory data.";
  claim.registration = 3;
  claims.push_back(std::move(claim));
  return claims;
}

plot::Figure Describe(const FigureData& data) {
  plot::Figure figure{.title = "Appendix F",
                      .caption = data.caption,
                      .columns = 3,
                      .row_heights_in = {1.1, 1.1, 0, 1.1}};
  const std::vector<double> gammas = GammasOf(data, kCurves);
  AddCurveRow({.letter = "A",
               .heading = "Transformer without LayerNorm",
               .panel = kCurves,
               .quantity = kLossName,
               .row = 0,
               .gammas = gammas,
               .titles = true,
               .max = 10},
              data, &figure);
  AddCurveRow({.panel = kCurves, .quantity = kAccuracyName, .row = 1, .gammas = gammas}, data,
              &figure);
  const std::string small = GammaText(LargestGamma(data, kCurves));
  AddAnchorPanels({.letter = "B",
                   .heading = small,
                   .group = kCosinesGroup,
                   .when = EpochText(data, kCosinesEpochPath),
                   .row = 2},
                  data, &figure);
  for (const char* quantity : {kLossName, kAccuracyName}) {
    plot::Panel panel = CurvePanel(data, kNoProjectionGroup, quantity);
    const bool first = panel.y_axis.label == "loss";
    panel.letter = first ? "C" : "";
    panel.heading = first ? "without the final projection, too, " + small : "";
    panel.row = 3;
    panel.column = first ? 0 : 1;
    figure.panels.push_back(std::move(panel));
  }
  return figure;
}

}  // namespace

Study MakeStudy() {
  return {.experiment = {.name = "appendix_f",
                         .caption =
                             fmt::format(kCaption, kEpochsWithoutNorm,
                                         SizeOf(ModelKind::kTransformer, Profile::kDefault).epochs),
                         .varies = {"transformer.d_model", "transformer.norm",
                                    "transformer.projection"},
                         .plan = Plan,
                         .check = CheckMaskedStructure,
                         .assemble = Assemble,
                         .claims = Claims},
          .describe = Describe};
}

}  // namespace initbias
