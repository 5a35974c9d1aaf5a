// Figure 4: how Emb-MLP's embeddings come to lie at small initialisation, and why.
//
// Claim    The cosine of two reasoning anchors falls with their distance |s_i - s_j|, as that of
//          their label distributions does; memory anchors, whose labels are all distributed alike,
//          stay all alike.
// Command  bazel run //experiments:fig4, then bazel run //figures:fig4
// Cost     see kCost; the runs are figure 3B's
// Expect   A: cosine matrices at an early and a late epoch. B: P_s - 1/d_vob. C: its cosines.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <tuple>

#include "experiments/anchor_structure.h"
#include "experiments/base_runs.h"
#include "lib/analysis/shape.h"
#include "lib/analysis/statistics.h"
#include "lib/data/anchor_task.h"
#include "lib/run/experiment.h"

namespace initbias {
namespace {

constexpr char kCaption[] =
    "Figure 4: Emb-MLP at gamma = 0.8. A: cosines of anchor embeddings early and late in training "
    "(matrices: first seed; lines: median and range over seeds). B: label distributions of the reasoning "
    "anchors. C: their cosines";
constexpr char kCost[] = "smoke 3 s, default 0 min after figure 3 (1.5 min alone), paper 15 min";

std::vector<RunConfig> Plan(Profile profile, int64_t seed) {
  return {EmbMlpRun(profile, kSmallInit, seed)};
}

Runs SmallRuns(const RunSet& runs) { return runs.Where(ModelKind::kEmbMlp, kSmallInit); }

void Assemble(const RunSet& runs, FigureData* figure) {
  const Runs small = SmallRuns(runs);
  const AnchorTaskConfig& task = small.front()->config.task;
  const auto epochs = static_cast<double>(small.front()->config.train.epochs);
  AddAnchorCosines("A/early", small, AtShare(kPaperEarly), figure);
  AddAnchorCosines("A/late", small, AtShare(kPaperLate), figure);
  figure->Add("A/epoch", {kPaperEarly * epochs, kPaperLate * epochs}, "epochs");
  const Matrix distributions = CentredLabelDistributions(task);
  figure->Add("B/label", TokenIds({0, task.vocabulary - 1}), "label");
  figure->Add("B/anchor", TokenIds(ReasoningAnchors(task)), "token");
  figure->Add("B/centred", {distributions.rows, distributions.columns}, distributions.values,
              "probability");
  AddStages("stages", "memory_contrast", small, MemoryContrast, figure);
  AddStages("stages", "decay", small, DecayCorrelation, figure);
  AddMatrix("C/reasoning", ReasoningAnchors(task), CosineMatrix(distributions), figure);
}

ClaimSpec LabelClaim(const std::string& id, const std::string& when, double share) {
  return {.id = "fig4.C." + id,
          .statement =
              "The cosines of P_s - 1/d_vob have a structure similar to that of the reasoning "
              "anchors' embeddings, " +
              when + ".",
          .place = "Section 5.1, figures 4A and 4C",
          .kind = ClaimKind::kText,
          .metric =
              "one-sided probability of the correlation of the cosines of reasoning anchors' "
              "embeddings with those of their P_s - 1/d_vob under 9,999 permutations of the "
              "anchors (Mantel test)",
          .expected = AtMost(0.01),
          .rule = ClaimRule::kEverySeed,
          .threshold_reason = "the usual level of a test that is made five times",
          .measure = AtShares(SmallRuns, AtShare(share), LabelProbability),
          .reason = [share](const RunSet& runs) {
            return fmt::format("mean correlation {:.2f}",
                               Mean(AtShares(SmallRuns, AtShare(share), LabelAgreement)(runs)));
          }};
}

std::vector<ClaimSpec> Claims() {
  const std::string early = "early (epoch 50 of 1000, or the same share of a shorter training)";
  const std::string late = "late (epoch 900 of 1000, or the same share of a shorter training)";
  std::vector<ClaimSpec> claims;
  for (const auto& [id, when, share] :
       {std::tuple("early_", early, kPaperEarly), std::tuple("late_", late, kPaperLate)}) {
    std::ranges::move(AnchorClaims({.prefix = std::string("fig4.A.") + id,
                                    .place = "Section 5.1, figure 4A",
                                    .kind = ClaimKind::kText,
                                    .when = when,
                                    .runs = SmallRuns,
                                    .share = AtShare(share)}),
                      std::back_inserter(claims));
  }
  claims.push_back(LabelClaim("early_structure", early, kPaperEarly));
  claims.push_back(LabelClaim("late_structure", late, kPaperLate));
  return claims;
}

Experiment Fig4() {
  return {.name = "fig4",
          .caption = kCaption,
          .cost = kCost,
          .plan = Plan,
          .check = CheckStructure,
          .assemble = Assemble,
          .claims = Claims};
}

}  // namespace
}  // namespace initbias

int main(int argc, char** argv) { return initbias::ExperimentMain(argc, argv, initbias::Fig4()); }
