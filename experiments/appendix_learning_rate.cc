// The appendix's ablation of the learning rate: figure 3's contrast at 1e-5 to 5e-4.
//
// Claim    Small weights learn reasoning first, and large ones reasoning and memory alike, whatever
//          the learning rate.
// Command  bazel run //experiments:appendix_learning_rate
// Cost     --help says it
// Expect   loss curves, a column a learning rate, a row an initialisation rate; the lead of
//          reasoning over memory by learning rate.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <set>

#include "experiments/base_runs.h"
#include "experiments/learning_contrast.h"
#include "experiments/study.h"
#include "figures/panels/learning_curves.h"
#include "figures/panels/marked_curves.h"
#include "figures/panels/values.h"
#include "lib/store/figure_key.h"
#include "lib/store/panel_names.h"

namespace initbias {
namespace {

constexpr char kCaption[] =
    "Appendix, learning rate: Transformer at gamma = 0.3 and 0.8. A: losses over training by "
    "learning rate. B: lead of the masked loss over the memory loss, mean over training. Each rate has steps "
    "in proportion to 1 / rate. Below the paper profile sequences of {} tokens and batches of {}; at default the rates 1e-4 and 5e-4 alone";

constexpr double kRates[] = {1e-5, 5e-5, 1e-4, 5e-4};
constexpr double kFastest = *std::ranges::max_element(kRates);
constexpr double kSlowestAtDefault = 1e-4;

// Evaluations of a run after the first.
constexpr int64_t kEvaluations = 40;

// Epochs at the fastest rate; at the paper profile those that the paper's number at its own rate
// comes to.
int64_t EpochsOfFastest(Profile profile) {
  if (profile == Profile::kPaper) {
    constexpr RunSize kPaperSize = SizeOf(ModelKind::kTransformer, Profile::kPaper);
    return std::llround(static_cast<double>(kPaperSize.epochs) * kPaperSize.learning_rate /
                        kFastest);
  }
  return profile == Profile::kSmoke ? 1 : 3;
}

// Places in the figure file.
constexpr char kRatesPath[] = "rates";
constexpr char kLeadGroup[] = "B";
// The curves at a learning rate, by its index.
std::string CurvesGroup(size_t rate) { return fmt::format("A/rate{}", rate + 1); }

// The rates of a profile. The slow ones take ten and fifty times the steps of the fastest: more
// than `make figures` has time for.
std::vector<double> Rates(Profile profile) {
  const bool all = profile == Profile::kExtended || profile == Profile::kPaper;
  std::vector<double> rates;
  std::ranges::copy_if(kRates, std::back_inserter(rates),
                       [all](double rate) { return all || rate >= kSlowestAtDefault; });
  return rates;
}

std::vector<RunConfig> Plan(Profile profile, int64_t seed) {
  std::vector<RunConfig> runs;
  for (const double rate : Rates(profile)) {
    for (const double gamma : {kLargeInit, kSmallInit}) {
      RunConfig run = ShortRun(profile, gamma, seed);
      // Steps in proportion to 1 / rate, so that all come as far.
      run.optimizer.schedule = Schedule::kConstant;
      run.optimizer.learning_rate = rate;
      run.train.epochs =
          std::llround(static_cast<double>(EpochsOfFastest(profile)) * kFastest / rate);
      run.train.eval_every = std::max<int64_t>(1, TotalSteps(run) / kEvaluations);
      run.probe = {};  // only its losses are looked at
      runs.push_back(run);
    }
  }
  return runs;
}

Runs At(const RunSet& runs, double rate, double gamma) {
  return runs.Select(fmt::format("at a learning rate of {}, gamma = {}", rate, gamma),
                     [rate, gamma](const RunConfig& config) {
                       return config.optimizer.learning_rate == rate && config.init.gamma == gamma;
                     });
}

// The rates of which there are runs, rising.
std::vector<double> RatesOf(const RunSet& runs) {
  std::set<double> rates;
  for (const RunResult& run : runs.all()) {
    rates.insert(run.config.optimizer.learning_rate);
  }
  return {rates.begin(), rates.end()};
}

void Assemble(const RunSet& runs, FigureData* figure) {
  const std::vector<double> rates = RatesOf(runs);
  figure->Add(kRatesPath, rates, "1");
  for (const double gamma : {kLargeInit, kSmallInit}) {
    std::vector<Runs> places;
    for (size_t i = 0; i < rates.size(); ++i) {
      places.push_back(At(runs, rates[i], gamma));
      AddLearningCurves(Key(CurvesGroup(i), gamma), places.back(), figure);
    }
    AddBandOver(Key(kLeadGroup, gamma), "1", places, TestLead, figure);
  }
}

std::vector<ClaimSpec> Claims() {
  std::vector<ClaimSpec> claims;
  for (const double rate : kRates) {
    const auto at = [rate](double gamma) {
      return [rate, gamma](const RunSet& runs) {
        const std::vector<double> rates = RatesOf(runs);
        const bool there = std::ranges::find(rates, rate) != rates.end();
        return there ? At(runs, rate, gamma) : Runs();
      };
    };
    claims.push_back({.id = fmt::format("appendix_learning_rate.{:g}", rate),
                      .statement = fmt::format(
                          "At a learning rate of {:g}, too, small initial weights (gamma = 0.8) "
                          "are biased towards reasoning beside large ones (0.3).",
                          rate),
                      .place = "appendix, ablation of the learning rate (known in outline only)",
                      .kind = ClaimKind::kDerived,
                      .metric = LeadContrastText(),
                      .expected = Above(0),
                      .amended = kReferenceAmended,
                      .registration = 2,
                      .preconditions = {ReasoningTrainLearns(at(kSmallInit), kSmallInit),
                                        ReferenceLearns(at(kLargeInit))},
                      .measure = DifferenceOfRuns(at(kSmallInit), at(kLargeInit), TestLead),
                      .reason = [at, rate](const RunSet& runs) {
                        const Runs small = at(kSmallInit)(runs);
                        return small.empty()
                                   ? fmt::format(
                                         "this rate takes {:g} times the steps of {:g} and is "
                                         "left to the extended and paper profiles",
                                         kFastest / rate, kFastest)
                                   : ReachedText(small);
                      }});
  }
  return claims;
}

plot::Figure Describe(const FigureData& data) {
  const std::vector<double>& rates = data.Get(kRatesPath).values;
  const auto columns = static_cast<int>(rates.size());
  plot::Figure figure{.title = "Learning rates", .caption = data.caption, .columns = columns};
  int row = 0;
  for (const double gamma : GammasOf(data, CurvesGroup(0))) {
    for (int column = 0; column < columns; ++column) {
      const auto rate = static_cast<size_t>(column);
      plot::Panel panel = CurvePanel(data, Key(CurvesGroup(rate), gamma), kLossName);
      panel.letter = std::string(row == 0 && column == 0 ? "A" : "");
      panel.title = fmt::format("{}, rate {:g}", GammaText(gamma), rates[rate]);
      panel.row = row;
      panel.column = column;
      panel.x_axis.share = fmt::format("epoch{}", column);
      panel.y_axis.share = fmt::format("loss{}", gamma);
      figure.panels.push_back(std::move(panel));
    }
    ++row;
  }
  figure.panels.push_back({.letter = "B",
                           .title = "lead of masked reasoning over memory",
                           .row = row,
                           .column = 0,
                           .column_span = columns,
                           .x_axis = {.label = "learning rate", .log = true},
                           .y_axis = {.label = "mean lead"},
                           .references = {{.at = 0}},
                           .content = RateCurves(data, kRatesPath, kLeadGroup)});
  return figure;
}

}  // namespace

Study MakeStudy() {
  return {.experiment = {.name = "appendix_learning_rate",
                         .caption = fmt::format(kCaption, kShortLength, kShortReading.batch),
                         .varies = {"optimizer.learning_rate"},
                         .plan = Plan,
                         .check = CheckMasked,
                         .assemble = Assemble,
                         .claims = Claims},
          .describe = Describe};
}

}  // namespace initbias
