// Appendix F: figures 3A, 5A and 6 without LayerNorm.
//
// Claim    LayerNorm is not what makes the difference: without it, small weights still learn
//          reasoning first, and their reasoning anchors lie as they do with it.
// Command  bazel run //experiments:appendix_f
// Cost     see kCost
// Expect   A: the curves of figure 3A without LayerNorm. B: the cosines of figure 5A without it.
#include <algorithm>
#include <iterator>

#include "experiments/anchor_structure.h"
#include "experiments/base_runs.h"
#include "experiments/first_attention.h"
#include "experiments/learning_contrast.h"
#include "experiments/stages.h"
#include "experiments/study.h"
#include "figures/learning_curves.h"
#include "figures/panels.h"

namespace initbias {
namespace {

constexpr char kCaption[] =
    "Appendix F: Transformer without LayerNorm. A: loss and accuracy by initialisation rate, as figure "
    "3A. B: cosines of anchor embeddings at gamma = 0.8, as figure 5A. At the default profile "
    "15 epochs in place of figure 3's 25";
constexpr char kCost[] = "smoke 3 s, default 4 min, paper 3 days";

std::vector<RunConfig> Plan(Profile profile, int64_t seed) {
  std::vector<RunConfig> runs;
  for (const double gamma : kAllGammas) {
    RunConfig run = TransformerRun(profile, gamma, seed);
    run.transformer.norm = Norm::kNone;
    if (profile == Profile::kDefault) {
      // Three rates and five seeds beside figure 3's: 15 of its 25 epochs.
      run.train.epochs = 15;
      SetSchedule(run.optimizer.schedule, &run);
      SetTransformerProbes(&run);
    }
    // Only what figures 5A and 6 read.
    run.probe.names = {"attention.layer0", "attention_deviation.layer0",
                       "parameter.embedding.token", "parameter.layer0.attn.wv"};
    runs.push_back(run);
  }
  return runs;
}

ChooseRuns At(double gamma) {
  return [gamma](const RunSet& runs) { return runs.Where(ModelKind::kTransformer, gamma); };
}

void Assemble(const RunSet& runs, FigureData* figure) {
  for (const double gamma : kAllGammas) {
    AddSeries("A/gamma=" + FormatValue(gamma), At(gamma)(runs), figure);
  }
  const Runs small = At(kSmallInit)(runs);
  AddAnchorCosines("B", small, AtStage(kStructureStage), figure);
  figure->Add("B/epoch", {EpochAt(*small.front(), DrawnShare(*small.front(), kStructureStage))},
              "epochs");
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
  return claims;
}

void Check(const RunConfig& config) {
  CheckStructure(config);
  CheckMasked(config);
}

plot::Figure Describe(const FigureData& data) {
  plot::Figure figure{.title = "Appendix F",
                      .caption = data.caption,
                      .columns = 3,
                      .row_heights_in = {1.1, 1.1, 0}};
  const std::vector<double> gammas = GammasOf(data, "A/gamma=");
  AddCurveRow({.letter = "A",
               .heading = "Transformer without LayerNorm",
               .panel = "A",
               .quantity = "loss",
               .row = 0,
               .gammas = gammas,
               .titles = true,
               .max = 10},
              data, &figure);
  AddCurveRow({.panel = "A", .quantity = "accuracy", .row = 1, .gammas = gammas}, data, &figure);
  AddAnchorPanels({.letter = "B",
                   .heading = "γ = 0.8",
                   .group = "B",
                   .when = EpochText(data, "B/epoch"),
                   .row = 2},
                  data, &figure);
  return figure;
}

}  // namespace

Study MakeStudy() {
  return {.experiment = {.name = "appendix_f",
                         .caption = kCaption,
                         .cost = kCost,
                         .varies = {"transformer.norm"},
                         .plan = Plan,
                         .check = Check,
                         .assemble = Assemble,
                         .claims = Claims},
          .describe = Describe};
}

}  // namespace initbias
