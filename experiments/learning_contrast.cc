#include "experiments/learning_contrast.h"

#include <algorithm>

#include "lib/analysis/learning_curves.h"
#include "lib/base/error.h"

namespace initbias {
namespace {

double LeadOverMemory(const RunResult& run, const char* group) {
  return RelativeLead(run.Get(group).loss, run.Get("memory").loss);
}

}  // namespace

double TrainLead(const RunResult& run) { return LeadOverMemory(run, "reasoning_train"); }

double SmallerLead(const RunResult& run) {
  return std::min(TrainLead(run), LeadOverMemory(run, "reasoning_test"));
}

double BestTestAccuracy(const RunResult& run) {
  return std::ranges::max(run.Get("reasoning_test").accuracy);
}

void CheckMasked(const RunConfig& config) {
  if (config.task.masked.empty()) {
    throw Error("figure 3 shows masked reasoning sequences: task.masked must not be empty");
  }
}

std::vector<Claim> ContrastClaims(const Contrast& contrast,
                                  const std::vector<const RunResult*>& large,
                                  const std::vector<const RunResult*>& small) {
  const std::string lead = "mean over training of (L_mem - L) / max(L_mem, L)";
  return {{.id = contrast.prefix + "large_same_rate",
           .statement =
               contrast.place +
               ", gamma = 0.3: the losses on memory and reasoning training data fall at nearly "
               "the same rate.",
           .metric = lead + ", L on the reasoning training data",
           .expected = Between(-0.1, 0.1),
           .values = PerSeed(large, TrainLead),
           .reason = contrast.same_rate_reason},
          {.id = contrast.prefix + "large_no_generalisation",
           .statement = contrast.place +
                        ", gamma = 0.3: the masked reasoning data are not learned; the "
                        "model does not generalise.",
           .metric = "best accuracy on the masked reasoning data over training",
           .expected = AtMost(0.1),
           .values = PerSeed(large, BestTestAccuracy)},
          {.id = contrast.prefix + "small_reasoning_first",
           .statement = contrast.place +
                        ", gamma = 0.8: the losses on reasoning training and masked data "
                        "fall much faster than the loss on memory data.",
           .metric = lead + ", the smaller one of reasoning training and masked data",
           .expected = AtLeast(0.5),
           .values = PerSeed(small, SmallerLead),
           .reason = contrast.first_reason}};
}

Claim BetweenClaim(const Contrast& contrast, const std::vector<const RunResult*>& large,
                   const std::vector<const RunResult*>& usual,
                   const std::vector<const RunResult*>& small) {
  Claim between{.id = contrast.prefix + "usual_between",
                .statement = contrast.place + ": gamma = 0.5 lies between 0.3 and 0.8.",
                .metric =
                    "the smaller step of the mean lead of reasoning training data over memory "
                    "from 0.3 to 0.5 and from 0.5 to 0.8",
                .expected = Above(0)};
  const std::vector<double> from = PerSeed(large, TrainLead);
  const std::vector<double> by = PerSeed(usual, TrainLead);
  const std::vector<double> to = PerSeed(small, TrainLead);
  for (size_t i = 0; i < by.size(); ++i) {
    between.values.push_back(std::min(by[i] - from[i], to[i] - by[i]));
  }
  return between;
}

}  // namespace initbias
