// Figure 4: how Emb-MLP's embeddings come to lie at small initialisation, and why.
//
// Claim    The cosine of two reasoning anchors falls with their distance |s_i - s_j|, as that of
//          their label distributions does; memory anchors, whose labels are all distributed alike,
//          stay all alike.
// Command  bazel run //experiments:fig4, then bazel run //figures:fig4
// Cost     see kCost; the runs are figure 3B's
// Expect   A: cosine matrices at an early and a late epoch. B: P_s - 1/d_vob. C: its cosines.
#include <algorithm>

#include "experiments/anchor_structure.h"
#include "experiments/base_runs.h"
#include "lib/data/anchor_task.h"
#include "lib/run/experiment.h"
#include "lib/theory/label_distribution.h"

namespace initbias {
namespace {

constexpr char kCaption[] =
    "Figure 4: Emb-MLP at gamma = 0.8. A: cosines of anchor embeddings early and late in training "
    "(matrices: seed 1; lines: median and range over seeds). B: label distributions of the reasoning "
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
  AddAnchorCosines("A/early", small, kEarly, figure);
  AddAnchorCosines("A/late", small, kLate, figure);
  figure->Add("A/epoch", {kEarly * epochs, kLate * epochs}, "epochs");
  const Matrix distributions = CentredLabelDistributions(task);
  figure->Add("B/label", TokenIds({0, task.vocabulary - 1}), "label");
  figure->Add("B/anchor", TokenIds(ReasoningAnchors(task)), "token");
  figure->Add("B/centred", {distributions.rows, distributions.columns}, distributions.values,
              "probability");
  AddMatrix("C/reasoning", ReasoningAnchors(task), CosineMatrix(distributions), figure);
}

// The largest total variation distance between Eq. 8 and the labels of the run's own data, over the
// reasoning anchors at the first anchor's place.
double DistanceToData(const RunResult& run) {
  const AnchorTaskConfig& task = run.config.task;
  const AnchorData data = MakeAnchorData(task, run.config.seed);
  double largest = 0;
  for (int64_t s = task.reasoning_min; s <= task.reasoning_max; ++s) {
    std::vector<double> counts(static_cast<size_t>(task.vocabulary), 0.0);
    double total = 0;
    for (const Samples* samples : {&data.reasoning_train, &data.reasoning_test}) {
      for (size_t row = 0; row < samples->labels.size(); ++row) {
        if (samples->tokens[row * static_cast<size_t>(task.length) + 1] == s) {
          counts[static_cast<size_t>(samples->labels[row])] += 1;
          ++total;
        }
      }
    }
    const std::vector<double> theory = ReasoningLabelDistribution(task, s);
    double distance = 0;
    for (size_t i = 0; i < counts.size(); ++i) {
      distance += std::abs(counts[i] / total - theory[i]) / 2;
    }
    largest = std::max(largest, distance);
  }
  return largest;
}

std::vector<Claim> Claims(const RunSet& runs) {
  const Runs small = SmallRuns(runs);
  const auto at = [&small](double (*metric)(const RunResult&, double), double stage) {
    return PerSeed(small, [&](const RunResult& run) { return metric(run, stage); });
  };
  Claim agreement = AgreementClaim(
      "fig4.C.agreement",
      "Figure 4C: the cosines of P_s - 1/d_vob have the structure of the late ones in A.",
      PerSeed(small, [](const RunResult& run) {
        const AnchorTaskConfig& task = run.config.task;
        return UpperCorrelation(EmbeddingCosines(run, kLate, ReasoningAnchors(task)),
                                CosineMatrix(CentredLabelDistributions(task)));
      }));
  return {
      DecayClaim("fig4.A.early_decay",
                 "Figure 4A, early: the similarity of reasoning anchors decays with |s_i - s_j|.",
                 at(ReasoningDecay, kEarly)),
      DecayClaim("fig4.A.late_decay",
                 "Figure 4A, late: the similarity of reasoning anchors decays with |s_i - s_j|.",
                 at(ReasoningDecay, kLate)),
      AlikeClaim("fig4.A.early_alike", "Figure 4A, early: memory anchors are all alike.",
                 at(MemoryAlikeness, kEarly)),
      AlikeClaim("fig4.A.late_alike", "Figure 4A, late: memory anchors stay all alike.",
                 at(MemoryAlikeness, kLate)),
      {.id = "fig4.B.distribution",
       .statement = "Figure 4B: the labels of sequences with s are distributed as Eq. 8 says.",
       .metric = "largest total variation distance between Eq. 8 and the generated labels, over "
                 "the reasoning anchors",
       .expected = AtMost(0.01),
       .values = PerSeed(small, DistanceToData)},
      agreement};
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
