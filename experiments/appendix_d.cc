// Appendix D: the Transformer's second attention module at small initialisation.
//
// Claim    It finds the key through the position embeddings and carries it to the last position.
// Command  bazel run //experiments:appendix_d
// Cost     the runs are figure 3A's
// Expect   A: attention of the last position by the key's place. B: the same relative to the key.
//          C: the scores behind it, split into token and position parts. D: attention on the key
//          over training.
#include <fmt/format.h>

#include "experiments/anchor_structure.h"
#include "experiments/base_runs.h"
#include "experiments/learning_contrast.h"
#include "experiments/stages.h"
#include "experiments/study.h"
#include "figures/look.h"
#include "figures/panels/curves.h"
#include "figures/panels/marked_curves.h"
#include "figures/panels/panel_place.h"
#include "figures/panels/values.h"
#include "lib/analysis/statistics.h"
#include "lib/base/error.h"
#include "lib/config/set_names.h"
#include "lib/measure/second_attention.h"
#include "lib/store/figure_key.h"
#include "lib/store/panel_names.h"

namespace initbias {
namespace {

constexpr char kCaption[] =
    "Appendix D: second attention module at gamma = 0.8, at the end of training. A: attention of the "
    "last position, a row for each place of the key (first seed). B: mean attention by position relative "
    "to the key, of memory and of reasoning sequences. C: mean scores (before softmax) in four parts, token or position part of query and "
    "key, where the position part is the mean over sequences. D: attention on the key and the anchors "
    "over training. E: share of sequences whose prediction follows the key that the module is made to read, minus the share whose prediction stays. Lines: median and range over seeds";

// The parts of the scores, as the probe score_parts has them.
struct Part {
  const char* name;
  const char* label;
};
constexpr Part kParts[] = {{"token_token", "token query, token key"},
                           {"token_position", "token query, position key"},
                           {"position_token", "position query, token key"},
                           {"position_position", "position query, position key"}};

// Places in the figure file.
constexpr char kAttentionPath[] = "A/attention";
constexpr char kByOffsetGroup[] = "B";
constexpr char kOffset[] = "offset";
constexpr char kUniformPath[] = "B/uniform";
constexpr char kCourseGroup[] = "D";
constexpr char kKey[] = "key";
constexpr char kFollowsGroup[] = "E";
std::string PartPath(const Part& part) { return fmt::format("C/{}", part.name); }
std::string AnchorName(int64_t index) { return fmt::format("anchor{}", index); }

const ChooseRuns kSmallRuns = RunsAt(ModelKind::kTransformer, kSmallInit);

void Assemble(const RunSet& runs, FigureData* figure) {
  const Runs small = kSmallRuns(runs);
  const RunConfig& config = small.front()->config;
  const Array& first = small.front()->ProbeNear("attention_by_key.layer1", 1).array;
  const int64_t positions = first.shape[0];
  const int64_t length = first.shape[1];
  figure->Add(kAttentionPath, {positions, length}, {first.values.begin(), first.values.end()}, "1");
  std::vector<double> offsets;
  for (int64_t offset = 1 - positions; offset < length; ++offset) {
    offsets.push_back(static_cast<double>(offset));
  }
  figure->Add(Below(kByOffsetGroup, kOffset), offsets, "positions");
  figure->Add(kUniformPath, {1.0 / static_cast<double>(length)}, "1");
  std::vector<std::vector<double>> parts[std::size(kParts)];
  for (const char* kind : {kMemoryKind, kReasoningKind}) {
    std::vector<std::vector<double>> attention;
    for (const RunResult* run : small) {
      const Array& rows = run->ProbeNear(fmt::format("attention_by_key.layer1.{}", kind), 1).array;
      attention.push_back(ByOffset(rows.values, positions, length));
    }
    AddBand(Below(kByOffsetGroup, kind), "1", attention, figure);
  }
  for (const RunResult* run : small) {
    const Array& scores = run->ProbeNear("score_parts.layer1", 1).array;
    for (size_t part = 0; part < std::size(kParts); ++part) {
      const auto size = static_cast<size_t>(positions * length);
      parts[part].push_back(
          ByOffset(std::span(scores.values).subspan(part * size, size), positions, length));
    }
  }
  for (size_t part = 0; part < std::size(kParts); ++part) {
    AddBand(PartPath(kParts[part]), "1", parts[part], figure);
  }
  for (int64_t offset = 0; offset <= config.task.num_anchors; ++offset) {
    const std::string name = offset == 0 ? kKey : AnchorName(offset);
    AddCourse(
        kCourseGroup, name, small,
        [offset](const RunResult& run, double share) {
          return AttentionAfterKey(run, share, offset);
        },
        figure);
  }
  AddStages("stages", "memory_follows", small, MemoryFollows, figure);
  AddStages("stages", "reasoning_follows", small, ReasoningFollows, figure);
  AddCourse(kFollowsGroup, kMemoryKind, small, MemoryFollows, figure);
  AddCourse(kFollowsGroup, kReasoningKind, small, ReasoningFollows, figure);
}

std::vector<ClaimSpec> Claims() {
  const auto learned = [](const char* set, const std::string& what) {
    return PreconditionSpec{.text = "accuracy at the end on " + what,
                            .expected = AtLeast(0.5),
                            .measure = OfRuns(kSmallRuns, [set](const RunResult& run) {
                              return FinalAccuracy(run, set);
                            })};
  };
  const auto follows = [](const std::string& id, const std::string& what,
                          double (*metric)(const RunResult&, double),
                          PreconditionSpec precondition) {
    return ClaimSpec{
        .id = "appendix_d." + id,
        .statement =
            "The second attention module extracts the key and carries it to the last position, "
            "in " +
            what + " tasks.",
        .place = "Section 5.2, appendix D",
        .kind = ClaimKind::kText,
        .metric =
            "share of training sequences whose prediction becomes that for another key when what "
            "the second attention adds at the last position is exchanged for what it adds there "
            "with that key in place of the true one; minus the share whose prediction stays; at "
            "the end of training",
        .expected = Above(0),
        .preconditions = {std::move(precondition)},
        .measure = AtShares(kSmallRuns, AtShare(1), metric),
        .reason = [](const RunSet& runs) { return ReachedText(kSmallRuns(runs)); }};
  };
  return {
      follows("key_reasoning", kReasoningKind, ReasoningFollows,
              learned(kReasoningTrainSet, "reasoning training sequences")),
      follows("key_memory", kMemoryKind, MemoryFollows, learned(kMemorySet, "memory sequences")),
      {.id = "appendix_d.position",
       .statement = "The second attention module finds the key through the position embeddings.",
       .place = "Section 5.2, appendix D",
       .kind = ClaimKind::kText,
       .metric =
           "share of the accuracy on reasoning training sequences that is lost where every position "
           "has the next one's embedding (the last one the first's), at the end of training",
       .expected = AtLeast(0.5),
       .rule = ClaimRule::kEverySeed,
       .threshold_reason = "\"facilitated through\": without it at least half is lost",
       .amended = kReworded,
       .preconditions = {learned(kReasoningTrainSet, "reasoning training sequences")},
       .measure = OfRuns(kSmallRuns, ShufflingAccuracyDrop),
       .reason = [](const RunSet& runs) {
         const Runs small = kSmallRuns(runs);
         const auto mean = [&small](const char* name) {
           return Mean(PerSeed(
               small, [name](const RunResult& run) { return ProbedAccuracy(run, name, 1); }));
         };
         return fmt::format(
             "accuracy {:.2f} as it is, {:.2f} with shuffled and {:.2f} without position "
             "embeddings",
             mean("accuracy.clean"), mean("accuracy.shuffled_positions"),
             mean("accuracy.without_positions"));
       }}};
}

void Check(const RunConfig& config) {
  CheckStructure(config);
  if (config.transformer.layers < 2) {
    throw Error(
        "appendix D looks at the second attention module: transformer.layers must be 2 or "
        "more");
  }
}

plot::Figure Describe(const FigureData& data) {
  plot::Figure figure{.title = "Appendix D", .caption = data.caption, .columns = 2};
  const FigureArray& attention = data.Get(kAttentionPath);
  AddPanel({.x_axis = {.label = "position attended to"},
            .y_axis = {.label = "position of the key"},
            .content = plot::HeatMap{.rows = static_cast<int>(attention.shape.at(0)),
                                     .columns = static_cast<int>(attention.shape.at(1)),
                                     .values = attention.values,
                                     .row_start = 1,
                                     .column_start = 1,
                                     .scale = {.min = 0.0, .label = "attention"}}},
           "A", "attention of the last position", {.row = 0, .column = 0}, &figure);
  const plot::ReferenceLine uniform = {.at = Value(data, kUniformPath), .label = "1/L"};
  AddPanel({.x_axis = {.label = "position − position of the key"},
            .y_axis = {.label = "attention", .min = 0.0},
            .references = {uniform},
            .legend = plot::LegendPlace::kBelow,
            .content = KindCurves(data, kByOffsetGroup, kOffset, "sequences")},
           kByOffsetGroup, "by place relative to the key", {.row = 0, .column = 1}, &figure);
  plot::LinePlot parts;
  int index = 0;
  for (const Part& part : kParts) {
    // The offsets are B's.
    parts.series.push_back(BandCurve(data, Below(kByOffsetGroup, kOffset), PartPath(part),
                                     part.label, plot::IndexLook(index++)));
  }
  AddPanel({.x_axis = {.label = "position − position of the key"},
            .y_axis = {.label = "score before softmax"},
            .references = {{.at = 0}},
            .legend = plot::LegendPlace::kBelow,
            .content = std::move(parts)},
           "C", "scores in parts", {.row = 1, .column = 0}, &figure);
  plot::Panel course =
      CoursePanel(data, {{kCourseGroup, kKey, plot::IndexLook(0)}}, kKey, "attention");
  for (int i = 1; data.Has(Below(kCourseGroup, AnchorName(i))); ++i) {
    std::get<plot::LinePlot>(course.content)
        .series.push_back(Curve(data, kCourseGroup, kEpochName, AnchorName(i),
                                fmt::format("anchor {}", i), plot::IndexLook(i)));
  }
  course.y_axis.min = 0.0;
  course.references = {uniform};
  course.legend = plot::LegendPlace::kBelow;
  AddPanel(std::move(course), kCourseGroup, "over training", {.row = 1, .column = 1}, &figure);
  plot::LinePlot follows;
  for (const auto& [kind, role] : kAnchorRoles) {
    follows.series.push_back(Curve(data, kFollowsGroup, kEpochName, kind,
                                   fmt::format("{} sequences", kind), RoleLook(role)));
  }
  AddPanel({.x_axis = {.label = "epoch"},
            .y_axis = {.label = "share that follow − share that stay", .min = -1.0, .max = 1.0},
            .references = {{.at = 0}},
            .legend = plot::LegendPlace::kBelow,
            .content = std::move(follows)},
           kFollowsGroup, "do predictions follow the key it is made to read?",
           {.row = 2, .column = 0, .span = 2}, &figure);
  return figure;
}

}  // namespace

Study MakeStudy() {
  return {.experiment = {.name = "appendix_d",
                         .caption = kCaption,
                         .plan = SmallTransformerPlan,
                         .check = Check,
                         .assemble = Assemble,
                         .claims = Claims},
          .describe = Describe};
}

}  // namespace initbias
