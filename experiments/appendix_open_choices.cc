// Ours: which reading of what the paper leaves open makes which of its statements true?
//
// Claim    Where LayerNorm stands, whether there are biases and how fast one learns is not said in
//          full; some reading makes every statement of figures 3A, 5 and 6 true.
// Command  bazel run //experiments:appendix_open_choices, then
//          bazel run //figures:appendix_open_choices
// Cost     see kCost
// Expect   A: a table of verdicts with values, a row a reading, a column a statement. B:
// attention's
//          distance from averaging, and W_V's singular values and alignment, over training for each
//          place of the norm: when a statement holds, not only whether.
#include <fmt/format.h>

#include <algorithm>

#include "experiments/anchor_structure.h"
#include "experiments/base_runs.h"
#include "experiments/first_attention.h"
#include "experiments/learning_contrast.h"
#include "lib/run/experiment.h"

namespace initbias {
namespace {

constexpr char kCaption[] =
    "Open choices: the statements of figures 3A, 5 and 6 under each place of the norm, each kind of "
    "biases and two learning rates (slow: half of fast, in twice the steps). A: measured values; blue "
    "holds, red differs. B: the first attention module over training at gamma = 0.8, zero biases, "
    "fast. Below the paper profile the runs are short, of sequences of 5 tokens and of one seed";
constexpr char kCost[] = "smoke 20 s, default 5 min, paper 10 days";

std::vector<Reading> Readings() {
  std::vector<Reading> readings;
  for (const Norm norm : {Norm::kPre, Norm::kPost, Norm::kNone}) {
    for (const Bias bias : {Bias::kZero, Bias::kTorchDefault, Bias::kNone}) {
      for (const bool slow : {false, true}) {
        readings.push_back({norm, bias, slow});
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
  const std::string bias =
      reading.bias == Bias::kNone ? "no biases" : FormatValue(reading.bias) + " biases";
  return fmt::format("{}, {}, {}", norm, bias, reading.slow ? "slow" : "fast");
}

// The runs of one reading.
Runs At(const RunSet& runs, const Reading& reading, double gamma) {
  double slowest = runs.all().front().config.optimizer.learning_rate;
  for (const RunResult& run : runs.all()) {
    slowest = std::min(slowest, run.config.optimizer.learning_rate);
  }
  return runs.Select(Label(reading), [&](const RunConfig& config) {
    return config.transformer.norm == reading.norm && config.transformer.bias == reading.bias &&
           (config.optimizer.learning_rate == slowest) == reading.slow &&
           config.init.gamma == gamma;
  });
}

// All statements under one reading, judged.
std::vector<Claim> Statements(const RunSet& runs, const Reading& reading) {
  const Runs large = At(runs, reading, kLargeInit);
  const Runs small = At(runs, reading, kSmallInit);
  const Contrast contrast{.prefix = "3A.", .place = "Figure 3A"};
  std::vector<Claim> claims = ContrastClaims(contrast, large, small);
  claims.push_back(BetweenClaim(contrast, large, At(runs, reading, kUsualInit), small));
  const double stage = StructureStage(small.front()->config);
  std::ranges::move(EmbeddingClaims("5", "Figure 5", small, stage), std::back_inserter(claims));
  std::ranges::move(FirstAttentionClaims("6.", small), std::back_inserter(claims));
  for (Claim& claim : claims) {
    Judge(&claim, true);
  }
  return claims;
}

void Assemble(const RunSet& runs, FigureData* figure) {
  std::vector<double> values;
  std::vector<double> verdicts;  // 1 holds, 0 differs
  std::vector<std::string> readings;
  std::vector<std::string> statements;
  for (const Reading& reading : Readings()) {
    readings.push_back(Label(reading));
    statements.clear();
    for (const Claim& claim : Statements(runs, reading)) {
      statements.push_back(claim.id);
      values.push_back(claim.MedianValue());
      verdicts.push_back(claim.verdict == Verdict::kHolds ? 1 : 0);
    }
  }
  const std::vector<int64_t> shape = {static_cast<int64_t>(readings.size()),
                                      static_cast<int64_t>(statements.size())};
  figure->Add("A/value", shape, values, "1");
  figure->Add("A/holds", shape, verdicts, "1");
  figure->texts.push_back({"A/readings", readings});
  figure->texts.push_back({"A/statements", statements});
  for (const Norm norm : {Norm::kPre, Norm::kPost, Norm::kNone}) {
    AddFirstAttentionCourse("B/" + FormatValue(norm), At(runs, {.norm = norm}, kSmallInit), figure);
  }
  // The default profile's best reading, see Claims.
  AddFirstAttentionCourse(
      "B/best",
      At(runs, {.norm = Norm::kNone, .bias = Bias::kTorchDefault, .slow = true}, kSmallInit),
      figure);
}

std::vector<Claim> Claims(const RunSet& runs) {
  Claim best{
      .id = "appendix_open_choices.one_reading",
      .statement = "The paper: all statements of figures 3A, 5 and 6 are of one model.",
      .metric = "share of the 12 statements that hold under the reading with the most of them"};
  best.expected = AtLeast(1);
  std::string text;
  double most = -1;
  for (const Reading& reading : Readings()) {
    const std::vector<Claim> claims = Statements(runs, reading);
    const auto held =
        static_cast<double>(std::ranges::count(claims, Verdict::kHolds, &Claim::verdict));
    if (held > most) {
      most = held;
      text = Label(reading);
    } else if (held == most) {
      text += "; " + Label(reading);
    }
    best.values = {most / static_cast<double>(claims.size())};
  }
  best.reason = fmt::format("{:.0f} statements hold with {}", most, text);
  return {best};
}

void Check(const RunConfig& config) {
  CheckStructure(config);
  CheckMasked(config);
}

Experiment Appendix() {
  return {
      .name = "appendix_open_choices",
      .caption = kCaption,
      .cost = kCost,
      .seeds = 1,
      .varies = {"transformer.norm", "transformer.bias", "optimizer.learning_rate", "train.epochs"},
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
