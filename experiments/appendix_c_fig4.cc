// Appendix C: figure 4 at the usual and at large initialisation.
//
// Claim    The structure of the embeddings belongs to small initialisation: the larger the weights
//          begin, the less the cosines of reasoning anchors follow their label distributions.
// Command  bazel run //experiments:appendix_c_fig4
// Cost     the runs at 0.3 and 0.8 are figure 3B's
// Expect   cosine matrices early and late at gamma = 0.3 and 0.5, and their agreement with the
//          theory over training at all three rates.
#include <fmt/format.h>

#include <iterator>

#include "experiments/anchor_structure.h"
#include "experiments/base_runs.h"
#include "experiments/learning_contrast.h"
#include "experiments/stages.h"
#include "experiments/study.h"
#include "figures/panels.h"
#include "lib/store/figure_key.h"

namespace initbias {
namespace {

constexpr char kCaption[] =
    "Appendix C, figure 4: Emb-MLP at gamma = 0.3 (A) and 0.5 (B), cosines of anchor embeddings early "
    "and late in training (matrices: first seed). C: their correlation with the cosines of the label "
    "distributions over training, median and range over seeds";

// The panels of rates, in the order of kAllGammas; the small one is figure 4's.
constexpr const char* kPanels[] = {"A", "B"};

std::vector<RunConfig> Plan(Profile profile, int64_t seed) {
  std::vector<RunConfig> runs;
  for (const double gamma : kAllGammas) {
    runs.push_back(EmbMlpRun(profile, gamma, seed));
  }
  return runs;
}

ChooseRuns At(double gamma) { return RunsAt(ModelKind::kEmbMlp, gamma); }

void Assemble(const RunSet& runs, FigureData* figure) {
  for (size_t i = 0; i < std::size(kPanels); ++i) {
    const Runs some = At(kAllGammas[i])(runs);
    const std::string group = kPanels[i];
    AddAnchorCosines(group + "/early", some, AtShare(kPaperEarly), figure);
    AddAnchorCosines(group + "/late", some, AtShare(kPaperLate), figure);
    const auto epochs = static_cast<double>(some.front()->config.train.epochs);
    figure->Add(group + "/epoch", {kPaperEarly * epochs, kPaperLate * epochs}, "epochs");
  }
  for (const double gamma : kAllGammas) {
    const Runs some = At(gamma)(runs);
    AddCourse(Key("C", gamma), "agreement", some, LabelAgreement, figure);
    AddStages(Key("stages", gamma), "agreement", some, LabelAgreement, figure);
  }
}

std::vector<ClaimSpec> Claims() {
  return {
      {.id = "appendix_c_fig4.structure",
       .statement = "The structure of figure 4 is that of small initialisation: at gamma = 0.3 the "
                    "reasoning anchors' embeddings have less of it when as much has been learned.",
       .place = "appendix C (known in outline only)",
       .kind = ClaimKind::kDerived,
       .metric =
           "correlation of the cosines of reasoning anchors' embeddings with those of their P_s - "
           "1/d_vob, at gamma = 0.8 minus at 0.3, each " +
           StageText(Stage::kHalf),
       .expected = Above(0),
       .amended = kHalfAmended,
       .registration = 2,
       .measure = DifferenceAtStage(At(kSmallInit), At(kLargeInit), Stage::kHalf, LabelAgreement),
       .reason = [](const RunSet& runs) {
         return "gamma = 0.3, " + ReachedText(At(kLargeInit)(runs));
       }}};
}

plot::Figure Describe(const FigureData& data) {
  plot::Figure figure{.title = "Appendix C, figure 4", .caption = data.caption, .columns = 3};
  int row = 0;
  for (size_t i = 0; i < std::size(kPanels); ++i) {
    const std::string group = kPanels[i];
    AddAnchorPanels({.letter = group,
                     .heading = fmt::format("Emb-MLP, γ = {}", GammaAt(data, RateKeys("C"), i)),
                     .group = group + "/early",
                     .when = EpochText(data, group + "/epoch", 0),
                     .row = row++},
                    data, &figure);
    AddAnchorPanels(
        {.group = group + "/late", .when = EpochText(data, group + "/epoch", 1), .row = row++},
        data, &figure);
  }
  plot::Panel course =
      CoursePanel(data, GammaConditions(data, RateKeys("C")), "agreement", "correlation");
  course.letter = "C";
  course.title = "trained cosines against those of label distributions";
  course.row = row;
  course.column = 0;
  course.column_span = 3;
  figure.panels.push_back(std::move(course));
  return figure;
}

}  // namespace

Study MakeStudy() {
  return {.experiment = {.name = "appendix_c_fig4",
                         .caption = kCaption,
                         .plan = Plan,
                         .check = CheckStructure,
                         .assemble = Assemble,
                         .claims = Claims},
          .describe = Describe};
}

}  // namespace initbias
