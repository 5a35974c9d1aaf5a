// Figure 6: the Transformer's first attention module at small initialisation.
//
// Claim    It averages over what came before, and its value matrix passes on one direction, the
//          reasoning anchors', to which the memory anchors are nearly orthogonal.
// Command  bazel run //experiments:fig6
// Cost     the runs are figure 3A's
// Expect   A: attention beside 1/i. B: singular values of W_V. C: its first left singular vector
//          against every anchor. D, ours: the same over training.
#include <fmt/format.h>

#include "experiments/anchor_structure.h"
#include "experiments/base_runs.h"
#include "experiments/first_attention.h"
#include "experiments/stages.h"
#include "experiments/study.h"
#include "figures/look.h"
#include "figures/panels/attention.h"
#include "figures/panels/curves.h"
#include "figures/panels/panel_place.h"
#include "figures/panels/values.h"
#include "lib/measure/learning.h"
#include "lib/store/figure_key.h"
#include "lib/store/panel_names.h"

namespace initbias {
namespace {

constexpr char kCaption[] =
    "Figure 6: first attention module of the Transformer at gamma = 0.8, at the end of the plateau at the "
    "start (the last snapshot before the reasoning training loss is below {} of its guess level). A: attention (first seed, mean over sequences) beside the "
    "averaging operator. B: singular values of W_V. C: cosine of its first left singular vector with "
    "each anchor's embedding. D: the same over training. Lines: median and range over seeds";

// Places in the figure file.
constexpr char kShownGroup[] = "ABC";
constexpr char kAveragingPath[] = "ABC/averaging";
constexpr char kCourseGroup[] = "D";
constexpr char kShownEpochPath[] = "D/stage";

const ChooseRuns kSmallRuns = RunsAt(ModelKind::kTransformer, kSmallInit);

void Assemble(const RunSet& runs, FigureData* figure) {
  const Runs small = kSmallRuns(runs);
  const RunConfig& config = small.front()->config;
  AddFirstAttention(kShownGroup, small, AtStage(kStructureStage), figure);
  AddAveragingOperator(kAveragingPath, config.task.length, figure);
  AddFirstAttentionCourse(kCourseGroup, small, figure);
  const RunResult& shown = *small.front();
  figure->Add(kShownEpochPath, {EpochAt(shown, DrawnShare(shown, kStructureStage))}, "epochs");
  for (const auto& [name, metric] :
       {NamedMeasure{"deviation", RelativeDeviation}, NamedMeasure{"dominance", ValueDominance},
        NamedMeasure{"energy_contrast", EnergyContrast},
        NamedMeasure{"passed_on", ValueNormContrast}}) {
    AddStages("stages", name, small, metric, figure);
  }
}

std::vector<ClaimSpec> Claims() {
  return FirstAttentionClaims("fig6.", "Section 5.2, figure 6", ClaimKind::kText, kSmallRuns,
                              kStructureStage);
}

plot::Figure Describe(const FigureData& data) {
  plot::Figure figure{.title = "Figure 6", .caption = data.caption, .columns = 3};
  const auto add = [&figure](plot::Panel panel, const std::string& letter, const std::string& title,
                             int row, int column, int span = 1) {
    AddPanel(std::move(panel), letter, title, {.row = row, .column = column, .span = span},
             &figure);
  };
  add(AttentionPanel(data, Below(kShownGroup, kAttentionName), true), "A",
      "attention, " + EpochText(data, kShownEpochPath), 0, 0);
  add(AttentionPanel(data, kAveragingPath, true), "", "averaging operator, 1/i", 0, 1);
  add(SingularValuePanel(data, kShownGroup), "B", "spectrum of W_{V}", 0, 2);
  add(AlignmentPanel(data, Below(kShownGroup, kAlignmentName)), "C",
      "first left singular vector of W_{V} against each anchor", 1, 0, 3);
  const plot::Look first = plot::IndexLook(0);
  const plot::Look second = plot::IndexLook(1);
  plot::Panel deviation =
      CoursePanel(data, {{kCourseGroup, "mean", first}}, kMeanDeviationName, "|A_{ij} i − 1|");
  std::get<plot::LinePlot>(deviation.content)
      .series.push_back(
          Curve(data, kCourseGroup, kEpochName, kLargestDeviationName, "largest", second));
  deviation.legend = plot::LegendPlace::kBelow;
  add(std::move(deviation), "D", "distance from averaging", 2, 0);
  plot::Panel dominance = CoursePanel(data, {{kCourseGroup, "", first}}, kDominanceName,
                                      "first / second singular value");
  dominance.y_axis.min = 0.0;
  add(std::move(dominance), "", "dominance of the first", 2, 1);
  plot::Panel alignment =
      CoursePanel(data, {{kCourseGroup, "memory anchors", RoleLook(Role::kMemory)}},
                  kMemoryEnergyName, "share of energy");
  std::get<plot::LinePlot>(alignment.content)
      .series.push_back(Curve(data, kCourseGroup, kEpochName, kReasoningEnergyName,
                              "reasoning anchors", RoleLook(Role::kReasoningTrain)));
  alignment.legend = plot::LegendPlace::kBelow;
  alignment.y_axis.min = 0.0;
  add(std::move(alignment), "", "anchors along the first", 2, 2);
  return figure;
}

}  // namespace

Study MakeStudy() {
  return {.experiment = {.name = "fig6",
                         .caption = fmt::format(kCaption, kPlateauEnds),
                         .plan = SmallTransformerPlan,
                         .check = CheckStructure,
                         .assemble = Assemble,
                         .claims = Claims},
          .describe = Describe};
}

}  // namespace initbias
