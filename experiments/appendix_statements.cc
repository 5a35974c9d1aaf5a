// Statements of the paper that no figure of it shows.
//
// Claim    Emb-MLP fails where there is noise; next-token training gives the same; memory is slow
//          because its anchors are not told apart; embeddings separate before the loss falls, and
//          come to a low rank, not to a few directions.
// Command  bazel run //experiments:appendix_statements
// Cost     the Transformers of panel D are figure 3A's
// Expect   A: Emb-MLP's losses without and with noise. B: losses of next-token training at gamma
//          = 0.3 and 0.8. C: Emb-MLP's memory loss as it is and with memory anchors set apart. D:
//          effective rank of the Transformer's embeddings over training by gamma.
#include <fmt/format.h>

#include "experiments/anchor_structure.h"
#include "experiments/base_runs.h"
#include "experiments/learning_contrast.h"
#include "experiments/stages.h"
#include "experiments/study.h"
#include "figures/look.h"
#include "figures/panels/curves.h"
#include "figures/panels/learning_curves.h"
#include "figures/panels/panel_place.h"
#include "figures/panels/values.h"
#include "lib/measure/course.h"
#include "lib/store/figure_key.h"
#include "lib/store/panel_names.h"

namespace initbias {
namespace {

constexpr char kCaption[] =
    "Statements without a figure. A: Emb-MLP at gamma = 0.8 on sequences without noise ({} tokens) and with noise ({}). "
    "B: next-token training of the Transformer; losses of the label (below the paper profile sequences of {} tokens). "
    "C: memory loss of Emb-MLP at gamma = 0.8, and the same with memory anchors' embeddings drawn at gamma = 0.3. D: "
    "effective rank of the Transformer's embeddings by gamma. Median over seeds, band from the smallest to the largest";

// Of Emb-MLP's sequences with noise: the Transformer's.
const int64_t kLengthWithNoise = AnchorTaskConfig{}.length;

RunConfig NoisyRun(Profile profile, int64_t seed) {
  RunConfig run = EmbMlpRun(profile, kSmallInit, seed);
  run.task.length = kLengthWithNoise;
  run.task.sampling = Sampling::kSampled;
  run.probe = {};
  return run;
}

RunConfig NextTokenRun(Profile profile, double gamma, int64_t seed) {
  RunConfig run = ShortRun(profile, gamma, seed);
  run.train.target = Target::kNextToken;
  if (profile == Profile::kDefault || profile == Profile::kExtended) {
    run.train.epochs = kEpochsOfNextToken;
    run.train.eval_every = kEvalEveryOfNextToken;
  }
  run.probe = {};
  return run;
}

// The rate at which memory anchors begin that are set apart.
constexpr double kApartInit = kLargeInit;

RunConfig SeparatedRun(Profile profile, int64_t seed) {
  RunConfig run = EmbMlpRun(profile, kSmallInit, seed);
  run.init.memory_gamma = kApartInit;
  run.probe = {};
  return run;
}

std::vector<RunConfig> Plan(Profile profile, int64_t seed) {
  std::vector<RunConfig> runs = TransformerRuns(profile, seed);
  runs.push_back(EmbMlpRun(profile, kSmallInit, seed));
  runs.push_back(NoisyRun(profile, seed));
  for (const double gamma : {kLargeInit, kSmallInit}) {
    runs.push_back(NextTokenRun(profile, gamma, seed));
  }
  runs.push_back(SeparatedRun(profile, seed));
  return runs;
}

ChooseRuns Transformers(double gamma) {
  return [gamma](const RunSet& runs) {
    return runs.Select("of the Transformer", [gamma](const RunConfig& config) {
      return config.model == ModelKind::kTransformer && config.train.target == Target::kLabel &&
             config.init.gamma == gamma;
    });
  };
}

ChooseRuns NextToken(double gamma) {
  return [gamma](const RunSet& runs) {
    return runs.Select("of next-token training", [gamma](const RunConfig& config) {
      return config.train.target == Target::kNextToken && config.init.gamma == gamma;
    });
  };
}

// Emb-MLP's, with or without noise, with or without memory anchors set apart.
ChooseRuns EmbMlps(bool noise, bool apart) {
  return [noise, apart](const RunSet& runs) {
    return runs.Select("of Emb-MLP", [noise, apart](const RunConfig& config) {
      return config.model == ModelKind::kEmbMlp &&
             (config.task.length > config.task.num_anchors + 1) == noise &&
             (config.init.memory_gamma > 0) == apart;
    });
  };
}

// A |cosine| above which two embeddings count as parallel, and the share of pairs that are so up to
// which nothing has condensed.
constexpr double kParallel = 0.95;
constexpr double kFewPairs = 0.05;
double ParallelPairs(const RunResult& run, double share) {
  return ParallelShare(run, share, kParallel);
}

// Places in the figure file.
constexpr char kCleanGroup[] = "A/clean";
constexpr char kNoiseGroup[] = "A/noise";
constexpr char kNextTokenPanel[] = "B";  // by rate
constexpr char kPlainGroup[] = "C/plain";
constexpr char kApartGroup[] = "C/apart";
constexpr char kRankPanel[] = "D";  // by rate
constexpr char kRank[] = "rank";

void Assemble(const RunSet& runs, FigureData* figure) {
  AddLearningCurves(kCleanGroup, EmbMlps(false, false)(runs), figure);
  AddLearningCurves(kNoiseGroup, EmbMlps(true, false)(runs), figure);
  for (const double gamma : {kLargeInit, kSmallInit}) {
    AddLearningCurves(Key(kNextTokenPanel, gamma), NextToken(gamma)(runs), figure);
  }
  AddLearningCurves(kPlainGroup, EmbMlps(false, false)(runs), figure);
  AddLearningCurves(kApartGroup, EmbMlps(false, true)(runs), figure);
  for (const double gamma : kAllGammas) {
    const Runs some = Transformers(gamma)(runs);
    AddCourse(Key(kRankPanel, gamma), kRank, some, EmbeddingRank, figure);
    AddStages(Key("stages", gamma), kRank, some, EmbeddingRank, figure);
    AddStages(Key("stages", gamma), "parallel_pairs", some, ParallelPairs, figure);
  }
}

std::vector<ClaimSpec> Claims() {
  const ChooseRuns small = Transformers(kSmallInit);
  const auto reached = [](const ChooseRuns& some) {
    return [some](const RunSet& runs) { return ReachedText(some(runs)); };
  };
  const std::string when = ", " + StageText(Stage::kHalf);
  return {
      {.id = "appendix_statements.noise",
       .statement = "Emb-MLP fails on sequences with noise, L > q + 1.",
       .place = "Section 5.2",
       .kind = ClaimKind::kText,
       .metric = fmt::format(
           "smallest loss on masked sequences of {} tokens over training as a share of the "
           "guess level",
           kLengthWithNoise),
       .expected = AtLeast(kHalfLearned),
       .rule = ClaimRule::kEverySeed,
       .threshold_reason = "half of the guess level is where everything here counts as on its way",
       .preconditions = {{.text = fmt::format("the same of sequences of {} tokens",
                                              kLengthWithoutNoise),
                          .expected = AtMost(kHalfLearned),
                          .measure = OfRuns(EmbMlps(false, false),
                                            [](const RunResult& run) {
                                              return SmallestShareOfGuess(run, kReasoningTestSet);
                                            })}},
       .measure = OfRuns(
           EmbMlps(true, false),
           [](const RunResult& run) { return SmallestShareOfGuess(run, kReasoningTestSet); }),
       .reason = reached(EmbMlps(true, false))},
      {.id = "appendix_statements.next_token",
       .statement =
           "Next-token training gives similar results: small initial weights are biased towards "
           "reasoning beside large ones.",
       .place = "Conclusion",
       .kind = ClaimKind::kText,
       .metric = LeadContrastText("of the label; "),
       .expected = Above(0),
       .amended = kReferenceAmended,
       .registration = 2,
       .preconditions = {ReasoningTrainLearns(NextToken(kSmallInit), kSmallInit),
                         ReferenceLearns(NextToken(kLargeInit))},
       .measure = DifferenceOfRuns(NextToken(kSmallInit), NextToken(kLargeInit), TestLead),
       .reason = reached(NextToken(kSmallInit))},
      {.id = "appendix_statements.told_apart",
       .statement =
           "Memory is slow at small initialisation because its anchors are not told apart: with "
           "memory anchors that begin far apart it is learned sooner.",
       .place = "Section 5.1",
       .kind = ClaimKind::kDerived,
       .metric =
           "mean memory loss over training (step 0 included, trapezoidal) of Emb-MLP at gamma = 0.8 "
           "minus the same with the memory anchors' embeddings drawn at gamma = 0.3, nats",
       .expected = Above(0),
       .amended = "it was judged even where memory is not learned; a precondition asks for it now",
       .registration = 4,
       .preconditions =
           {{.text = "smallest memory loss with the memory anchors drawn at gamma = 0.3 as a "
                     "share of the guess level",
             .expected = AtMost(kPlateauEnds),
             .measure = OfRuns(
                 EmbMlps(false, true),
                 [](const RunResult& run) { return SmallestShareOfGuess(run, kMemorySet); })}},
       .measure =
           [](const RunSet& runs) {
             return PerSeedDifference(
                 EmbMlps(false, false)(runs), EmbMlps(false, true)(runs),
                 [](const RunResult& run) { return MeanLoss(run, kMemorySet); });
           },
       .reason = reached(EmbMlps(false, true))},
      {.id = "appendix_statements.separate_first",
       .statement =
           "The embeddings of reasoning anchors become differentiated at an early stage, before "
           "the loss falls.",
       .place = "Introduction",
       .kind = ClaimKind::kText,
       .metric = fmt::format(
           "log2 of the step at which the reasoning training loss leaves its guess level ({} of the "
           "entropy of its labels) over the step of the first snapshot at which the cosines of "
           "reasoning anchors fall with their distance (Mantel test, p <= {}); Transformer, gamma = "
           "0.8",
           kPlateauEnds, kTestLevel),
       .expected = Above(0),
       .amended =
           "half of the first loss, the date registered before, comes after much of reasoning "
           "has been learned; the fall begins where the loss leaves the guess level",
       .registration = 2,
       .measure =
           OfRuns(small, [](const RunResult& run) { return OrderBeforeLoss(run, kTestLevel); }),
       .reason = reached(small)},
      {.id = "appendix_statements.low_rank",
       .statement = "Small initialisation brings the embeddings to a low rank: below that of large "
                    "initialisation when as much has been learned.",
       .place = "Section 2",
       .kind = ClaimKind::kText,
       .metric =
           "effective rank (exponential of the entropy of the normalised singular values) of the "
           "embeddings of anchors and keys, at gamma = 0.8 minus at 0.3, each" +
           when,
       .expected = Below(0),
       .amended = kHalfAmended,
       .registration = 2,
       .measure = DifferenceAtStage(small, Transformers(kLargeInit), Stage::kHalf, EmbeddingRank),
       .reason = reached(Transformers(kLargeInit))},
      {.id = "appendix_statements.not_condensed",
       .statement =
           "Small initialisation does not condense the embeddings: they do not fall onto a few "
           "directions.",
       .place = "Section 2",
       .kind = ClaimKind::kText,
       .metric =
           fmt::format(
               "share of pairs of anchors and keys whose embeddings have a |cosine| above {}, at gamma "
               "= 0.8",
               kParallel) +
           when,
       .expected = AtMost(kFewPairs),
       .threshold_reason =
           fmt::format("{}: within 18 degrees of parallel; {}: one pair in twenty, where two "
                       "condensed directions would have half of all pairs parallel",
                       kParallel, kFewPairs),
       .amended =
           "its stage was half of the first loss; it is half of the guess level now, as of all "
           "claims of that stage",
       .registration = 2,
       .measure = AtShares(small, JudgedAt(Stage::kHalf), ParallelPairs),
       .reason = reached(small)}};
}

// "γ = 0.3": the rate at which memory anchors began that were set apart, as the run's label says
// it.
std::string ApartText(const FigureData& data) {
  for (const FigureRun& run : data.runs) {
    const std::string rate = FieldOfLabel(run.label, "memory_gamma");
    if (!rate.empty()) {
      return GammaText(std::stod(rate));
    }
  }
  throw NoSuchFigureData(fmt::format("{} ({} profile) has no run with memory anchors set apart",
                                     data.figure, data.profile));
}

plot::Figure Describe(const FigureData& data) {
  plot::Figure figure{
      .title = "Statements without a figure", .caption = data.caption, .columns = 2};
  const auto add = [&figure](plot::Panel panel, const std::string& letter, const std::string& title,
                             int row, int column, const std::string& share) {
    panel.y_axis.share = share;
    AddPanel(std::move(panel), letter, title, {.row = row, .column = column}, &figure);
  };
  add(CurvePanel(data, kCleanGroup, kLossName), "A",
      fmt::format("Emb-MLP, {} tokens: no noise", kLengthWithoutNoise), 0, 0, "A");
  add(CurvePanel(data, kNoiseGroup, kLossName), "", "Emb-MLP, with noise", 0, 1, "A");
  int column = 0;
  for (const double gamma : GammasOf(data, kNextTokenPanel)) {
    add(CurvePanel(data, Key(kNextTokenPanel, gamma), kLossName),
        column == 0 ? kNextTokenPanel : "", "next-token training, " + GammaText(gamma), 1, column,
        kNextTokenPanel);
    ++column;
  }
  // Looks that none of the other panels has.
  plot::LinePlot memory;
  memory.series.push_back(Curve(data, Below(kPlainGroup, kMemorySet), kEpochName, kLossName,
                                "as it is",
                                {.hue = plot::Hue::kBlack, .dash = plot::Dash::kSolid}));
  memory.series.push_back(Curve(data, Below(kApartGroup, kMemorySet), kEpochName, kLossName,
                                "memory anchors at " + ApartText(data),
                                {.hue = plot::Hue::kOrange, .dash = plot::Dash::kDashed}));
  add({.x_axis = {.label = "epoch"},
       .y_axis = {.label = "memory loss", .unit = "nats"},
       .legend = plot::LegendPlace::kBelow,
       .content = std::move(memory)},
      "C", "Emb-MLP, memory anchors set apart", 2, 0, "");
  add(CoursePanel(data, GammaConditions(data, kRankPanel), kRank, "effective rank"), kRankPanel,
      "Transformer, embeddings of anchors and keys", 2, 1, "");
  return figure;
}

}  // namespace

Study MakeStudy() {
  return {.experiment = {.name = "appendix_statements",
                         .caption = fmt::format(kCaption, kLengthWithoutNoise, kLengthWithNoise,
                                                kShortLength),
                         .varies = {"task.length", "task.sampling", "train.target",
                                    "init.memory_gamma"},
                         .plan = Plan,
                         .check = CheckMasked,
                         .assemble = Assemble,
                         .claims = Claims},
          .describe = Describe};
}

}  // namespace initbias
