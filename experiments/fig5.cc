// Figure 5: the Transformer's embeddings at small initialisation, beside the theory's.
//
// Claim    Reasoning anchors and keys arrange themselves in numerical order, as Theorem 1 says.
// Command  bazel run //experiments:fig5, then bazel run //figures:fig5
// Cost     see kCost; the runs are figure 3A's
// Expect   A: cosines of anchor embeddings. B: principal components of all embeddings. C: cosines
//          of the theoretical embeddings, and both for s = 15. D: their principal components.
#include "experiments/anchor_structure.h"
#include "experiments/base_runs.h"
#include "lib/run/experiment.h"

namespace initbias {
namespace {

constexpr char kCaption[] =
    "Figure 5: Transformer at gamma = 0.8, where learning rate times steps is that of epoch 50 in the "
    "paper. A: cosines of anchor embeddings (matrices: seed 1; lines: median and range over seeds). "
    "B: principal components of all embeddings (seed 1). C: cosines of Theorem 1's embeddings, and "
    "real against theoretical ones for one anchor. D: principal components of Theorem 1's embeddings";
constexpr char kCost[] = "smoke 3 s, default 0 min after figure 3 (3 min alone), paper 1.5 days";

// The anchor of panel C, the paper's where there is such a one.
int64_t ShownAnchor(const AnchorTaskConfig& task) {
  constexpr int64_t kPaper = 15;
  return kPaper >= task.reasoning_min && kPaper <= task.reasoning_max
             ? kPaper
             : (task.reasoning_min + task.reasoning_max) / 2;
}

std::vector<RunConfig> Plan(Profile profile, int64_t seed) {
  return {TransformerRun(profile, kSmallInit, seed)};
}

Runs SmallRuns(const RunSet& runs) { return runs.Where(ModelKind::kTransformer, kSmallInit); }

void Assemble(const RunSet& runs, FigureData* figure) {
  const Runs small = SmallRuns(runs);
  const RunConfig& config = small.front()->config;
  const AnchorTaskConfig& task = config.task;
  const double stage = StructureStage(config);
  AddAnchorCosines("A", small, stage, figure);
  figure->Add("A/epoch", {stage * static_cast<double>(config.train.epochs)}, "epochs");
  const TokenRange all = {0, task.vocabulary - 1};
  AddComponents("B", task, Embeddings(*small.front(), stage, all), all, figure);
  AddMatrix("C/theory", ReasoningAnchors(task),
            CosineMatrix(TheoreticalEmbeddings(config, ReasoningAnchors(task))), figure);
  figure->Add("C/row/anchor", {static_cast<double>(ShownAnchor(task))}, "token");
  AddTheoryRow("C/row", small, stage, ShownAnchor(task), figure);
  const TokenRange summed = {task.reasoning_min, task.key_max};
  AddComponents("D", task, TheoreticalEmbeddings(config, summed), summed, figure);
}

// |rank correlation| of the first or second component of Theorem 1's keys with their numbers.
double TheoryOrder(const RunResult& run) {
  const AnchorTaskConfig& task = run.config.task;
  const TokenRange summed = {task.reasoning_min, task.key_max};
  return ComponentOrder(TheoreticalEmbeddings(run.config, summed), summed, Keys(task));
}

std::vector<Claim> Claims(const RunSet& runs) {
  const Runs small = SmallRuns(runs);
  std::vector<Claim> claims =
      EmbeddingClaims("fig5.", "Figure 5", small, StructureStage(small.front()->config));
  claims.push_back(
      {.id = "fig5.C.row",
       .statement = "Figure 5C: the cosines of anchor 15 with the others are Theorem 1's.",
       .metric = "correlation of its real and theoretical cosines with the other reasoning anchors",
       .expected = AtLeast(0.8),
       .values = PerSeed(small, [](const RunResult& run) {
         return RowAgreement(run, StructureStage(run.config), ShownAnchor(run.config.task));
       })});
  claims.push_back(OrderClaim("fig5.D.order",
                              "Figure 5D: the components of w~_s show the numerical order, too.",
                              PerSeed(small, TheoryOrder)));
  return claims;
}

Experiment Fig5() {
  return {.name = "fig5",
          .caption = kCaption,
          .cost = kCost,
          .plan = Plan,
          .check = CheckStructure,
          .assemble = Assemble,
          .claims = Claims};
}

}  // namespace
}  // namespace initbias

int main(int argc, char** argv) { return initbias::ExperimentMain(argc, argv, initbias::Fig5()); }
