// GPT-2 on text, beyond the paper: is PrOntoQA learned first because it is to be reasoned about, or
// because it is the easier text; and does the model answer?
//
// Claim    PrOntoQA's loss falls first even in units of what each corpus costs without any context;
//          questions of fewer hops are answered first.
// Command  bazel run //experiments:appendix_text, then bazel run //figures:appendix_text
// Cost     see kCost
// Expect   A: loss of each corpus divided by the entropy of its tokens. B: share of right answers
// to
//          untrained PrOntoQA questions by number of hops; a guess between True and False is right
//          half of the time.
#include <fmt/format.h>

#include "experiments/base_runs.h"
#include "experiments/text_runs.h"
#include "lib/analysis/learning_curves.h"
#include "lib/base/error.h"
#include "lib/run/experiment.h"

namespace initbias {
namespace {

constexpr char kCaption[] =
    "GPT-2 on text, beyond the paper, by initialisation rate. A: training loss of each corpus divided by the entropy of "
    "the distribution of its own tokens; 1 is what a guess without any context reaches. B: share of right answers to "
    "PrOntoQA questions that were not trained on, given question and chain of thought, by number of hops; guessing "
    "True or False gives a half. Lines: median over seeds, band from the smallest to the largest. The runs are figure 7's";
constexpr char kCost[] =
    "smoke 8 s, default 8 min (figure 7's runs), paper months on cores (a GPU is meant)";

std::vector<RunConfig> Plan(Profile profile, int64_t seed) {
  std::vector<RunConfig> runs;
  for (const double gamma : kAllGammas) {
    runs.push_back(TextRun(profile, gamma, seed));
  }
  return runs;
}

Runs At(const RunSet& runs, double gamma) { return runs.Where(ModelKind::kGpt2, gamma); }

std::string Answers(int64_t hops) { return fmt::format("answer_hops{}", hops); }

void Assemble(const RunSet& runs, FigureData* figure) {
  const std::vector<int64_t>& hops = runs.all().front().config.text.hops;
  figure->Add("B/hops", {hops.begin(), hops.end()}, "1");
  for (const double gamma : kAllGammas) {
    const Runs some = At(runs, gamma);
    AddSeries(fmt::format("B/gamma={}", gamma), some, figure);
    for (const char* corpus : {kProntoQa, kTinyStories}) {
      std::vector<std::vector<double>> curves;
      for (const RunResult* run : some) {
        curves.push_back(LossByEntropy(*run, corpus));
      }
      const std::string group = fmt::format("A/gamma={}/{}", gamma, corpus);
      figure->Add(group + "/epoch", some.front()->epoch, "epochs");
      AddBand(group + "/loss_by_entropy", "1", curves, figure);
    }
  }
}

double MeanAccuracy(const RunResult& run, int64_t hops) {
  const std::vector<double>& accuracy = run.Get(Answers(hops)).accuracy;
  double sum = 0;
  for (const double value : accuracy) {
    sum += value;
  }
  return sum / static_cast<double>(accuracy.size());
}

std::vector<Claim> Claims(const RunSet& runs) {
  const Runs small = At(runs, kSmallInit);
  return {
      {.id = "appendix_text.bias_not_difficulty",
       .statement =
           "Ours: at small initialisation PrOntoQA is ahead even in units of its own unigram entropy.",
       .metric = "figure 1's lead, each loss divided by the entropy of its corpus's tokens",
       .expected = AtLeast(0.1),
       .values = PerSeed(small,
                         [](const RunResult& run) {
                           return RelativeLead(LossByEntropy(run, kProntoQa),
                                               LossByEntropy(run, kTinyStories));
                         })},
      {.id = "appendix_text.hops",
       .statement = "Ours: questions of fewer hops are answered first.",
       .metric =
           "share of right answers, mean over training, gamma = 0.8: fewest hops less most hops",
       .expected = Above(0),
       .values = PerSeed(small,
                         [](const RunResult& run) {
                           const std::vector<int64_t>& hops = run.config.text.hops;
                           return MeanAccuracy(run, hops.front()) - MeanAccuracy(run, hops.back());
                         }),
       .reason =
           "six epochs teach the form of the text, not the answers: that True or False has to come at all is "
           "only just learned"}};
}

Experiment Appendix() {
  return {.name = "appendix_text",
          .caption = kCaption,
          .cost = kCost,
          .plan = Plan,
          .assemble = Assemble,
          .claims = Claims};
}

}  // namespace
}  // namespace initbias

int main(int argc, char** argv) {
  return initbias::ExperimentMain(argc, argv, initbias::Appendix());
}
