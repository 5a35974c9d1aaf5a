// Figure 7: GPT-2 on two corpora by initialisation rate, and its embeddings early in training.
//
// Claim    The smaller the initial weights, the further PrOntoQA's loss is below TinyStories'; with
//          small weights TinyStories' tokens are alike early on, and PrOntoQA's spread.
// Command  bazel run //experiments:fig7, then bazel run //figures:fig7
// Cost     see kCost
// Expect   A: dL over training, rising with gamma. B: two cosine matrices, TinyStories' the redder.
//          C: their means over training, beside the paper's two numbers.
//
// The tokens of B and C: those that occur in one corpus alone, the text.corpus_tokens = 100 most
// frequent of each. The step of B: kTextEarly of the run. Both were chosen before the first run.
#include <fmt/format.h>

#include "experiments/base_runs.h"
#include "experiments/text_runs.h"
#include "lib/run/experiment.h"

namespace initbias {
namespace {

constexpr char kCaption[] =
    "Figure 7: GPT-2 on PrOntoQA and TinyStories, mixed. A: dL = (L_TinyStories - L_PrOntoQA) / L_PrOntoQA over "
    "training by initialisation rate. B: gamma = 0.8, seed 1, after a quarter of the training: cosine similarity of "
    "the embeddings of the tokens that occur in one corpus alone (the 100 most frequent, or all where they are fewer; "
    "the most frequent first). C: the mean of these cosines over training. Lines: median over seeds, band from the "
    "smallest to the largest. Default profile: 4 layers of width 128, 150 + 150 packed sequences of up to 320 tokens, 5 epochs, a vocabulary of "
    "2,944 rows for the tokens that occur (their number is in the file), TinyStories from paragraphs of a real excerpt";
constexpr char kCost[] = "smoke 8 s, default 8 min, paper months on cores (a GPU is meant)";

// The paper's mean cosines.
constexpr double kPaperProntoQa = 0.123;
constexpr double kPaperTinyStories = 0.531;

// Why claims may differ at the default profile's scale; written after a first look at its results.
constexpr char kSlower[] =
    "in so few epochs gamma = 0.8 has not caught up: both of its losses fall later than at gamma = 0.5, and dL with them";
constexpr char kFewSteps[] =
    "the less frequent of the 100 tokens have not come far from their random start; among the most frequent ones both "
    "corpora's tokens are alike";

void AddTokens(const std::string& corpus, const Runs& runs, FigureData* figure) {
  const RunResult& first = *runs.front();
  const Matrix cosines = TokenCosines(first, corpus, kTextEarly);
  figure->Add("B/" + corpus + "/cosine", {cosines.rows, cosines.columns}, cosines.values, "cosine");
  const std::vector<float>& tokens = first.ProbeNear("own_tokens." + corpus, 0).array.values;
  figure->Add("B/" + corpus + "/token", {tokens.begin(), tokens.end()},
              "number in GPT-2's vocabulary");
  std::vector<std::vector<double>> means;
  for (const RunResult* run : runs) {
    means.push_back(MeanTokenCosines(*run, corpus));
  }
  AddBand("C/" + corpus + "/mean_cosine", "cosine", means, figure);
}

void Assemble(const RunSet& runs, FigureData* figure) {
  for (const double gamma : kAllGammas) {
    const std::string group = fmt::format("A/gamma={}", gamma);
    std::vector<std::vector<double>> contrasts;
    for (const RunResult* run : TextRuns(runs, gamma)) {
      contrasts.push_back(LossContrast(*run));
    }
    figure->Add(group + "/epoch", TextRuns(runs, gamma).front()->epoch, "epochs");
    AddBand(group + "/contrast", "1", contrasts, figure);
  }
  const Runs small = TextRuns(runs, kSmallInit);
  const RunResult& first = *small.front();
  const auto epoch_of = [&](int64_t step) {
    return static_cast<double>(step) / static_cast<double>(StepsPerEpoch(first.config));
  };
  std::vector<double> epochs;
  for (const Snapshot* snapshot : first.Probes(std::string("own_embedding.") + kProntoQa)) {
    epochs.push_back(epoch_of(snapshot->step));
  }
  figure->Add(
      "B/epoch",
      {epoch_of(first.ProbeNear(std::string("own_embedding.") + kProntoQa, kTextEarly).step)},
      "epochs");
  figure->Add("B/used_tokens", {first.ProbeNear("used_tokens", 0).array.values.at(0)}, "1");
  figure->Add("C/paper", {kPaperProntoQa, kPaperTinyStories}, "cosine");
  for (const char* corpus : {kProntoQa, kTinyStories}) {
    figure->Add(fmt::format("C/{}/epoch", corpus), epochs, "epochs");
    AddTokens(corpus, small, figure);
  }
}

std::vector<Claim> Claims(const RunSet& runs) {
  const Runs small = TextRuns(runs, kSmallInit);
  // Near the paper's numbers, 0.123 and 0.531: as near as about half of their difference, 0.408.
  return {
      {.id = "fig7.A.rises",
       .statement = "Figure 7A: dL rises with gamma.",
       .metric =
           "dL, mean over training: the smaller of its steps from gamma = 0.3 to 0.5 and to 0.8",
       .expected = Above(0),
       .values = SmallerStep(runs, MeanLossContrast),
       .reason = kSlower},
      {.id = "fig7.A.rises_at_end",
       .statement = "Figure 7A: dL rises with gamma, at the end of the training.",
       .metric = "dL at the end: the smaller of its steps from gamma = 0.3 to 0.5 and to 0.8",
       .expected = Above(0),
       .values = SmallerStep(runs, FinalLossContrast),
       .reason = kSlower},
      {.id = "fig7.B.prontoqa",
       .statement =
           "Figure 7B: early in training the tokens of PrOntoQA spread (the paper's mean cosine: 0.123).",
       .metric =
           "mean cosine of the embeddings of tokens of PrOntoQA alone after a quarter of the training, gamma = 0.8",
       .expected = Between(-0.08, 0.33),
       .values =
           PerSeed(small, [](const RunResult& run) { return EarlyTokenCosine(run, kProntoQa); })},
      {.id = "fig7.B.tinystories",
       .statement =
           "Figure 7B: early in training the tokens of TinyStories are alike (the paper's mean cosine: 0.531).",
       .metric =
           "mean cosine of the embeddings of tokens of TinyStories alone after a quarter of the training, gamma = 0.8",
       .expected = Between(0.33, 0.73),
       .values =
           PerSeed(small, [](const RunResult& run) { return EarlyTokenCosine(run, kTinyStories); }),
       .reason = kFewSteps},
      {.id = "fig7.B.contrast",
       .statement =
           "Figure 7B: TinyStories' tokens are more alike than PrOntoQA's (the paper's difference: 0.408).",
       .metric = "difference of the two mean cosines after a quarter of the training, gamma = 0.8",
       .expected = AtLeast(0.2),
       .values = PerSeed(small,
                         [](const RunResult& run) {
                           return EarlyTokenCosine(run, kTinyStories) -
                                  EarlyTokenCosine(run, kProntoQa);
                         }),
       .reason = kFewSteps}};
}

Experiment Fig7() {
  return {.name = "fig7",
          .caption = kCaption,
          .cost = kCost,
          .plan = TextRunsOfAllRates,
          .assemble = Assemble,
          .claims = Claims};
}

}  // namespace
}  // namespace initbias

int main(int argc, char** argv) { return initbias::ExperimentMain(argc, argv, initbias::Fig7()); }
