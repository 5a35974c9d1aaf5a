#include "experiments/learning_contrast.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>

#include "lib/analysis/learning_events.h"
#include "lib/analysis/statistics.h"
#include "lib/base/error.h"
#include "lib/config/paper_rates.h"

namespace initbias {
namespace {

// What the metrics below say of themselves.
constexpr char kHalfGuess[] = "half of the set's guess level (the entropy of its labels)";
constexpr char kLeadFormula[] = "(L_mem - L) / max(L_mem, L)";

}  // namespace

void CheckMasked(const RunConfig& config) {
  if (config.task.masked.empty()) {
    throw Error("figure 3 shows masked reasoning sequences: task.masked must not be empty");
  }
}

std::string LeadText(std::string_view set) {
  return fmt::format("lead of the {} loss over the memory loss", set);
}

std::string MeanLeadText(std::string_view set) { return LeadText(set) + " (mean over training)"; }

std::string LeadContrastText(std::string_view before) {
  return fmt::format(
      "{} ({}mean over training, step 0 included, trapezoidal, of {}), at gamma = 0.8 minus at 0.3",
      LeadText(), before, kLeadFormula);
}

std::string ReasoningSpeedText(std::string_view level) {
  return fmt::format(
      "log2 of the steps of memory over those of the slower of reasoning training and masked "
      "sequences to {}; memory that does not get there counts with the run's length",
      level);
}

PreconditionSpec ReasoningTrainLearns(const ChooseRuns& runs, double gamma) {
  return {.text = fmt::format(
              "smallest loss on reasoning training sequences at gamma = {} as a share of the guess "
              "level",
              gamma),
          .expected = AtMost(kHalfLearned),
          .measure = OfRuns(runs, [](const RunResult& run) {
            return SmallestShareOfGuess(run, kReasoningTrainSet);
          })};
}

PreconditionSpec ReasoningIsLearned(const ChooseRuns& runs) {
  return {.text =
              "smallest loss on reasoning training and masked sequences as a share of the guess "
              "level, the larger one",
          .expected = AtMost(kHalfLearned),
          .measure = OfRuns(runs, [](const RunResult& run) {
            return std::max(SmallestShareOfGuess(run, kReasoningTrainSet),
                            SmallestShareOfGuess(run, kReasoningTestSet));
          })};
}

PreconditionSpec ReferenceLearns(const ChooseRuns& runs) {
  return {.text =
              "smallest loss on memory or masked sequences at gamma = 0.3 as a share of the guess "
              "level, the smaller one",
          .expected = AtMost(kHalfLearned),
          .measure = OfRuns(runs, SmallestShareOfEither)};
}

std::vector<ChooseRuns> EachRate(const std::function<ChooseRuns(double gamma)>& at) {
  std::vector<ChooseRuns> rates;
  for (const double gamma : kAllGammas) {
    rates.push_back(at(gamma));
  }
  return rates;
}

std::string AtRatesText(const RunSet& runs, const std::vector<ChooseRuns>& rates,
                        const std::function<double(const RunResult&)>& metric,
                        const RatesFormat& format) {
  INITBIAS_CHECK(rates.size() == std::size(kAllGammas));
  std::vector<std::string> texts;
  for (size_t i = 0; i < rates.size(); ++i) {
    texts.push_back(fmt::format("{:.{}f} at {}{}", Mean(PerSeed(rates[i](runs), metric)),
                                format.decimals,
                                format.gamma_once && i > 0 ? "" : "gamma = ", kAllGammas[i]));
  }
  return fmt::format("{}", fmt::join(texts, ", "));
}

std::string ReachedText(const Runs& runs) {
  std::vector<std::string> sets;
  for (const char* set : {kMemorySet, kReasoningTrainSet, kReasoningTestSet}) {
    const auto mean = [&](auto value) { return Mean(PerSeed(runs, value)); };
    sets.push_back(
        fmt::format("{} {:.2f} nats (accuracy {:.2f}, guess level {:.2f})", set,
                    mean([set](const RunResult& run) { return FinalLoss(run, set); }),
                    mean([set](const RunResult& run) { return FinalAccuracy(run, set); }),
                    GuessLevel(runs.front()->config.task, set)));
  }
  return fmt::format("at the end, after {} steps, mean over seeds: {}", runs.front()->step.back(),
                     fmt::join(sets, ", "));
}

std::vector<ClaimSpec> ContrastClaims(const Contrast& contrast) {
  const auto both_reach = [](const ChooseRuns& runs, bool for_holds_only) {
    return PreconditionSpec{
        .text = "smallest loss on the training sets as a share of the guess level, the larger one",
        .expected = AtMost(kHalfLearned),
        .measure = OfRuns(runs,
                          [](const RunResult& run) {
                            return std::max(SmallestShareOfGuess(run, kMemorySet),
                                            SmallestShareOfGuess(run, kReasoningTrainSet));
                          }),
        .for_holds_only = for_holds_only};
  };
  const auto fitted = [](const ChooseRuns& runs) {
    return PreconditionSpec{.text = "accuracy at the end on both training sets, the smaller one",
                            .expected = AtLeast(0.9),
                            .measure = OfRuns(runs, FinalTrainAccuracy),
                            .for_holds_only = true};
  };
  const auto reached = [](const ChooseRuns& runs) {
    return [runs](const RunSet& set) { return ReachedText(runs(set)); };
  };
  const std::vector<ChooseRuns> rates = {contrast.large, contrast.usual, contrast.small};
  const std::string speed = ReasoningSpeedText(kHalfGuess);
  const std::string lead = fmt::format(
      "{}: mean over training (step 0 included, trapezoidal) of {}, until both are below {}",
      LeadText(), kLeadFormula, kLearnedLoss);
  std::vector<ClaimSpec> claims = {
      {.id = "large_same_rate",
       .statement =
           "At gamma = 0.3 the losses on memory and reasoning training data fall at nearly "
           "the same rate.",
       .metric = fmt::format(
           "log2 of the steps of memory over those of reasoning training to {}; one that does not get "
           "there counts with the run's length (a bound)",
           kHalfGuess),
       .expected = Between(-0.5, 0.5),
       .threshold_reason =
           "nearly the same: within a factor of 1.41, half of the factor of two that counts as much "
           "faster here",
       .amended =
           "a loss that has not come to the level within the run bounds the ratio, and a bound "
           "outside of the region decides; before, it decided nothing",
       .registration = 2,
       .preconditions = {both_reach(contrast.large, /*for_holds_only=*/true)},
       .measure = OfRuns(contrast.large, TrainSpeedRatio),
       .reason = reached(contrast.large)},
      {.id = "large_no_generalisation",
       .statement = "At gamma = 0.3 the loss on masked reasoning data stays as it is while the "
                    "training data are learned.",
       .metric = "smallest loss on masked sequences over training as a share of the guess level",
       .expected = AtLeast(kPlateauEnds),
       .threshold_reason = fmt::format(
           "the {} that dates the end of a plateau everywhere here: a loss above it has not left the "
           "guess level",
           kPlateauEnds),
       .amended = "the smallest loss so far can only fall: below the region it differs, whether or "
                  "not the training data are fitted; before, it was undecided",
       .registration = 2,
       .preconditions = {fitted(contrast.large)},
       .measure = OfRuns(
           contrast.large,
           [](const RunResult& run) { return SmallestShareOfGuess(run, kReasoningTestSet); }),
       .reason = reached(contrast.large)},
      {.id = "large_prefers_memory",
       .statement =
           "At gamma = 0.3 memorising is preferred to generalising: the memory loss runs ahead "
           "of the masked loss.",
       .place = "Abstract; " + contrast.place,
       .metric = lead,
       .expected = Below(0),
       .preconditions = {both_reach(contrast.large, /*for_holds_only=*/false)},
       .measure = OfRuns(contrast.large, TestLead),
       .reason = reached(contrast.large)},
      {.id = "small_reasoning_first",
       .statement =
           "At gamma = 0.8 the losses on reasoning training and masked data fall faster than "
           "the loss on memory data.",
       .metric = speed,
       .expected = Above(0),
       .preconditions = {ReasoningIsLearned(contrast.small)},
       .measure = OfRuns(contrast.small, ReasoningSpeed),
       .reason = reached(contrast.small)},
      {.id = "small_much_faster",
       .statement = "At gamma = 0.8 the losses on reasoning training and masked data fall "
                    "significantly faster than the loss on memory data: at least twice as fast.",
       .metric = speed,
       .expected = AtLeast(1),
       .rule = ClaimRule::kEverySeed,
       .threshold_reason = kSignificantly,
       .amended = kReworded,
       .preconditions = {ReasoningIsLearned(contrast.small)},
       .measure = OfRuns(contrast.small, ReasoningSpeed),
       .reason = reached(contrast.small)},
      {.id = "progressive",
       .statement =
           "The smaller the initial weights, the stronger the bias towards reasoning: gamma = "
           "0.5 lies between 0.3 and 0.8.",
       .metric = "smaller of the steps from gamma = 0.3 to 0.5 and to 0.8 of the " + lead,
       .expected = Above(0),
       .preconditions =
           {{.text =
                 "smallest loss on reasoning training sequences as a share of the guess level, the "
                 "largest over gamma",
             .expected = AtMost(kHalfLearned),
             .measure = LargestOf(rates,
                                  [](const RunResult& run) {
                                    return SmallestShareOfGuess(run, kReasoningTrainSet);
                                  })}},
       .measure = SmallerStep(contrast.large, contrast.usual, contrast.small, TestLead),
       .reason =
           [rates](const RunSet& runs) {
             return "mean lead " + AtRatesText(runs, rates, TestLead, {.gamma_once = true});
           }},
  };
  for (ClaimSpec& claim : claims) {
    claim.id.insert(0, contrast.prefix);
    claim.kind = contrast.kind;
    claim.place = claim.place.empty() ? contrast.place : claim.place;
  }
  return claims;
}

}  // namespace initbias
