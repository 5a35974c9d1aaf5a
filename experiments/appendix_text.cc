// GPT-2 on text, beyond the paper: is PrOntoQA ahead because of the initialisation, or because it
// is the easier text; and does the model answer?
//
// Claim    PrOntoQA's loss falls first even in units of what each corpus costs without any context,
//          the more so the smaller the weights; questions of fewer hops are answered first.
// Command  bazel run //experiments:appendix_text, then bazel run //figures:appendix_text
// Cost     see kCost
// Expect   A: loss of each corpus divided by the entropy of its tokens. B: share of right answers
// to
//          untrained PrOntoQA questions by number of hops; guessing is right half of the time.
//
// The model is given the right chain of thought, whose last sentence it has to compare with the
// query: more is not to be asked of a model that has hardly learned the form of the text.
#include <fmt/format.h>

#include "experiments/base_runs.h"
#include "experiments/text_runs.h"
#include "lib/run/experiment.h"

namespace initbias {
namespace {

constexpr char kCaption[] =
    "GPT-2 on text, beyond the paper, by initialisation rate. A: training loss of each corpus (32 of its sequences) "
    "divided by the entropy of the distribution of its tokens; 1 is what a guess without any context reaches. B: share of "
    "right answers to PrOntoQA questions that were not trained on, given question and right chain of thought, by "
    "number of hops: whether the right one of True and False is the more likely; guessing gives a half. Lines: median "
    "over seeds, band from the smallest to the largest. The runs are figure 7's";
constexpr char kCost[] =
    "smoke 8 s, default 8 min (figure 7's runs), paper months on cores (a GPU is meant)";

void Assemble(const RunSet& runs, FigureData* figure) {
  const std::vector<int64_t>& hops = runs.all().front().config.text.hops;
  figure->Add("B/hops", {hops.begin(), hops.end()}, "1");
  for (const double gamma : kAllGammas) {
    const Runs some = TextRuns(runs, gamma);
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

std::vector<Claim> Claims(const RunSet& runs) {
  const Runs small = TextRuns(runs, kSmallInit);
  return {
      {.id = "appendix_text.ahead_by_entropy",
       .statement =
           "Ours: at small initialisation PrOntoQA is ahead even in units of its own unigram entropy.",
       .metric = "figure 1's lead, each loss divided by the entropy of its corpus's tokens",
       .expected = AtLeast(0.1),
       .values = PerSeed(small, TextLeadByEntropy)},
      {.id = "appendix_text.rises_by_entropy",
       .statement =
           "Ours: it is ahead by the more the smaller the initial weights: the initialisation does it, "
           "not the text alone.",
       .metric = "this lead: the smaller of its steps from gamma = 0.3 to 0.5 and to 0.8",
       .expected = Above(0),
       .values = SmallerStep(runs, TextLeadByEntropy),
       .reason = "in so few epochs gamma = 0.8 has not caught up with gamma = 0.5, see figure 7"},
      {.id = "appendix_text.hops",
       .statement = "Ours: questions of fewer hops are answered first.",
       .metric =
           "share of right answers, mean over training, gamma = 0.8: fewest hops less most hops (standard "
           "error of a seed at one evaluation: 0.12)",
       .expected = AtLeast(0.05),
       .values = PerSeed(small,
                         [](const RunResult& run) {
                           const std::vector<int64_t>& hops = run.config.text.hops;
                           return MeanAnswerAccuracy(run, hops.front()) -
                                  MeanAnswerAccuracy(run, hops.back());
                         }),
       .reason =
           "given the right chain of thought, the number of hops hardly matters, and five epochs teach the "
           "form of the text, not the answers"}};
}

Experiment Appendix() {
  return {.name = "appendix_text",
          .caption = kCaption,
          .cost = kCost,
          .plan = TextRunsOfAllRates,
          .assemble = Assemble,
          .claims = Claims};
}

}  // namespace
}  // namespace initbias

int main(int argc, char** argv) {
  return initbias::ExperimentMain(argc, argv, initbias::Appendix());
}
