// Appendix F: figures 3A and 5A without LayerNorm.
//
// Claim    LayerNorm is not what makes the difference: without it, small weights still learn
//          reasoning first, and their reasoning anchors lie as they do with it.
// Command  bazel run //experiments:appendix_f, then bazel run //figures:appendix_f
// Cost     see kCost; the runs are among those of appendix_open_choices
// Expect   A: the curves of figure 3A without LayerNorm. B: the cosines of figure 5A without it.
#include "experiments/anchor_structure.h"
#include "experiments/base_runs.h"
#include "experiments/learning_contrast.h"
#include "lib/run/experiment.h"

namespace initbias {
namespace {

constexpr char kCaption[] =
    "Appendix F: Transformer without LayerNorm. A: loss and accuracy by initialisation rate, as figure "
    "3A. B: cosines of anchor embeddings at gamma = 0.8, as figure 5A. Below the paper profile the runs "
    "are short, of sequences of 5 tokens and of one seed";
constexpr char kCost[] = "smoke 3 s, default 20 s (none after appendix_open_choices), paper 1 day";

// Why a claim may differ at the default profile's scale; written after a first look at its results.
constexpr char kTooShort[] =
    "the runs are short: the loss on reasoning has fallen for a part of them only";

std::vector<RunConfig> Plan(Profile profile, int64_t seed) {
  std::vector<RunConfig> runs;
  for (const double gamma : kAllGammas) {
    // At the paper profile the paper's learning rate and epochs.
    const bool slow = profile == Profile::kPaper;
    runs.push_back(ReadingRun(profile, {.norm = Norm::kNone, .slow = slow}, gamma, seed));
  }
  return runs;
}

Runs At(const RunSet& runs, double gamma) { return runs.Where(ModelKind::kTransformer, gamma); }

void Assemble(const RunSet& runs, FigureData* figure) {
  for (const double gamma : kAllGammas) {
    AddSeries("A/gamma=" + FormatValue(gamma), At(runs, gamma), figure);
  }
  const Runs small = At(runs, kSmallInit);
  const RunConfig& config = small.front()->config;
  AddAnchorCosines("B", small, StructureStage(config), figure);
  figure->Add("B/epoch", {StructureStage(config) * static_cast<double>(config.train.epochs)},
              "epochs");
}

std::vector<Claim> Claims(const RunSet& runs) {
  const Contrast contrast{.prefix = "appendix_f.",
                          .place = "Appendix F, figure 3A without LayerNorm",
                          .same_rate_reason = kTooShort,
                          .first_reason = kTooShort};
  std::vector<Claim> claims = ContrastClaims(contrast, At(runs, kLargeInit), At(runs, kSmallInit));
  claims.push_back(
      BetweenClaim(contrast, At(runs, kLargeInit), At(runs, kUsualInit), At(runs, kSmallInit)));
  const Runs small = At(runs, kSmallInit);
  const double stage = StructureStage(small.front()->config);
  claims.push_back(DecayClaim(
      "appendix_f.decay",
      "Appendix F, figure 5A without LayerNorm: the similarity of reasoning anchors decays with "
      "|s_i - s_j|.",
      PerSeed(small, [stage](const RunResult& run) { return ReasoningDecay(run, stage); })));
  return claims;
}

void Check(const RunConfig& config) {
  CheckStructure(config);
  CheckMasked(config);
}

Experiment Appendix() {
  return {.name = "appendix_f",
          .caption = kCaption,
          .cost = kCost,
          .seeds = 1,
          .varies = {"transformer.norm"},
          .plan = Plan,
          .check = Check,
          .assemble = Assemble,
          .claims = Claims};
}

}  // namespace
}  // namespace initbias

int main(int argc, char** argv) {
  return initbias::ExperimentMain(argc, argv, initbias::Appendix());
}
