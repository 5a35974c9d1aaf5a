// Appendix C: figure 6 at the usual and at large initialisation.
//
// Claim    Averaging and one dominant direction belong to small initialisation.
// Command  bazel run //experiments:appendix_c_fig6, then bazel run //figures:appendix_c_fig6
// Cost     see kCost; the runs are figure 3A's
// Expect   the panels of figure 6 at gamma = 0.3 (A) and 0.5 (B), and their course over training at
//          all three rates (C).
#include <fmt/format.h>

#include "experiments/base_runs.h"
#include "experiments/first_attention.h"
#include "lib/run/experiment.h"

namespace initbias {
namespace {

constexpr char kCaption[] =
    "Appendix C, figure 6: first attention module at gamma = 0.3 (A) and 0.5 (B), at the stage of "
    "figure 6: attention (seed 1), singular values of W_V, cosine of its first left singular vector "
    "with each anchor's embedding. C: the same over training at all rates. Median and range over "
    "seeds";
constexpr char kCost[] = "smoke 4 s, default 0 min after figure 3, paper 3 days";

void Assemble(const RunSet& runs, FigureData* figure) {
  for (const auto& [panel, gamma] : {std::pair("A", kLargeInit), std::pair("B", kUsualInit)}) {
    const Runs some = runs.Where(ModelKind::kTransformer, gamma);
    AddFirstAttention(panel, some, StructureStage(some.front()->config), figure);
  }
  for (const double gamma : kAllGammas) {
    AddFirstAttentionCourse(fmt::format("C/gamma={}", gamma),
                            runs.Where(ModelKind::kTransformer, gamma), figure);
  }
}

// The claim that `field` at gamma = 0.8 lies `expected` of that at 0.3.
Claim Contrast(const RunSet& runs, const std::string& id, const std::string& what,
               double FirstAttention::*field, Interval expected) {
  Claim claim{.id = "appendix_c_fig6." + id,
              .statement = "Appendix C: figure 6 is of small initialisation; " + what,
              .metric = "the measure of figure 6 at gamma = 0.8 less at 0.3",
              .expected = expected};
  claim.values = PerSeedDifference(
      runs.Where(ModelKind::kTransformer, kSmallInit),
      runs.Where(ModelKind::kTransformer, kLargeInit), [field](const RunResult& run) {
        return MeasureFirstAttention(run, StructureStage(run.config)).*field;
      });
  return claim;
}

std::vector<Claim> Claims(const RunSet& runs) {
  constexpr Interval kBelow = {.hi = 0, .strict = true};
  return {Contrast(runs, "averaging", "attention is further from averaging at gamma = 0.3.",
                   &FirstAttention::deviation_mean, kBelow),
          Contrast(runs, "dominance", "the first singular value of W_V dominates less at 0.3.",
                   &FirstAttention::dominance, Above(0))};
}

Experiment Appendix() {
  return {.name = "appendix_c_fig6",
          .caption = kCaption,
          .cost = kCost,
          .plan = TransformerRuns,
          .check = CheckStructure,
          .assemble = Assemble,
          .claims = Claims};
}

}  // namespace
}  // namespace initbias

int main(int argc, char** argv) {
  return initbias::ExperimentMain(argc, argv, initbias::Appendix());
}
