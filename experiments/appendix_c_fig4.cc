// Appendix C: figure 4 at the usual and at large initialisation.
//
// Claim    The structure of the embeddings belongs to small initialisation: the larger the weights
//          begin, the less the cosines of reasoning anchors follow their label distributions.
// Command  bazel run //experiments:appendix_c_fig4
// Cost     the runs at 0.3 and 0.8 are figure 3B's
// Expect   cosine matrices early and late at gamma = 0.3 and 0.5, and their agreement with the
//          theory over training at all three rates.
#include "experiments/anchor_structure.h"
#include "experiments/base_runs.h"
#include "experiments/other_rates.h"
#include "experiments/study.h"
#include "figures/panels/embeddings.h"
#include "figures/panels/panel_place.h"
#include "figures/panels/values.h"

namespace initbias {
namespace {

constexpr char kCaption[] =
    "Appendix C, figure 4: Emb-MLP at gamma = 0.3 (A) and 0.5 (B), cosines of anchor embeddings early "
    "and late in training (matrices: first seed). C: their correlation with the cosines of the label "
    "distributions over training, median and range over seeds";

// Places in the figure file below the group of a rate.
constexpr char kEarly[] = "/early";
constexpr char kLate[] = "/late";
constexpr char kEpochs[] = "/epoch";  // of both
constexpr char kAgreement[] = "agreement";

std::vector<RunConfig> Plan(Profile profile, int64_t seed) {
  std::vector<RunConfig> runs;
  for (const double gamma : kAllGammas) {
    runs.push_back(EmbMlpRun(profile, gamma, seed));
  }
  return runs;
}

void AddPanels(const std::string& group, const Runs& runs, FigureData* figure) {
  AddAnchorCosines(group + kEarly, runs, AtShare(kPaperEarly), figure);
  AddAnchorCosines(group + kLate, runs, AtShare(kPaperLate), figure);
  const auto epochs = static_cast<double>(runs.front()->config.train.epochs);
  figure->Add(group + kEpochs, {kPaperEarly * epochs, kPaperLate * epochs}, "epochs");
}

void Assemble(const RunSet& runs, FigureData* figure) {
  AddOtherRates({.model = ModelKind::kEmbMlp,
                 .add_panels = AddPanels,
                 .add_course =
                     [](const std::string& group, const Runs& some, FigureData* out) {
                       AddCourse(group, kAgreement, some, LabelAgreement, out);
                     },
                 .stages = {{kAgreement, LabelAgreement}}},
                runs, figure);
}

std::vector<ClaimSpec> Claims() {
  return {SmallHasMore({.figure = 4,
                        .theory = "their P_s - 1/d_vob",
                        .model = ModelKind::kEmbMlp,
                        .agreement = LabelAgreement})};
}

plot::Figure Describe(const FigureData& data) {
  plot::Figure figure{.title = "Appendix C, figure 4", .caption = data.caption, .columns = 3};
  int row = 0;
  for (const OtherRate& rate : OtherRatesOf(data)) {
    const std::string epochs = rate.group + kEpochs;
    AddAnchorPanels({.letter = rate.group,
                     .heading = "Emb-MLP, " + GammaText(rate.gamma),
                     .group = rate.group + kEarly,
                     .when = EpochText(data, epochs, 0),
                     .row = row++},
                    data, &figure);
    AddAnchorPanels({.group = rate.group + kLate, .when = EpochText(data, epochs, 1), .row = row++},
                    data, &figure);
  }
  AddPanel(OtherRatesCourse(data, kAgreement, "correlation"), "C",
           "trained cosines against those of label distributions",
           {.row = row, .column = 0, .span = 3}, &figure);
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
