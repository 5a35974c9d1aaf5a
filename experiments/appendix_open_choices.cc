// Ours: which reading of what the paper leaves open makes which of its statements true?
//
// Question Where LayerNorm stands, whether there are biases and what schedule the learning rate has
//          is not said in full. The main reading is the one under which most of the text's
//          statements hold and fewest differ on pilot seeds; ties go to the one with more evidence
//          in what the group published elsewhere (kMainReading in base_runs.h says what came out).
// Command  bazel run //experiments:appendix_open_choices -- --profile=extended
// Cost     --help says it
// Expect   A: a table of verdicts with values, a row a reading, a column a statement. B:
//          attention's distance from averaging, and W_V's singular values and energy, over training
//          for each place of the norm: when a statement holds, not only whether.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "experiments/anchor_structure.h"
#include "experiments/base_runs.h"
#include "experiments/first_attention.h"
#include "experiments/learning_contrast.h"
#include "experiments/stages.h"
#include "experiments/study.h"
#include "figures/panels/curves.h"
#include "figures/panels/table.h"
#include "lib/analysis/statistics.h"
#include "lib/base/error.h"
#include "lib/claims/claim.h"
#include "lib/store/panel_names.h"

namespace initbias {
namespace {

constexpr char kCaption[] =
    "Open choices: the statements of figures 3A, 5 and 6 under each place of the norm, biases (zero, or torch's default) and "
    "schedule of the learning rate, on pilot seeds. A: measured values; blue holds in every seed, red in none, white is undecided. "
    "B: the first attention module over training at gamma = 0.8, zero biases, constant rate: when a statement holds. "
    "At the extended profile the runs have the default size of figure 3A; at default they are shorter, of sequences "
    "of {} tokens, and show little";

std::vector<Reading> Readings() {
  std::vector<Reading> readings;
  for (const Norm norm : {Norm::kPre, Norm::kPost, Norm::kNone}) {
    for (const Bias bias : {Bias::kZero, Bias::kTorchDefault}) {
      for (const Schedule schedule : {Schedule::kConstant, Schedule::kWarmupCosine}) {
        readings.push_back({norm, bias, schedule});
      }
    }
  }
  return readings;
}

std::vector<RunConfig> Plan(Profile profile, int64_t seed) {
  std::vector<RunConfig> runs;
  for (const Reading& reading : Readings()) {
    for (const double gamma : kAllGammas) {
      runs.push_back(ReadingRun(profile, reading, gamma, seed));
    }
  }
  return runs;
}

std::string Label(const Reading& reading) {
  const std::string norm =
      reading.norm == Norm::kNone ? "no norm" : FormatValue(reading.norm) + "-norm";
  return fmt::format("{}, {}, {}", norm, reading.bias == Bias::kZero ? "zero" : "torch",
                     reading.schedule == Schedule::kConstant ? "constant" : "warm-up");
}

// The runs of one reading.
ChooseRuns At(const Reading& reading, double gamma) {
  return [reading, gamma](const RunSet& runs) {
    return runs.Select(Label(reading), [&](const RunConfig& config) {
      return config.transformer.norm == reading.norm && config.transformer.bias == reading.bias &&
             config.optimizer.schedule == reading.schedule && config.init.gamma == gamma;
    });
  };
}

// The statements of figures 3A, 5A and 6 under one reading.
std::vector<ClaimSpec> Statements(const Reading& reading) {
  std::vector<ClaimSpec> claims = ContrastClaims({.prefix = "3A.",
                                                  .large = At(reading, kLargeInit),
                                                  .usual = At(reading, kUsualInit),
                                                  .small = At(reading, kSmallInit)});
  std::ranges::move(
      AnchorClaims(
          {.prefix = "5A.", .runs = At(reading, kSmallInit), .share = JudgedAt(kStructureStage)}),
      std::back_inserter(claims));
  claims.push_back({.id = "5B.keys_in_order",
                    .expected = AtMost(kTestLevel),
                    .measure = AtShares(At(reading, kSmallInit), JudgedAt(kStructureStage),
                                        KeyOrderProbability)});
  claims.push_back(
      {.id = "5C.structure",
       .expected = AtMost(kTestLevel),
       .measure = AtShares(At(reading, kSmallInit), JudgedAt(kStructureStage), TheoryProbability)});
  claims.push_back(
      {.id = "5C.shape",
       .expected = Below(0),
       .measure = AtShares(At(reading, kSmallInit), JudgedAt(kStructureStage), ShapeExcess)});
  std::ranges::move(
      FirstAttentionClaims("6.", "", ClaimKind::kText, At(reading, kSmallInit), kStructureStage),
      std::back_inserter(claims));
  return claims;
}

// A verdict as a number.
double VerdictNumber(Verdict verdict) {
  return verdict == Verdict::kHolds ? 1 : verdict == Verdict::kDiffers ? 0 : 0.5;
}

// Places in the figure file.
constexpr char kValuePath[] = "A/value";
constexpr char kVerdictPath[] = "A/verdict";
constexpr char kReadingsPath[] = "A/readings";
constexpr char kStatementsPath[] = "A/statements";
constexpr Norm kNorms[] = {Norm::kPre, Norm::kPost, Norm::kNone};
std::string NormGroup(Norm norm) { return fmt::format("B/{}", FormatValue(norm)); }

void Assemble(const RunSet& runs, FigureData* figure) {
  std::vector<double> values;
  std::vector<double> verdicts;
  std::vector<double> held;
  std::vector<double> failed;
  std::vector<std::string> readings;
  std::vector<std::string> statements;
  for (const Reading& reading : Readings()) {
    readings.push_back(Label(reading));
    statements.clear();
    held.push_back(0);
    failed.push_back(0);
    for (const ClaimSpec& spec : Statements(reading)) {
      const Claim claim = Measure(spec, runs);
      const Verdict verdict = PilotVerdict(claim);
      statements.push_back(claim.id);
      values.push_back(Median(claim.values));
      verdicts.push_back(VerdictNumber(verdict));
      held.back() += verdict == Verdict::kHolds ? 1 : 0;
      failed.back() += verdict == Verdict::kDiffers ? 1 : 0;
    }
  }
  const std::vector<int64_t> shape = {static_cast<int64_t>(readings.size()),
                                      static_cast<int64_t>(statements.size())};
  figure->Add(kValuePath, shape, values, "1");
  figure->Add(kVerdictPath, shape, verdicts, "1 holds, 0 differs, 0.5 undecided");
  figure->Add("A/held", held, "statements");
  figure->Add("A/failed", failed, "statements");
  figure->texts.push_back({kReadingsPath, readings});
  figure->texts.push_back({kStatementsPath, statements});
  for (const Norm norm : kNorms) {
    const Runs some = At({.norm = norm}, kSmallInit)(runs);
    AddFirstAttentionCourse(NormGroup(norm), some, figure);
  }
  // When the main statements hold, of each reading: at which of the stages.
  for (const Reading& reading : Readings()) {
    const Runs some = At(reading, kSmallInit)(runs);
    const std::string stages = "stages/" + Label(reading);
    AddStages(stages, "memory_contrast", some, MemoryContrast, figure);
    AddStages(stages, "decay_probability", some, DecayProbability, figure);
    AddStages(stages, "averaging", some, RelativeDeviation, figure);
    AddStages(stages, "dominance", some, DominanceOverChance, figure);
    AddStages(stages, "energy_contrast", some, EnergyContrast, figure);
  }
}

// Three digits at most, so that values fit their cells.
std::string CellText(double value) {
  return std::isnan(value)           ? "–"
         : std::fabs(value) >= 99.95 ? fmt::format("{:.0f}", value)
         : std::fabs(value) >= 9.995 ? fmt::format("{:.1f}", value)
                                     : fmt::format("{:.2f}", value);
}

plot::Panel Table(const FigureData& data) {
  const FigureArray& values = data.Get(kValuePath);
  plot::HeatMap map = PaleTable(data.Texts(kStatementsPath), 1);
  map.rows = static_cast<int>(values.shape.at(0));
  map.row_labels = data.Texts(kReadingsPath);
  map.vertical_column_labels = true;
  for (const double verdict : data.Get(kVerdictPath).values) {
    map.values.push_back(1 - 2 * verdict);  // the scale's blue is its low end, its middle is white
  }
  for (const double value : values.values) {
    map.cell_labels.push_back(CellText(value));
  }
  return {.letter = "A",
          .heading = "statements of figures 3A, 5 and 6: blue holds, red differs, white undecided",
          .row = 0,
          .column = 0,
          .column_span = 3,
          .content = std::move(map)};
}

plot::Figure Describe(const FigureData& data) {
  constexpr double kRowHeightIn = 0.17;
  const auto readings = static_cast<double>(data.Texts(kReadingsPath).size());
  plot::Figure figure{.title = "Open choices",
                      .caption = data.caption,
                      .width_in = 7.5,
                      .columns = 3,
                      .row_heights_in = {kRowHeightIn * readings, 0, 0}};
  figure.panels.push_back(Table(data));
  std::vector<Condition> norms;
  for (const Norm norm : kNorms) {
    norms.push_back({NormGroup(norm), fmt::format("norm: {}", FormatValue(norm)),
                     plot::IndexLook(static_cast<int>(norms.size()))});
  }
  struct Measure {
    const char* name;
    const char* label;
    const char* title;
  };
  int index = 0;
  for (const auto& [name, label, title] :
       {Measure{kMeanDeviationName, "mean |A_{ij} i − 1|", "distance from averaging"},
        Measure{kLargestDeviationName, "largest |A_{ij} i − 1|",
                "distance from averaging, largest"},
        Measure{kDominanceName, "first / second", "singular values of W_{V}"},
        Measure{kReasoningEnergyName, "share of energy", "reasoning anchors along the first"},
        Measure{kMemoryEnergyName, "share of energy", "memory anchors along the first"}}) {
    plot::Panel panel = CoursePanel(data, norms, name, label);
    panel.letter = index == 0 ? "B" : "";
    panel.title = title;
    panel.row = 1 + index / 3;
    panel.column = index % 3;
    panel.y_axis.min = 0.0;
    figure.panels.push_back(std::move(panel));
    ++index;
  }
  return figure;
}

}  // namespace

Study MakeStudy() {
  return {
      .experiment = {.name = "appendix_open_choices",
                     .caption = fmt::format(kCaption, kShortLength),
                     .seeds = {2},  // a pilot seed: what is chosen here is not judged on these runs
                     .varies = {"transformer.norm", "transformer.bias", "optimizer.schedule",
                                "optimizer.learning_rate", "optimizer.warmup_epochs",
                                "optimizer.warmup_multiplier", "optimizer.floor"},
                     .plan = Plan,
                     .check = CheckMaskedStructure,
                     .assemble = Assemble},
      .describe = Describe};
}

}  // namespace initbias
