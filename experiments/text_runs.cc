#include "experiments/text_runs.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <iterator>

#include "experiments/base_runs.h"
#include "lib/analysis/statistics.h"

namespace initbias {

std::string DefaultTextSize() {
  const RunConfig run = TextRun(Profile::kDefault, kSmallInit, /*seed=*/1);
  return fmt::format(
      "Default profile: {} layers of width {}, {} + {} texts of up to {} tokens, {} epochs of {} steps, "
      "a vocabulary of {},{:03} rows for the tokens that occur (their number is in the file), "
      "TinyStories from paragraphs of a real excerpt",
      run.gpt2.layers, run.gpt2.d_model, run.text.prontoqa_sequences,
      run.text.tinystories_sequences, run.text.padded_length, run.train.epochs, StepsPerEpoch(run),
      run.gpt2.vocabulary / 1000, run.gpt2.vocabulary % 1000);
}

ChooseRuns TextRunsAt(double gamma) { return RunsAt(ModelKind::kGpt2, gamma); }

Runs TextRuns(const RunSet& runs, double gamma) { return TextRunsAt(gamma)(runs); }

SeedValues SmallerTextStep(double (*metric)(const RunResult&)) {
  return SmallerStep(TextRunsAt(kLargeInit), TextRunsAt(kUsualInit), TextRunsAt(kSmallInit),
                     metric);
}

double ContrastAtProgress(const RunResult& run) { return ContrastAt(run, kProgress); }

double LeadAtProgress(const RunResult& run) { return LeadAt(run, kProgress); }

PreconditionSpec AllReachProgress() {
  return {.text =
              "smallest loss on TinyStories as a share of its unigram entropy, the largest over "
              "the initialisation rates",
          .expected = AtMost(kProgress),
          .measure = LargestOf(EachRate(TextRunsAt), [](const RunResult& run) {
            return SmallestShareOfEntropy(run, kTinyStories);
          })};
}

PreconditionSpec ProntoQaIsLearned(const ChooseRuns& runs) {
  return {.text = "smallest loss on PrOntoQA as a share of its unigram entropy",
          .expected = AtMost(kHalfLearned),
          .measure = OfRuns(
              runs, [](const RunResult& run) { return SmallestShareOfEntropy(run, kProntoQa); })};
}

std::string TextReached(const RunSet& runs, const std::vector<double>& gammas) {
  std::vector<std::string> rates;
  for (const double gamma : gammas) {
    const auto smallest = [&](const char* corpus) {
      return Mean(PerSeed(TextRuns(runs, gamma), [corpus](const RunResult& run) {
        return SmallestShareOfEntropy(run, corpus);
      }));
    };
    rates.push_back(fmt::format("TinyStories {:.2f}, PrOntoQA {:.2f} at gamma = {}",
                                smallest(kTinyStories), smallest(kProntoQa), gamma));
  }
  return fmt::format("smallest share of the unigram entropy within {} steps, mean over seeds: {}",
                     runs.all().front().step.back(), fmt::join(rates, "; "));
}

std::string ProgressText(std::string_view what, const RunSet& runs,
                         double (*metric)(const RunResult&), int decimals) {
  return fmt::format("mean {} there {}; {}", what,
                     AtRatesText(runs, EachRate(TextRunsAt), metric, {.decimals = decimals}),
                     TextReached(runs, {std::begin(kAllGammas), std::end(kAllGammas)}));
}

std::vector<IndexPair> MatchedTokens(const RunResult& run) {
  return MatchTokens(run, kCountFactor);
}

double MatchedCosineDifference(const RunResult& run, double share) {
  return MatchedDifference(run, share, kCountFactor);
}

}  // namespace initbias
