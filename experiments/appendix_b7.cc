// Appendix B.7: figure 5C for every reasoning anchor.
//
// Claim    The cosines of each reasoning anchor with the others are those of Theorem 1's
//          embeddings.
// Command  bazel run //experiments:appendix_b7, then bazel run //figures:appendix_b7
// Cost     see kCost; the runs are figure 3A's
// Expect   a panel an anchor: real cosines (median and range over seeds) beside theoretical ones.
#include <fmt/format.h>

#include <algorithm>

#include "experiments/anchor_structure.h"
#include "experiments/base_runs.h"
#include "lib/run/experiment.h"

namespace initbias {
namespace {

constexpr char kCaption[] =
    "Appendix B.7: Transformer at gamma = 0.8, at the stage of figure 5: cosines of each reasoning "
    "anchor s with reasoning anchors and keys, real (median and range over seeds) and of Theorem 1";
constexpr char kCost[] = "smoke 3 s, default 0 min after figure 3, paper 1.5 days";

std::vector<RunConfig> Plan(Profile profile, int64_t seed) {
  return {TransformerRun(profile, kSmallInit, seed)};
}

void Assemble(const RunSet& runs, FigureData* figure) {
  const Runs small = runs.Where(ModelKind::kTransformer, kSmallInit);
  const RunConfig& config = small.front()->config;
  figure->Add("anchors", TokenIds(ReasoningAnchors(config.task)), "token");
  for (int64_t s = config.task.reasoning_min; s <= config.task.reasoning_max; ++s) {
    AddTheoryRow(fmt::format("A/s={}", s), small, StructureStage(config), s, figure);
  }
}

double SmallestAgreement(const RunResult& run) {
  double smallest = 1;
  for (int64_t s = run.config.task.reasoning_min; s <= run.config.task.reasoning_max; ++s) {
    smallest = std::min(smallest, RowAgreement(run, StructureStage(run.config), s));
  }
  return smallest;
}

std::vector<Claim> Claims(const RunSet& runs) {
  return {
      {.id = "appendix_b7.agreement",
       .statement = "Appendix B.7: the comparison of figure 5C holds for every reasoning anchor.",
       .metric = "correlation of an anchor's real and theoretical cosines with the other "
                 "reasoning anchors, the smallest over anchors",
       .expected = AtLeast(0.8),
       .values = PerSeed(runs.Where(ModelKind::kTransformer, kSmallInit), SmallestAgreement)}};
}

Experiment Appendix() {
  return {.name = "appendix_b7",
          .caption = kCaption,
          .cost = kCost,
          .plan = Plan,
          .check = CheckStructure,
          .assemble = Assemble,
          .claims = Claims};
}

}  // namespace
}  // namespace initbias

int main(int argc, char** argv) {
  return initbias::ExperimentMain(argc, argv, initbias::Appendix());
}
