// Appendix B.8: more of the first attention module's value matrix W_V (Theorem 2).
//
// Claim    W_V has one direction, the reasoning anchors'; the further ones have none of it.
// Command  bazel run //experiments:appendix_b8, then bazel run //figures:appendix_b8
// Cost     see kCost; the runs are figure 3A's
// Expect   A: the first four left singular vectors against every anchor. B: alignment of the first
//          with both kinds of anchors by gamma. C: that with the reasoning anchors over training.
#include <fmt/format.h>

#include <cmath>

#include "experiments/base_runs.h"
#include "experiments/first_attention.h"
#include "lib/run/experiment.h"

namespace initbias {
namespace {

constexpr char kCaption[] =
    "Appendix B.8: value matrix W_V of the first attention module. A: cosines of its first four left "
    "singular vectors with each anchor's embedding, gamma = 0.8, at the stage of figure 6. B: mean "
    "|cosine| of the first with the anchors of each kind, by gamma. C: the same over training. Median "
    "and range over seeds";
constexpr char kCost[] = "smoke 4 s, default 0 min after figure 3, paper 3 days";

constexpr int64_t kDirections = 4;

void Assemble(const RunSet& runs, FigureData* figure) {
  const Runs small = runs.Where(ModelKind::kTransformer, kSmallInit);
  const double stage = StructureStage(small.front()->config);
  const AnchorTaskConfig& task = small.front()->config.task;
  for (int64_t i = 0; i < kDirections; ++i) {
    for (const auto& [kind, tokens] : {std::pair("memory", MemoryAnchors(task)),
                                       std::pair("reasoning", ReasoningAnchors(task))}) {
      std::vector<std::vector<double>> cosines;
      for (const RunResult* run : small) {
        cosines.push_back(Alignment(ValueMatrix(*run, stage).left, i, *run, stage, tokens));
      }
      const std::string path = fmt::format("A/direction{}/{}", i + 1, kind);
      figure->Add(path + "/token", TokenIds(tokens), "token");
      AddBand(path + "/cosine", "1", cosines, figure);
    }
  }
  figure->Add("B/gamma", {std::begin(kAllGammas), std::end(kAllGammas)}, "1");
  std::vector<std::vector<double>> reasoning(small.size());
  std::vector<std::vector<double>> memory(small.size());
  for (const double gamma : kAllGammas) {
    const Runs some = runs.Where(ModelKind::kTransformer, gamma);
    for (size_t seed = 0; seed < some.size(); ++seed) {
      const FirstAttention measured = MeasureFirstAttention(*some[seed], stage);
      reasoning[seed].push_back(measured.alignment_reasoning);
      memory[seed].push_back(measured.alignment_memory);
    }
    AddFirstAttentionCourse(fmt::format("C/gamma={}", gamma), some, figure);
  }
  AddBand("B/reasoning", "1", reasoning, figure);
  AddBand("B/memory", "1", memory, figure);
}

// Mean |cosine| of the second left singular vector with the reasoning anchors.
double SecondAlignment(const RunResult& run) {
  const double stage = StructureStage(run.config);
  const std::vector<double> cosines =
      Alignment(ValueMatrix(run, stage).left, 1, run, stage, ReasoningAnchors(run.config.task));
  double sum = 0;
  for (const double cosine : cosines) {
    sum += std::fabs(cosine);
  }
  return sum / static_cast<double>(cosines.size());
}

std::vector<Claim> Claims(const RunSet& runs) {
  const Runs small = runs.Where(ModelKind::kTransformer, kSmallInit);
  const Runs large = runs.Where(ModelKind::kTransformer, kLargeInit);
  const auto first = [](const RunResult& run) {
    return MeasureFirstAttention(run, StructureStage(run.config)).alignment_reasoning;
  };
  Claim one{.id = "appendix_b8.one_direction",
            .statement =
                "Appendix B.8: the first direction of W_V is the reasoning anchors'; the "
                "second less so.",
            .metric = "mean |cosine| with the reasoning anchors, first less second singular vector",
            .expected = Above(0)};
  Claim gamma{.id = "appendix_b8.by_gamma",
              .statement = "Appendix B.8: the alignment belongs to small initialisation.",
              .metric =
                  "mean |cosine| of the first singular vector with the reasoning anchors, at "
                  "gamma = 0.8 less at 0.3",
              .expected = Above(0)};
  for (const RunResult* run : small) {
    one.values.push_back(first(*run) - SecondAlignment(*run));
  }
  gamma.values = PerSeedDifference(small, large, first);
  return {one, gamma};
}

Experiment Appendix() {
  return {.name = "appendix_b8",
          .caption = kCaption,
          .cost = kCost,
          .plan = TransformerRuns,
          .check = CheckStructure,
          .assemble = Assemble,
          .claims = Claims};
}

}  // namespace
}  // namespace initbias

int main(int argc, char** argv) {
  return initbias::ExperimentMain(argc, argv, initbias::Appendix());
}
