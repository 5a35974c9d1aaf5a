// Appendix B.7: figure 5C for every reasoning anchor.
//
// Claim    The cosines of each reasoning anchor with the others are those of Theorem 1's
//          embeddings.
// Command  bazel run //experiments:appendix_b7
// Cost     the runs are figure 3A's
// Expect   a panel an anchor: real cosines (median and range over seeds) beside theoretical ones.
#include <fmt/format.h>

#include "experiments/anchor_structure.h"
#include "experiments/base_runs.h"
#include "experiments/learning_contrast.h"
#include "experiments/stages.h"
#include "experiments/study.h"
#include "figures/panels/embeddings.h"

namespace initbias {
namespace {

constexpr char kCaption[] =
    "Appendix B.7: Transformer at gamma = 0.8, at the stage of figure 5 (the end of the plateau): cosines of each reasoning "
    "anchor s with reasoning anchors and keys, real (median and range over seeds) and of Theorem 1";

// Places in the figure file.
constexpr char kNoisePath[] = "noise";
constexpr char kAnchorsPath[] = "anchors";
std::string RowGroup(int64_t anchor) { return fmt::format("A/s={}", anchor); }

const ChooseRuns kSmallRuns = RunsAt(ModelKind::kTransformer, kSmallInit);

void Assemble(const RunSet& runs, FigureData* figure) {
  const Runs small = kSmallRuns(runs);
  const RunConfig& config = small.front()->config;
  figure->texts.push_back({kNoisePath, {NoiseText(config)}});
  figure->Add(kAnchorsPath, TokenIds(ReasoningAnchors(config.task)), "token");
  for (int64_t s = config.task.reasoning_min; s <= config.task.reasoning_max; ++s) {
    AddTheoryRow(RowGroup(s), small, AtStage(kStructureStage), s, figure);
  }
  AddStages("stages", "excess_anchors", small, MeanRowShapeExcess, figure);
  AddStages("stages", "excess_keys", small, MeanKeyRowExcess, figure);
}

std::vector<ClaimSpec> Claims() {
  const auto claim = [](const std::string& id, const std::string& with,
                        double (*excess)(const RunResult&, double)) {
    return ClaimSpec{
        .id = "appendix_b7." + id,
        .statement =
            "The comparison of figure 5C holds for every reasoning anchor: its cosines with " +
            with + " are Theorem 1's.",
        .place = "appendix B.7 (known in outline only)",
        .kind = ClaimKind::kDerived,
        .metric = "mean over the reasoning anchors of the RMSE of an anchor's cosines with " +
                  with + " to Eq. 14's minus that to their own best straight line; " +
                  StageText(kStructureStage),
        .expected = Below(0),
        .measure = AtShares(kSmallRuns, JudgedAt(kStructureStage), excess),
        .reason = [](const RunSet& runs) { return ReachedText(kSmallRuns(runs)); }};
  };
  return {claim("anchors", "the other reasoning anchors", MeanRowShapeExcess),
          claim("keys", "the keys", MeanKeyRowExcess)};
}

plot::Figure Describe(const FigureData& data) {
  constexpr int kColumns = 3;
  plot::Figure figure{.title = "Appendix B.7", .caption = data.caption, .columns = kColumns};
  for (const double anchor : data.Get(kAnchorsPath).values) {
    const auto s = static_cast<int>(anchor);
    plot::Panel panel = TheoryRowPanel(data, RowGroup(s), s);
    const auto index = static_cast<int>(figure.panels.size());
    panel.letter = index == 0 ? "A" : "";
    panel.row = index / kColumns;
    panel.column = index % kColumns;
    panel.x_axis.share = fmt::format("token{}", panel.column);
    panel.y_axis.share = "cosine";
    figure.panels.push_back(std::move(panel));
  }
  return figure;
}

}  // namespace

Study MakeStudy() {
  return {.experiment = {.name = "appendix_b7",
                         .caption = kCaption,
                         .plan = SmallTransformerPlan,
                         .check = CheckStructure,
                         .assemble = Assemble,
                         .claims = Claims},
          .describe = Describe};
}

}  // namespace initbias
