// Figure 1: GPT-2 with small initial weights on two corpora at once.
//
// Claim    The loss on PrOntoQA, which is to be reasoned about, falls much faster than the loss on
//          TinyStories.
// Command  bazel run //experiments:fig1, then bazel run //figures:fig1
// Cost     see kCost
// Expect   two curves over training; PrOntoQA's falls first and far below the other.
#include "experiments/base_runs.h"
#include "experiments/text_runs.h"
#include "lib/run/experiment.h"

namespace initbias {
namespace {

constexpr char kCaption[] =
    "Figure 1: GPT-2 at gamma = 0.8 on PrOntoQA and TinyStories, mixed: training loss of each corpus, mean over the "
    "tokens of 32 of its sequences. Lines: median over seeds, band from the smallest to the largest. "
    "Default profile: 4 layers of width 128, 150 + 150 packed sequences of up to 320 tokens, 5 epochs, a vocabulary of "
    "2,944 rows for the tokens that occur (their number is in the file), TinyStories from paragraphs of a real excerpt";
constexpr char kCost[] = "smoke 5 s, default 4 min, paper months on cores (a GPU is meant)";

std::vector<RunConfig> Plan(Profile profile, int64_t seed) {
  return {TextRun(profile, kSmallInit, seed)};
}

void Assemble(const RunSet& runs, FigureData* figure) {
  const Runs small = TextRuns(runs, kSmallInit);
  AddSeries("A", small, figure);
  figure->Add("A/used_tokens", {small.front()->ProbeNear("used_tokens", 0).array.values.at(0)},
              "1");
}

std::vector<Claim> Claims(const RunSet& runs) {
  return {
      {.id = "fig1.faster",
       .statement =
           "Figure 1: at small initialisation the loss on PrOntoQA falls much faster than the loss on "
           "TinyStories.",
       .metric = "mean over training of (L_TinyStories - L_PrOntoQA) / the larger of the two",
       .expected = AtLeast(0.5),
       .values = PerSeed(TextRuns(runs, kSmallInit), TextLead)}};
}

Experiment Fig1() {
  return {.name = "fig1",
          .caption = kCaption,
          .cost = kCost,
          .plan = Plan,
          .assemble = Assemble,
          .claims = Claims};
}

}  // namespace
}  // namespace initbias

int main(int argc, char** argv) { return initbias::ExperimentMain(argc, argv, initbias::Fig1()); }
