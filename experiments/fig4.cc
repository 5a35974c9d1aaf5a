// Figure 4: how Emb-MLP's embeddings come to lie at small initialisation, and why.
//
// Claim    The cosine of two reasoning anchors falls with their distance |s_i - s_j|, as that of
//          their label distributions does; memory anchors, whose labels are all distributed alike,
//          stay all alike.
// Command  bazel run //experiments:fig4
// Cost     the runs are figure 3B's
// Expect   A: cosine matrices at an early and a late epoch. B: P_s - 1/d_vob. C: its cosines.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <tuple>

#include "experiments/anchor_structure.h"
#include "experiments/base_runs.h"
#include "experiments/study.h"
#include "figures/panels/embeddings.h"
#include "figures/panels/values.h"
#include "lib/analysis/shape.h"
#include "lib/analysis/statistics.h"
#include "lib/data/anchor/anchor_task.h"

namespace initbias {
namespace {

constexpr char kCaption[] =
    "Figure 4: Emb-MLP at gamma = 0.8. A: cosines of anchor embeddings early and late in training "
    "(matrices: first seed; lines: median and range over seeds). B: label distributions of the reasoning "
    "anchors. C: their cosines";

// Places in the figure file.
constexpr char kEarlyGroup[] = "A/early";
constexpr char kLateGroup[] = "A/late";
constexpr char kEpochsPath[] = "A/epoch";  // of both
constexpr char kLabelPath[] = "B/label";
constexpr char kAnchorPath[] = "B/anchor";
constexpr char kCentredPath[] = "B/centred";
constexpr char kCosineGroup[] = "C/reasoning";

std::vector<RunConfig> Plan(Profile profile, int64_t seed) {
  return {EmbMlpRun(profile, kSmallInit, seed)};
}

const ChooseRuns kSmallRuns = RunsAt(ModelKind::kEmbMlp, kSmallInit);

void Assemble(const RunSet& runs, FigureData* figure) {
  const Runs small = kSmallRuns(runs);
  const AnchorTaskConfig& task = small.front()->config.task;
  const auto epochs = static_cast<double>(small.front()->config.train.epochs);
  AddAnchorCosines(kEarlyGroup, small, AtShare(kPaperEarly), figure);
  AddAnchorCosines(kLateGroup, small, AtShare(kPaperLate), figure);
  figure->Add(kEpochsPath, {kPaperEarly * epochs, kPaperLate * epochs}, "epochs");
  const Matrix distributions = CentredLabelDistributions(task);
  figure->Add(kLabelPath, TokenIds({0, task.vocabulary - 1}), "label");
  figure->Add(kAnchorPath, TokenIds(ReasoningAnchors(task)), "token");
  figure->Add(kCentredPath, {distributions.rows, distributions.columns}, distributions.values,
              "probability");
  AddStages("stages", "memory_contrast", small, MemoryContrast, figure);
  AddStages("stages", "decay", small, DecayCorrelation, figure);
  AddMatrix(kCosineGroup, ReasoningAnchors(task), CosineMatrix(distributions), figure);
}

ClaimSpec LabelClaim(const std::string& id, const std::string& when, double share) {
  return {.id = "fig4.C." + id,
          .statement =
              "The cosines of P_s - 1/d_vob have a structure similar to that of the reasoning "
              "anchors' embeddings, " +
              when + ".",
          .place = "Section 5.1, figures 4A and 4C",
          .kind = ClaimKind::kText,
          .metric =
              "one-sided probability of the correlation of the cosines of reasoning anchors' "
              "embeddings with those of their P_s - 1/d_vob under " +
              PermutationsText() +
              " of the "
              "anchors (Mantel test)",
          .expected = AtMost(kTestLevel),
          .rule = ClaimRule::kEverySeed,
          .threshold_reason = kTestLevelReason,
          .measure = AtShares(kSmallRuns, AtShare(share), LabelProbability),
          .reason = [share](const RunSet& runs) {
            return fmt::format("mean correlation {:.2f}",
                               Mean(AtShares(kSmallRuns, AtShare(share), LabelAgreement)(runs)));
          }};
}

std::vector<ClaimSpec> Claims() {
  const auto at = [](const std::string& name, double share) {
    constexpr int64_t kEpochs = SizeOf(ModelKind::kEmbMlp, Profile::kPaper).epochs;
    return fmt::format("{} (epoch {:.0f} of {}, or the same share of a shorter training)", name,
                       share * static_cast<double>(kEpochs), kEpochs);
  };
  const std::string early = at("early", kPaperEarly);
  const std::string late = at("late", kPaperLate);
  std::vector<ClaimSpec> claims;
  for (const auto& [id, when, share] :
       {std::tuple("early_", early, kPaperEarly), std::tuple("late_", late, kPaperLate)}) {
    std::ranges::move(AnchorClaims({.prefix = std::string("fig4.A.") + id,
                                    .place = "Section 5.1, figure 4A",
                                    .kind = ClaimKind::kText,
                                    .when = when,
                                    .runs = kSmallRuns,
                                    .share = AtShare(share)}),
                      std::back_inserter(claims));
  }
  claims.push_back(LabelClaim("early_structure", early, kPaperEarly));
  claims.push_back(LabelClaim("late_structure", late, kPaperLate));
  return claims;
}

plot::Figure Describe(const FigureData& data) {
  plot::Figure figure{.title = "Figure 4", .caption = data.caption, .columns = 3};
  AddAnchorPanels({.letter = "A",
                   .heading = "Emb-MLP, " + RateText(data),
                   .group = kEarlyGroup,
                   .when = EpochText(data, kEpochsPath, 0),
                   .row = 0},
                  data, &figure);
  AddAnchorPanels({.group = kLateGroup, .when = EpochText(data, kEpochsPath, 1), .row = 1}, data,
                  &figure);
  const FigureArray& centred = data.Get(kCentredPath);
  const std::vector<double>& anchors = data.Get(kAnchorPath).values;
  const auto labels = static_cast<size_t>(centred.shape.at(1));
  plot::LinePlot curves{.scale = {.label = "anchor s"}};
  for (size_t i = 0; i < anchors.size(); ++i) {
    const auto begin = centred.values.begin() + static_cast<ptrdiff_t>(i * labels);
    curves.series.push_back({.x = data.Get(kLabelPath).values,
                             .y = {begin, begin + static_cast<ptrdiff_t>(labels)},
                             .value = anchors[i]});
  }
  figure.panels.push_back({.letter = "B",
                           .title = "label distributions of reasoning anchors",
                           .row = 2,
                           .column = 0,
                           .column_span = 2,
                           .x_axis = {.label = "label i"},
                           .y_axis = {.label = "P_{s}(i) − 1/d_{vob}"},
                           .references = {{.at = 0}},
                           .content = std::move(curves)});
  figure.panels.push_back({.letter = "C",
                           .title = "cosine of P_{s} − 1/d_{vob}",
                           .row = 2,
                           .column = 2,
                           .x_axis = {.label = "anchor s_{j}"},
                           .y_axis = {.label = "anchor s_{i}"},
                           .content = CosineMap(data, kCosineGroup, true)});
  return figure;
}

}  // namespace

Study MakeStudy() {
  return {.experiment = {.name = "fig4",
                         .caption = kCaption,
                         .plan = Plan,
                         .check = CheckStructure,
                         .assemble = Assemble,
                         .claims = Claims},
          .describe = Describe};
}

}  // namespace initbias
