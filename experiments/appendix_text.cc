// GPT-2 on text, beyond the paper: is PrOntoQA ahead because of the initialisation, or because it
// is the easier text; and does the model answer?
//
// Claim    PrOntoQA's loss falls first even in units of what each corpus costs without any context,
//          the more so the smaller the weights; questions of fewer hops are answered first.
// Command  bazel run //experiments:appendix_text
// Cost     --help says it
// Expect   A: loss of each corpus divided by the entropy of its tokens. B: share of right answers
//          to untrained PrOntoQA questions by number of hops; guessing is right half of the time.
//
// The model is given the right chain of thought, whose last sentence it has to compare with the
// query: more is not to be asked of a model that has hardly learned the form of the text.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>

#include "experiments/base_runs.h"
#include "experiments/study.h"
#include "experiments/text_runs.h"
#include "figures/panels/curves.h"
#include "figures/panels/panel_place.h"
#include "figures/panels/values.h"
#include "lib/analysis/statistics.h"
#include "lib/config/set_names.h"
#include "lib/store/figure_key.h"
#include "lib/store/panel_names.h"

namespace initbias {
namespace {

constexpr char kCaption[] =
    "GPT-2 on text, beyond the paper, by initialisation rate. A: training loss of each corpus ({} of its sequences) "
    "divided by the entropy of the distribution of its tokens; 1 is what a guess without any context reaches. B: share of "
    "right answers to PrOntoQA questions that were not trained on, given question and right chain of thought, by "
    "number of hops: whether the right one of True and False is the more likely; guessing gives a half (default profile: "
    "questions are longer than the {} tokens that are trained on, of more hops mostly). Lines: median "
    "over seeds, band from the smallest to the largest. The runs are figure 7's";

// Places in the figure file: A by rate and corpus, B by rate.
constexpr char kLosses[] = "A";
constexpr char kLossByEntropy[] = "loss_by_entropy";
constexpr char kAnswers[] = "B";
constexpr char kHopsPath[] = "B/hops";

constexpr char kPlace[] = "not in the paper; beside Section 6";

void Assemble(const RunSet& runs, FigureData* figure) {
  const std::vector<int64_t>& hops = runs.all().front().config.text.hops;
  figure->Add(kHopsPath, {hops.begin(), hops.end()}, "1");
  for (const double gamma : kAllGammas) {
    const Runs some = TextRuns(runs, gamma);
    AddLearningCurves(Key(kAnswers, gamma), some, figure);
    for (const char* corpus : {kProntoQa, kTinyStories}) {
      std::vector<std::vector<double>> curves;
      for (const RunResult* run : some) {
        curves.push_back(LossByEntropy(*run, corpus));
      }
      const std::string group = Key(kLosses, gamma, corpus);
      figure->Add(Below(group, kEpochName), some.front()->epoch, "epochs");
      AddBand(Below(group, kLossByEntropy), "1", curves, figure);
    }
  }
}

// Mean accuracy by number of hops, for a reason.
std::string HopsText(const RunSet& runs) {
  const Runs small = TextRuns(runs, kSmallInit);
  std::vector<std::string> parts;
  for (const int64_t hops : small.front()->config.text.hops) {
    parts.push_back(fmt::format(
        "{:.3f} of {} hops",
        Mean(
            PerSeed(small, [hops](const RunResult& run) { return MeanAnswerAccuracy(run, hops); })),
        hops));
  }
  return fmt::format("share of right answers, mean over training and seeds: {}; {} questions each",
                     fmt::join(parts, ", "), small.front()->config.text.answer_samples);
}

std::string LeadsText(const RunSet& runs) { return ProgressText("lead", runs, LeadAtProgress, 3); }

std::vector<ClaimSpec> Claims() {
  const ChooseRuns small = TextRunsAt(kSmallInit);
  return {
      {.id = "appendix_text.ahead_by_entropy",
       .statement =
           "At small initialisation PrOntoQA is ahead even in units of its own unigram entropy.",
       .place = kPlace,
       .kind = ClaimKind::kOurs,
       .metric =
           "mean over training (step 0 included, trapezoidal) of (T - P) / max(T, P), T and P the "
           "losses on TinyStories and PrOntoQA divided by their unigram entropies, gamma = 0.8",
       .expected = Above(0),
       .measure = OfRuns(small, LeadByEntropy),
       .reason = [](const RunSet& runs) { return TextReached(runs, {kSmallInit}); }},
      {.id = "appendix_text.rises_by_entropy",
       .statement =
           "In units of its own unigram entropy PrOntoQA is ahead by the more the smaller the initial "
           "weights: the initialisation does it, not the text alone.",
       .place = kPlace,
       .kind = ClaimKind::kOurs,
       .metric = fmt::format(
           "(T - P) / T where T first is {} (linear between evaluations): the smaller of "
           "its steps from gamma = 0.3 to 0.5 and to 0.8",
           kProgress),
       .expected = Above(0),
       .amended = kReworded,
       .preconditions = {AllReachProgress()},
       .measure = SmallerTextStep(LeadAtProgress),
       .reason = LeadsText},
      {.id = "appendix_text.hops",
       .statement = "Questions of fewer hops are answered first.",
       .place = kPlace,
       .kind = ClaimKind::kOurs,
       .metric =
           "share of right answers, mean over training (step 0 included, trapezoidal), gamma = "
           "0.8: fewest hops minus most hops",
       .expected = Above(0),
       .preconditions =
           {{.text = "probability that the best evaluation of some number of hops has so many "
                     "right answers by guessing, times the evaluations, the smallest",
             .expected = AtMost(0.01),
             .measure = OfRuns(small, AnswersByChance)}},
       .measure = OfRuns(small,
                         [](const RunResult& run) {
                           const std::vector<int64_t>& hops = run.config.text.hops;
                           return MeanAnswerAccuracy(run, hops.front()) -
                                  MeanAnswerAccuracy(run, hops.back());
                         }),
       .reason = HopsText}};
}

plot::Figure Describe(const FigureData& data) {
  plot::Figure figure{.title = "GPT-2 on text",
                      .caption = data.caption,
                      .columns = 3,
                      .row_heights_in = {1.3, 1.3}};
  const std::vector<std::string> hops = WholeNumbers(data, kHopsPath);
  const std::vector<double> gammas = GammasOf(data, kLosses);
  // All panels of a letter one after the other: one without a letter belongs to the one before it.
  int column = 0;
  for (const double gamma : gammas) {
    plot::Panel losses = CoursePanel(data, CorpusConditions(Key(kLosses, gamma, "")),
                                     kLossByEntropy, "loss / unigram entropy");
    losses.x_axis.share = "epoch";
    losses.y_axis.share = "loss";
    losses.y_axis.min = 0.0;
    losses.references = {{.at = 1}};
    AddPanel(std::move(losses), column == 0 ? kLosses : "", GammaText(gamma),
             {.row = 0, .column = column}, &figure);
    ++column;
  }
  column = 0;
  for (const double gamma : gammas) {
    std::vector<Condition> conditions;
    for (size_t i = 0; i < hops.size(); ++i) {
      conditions.push_back({Key(kAnswers, gamma, AnswersSet(std::stoll(hops[i]))),
                            fmt::format("{} {}", hops[i], hops[i] == "1" ? "hop" : "hops"),
                            plot::IndexLook(static_cast<int>(i) + 2)});
    }
    plot::Panel answers = CoursePanel(data, conditions, kAccuracyName, "right answers");
    answers.x_axis.share = "epoch";
    answers.y_axis.share = "answers";
    answers.y_axis.min = 0.0;
    answers.y_axis.max = 1.0;
    answers.references = {{.at = 0.5}};
    AddPanel(std::move(answers), column == 0 ? kAnswers : "", "", {.row = 1, .column = column},
             &figure);
    ++column;
  }
  return figure;
}

}  // namespace

Study MakeStudy() {
  return {.experiment = {.name = "appendix_text",
                         .caption = fmt::format(
                             kCaption, SizeOf(ModelKind::kGpt2, Profile::kDefault).eval_samples,
                             kTextLength),
                         .asks = true,
                         .plan = TextRunsOfAllRates,
                         .assemble = Assemble,
                         .claims = Claims},
          .describe = Describe};
}

}  // namespace initbias
