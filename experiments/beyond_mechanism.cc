// Beyond the paper: what moves first? The embeddings, the matrices and the attention of the first
// block over training, and which loss had not fallen yet when each had come half of its way.
//
// Claim    With small weights embeddings condense and W_V loses rank before reasoning is learned;
//          W_Q and the attention follow.
// Command  bazel run //experiments:beyond_mechanism
// Cost     --help says it
// Expect   A to D: losses, condensation, effective ranks and distance from averaging, a column a
//          rate. E: when each has come half of its way. F: before the fall of which losses.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <iterator>
#include <utility>

#include "experiments/anchor_structure.h"
#include "experiments/base_runs.h"
#include "experiments/beyond_runs.h"
#include "experiments/learning_contrast.h"
#include "experiments/study.h"
#include "figures/look.h"
#include "figures/panels/curves.h"
#include "figures/panels/dates.h"
#include "figures/panels/learning_curves.h"
#include "figures/panels/panel_place.h"
#include "figures/panels/table.h"
#include "figures/panels/values.h"
#include "lib/analysis/statistics.h"
#include "lib/measure/attention.h"
#include "lib/measure/course.h"
#include "lib/measure/dates.h"
#include "lib/measure/embedding_arrays.h"
#include "lib/measure/embeddings.h"
#include "lib/store/figure_key.h"
#include "lib/store/panel_names.h"

namespace initbias {
namespace {

constexpr char kCaption[] =
    "Beyond the paper, mechanism: Transformer by gamma. Over training: A losses; B mean absolute cosine of two "
    "anchors' embeddings (condensation); C effective ranks of the first block's W_V, W_Q, W_K; D mean |A_ij i - 1| of its "
    "attention. E: epoch at which each has come half of its largest change, and each loss to half of its guess level. "
    "F: the losses that have not, in any seed, when it has. Median and range over seeds; a dash where there is no such date";

constexpr double kRates[] = {0.3, 0.5, 0.65, 0.8, 1.0};

// Shares of the training at which snapshots are taken: densely while small weights learn.
constexpr double kShares[] = {0,     0.005, 0.01,  0.02, 0.03,  0.04, 0.06, 0.08, 0.1,
                              0.125, 0.15,  0.175, 0.2,  0.225, 0.25, 0.3,  0.35, 0.4,
                              0.45,  0.5,   0.55,  0.6,  0.65,  0.7,  0.8,  0.9,  1};

// Places in the figure file: losses and dates by rate; quantities by their panel and rate.
constexpr char kLossPanel[] = "A";
constexpr char kCondensationPanel[] = "B";
constexpr char kRankPanel[] = "C";
constexpr char kDeviationPanel[] = "D";
constexpr char kDatePanel[] = "E";
constexpr char kOrderPanel[] = "F";
constexpr char kDates[] = "dates";

// What is followed, the panel it is drawn in and its name there.
struct Quantity {
  const char* name;
  const char* panel;
  const char* series;
  const char* label;  // of a row
  double (*measure)(const RunResult& run, double share);
};
constexpr Quantity kQuantities[] = {
    {"memory_condensation", kCondensationPanel, "memory anchors", "memory anchors",
     MemoryCondensation},
    {"reasoning_condensation", kCondensationPanel, "reasoning anchors", "reasoning anchors",
     ReasoningCondensation},
    {"value_rank", kRankPanel, "W_{V}", "rank of W_V", ValueRank},
    {"query_rank", kRankPanel, "W_{Q}", "rank of W_Q", QueryRank},
    {"key_rank", kRankPanel, "W_{K}", "rank of W_K", KeyRank},
    {"deviation", kDeviationPanel, "", "attention", RelativeDeviation}};

struct Loss {
  const char* set;
  const char* label;   // of a row
  const char* letter;  // in F
};
constexpr Loss kLosses[] = {{kReasoningTrainSet, "reasoning loss", "R"},
                            {kReasoningTestSet, "masked loss", "T"},
                            {kMemorySet, "memory loss", "M"}};

// The dates of a rate are the quantities', then the losses', reasoning's the first of these.
constexpr size_t kReasoningDate = std::size(kQuantities);

std::vector<RunConfig> Plan(Profile profile, int64_t seed) {
  std::vector<RunConfig> runs;
  for (const double gamma : kRates) {
    runs.push_back(BeyondRun(profile, gamma, seed));
    RunConfig& run = runs.back();
    run.probe.names = {"attention_deviation.layer0", "parameter.embedding.token",
                       "parameter.layer0.attn.wk", "parameter.layer0.attn.wq",
                       "parameter.layer0.attn.wv"};
    run.probe.steps = StepsAt(run, kShares);
  }
  return runs;
}

void Check(const RunConfig& config) {
  CheckMasked(config);
  CheckStructure(config);
}

ChooseRuns At(double gamma) { return RunsAt(ModelKind::kTransformer, gamma); }

void Assemble(const RunSet& runs, FigureData* figure) {
  for (const double gamma : kRates) {
    const Runs some = At(gamma)(runs);
    AddLearningCurves(Key(kLossPanel, gamma), some, figure);
    std::vector<std::vector<double>> dates;
    for (const Quantity& quantity : kQuantities) {
      std::vector<std::vector<double>> curves;
      dates.emplace_back();
      for (const RunResult* run : some) {
        const Course course = CourseOf(*run, quantity.measure);
        curves.push_back(course.values);
        dates.back().push_back(EpochOrNan(run->config, StepsToHalfChange(course)));
      }
      AddCourse(Key(quantity.panel, gamma), quantity.name, some.front()->config, curves, figure);
    }
    for (const Loss& loss : kLosses) {
      dates.push_back(PerSeed(some, [&loss](const RunResult& run) {
        return EpochOrNan(run.config, StepsToHalfGuess(run, loss.set));
      }));
    }
    AddDates(Key(kDatePanel, gamma, kDates), dates, figure);
  }
}

// log2 of the steps of `later` over those of `earlier`: positive where it comes later.
SeedValues Precedes(RunMeasure earlier, RunMeasure later) {
  return OfRuns(At(kSmallInit),
                [earlier = std::move(earlier), later = std::move(later)](const RunResult& run) {
                  return FiniteLog2(later(run) / earlier(run));
                });
}

RunMeasure HalfOf(double (*measure)(const RunResult&, double)) {
  return [measure](const RunResult& run) { return StepsToHalfChange(run, measure); };
}

RunMeasure FallOf(const char* set) {
  return [set](const RunResult& run) { return StepsToHalfGuess(run, set); };
}

double PeakCondensation(const RunResult& run) { return PeakOf(run, MemoryCondensation); }

std::vector<ClaimSpec> Claims() {
  const auto place = [](const char* source) {
    return fmt::format("{}; suggested by {}", kBeyondPlace, source);
  };
  const PreconditionSpec rank_falls = {
      .text =
          "largest change of W_V's effective rank over training as a share of its first value, "
          "at gamma = 0.8",
      .expected = AtMost(-kLeastChange),
      .measure = OfRuns(At(kSmallInit), [](const RunResult& run) {
        return RelativeChange(CourseOf(run, ValueRank));
      })};
  const std::string half = "the steps to half of the largest change of ";
  return {
      {.id = "beyond_mechanism.condensation_first",
       .statement = "At gamma = 0.8 the memory anchors' embeddings condense before the reasoning "
                    "training loss falls.",
       .place = place("Section 5.1, figure 4A"),
       .kind = ClaimKind::kOurs,
       .metric =
           "log2 of the steps of the reasoning training loss to half of its guess level over " +
           half + "the mean absolute cosine of two memory anchors' embeddings",
       .expected = Above(0),
       .registration = 6,
       .preconditions =
           {ReasoningIsLearned(At(kSmallInit)),
            {.text = "largest change over training of the mean absolute cosine of two memory "
                     "anchors' embeddings, at gamma = 0.8",
             .expected = AtLeast(0.1),
             .measure = OfRuns(At(kSmallInit),
                               [](const RunResult& run) {
                                 return LargestChange(CourseOf(run, MemoryCondensation));
                               })}},
       .measure = Precedes(HalfOf(MemoryCondensation), FallOf(kReasoningTrainSet))},
      {.id = "beyond_mechanism.value_first",
       .statement = "At gamma = 0.8 the first block's W_V loses effective rank before the "
                    "reasoning training loss falls.",
       .place = place("Section 5.2, figure 6B, Theorem 2"),
       .kind = ClaimKind::kOurs,
       .metric =
           "log2 of the steps of the reasoning training loss to half of its guess level over " +
           half + "W_V's effective rank",
       .expected = Above(0),
       .registration = 6,
       .preconditions = {ReasoningIsLearned(At(kSmallInit)), rank_falls},
       .measure = Precedes(HalfOf(ValueRank), FallOf(kReasoningTrainSet))},
      {.id = "beyond_mechanism.attention_follows",
       .statement = "At gamma = 0.8 the first attention module leaves averaging only after W_V has "
                    "lost rank.",
       .place = place("Section 5.2, figure 6A, Lemma 1"),
       .kind = ClaimKind::kOurs,
       .metric =
           "log2 of " + half + "the mean of |A_ij i - 1| over " + half + "W_V's effective rank",
       .expected = Above(0),
       .registration = 6,
       .preconditions = {ReasoningIsLearned(At(kSmallInit)), rank_falls},
       .measure = Precedes(HalfOf(ValueRank), HalfOf(RelativeDeviation))},
      {.id = "beyond_mechanism.condensation_by_gamma",
       .statement = "Embeddings of memory anchors condense at small weights more than at large "
                    "ones.",
       .place = place("Section 5.1, Proposition 1, and appendix C"),
       .kind = ClaimKind::kOurs,
       .metric = "largest mean absolute cosine of two memory anchors' embeddings over training, at "
                 "gamma = 0.8 minus at 0.3",
       .expected = Above(0),
       .registration = 6,
       .preconditions = {ReasoningIsLearned(At(kSmallInit))},
       .measure = DifferenceOfRuns(At(kSmallInit), At(kLargeInit), PeakCondensation)}};
}

Dates DatesAt(const FigureData& data, double gamma) {
  return {data, Key(kDatePanel, gamma, kDates)};
}

// The look of the index-th quantity of a panel, which no loss and no other quantity has.
plot::Look CourseLook(const std::string& panel, int index) {
  if (panel == kCondensationPanel) {  // anchors, in the colours of their losses
    plot::Look look = RoleLook(index == 0 ? Role::kMemory : Role::kReasoningTrain);
    look.dash = index == 0 ? plot::Dash::kDotted : plot::Dash::kDashDot;
    return look;
  }
  return panel == kRankPanel ? plot::IndexLook(2 + index) : plot::Look{.hue = plot::Hue::kBlack};
}

// A panel a rate of the quantities of `letter`.
void AddCourses(const std::string& letter, const std::string& heading, const std::string& label,
                int row, const FigureData& data, const std::vector<double>& gammas,
                plot::Figure* figure) {
  for (size_t i = 0; i < gammas.size(); ++i) {
    plot::LinePlot lines;
    for (const Quantity& quantity : kQuantities) {
      if (quantity.panel == letter) {
        const auto index = static_cast<int>(lines.series.size());
        lines.series.push_back(Curve(data, Key(letter, gammas[i]), kEpochName, quantity.name,
                                     quantity.series, CourseLook(letter, index)));
      }
    }
    figure->panels.push_back(
        {.letter = i == 0 ? letter : "",
         .heading = i == 0 ? heading : "",
         .row = row,
         .column = static_cast<int>(i),
         .x_axis = {.label = "epoch", .share = fmt::format("{}{}", kLossPanel, i)},
         .y_axis = {.label = label, .min = 0.0, .share = letter},
         .content = std::move(lines)});
  }
}

plot::Figure Describe(const FigureData& data) {
  const std::vector<double> gammas = GammasOf(data, kLossPanel);
  plot::Figure figure{.title = "Mechanism",
                      .caption = data.caption,
                      .columns = static_cast<int>(gammas.size()),
                      .row_heights_in = {1.0, 1.0, 1.0, 1.0, 1.6, 1.1}};
  AddCurveRow({.letter = kLossPanel,
               .heading = "Losses",
               .panel = kLossPanel,
               .quantity = "loss",
               .row = 0,
               .gammas = gammas,
               .titles = true},
              data, &figure);
  AddCourses(kCondensationPanel, "Condensation of embeddings", "mean |cosine|", 1, data, gammas,
             &figure);
  AddCourses(kRankPanel, "Effective rank, first block", "effective rank", 2, data, gammas, &figure);
  AddCourses(kDeviationPanel, "Distance from averaging, first block", "mean |A_{ij} i − 1|", 3,
             data, gammas, &figure);
  std::vector<DatedRate> rates;
  for (const double gamma : gammas) {
    rates.push_back({gamma, DatesAt(data, gamma)});
  }
  std::vector<std::string> quantities;
  for (const Quantity& quantity : kQuantities) {
    quantities.emplace_back(quantity.label);
  }
  std::vector<std::string> rows = quantities;
  std::vector<std::string> letters;
  for (const Loss& loss : kLosses) {
    rows.emplace_back(loss.label);
    letters.emplace_back(loss.letter);
  }
  AddPanel({.content = DateTable(rates, rows, kReasoningDate)}, kDatePanel,
           "epoch of half of the way; blue: before the reasoning loss, red: after it",
           {.row = 4, .column = 0, .span = figure.columns}, &figure);
  AddPanel(
      {.content = OrderTable(rates, quantities, letters)}, kOrderPanel,
      "in every seed before the fall of the loss on R reasoning, T masked, M memory sequences; "
      "also where it never falls",
      {.row = 5, .column = 0, .span = figure.columns}, &figure);
  return figure;
}

// The quantities that have come half of their way before the reasoning loss has, in every seed.
std::string EarlyText(const FigureData& data, double gamma) {
  const Dates dates = DatesAt(data, gamma);
  std::vector<std::string> early;
  std::vector<std::string> undated;
  for (size_t i = 0; i < std::size(kQuantities); ++i) {
    if (dates.Before(i, kReasoningDate)) {
      early.emplace_back(kQuantities[i].label);
    } else if (std::isnan(dates.Median(i))) {
      undated.emplace_back(kQuantities[i].label);
    }
  }
  return fmt::format(
      "{} ({} of {}{})", early.empty() ? "none" : fmt::format("{}", fmt::join(early, ", ")),
      early.size(), std::size(kQuantities),
      undated.empty() ? "" : fmt::format("; no date of {}", fmt::join(undated, ", ")));
}

std::string Findings(const FigureData& data) {
  const auto fall = [&data](double gamma) {
    const std::string epoch = DateText(DatesAt(data, gamma), kReasoningDate);
    return epoch == kNoCell ? "which it is not" : "epoch " + epoch;
  };
  return fmt::format(
      "At γ = 0.8 these have come half of their way before the reasoning loss is at half of its "
      "guess level ({}), in every seed: {}. At γ = 0.3 ({}): {}.",
      fall(kSmallInit), EarlyText(data, kSmallInit), fall(kLargeInit), EarlyText(data, kLargeInit));
}

}  // namespace

Study MakeStudy() {
  return {.experiment = {.name = "beyond_mechanism",
                         .caption = kCaption,
                         .seeds = {5, 6, 7, 8, 9},  // 4 was the trial of the figure
                         .plan = Plan,
                         .check = Check,
                         .assemble = Assemble,
                         .claims = Claims},
          .describe = Describe,
          .findings = Findings};
}

}  // namespace initbias
