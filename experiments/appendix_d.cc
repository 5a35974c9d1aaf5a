// Appendix D: the Transformer's second attention module at small initialisation.
//
// Claim    It finds the key through the position embeddings and carries it to the last position.
// Command  bazel run //experiments:appendix_d
// Cost     the runs are figure 3A's
// Expect   A: attention of the last position by the key's place. B: the same relative to the key.
// C:
//          the scores behind it, split into token and position parts. D: attention on the key over
//          training.
#include <fmt/format.h>

#include <cmath>

#include "experiments/anchor_structure.h"
#include "experiments/base_runs.h"
#include "experiments/learning_contrast.h"
#include "experiments/stages.h"
#include "experiments/study.h"
#include "figures/look.h"
#include "figures/panels.h"
#include "lib/analysis/statistics.h"
#include "lib/base/error.h"

namespace initbias {
namespace {

constexpr char kCaption[] =
    "Appendix D: second attention module at gamma = 0.8, at the end of training. A: attention of the "
    "last position, a row for each place of the key (first seed). B: mean attention by position relative "
    "to the key, of memory and of reasoning sequences. C: mean scores (before softmax) in four parts, token or position part of query and "
    "key, where the position part is the mean over sequences. D: attention on the key and the anchors "
    "over training. E: share of sequences whose prediction follows the key that the module is made to read, minus the share whose prediction stays. Lines: median and range over seeds";

constexpr const char* kParts[] = {"token_token", "token_position", "position_token",
                                  "position_position"};  // as the probe score_parts has them

std::vector<RunConfig> Plan(Profile profile, int64_t seed) {
  return {TransformerRun(profile, kSmallInit, seed)};
}

Runs SmallRuns(const RunSet& runs) { return runs.Where(ModelKind::kTransformer, kSmallInit); }

// The mean of `rows` [key position p, position j] by j - p, over the positions p. NaN, where no
// sequence had its key at p, is left out. Starts at -(positions - 1).
std::vector<double> ByOffset(std::span<const float> rows, int64_t positions, int64_t length) {
  std::vector<double> means;
  for (int64_t offset = 1 - positions; offset < length; ++offset) {
    double sum = 0;
    double count = 0;
    for (int64_t p = 0; p < positions; ++p) {
      const int64_t j = p + offset;
      const double value = j >= 0 && j < length
                               ? static_cast<double>(rows[static_cast<size_t>(p * length + j)])
                               : NAN;
      if (!std::isnan(value)) {
        sum += value;
        ++count;
      }
    }
    means.push_back(count > 0 ? sum / count : NAN);
  }
  return means;
}

std::vector<double> AttentionByOffset(const RunResult& run, double stage) {
  const Array& rows = run.ProbeNear("attention_by_key.layer1", stage).array;
  return ByOffset(rows.values, rows.shape[0], rows.shape[1]);
}

// Mean attention of the last position on the token `offset` after the key.
double AttentionAt(const RunResult& run, double stage, int64_t offset) {
  const int64_t positions = run.config.task.length - run.config.task.num_anchors;
  return AttentionByOffset(run, stage)[static_cast<size_t>(positions - 1 + offset)];
}

// Of the set number `set` (0 memory, 1 reasoning), what the probe `key_patch` says: see
// lib/train/probes.h.
enum class Patch { kRight = 0, kFollows = 1, kStays = 2 };
double Patched(const RunResult& run, double share, int64_t set, Patch what) {
  const Array& shares = run.ProbeNear("key_patch.layer1", share).array;
  return static_cast<double>(
      shares.values[static_cast<size_t>(set * shares.shape[1] + static_cast<int64_t>(what))]);
}

// The share of predictions that follow the key minus the share that stay: a model that predicts one
// label for all does both.
double Follows(const RunResult& run, double share, int64_t set) {
  return Patched(run, share, set, Patch::kFollows) - Patched(run, share, set, Patch::kStays);
}
double MemoryFollows(const RunResult& run, double share) { return Follows(run, share, 0); }
double ReasoningFollows(const RunResult& run, double share) { return Follows(run, share, 1); }

// The accuracy on reasoning training sequences under the probe `name`.
double ProbedAccuracy(const RunResult& run, const char* name, double share) {
  const Array& sets = run.ProbeNear(name, share).array;
  for (size_t i = 0; i < run.series.size(); ++i) {
    if (run.series[i].group == "reasoning_train") {
      return static_cast<double>(sets.values[i * 2 + 1]);
    }
  }
  throw Error("the run has no reasoning sequences");
}

// The share of the accuracy that is lost where every position has the next one's embedding.
double LostByShuffling(const RunResult& run) {
  return 1 - ProbedAccuracy(run, "accuracy.shuffled_positions", 1) /
                 ProbedAccuracy(run, "accuracy.clean", 1);
}

void Assemble(const RunSet& runs, FigureData* figure) {
  const Runs small = SmallRuns(runs);
  const RunConfig& config = small.front()->config;
  const Array& first = small.front()->ProbeNear("attention_by_key.layer1", 1).array;
  const int64_t positions = first.shape[0];
  const int64_t length = first.shape[1];
  figure->Add("A/attention", {positions, length}, {first.values.begin(), first.values.end()}, "1");
  std::vector<double> offsets;
  for (int64_t offset = 1 - positions; offset < length; ++offset) {
    offsets.push_back(static_cast<double>(offset));
  }
  figure->Add("B/offset", offsets, "positions");
  figure->Add("B/uniform", {1.0 / static_cast<double>(length)}, "1");
  std::vector<std::vector<double>> parts[std::size(kParts)];
  for (const char* kind : {"memory", "reasoning"}) {
    std::vector<std::vector<double>> attention;
    for (const RunResult* run : small) {
      const Array& rows = run->ProbeNear(fmt::format("attention_by_key.layer1.{}", kind), 1).array;
      attention.push_back(ByOffset(rows.values, positions, length));
    }
    AddBand(fmt::format("B/{}", kind), "1", attention, figure);
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
    AddBand(fmt::format("C/{}", kParts[part]), "1", parts[part], figure);
  }
  for (int64_t offset = 0; offset <= config.task.num_anchors; ++offset) {
    const std::string name = offset == 0 ? "key" : fmt::format("anchor{}", offset);
    AddCourse(
        "D", name, small,
        [offset](const RunResult& run, double share) { return AttentionAt(run, share, offset); },
        figure);
  }
  AddStages("stages", "memory_follows", small, MemoryFollows, figure);
  AddStages("stages", "reasoning_follows", small, ReasoningFollows, figure);
  AddCourse("E", "memory", small, MemoryFollows, figure);
  AddCourse("E", "reasoning", small, ReasoningFollows, figure);
}

std::vector<ClaimSpec> Claims() {
  const auto learned = [](const char* set, const std::string& what) {
    return ClaimSpec::Gate{.text = "accuracy at the end on " + what,
                           .expected = AtLeast(0.5),
                           .measure = OfRuns(SmallRuns, [set](const RunResult& run) {
                             return FinalAccuracy(run, set);
                           })};
  };
  const auto follows = [](const std::string& id, const std::string& what, int64_t set,
                          ClaimSpec::Gate gate) {
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
        .preconditions = {std::move(gate)},
        .measure = OfRuns(SmallRuns, [set](const RunResult& run) { return Follows(run, 1, set); }),
        .reason = [](const RunSet& runs) { return ReachedText(SmallRuns(runs)); }};
  };
  return {
      follows("key_reasoning", "reasoning", 1,
              learned(kReasoningTrainSet, "reasoning training sequences")),
      follows("key_memory", "memory", 0, learned(kMemorySet, "memory sequences")),
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
       .measure = OfRuns(SmallRuns, LostByShuffling),
       .reason = [](const RunSet& runs) {
         const Runs small = SmallRuns(runs);
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
  const FigureArray& attention = data.Get("A/attention");
  figure.panels.push_back(
      {.letter = "A",
       .title = "attention of the last position",
       .row = 0,
       .column = 0,
       .x_axis = {.label = "position attended to"},
       .y_axis = {.label = "position of the key"},
       .content = plot::HeatMap{.rows = static_cast<int>(attention.shape.at(0)),
                                .columns = static_cast<int>(attention.shape.at(1)),
                                .values = attention.values,
                                .row_start = 1,
                                .column_start = 1,
                                .scale = {.min = 0.0, .label = "attention"}}});
  plot::LinePlot by_kind;
  for (const auto& [kind, role] :
       {std::pair("memory", Role::kMemory), std::pair("reasoning", Role::kReasoningTrain)}) {
    plot::Series mean =
        Curve(data, "B", "offset", kind, fmt::format("{} sequences", kind), RoleLook(role));
    mean.markers = true;
    by_kind.series.push_back(std::move(mean));
  }
  figure.panels.push_back({.letter = "B",
                           .title = "by place relative to the key",
                           .row = 0,
                           .column = 1,
                           .x_axis = {.label = "position − position of the key"},
                           .y_axis = {.label = "attention", .min = 0.0},
                           .references = {{.at = Value(data, "B/uniform"), .label = "1/L"}},
                           .legend = plot::LegendPlace::kBelow,
                           .content = std::move(by_kind)});
  plot::LinePlot parts;
  int index = 0;
  for (const auto& [name, label] :
       {std::pair("token_token", "token query, token key"),
        std::pair("token_position", "token query, position key"),
        std::pair("position_token", "position query, token key"),
        std::pair("position_position", "position query, position key")}) {
    // The offsets are B's.
    plot::Series series{.label = label,
                        .x = data.Get("B/offset").values,
                        .y = data.Get(fmt::format("C/{}", name)).values,
                        .lo = data.Get(fmt::format("C/{}_lo", name)).values,
                        .hi = data.Get(fmt::format("C/{}_hi", name)).values,
                        .look = plot::IndexLook(index++)};
    parts.series.push_back(std::move(series));
  }
  figure.panels.push_back({.letter = "C",
                           .title = "scores in parts",
                           .row = 1,
                           .column = 0,
                           .x_axis = {.label = "position − position of the key"},
                           .y_axis = {.label = "score before softmax"},
                           .references = {{.at = 0}},
                           .legend = plot::LegendPlace::kBelow,
                           .content = std::move(parts)});
  plot::LinePlot course{.series = {Curve(data, "D", "epoch", "key", "key", plot::IndexLook(0))}};
  for (int i = 1; data.Has(fmt::format("D/anchor{}", i)); ++i) {
    course.series.push_back(Curve(data, "D", "epoch", fmt::format("anchor{}", i),
                                  fmt::format("anchor {}", i), plot::IndexLook(i)));
  }
  figure.panels.push_back({.letter = "D",
                           .title = "over training",
                           .row = 1,
                           .column = 1,
                           .x_axis = {.label = "epoch"},
                           .y_axis = {.label = "attention", .min = 0.0},
                           .references = {{.at = Value(data, "B/uniform"), .label = "1/L"}},
                           .legend = plot::LegendPlace::kBelow,
                           .content = std::move(course)});
  plot::LinePlot follows;
  for (const auto& [kind, role] :
       {std::pair("memory", Role::kMemory), std::pair("reasoning", Role::kReasoningTrain)}) {
    follows.series.push_back(
        Curve(data, "E", "epoch", kind, fmt::format("{} sequences", kind), RoleLook(role)));
  }
  figure.panels.push_back(
      {.letter = "E",
       .title = "do predictions follow the key it is made to read?",
       .row = 2,
       .column = 0,
       .column_span = 2,
       .x_axis = {.label = "epoch"},
       .y_axis = {.label = "share that follow − share that stay", .min = -1.0, .max = 1.0},
       .references = {{.at = 0}},
       .legend = plot::LegendPlace::kBelow,
       .content = std::move(follows)});
  return figure;
}

}  // namespace

Study MakeStudy() {
  return {.experiment = {.name = "appendix_d",
                         .caption = kCaption,
                         .plan = Plan,
                         .check = Check,
                         .assemble = Assemble,
                         .claims = Claims},
          .describe = Describe};
}

}  // namespace initbias
