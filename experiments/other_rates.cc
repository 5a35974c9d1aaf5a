#include "experiments/other_rates.h"

#include <fmt/format.h>

#include <iterator>

#include "experiments/learning_contrast.h"
#include "experiments/stages.h"
#include "figures/panels/curves.h"
#include "figures/panels/values.h"
#include "lib/config/paper_rates.h"
#include "lib/measure/seed_values.h"
#include "lib/store/figure_key.h"

namespace initbias {
namespace {

// The panels of rates, in the order of kAllGammas; the small one is the figure's own.
constexpr const char* kPanels[] = {"A", "B"};
constexpr char kCourses[] = "C";

}  // namespace

void AddOtherRates(const OtherRates& rates, const RunSet& runs, FigureData* figure) {
  for (size_t i = 0; i < std::size(kPanels); ++i) {
    rates.add_panels(kPanels[i], runs.Where(rates.model, kAllGammas[i]), figure);
  }
  for (const double gamma : kAllGammas) {
    const Runs some = runs.Where(rates.model, gamma);
    rates.add_course(Key(kCourses, gamma), some, figure);
    for (const NamedMeasure& measure : rates.stages) {
      AddStages(Key("stages", gamma), measure.name, some, measure.metric, figure);
    }
  }
}

std::vector<OtherRate> OtherRatesOf(const FigureData& data) {
  std::vector<OtherRate> rates;
  for (const char* panel : kPanels) {
    rates.push_back({panel, GammaAt(data, kCourses, rates.size())});
  }
  return rates;
}

plot::Panel OtherRatesCourse(const FigureData& data, const std::string& name,
                             const std::string& label) {
  return CoursePanel(data, GammaConditions(data, kCourses), name, label);
}

ClaimSpec SmallHasMore(const StructureClaim& claim) {
  const ChooseRuns large = RunsAt(claim.model, kLargeInit);
  return {
      .id = fmt::format("appendix_c_fig{}.structure", claim.figure),
      .statement = fmt::format(
          "The structure of figure {} is that of small initialisation: at gamma = 0.3 the "
          "reasoning anchors' embeddings have less of it when as much has been learned.",
          claim.figure),
      .place = kAppendixC,
      .kind = ClaimKind::kDerived,
      .metric = fmt::format(
          "correlation of the cosines of reasoning anchors' embeddings with those of {}, at "
          "gamma = 0.8 minus at 0.3, each {}",
          claim.theory, StageText(Stage::kHalf)),
      .expected = Above(0),
      .amended = kHalfAmended,
      .registration = 2,
      .measure =
          DifferenceAtStage(RunsAt(claim.model, kSmallInit), large, Stage::kHalf, claim.agreement),
      .reason = [large](const RunSet& runs) { return "gamma = 0.3, " + ReachedText(large(runs)); }};
}

}  // namespace initbias
