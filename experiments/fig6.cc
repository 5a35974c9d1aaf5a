// Figure 6: the Transformer's first attention module at small initialisation.
//
// Claim    It averages over what came before, and its value matrix passes on one direction, the
//          reasoning anchors', to which the memory anchors are nearly orthogonal.
// Command  bazel run //experiments:fig6, then bazel run //figures:fig6
// Cost     see kCost; the runs are figure 3A's
// Expect   A: attention beside 1/i. B: singular values of W_V. C: its first left singular vector
//          against every anchor. D, ours: the same over training.
#include "experiments/base_runs.h"
#include "experiments/first_attention.h"
#include "experiments/stages.h"
#include "lib/run/experiment.h"

namespace initbias {
namespace {

constexpr char kCaption[] =
    "Figure 6: first attention module of the Transformer at gamma = 0.8, at the end of the plateau at the "
    "start (the last snapshot before the reasoning training loss is below 0.9 of its guess level). A: attention (first seed, mean over sequences) beside the "
    "averaging operator. B: singular values of W_V. C: cosine of its first left singular vector with "
    "each anchor's embedding. D: the same over training. Lines: median and range over seeds";
constexpr char kCost[] = "smoke 3 s, default 0 min after figure 3 (3 min alone), paper 1.5 days";

std::vector<RunConfig> Plan(Profile profile, int64_t seed) {
  return {TransformerRun(profile, kSmallInit, seed)};
}

Runs SmallRuns(const RunSet& runs) { return runs.Where(ModelKind::kTransformer, kSmallInit); }

void Assemble(const RunSet& runs, FigureData* figure) {
  const Runs small = SmallRuns(runs);
  const RunConfig& config = small.front()->config;
  AddFirstAttention("ABC", small, AtStage(kStructureStage), figure);
  AddAveragingOperator("ABC/averaging", config.task.length, figure);
  AddFirstAttentionCourse("D", small, figure);
  const RunResult& shown = *small.front();
  figure->Add("D/stage", {EpochAt(shown, DrawnShare(shown, kStructureStage))}, "epochs");
  for (const auto& [name, metric] :
       {NamedMeasure{"deviation", RelativeDeviation}, NamedMeasure{"dominance", ValueDominance},
        NamedMeasure{"energy_contrast", EnergyContrast}, NamedMeasure{"passed_on", PassedOn}}) {
    AddStages("stages", name, small, metric, figure);
  }
}

std::vector<ClaimSpec> Claims() {
  return FirstAttentionClaims("fig6.", "Section 5.2, figure 6", ClaimKind::kText, SmallRuns,
                              kStructureStage);
}

Experiment Fig6() {
  return {.name = "fig6",
          .caption = kCaption,
          .cost = kCost,
          .plan = Plan,
          .check = CheckStructure,
          .assemble = Assemble,
          .claims = Claims};
}

}  // namespace
}  // namespace initbias

int main(int argc, char** argv) { return initbias::ExperimentMain(argc, argv, initbias::Fig6()); }
