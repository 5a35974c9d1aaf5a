// Ours: what Emb-MLP has learned at the end, by initialisation rate.
//
// Claim    The smaller the weights, the lower the masked loss ends.
// Command  bazel run //experiments:late_losses
// Cost     the runs at 0.3 and 0.8 are figure 3B's
// Expect   three curves a rate; the masked one falls at 0.8.
#include "experiments/base_runs.h"
#include "experiments/learning_contrast.h"
#include "experiments/study.h"
#include "figures/panels/learning_curves.h"
#include "figures/panels/values.h"
#include "lib/store/figure_key.h"

namespace initbias {
namespace {

constexpr char kCaption[] =
    "Late losses: Emb-MLP on memory, reasoning and masked sequences, by initialisation rate. Median "
    "over seeds, band from the smallest to the largest";

std::vector<RunConfig> Plan(Profile profile, int64_t seed) {
  std::vector<RunConfig> runs;
  for (const double gamma : kAllGammas) {
    runs.push_back(EmbMlpRun(profile, gamma, seed));
  }
  return runs;
}

ChooseRuns At(double gamma) { return RunsAt(ModelKind::kEmbMlp, gamma); }

void Assemble(const RunSet& runs, FigureData* figure) {
  for (const double gamma : kAllGammas) {
    AddLearningCurves(Key("A", gamma), At(gamma)(runs), figure);
  }
}

std::vector<ClaimSpec> Claims() {
  return {{.id = "late_losses.masked",
           .statement = "At the end the masked loss is lower at gamma = 0.8 than at 0.3.",
           .place = "ours",
           .kind = ClaimKind::kOurs,
           .metric = "last loss on masked sequences at gamma = 0.8 minus at 0.3",
           .expected = Below(0),
           .measure = DifferenceOfRuns(
               At(kSmallInit), At(kLargeInit),
               [](const RunResult& run) { return FinalLoss(run, kReasoningTestSet); }),
           .reason = [](const RunSet& runs) { return ReachedText(At(kSmallInit)(runs)); }}};
}

plot::Figure Describe(const FigureData& data) {
  plot::Figure figure{.title = "Late losses", .caption = data.caption, .columns = 3};
  AddCurveRow({.letter = "A",
               .heading = "Emb-MLP",
               .panel = "A",
               .quantity = "loss",
               .row = 0,
               .gammas = GammasOf(data, "A"),
               .titles = true},
              data, &figure);
  return figure;
}

}  // namespace

Study MakeStudy() {
  return {.experiment = {.name = "late_losses",
                         .caption = kCaption,
                         .plan = Plan,
                         .check = CheckMasked,
                         .assemble = Assemble,
                         .claims = Claims},
          .describe = Describe};
}

}  // namespace initbias
