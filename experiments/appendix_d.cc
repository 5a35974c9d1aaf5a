// Appendix D: the Transformer's second attention module at small initialisation.
//
// Claim    It finds the key through the position embeddings and carries it to the last position.
// Command  bazel run //experiments:appendix_d, then bazel run //figures:appendix_d
// Cost     see kCost; the runs are figure 3A's
// Expect   A: attention of the last position by the key's place. B: the same relative to the key.
// C:
//          the scores behind it, split into token and position parts. D: attention on the key over
//          training.
#include <fmt/format.h>

#include <cmath>

#include "experiments/anchor_structure.h"
#include "experiments/base_runs.h"
#include "lib/base/error.h"
#include "lib/run/experiment.h"

namespace initbias {
namespace {

constexpr char kCaption[] =
    "Appendix D: second attention module at gamma = 0.8, at the stage of figure 5. A: attention of the "
    "last position, a row for each place of the key (seed 1). B: mean attention by position relative "
    "to the key. C: mean scores (before softmax) in four parts, token or position part of query and "
    "key, where the position part is the mean over sequences. D: attention on the key and the anchors "
    "over training. Lines: median and range over seeds";
constexpr char kCost[] = "smoke 3 s, default 0 min after figure 3, paper 1.5 days";

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

// The share of the spread of the scores over positions that the parts with a position in them make
// up: 1 - (spread of token-token) / (sum of the spreads of all parts), spread: mean square about
// the row's mean.
double PositionShare(const RunResult& run, double stage) {
  const Array& parts = run.ProbeNear("score_parts.layer1", stage).array;
  const int64_t positions = parts.shape[1];
  const int64_t length = parts.shape[2];
  std::vector<double> spread;
  for (int64_t part = 0; part < parts.shape[0]; ++part) {
    double sum = 0;
    for (int64_t p = 0; p < positions; ++p) {
      const float* row = parts.values.data() + (part * positions + p) * length;
      double mean = 0;
      for (int64_t j = 0; j < length; ++j) {
        mean += static_cast<double>(row[j]) / static_cast<double>(length);
      }
      for (int64_t j = 0; j < length && !std::isnan(mean); ++j) {
        sum += (static_cast<double>(row[j]) - mean) * (static_cast<double>(row[j]) - mean);
      }
    }
    spread.push_back(sum);
  }
  return 1 - spread[0] / (spread[0] + spread[1] + spread[2] + spread[3]);
}

void Assemble(const RunSet& runs, FigureData* figure) {
  const Runs small = SmallRuns(runs);
  const RunConfig& config = small.front()->config;
  const double stage = StructureStage(config);
  const Array& first = small.front()->ProbeNear("attention_by_key.layer1", stage).array;
  const int64_t positions = first.shape[0];
  const int64_t length = first.shape[1];
  figure->Add("A/attention", {positions, length}, {first.values.begin(), first.values.end()}, "1");
  std::vector<double> offsets;
  for (int64_t offset = 1 - positions; offset < length; ++offset) {
    offsets.push_back(static_cast<double>(offset));
  }
  figure->Add("B/offset", offsets, "positions");
  figure->Add("B/uniform", {1.0 / static_cast<double>(length)}, "1");
  std::vector<std::vector<double>> attention;
  std::vector<std::vector<double>> parts[std::size(kParts)];
  for (const RunResult* run : small) {
    attention.push_back(AttentionByOffset(*run, stage));
    const Array& scores = run->ProbeNear("score_parts.layer1", stage).array;
    for (size_t part = 0; part < std::size(kParts); ++part) {
      const auto size = static_cast<size_t>(positions * length);
      parts[part].push_back(
          ByOffset(std::span(scores.values).subspan(part * size, size), positions, length));
    }
  }
  AddBand("B/attention", "1", attention, figure);
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
}

std::vector<Claim> Claims(const RunSet& runs) {
  const Runs small = SmallRuns(runs);
  return {{.id = "appendix_d.key",
           .statement = "Appendix D: the second attention module carries the key to the last "
                        "position.",
           .metric = "mean attention of the last position on the key, as a multiple of 1/L",
           .expected = Above(1),
           .values = PerSeed(small,
                             [](const RunResult& run) {
                               return AttentionAt(run, StructureStage(run.config), 0) *
                                      static_cast<double>(run.config.task.length);
                             }),
           .reason = "in some seeds the last position reads the anchors behind the key instead, to "
                     "which the first module has brought the key before"},
          {.id = "appendix_d.position",
           .statement = "Appendix D: it finds the key through the position embeddings.",
           .metric = "share of the spread of the scores over positions that the parts with a "
                     "position in them make up",
           .expected = Above(0.5),
           .values = PerSeed(small, [](const RunResult& run) {
             return PositionShare(run, StructureStage(run.config));
           })}};
}

void Check(const RunConfig& config) {
  CheckStructure(config);
  if (config.transformer.layers < 2) {
    throw Error(
        "appendix D looks at the second attention module: transformer.layers must be 2 or "
        "more");
  }
}

Experiment Appendix() {
  return {.name = "appendix_d",
          .caption = kCaption,
          .cost = kCost,
          .plan = Plan,
          .check = Check,
          .assemble = Assemble,
          .claims = Claims};
}

}  // namespace
}  // namespace initbias

int main(int argc, char** argv) {
  return initbias::ExperimentMain(argc, argv, initbias::Appendix());
}
