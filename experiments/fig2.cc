// Figure 2: what the task looks like.
//
// Claim    The label of a reasoning sequence is its key plus its anchors; that of a memory sequence
//          was drawn once for its key and anchors. Neither depends on the noise or the place.
// Command  bazel run //experiments:fig2, then bazel run //figures:fig2
// Cost     see kCost; nothing is trained
// Expect   one generated sequence of each kind, its key, anchors and noise marked.
#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <string>
#include <vector>

#include "experiments/base_runs.h"
#include "lib/base/error.h"
#include "lib/data/anchor_task.h"
#include "lib/run/experiment.h"

namespace initbias {
namespace {

constexpr char kCaption[] =
    "Figure 2: a memory and a reasoning sequence of the data of seed 1, with key, anchors, noise and "
    "label";
constexpr char kCost[] = "1 s in every profile; nothing is trained";

using Combination = std::vector<int32_t>;  // the key and its anchors

// Where the key of sequence `row` stands: before the first token that is no key.
size_t KeyPosition(const AnchorTaskConfig& task, const Samples& samples, size_t row) {
  const auto begin = samples.tokens.begin() + static_cast<ptrdiff_t>(row) * samples.length;
  const auto anchor = std::find_if(begin, begin + samples.length, [&task](int32_t token) {
    return token < task.key_min || token > task.key_max;
  });
  return static_cast<size_t>(anchor - begin) - 1;
}

Combination CombinationOf(const AnchorTaskConfig& task, const Samples& samples, size_t row) {
  const auto begin = samples.tokens.begin() + static_cast<ptrdiff_t>(row) * samples.length +
                     static_cast<ptrdiff_t>(KeyPosition(task, samples, row));
  return {begin, begin + task.num_anchors + 1};
}

// The first sequence with noise on both sides and anchors that differ; the first of all where there
// is none such.
size_t Example(const AnchorTaskConfig& task, const Samples& samples) {
  for (size_t row = 0; row < samples.labels.size(); ++row) {
    const size_t key = KeyPosition(task, samples, row);
    const Combination tokens = CombinationOf(task, samples, row);
    const bool differ = std::set<int32_t>(tokens.begin(), tokens.end()).size() == tokens.size();
    if (differ && key > 0 && key < static_cast<size_t>(task.length - task.num_anchors - 1)) {
      return row;
    }
  }
  return 0;
}

void Add(const std::string& kind, const AnchorTaskConfig& task, const Samples& samples,
         FigureData* figure) {
  const size_t row = Example(task, samples);
  const auto begin = samples.tokens.begin() + static_cast<ptrdiff_t>(row) * samples.length;
  figure->Add("A/" + kind + "/tokens", std::vector<double>(begin, begin + samples.length), "token");
  figure->Add("A/" + kind + "/label", {static_cast<double>(samples.labels[row])}, "token");
  figure->Add("A/" + kind + "/key_position", {static_cast<double>(KeyPosition(task, samples, row))},
              "position from 0");
  figure->Add("A/" + kind + "/num_anchors", {static_cast<double>(task.num_anchors)}, "tokens");
}

void Assemble(const RunSet& runs, FigureData* figure) {
  const RunConfig& config = runs.all().front().config;
  const AnchorData data = MakeAnchorData(config.task, config.seed);
  Add("memory", config.task, data.memory, figure);
  Add("reasoning", config.task, data.reasoning_train, figure);
}

// The share of reasoning sequences whose label is the sum of their key and anchors.
double ShareOfSums(const AnchorTaskConfig& task, const Samples& samples) {
  double right = 0;
  for (size_t row = 0; row < samples.labels.size(); ++row) {
    const Combination tokens = CombinationOf(task, samples, row);
    right += std::accumulate(tokens.begin(), tokens.end(), 0) == samples.labels[row] ? 1 : 0;
  }
  return right / static_cast<double>(samples.size());
}

// The share of memory sequences with the label that their key and anchors had when first seen.
double ShareOfFixedLabels(const AnchorTaskConfig& task, const Samples& samples) {
  std::map<Combination, int32_t> labels;
  double right = 0;
  for (size_t row = 0; row < samples.labels.size(); ++row) {
    const int32_t label = samples.labels[row];
    right += labels.emplace(CombinationOf(task, samples, row), label).first->second == label;
  }
  return right / static_cast<double>(samples.size());
}

std::vector<Claim> Claims(const RunSet& runs) {
  Claim sums{.id = "fig2.reasoning",
             .statement = "The reasoning mapping: the label is the key plus the anchors.",
             .metric = "share of generated reasoning sequences with that label",
             .expected = AtLeast(1)};
  Claim fixed{.id = "fig2.memory",
              .statement =
                  "The memory mapping: the label is fixed for each key and anchors, whatever the "
                  "noise and the position.",
              .metric =
                  "share of generated memory sequences with the label of the first of their "
                  "key and anchors",
              .expected = AtLeast(1)};
  for (const RunResult& run : runs.all()) {
    const AnchorData data = MakeAnchorData(run.config.task, run.config.seed);
    sums.values.push_back(ShareOfSums(run.config.task, data.reasoning_train));
    fixed.values.push_back(ShareOfFixedLabels(run.config.task, data.memory));
  }
  return {fixed, sums};
}

void Check(const RunConfig& config) {
  if (config.task.kinds != TaskKinds::kBoth) {
    throw Error("figure 2 shows both kinds of sequences: task.kinds must be both");
  }
}

std::vector<RunConfig> Plan(Profile profile, int64_t seed) {
  return {TransformerRun(profile, kSmallInit, seed)};
}

Experiment Fig2() {
  return {.name = "fig2",
          .caption = kCaption,
          .cost = kCost,
          .trains = false,
          .plan = Plan,
          .check = Check,
          .assemble = Assemble,
          .claims = Claims};
}

}  // namespace
}  // namespace initbias

int main(int argc, char** argv) { return initbias::ExperimentMain(argc, argv, initbias::Fig2()); }
