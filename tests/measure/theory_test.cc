// What the theory says of a run, on runs whose weights, gradients and steps are planted.
#include "lib/measure/theory.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "lib/base/error.h"
#include "lib/measure/embeddings.h"
#include "lib/measure/theory_arrays.h"
#include "lib/store/figure_file.h"
#include "lib/theory/label_distribution.h"
#include "tests/measure/planted_run.h"

namespace initbias {
namespace {

// A run of `model` with embeddings of `width` and nothing probed yet, of two sequences a
// combination of anchors and more than 100 steps.
RunResult Unprobed(ModelKind model, int64_t width) {
  RunResult run;
  run.config = {.model = model, .seed = 1};
  run.config.task.key_max = 60;
  run.config.task.samples = 400;
  run.config.train.batch_size = 10;
  run.config.train.epochs = 10;
  run.config.emb_mlp.d_model = width;
  run.config.transformer.d_model = width;
  run.config.init.gamma = 0.8;
  return run;
}

// [rows, columns] of numbers without a pattern, of both signs.
Array Irregular(int64_t rows, int64_t columns) {
  Array array{.shape = {rows, columns}};
  for (int64_t i = 0; i < rows * columns; ++i) {
    array.values.push_back(std::sin(1.7f * static_cast<float>(i * i + 1)));
  }
  return array;
}

double Entry(const Array& array, int64_t row, int64_t column) {
  return static_cast<double>(array.values[static_cast<size_t>(row * array.shape[1] + column)]);
}

// (P_s - 1/d_vob) m^T for m [columns, d_vob], of an anchor s.
std::vector<double> Pull(const AnchorTaskConfig& task, int64_t s, const Array& m) {
  const std::vector<double> labels = Holds(ReasoningAnchors(task), s)
                                         ? ReasoningLabelDistribution(task, s)
                                         : MemoryLabelDistribution(task);
  std::vector<double> pull;
  for (int64_t j = 0; j < m.shape[0]; ++j) {
    double sum = 0;
    for (int64_t i = 0; i < task.vocabulary; ++i) {
      sum += (labels[static_cast<size_t>(i)] - 1.0 / static_cast<double>(task.vocabulary)) *
             Entry(m, j, i);
    }
    pull.push_back(sum);
  }
  return pull;
}

// An Emb-MLP whose embeddings are 0 at first and whose gradients are `factor(s)` times Prop. 1's
// direction for the anchor s.
class EmbMlpTheory : public testing::Test {
 protected:
  static constexpr int64_t kWidth = 3;

  std::vector<double> Velocity(int64_t s) const {
    const std::vector<double> hidden = Pull(run_.config.task, s, w2_);
    std::vector<double> velocity;
    for (int64_t k = 0; k < kWidth; ++k) {
      velocity.push_back(hidden[0] * Entry(w1_, k, 0) + hidden[1] * Entry(w1_, k, 1));
    }
    return velocity;
  }

  // Adds a snapshot: of the anchor s, the embedding is moved(s) and the gradient factor(s) times
  // its velocity.
  template <typename Moved, typename Factor>
  void Add(int64_t step, Moved moved, Factor factor) {
    const AnchorTaskConfig& task = run_.config.task;
    Array table{.shape = {task.vocabulary, kWidth}};
    table.values.resize(static_cast<size_t>(task.vocabulary * kWidth), 0.0f);
    Array gradient = table;
    for (int64_t s = task.memory_min; s <= task.reasoning_max; ++s) {
      const std::vector<double> velocity = Velocity(s);
      for (int64_t k = 0; k < kWidth; ++k) {
        const auto place = static_cast<size_t>(s * kWidth + k);
        const double entry = velocity[static_cast<size_t>(k)];
        table.values[place] = static_cast<float>(moved(s) * entry);
        gradient.values[place] = static_cast<float>(factor(s) * entry);
      }
    }
    run_.probes.push_back({step, "parameter.embedding.token", table});
    run_.probes.push_back({step, "gradient.embedding.token", gradient});
    run_.probes.push_back({step, "parameter.mlp.w1", w1_});
    run_.probes.push_back({step, "parameter.mlp.w2", w2_});
  }

  RunResult run_ = Unprobed(ModelKind::kEmbMlp, kWidth);
  Array w1_ = Irregular(kWidth, 2);
  Array w2_ = Irregular(2, run_.config.task.vocabulary);
};

double Zero(int64_t) { return 0; }

TEST_F(EmbMlpTheory, GradientAndStepLieAlongThePath) {
  Add(0, Zero, [](int64_t) { return -2.0; });  // down the gradient: along the velocity
  Add(
      10, [](int64_t s) { return s % 2 == 0 ? 1.0 : -3.0; }, [](int64_t) { return 2.0; });
  const TokenRange tokens = ReasoningAnchors(run_.config.task);
  const VelocityAgreement first = CompareVelocity(run_, 0, tokens, PathFormula::kPaper);
  ASSERT_EQ(first.gradient.size(), 10u);
  ASSERT_EQ(first.step.size(), 10u);
  for (size_t i = 0; i < 10; ++i) {
    const int64_t s = tokens.first + static_cast<int64_t>(i);
    EXPECT_NEAR(first.gradient[i], 1, 1e-6);
    EXPECT_NEAR(first.step[i], s % 2 == 0 ? 1 : -1, 1e-6);
    const std::vector<double> velocity = Velocity(s);
    const double norm =
        std::sqrt(std::inner_product(velocity.begin(), velocity.end(), velocity.begin(), 0.0));
    EXPECT_NEAR(first.predicted[i], norm, 1e-9);
    EXPECT_NEAR(first.measured[i], 2 * norm, 1e-6);
  }
  const VelocityAgreement last = CompareVelocity(run_, 1, tokens, PathFormula::kOurs);
  EXPECT_NEAR(last.gradient.front(), -1, 1e-6);
  EXPECT_TRUE(last.step.empty());
}

TEST_F(EmbMlpTheory, TheBestOfTheFirstStepsIsThatOfTheWorseKind) {
  const auto only_memory = [](int64_t s) { return s <= 10 ? -1.0 : 1.0; };
  const auto most_of_both = [](int64_t s) { return s % 5 == 0 ? 1.0 : -1.0; };
  Add(0, Zero, only_memory);
  Add(20, Zero, most_of_both);
  Add(60, Zero, [](int64_t) { return -1.0; });
  EXPECT_NEAR(MedianAgreement(run_, 0, PathFormula::kPaper), -1, 1e-6) << "reasoning's";
  EXPECT_NEAR(MedianAgreement(run_, 1, PathFormula::kPaper), 1, 1e-6) << "eight of ten";
  EXPECT_EQ(BestSnapshot(run_, PathFormula::kPaper, 50), 1u);
  EXPECT_EQ(BestSnapshot(run_, PathFormula::kPaper, 19), 0u);
  EXPECT_NEAR(BestAgreement(run_, PathFormula::kPaper, 19), -1, 1e-6);
  EXPECT_NEAR(BestAgreement(run_, PathFormula::kPaper, 100), 1, 1e-6);
}

TEST_F(EmbMlpTheory, TheSlopeOfSizesIsOneWhereTheyMoveAsOftenAsTheyOccur) {
  const TokenRange memory = MemoryAnchors(run_.config.task);
  const TokenRange reasoning = ReasoningAnchors(run_.config.task);
  std::vector<double> often = Occurrences(run_.config, {memory.first, reasoning.last});
  const auto rate = [&](int64_t s) { return often[static_cast<size_t>(s - memory.first)]; };
  Add(0, Zero, [&](int64_t s) { return -rate(s); });
  EXPECT_NEAR(SizeSlope(run_, 0), 1, 1e-5);
  const VelocitySizes sizes = SizesOf(run_, memory, 0);
  for (size_t i = 0; i < sizes.predicted.size(); ++i) {
    EXPECT_NEAR(sizes.measured[i], sizes.predicted[i], 1e-6);
  }
  run_.probes.clear();
  Add(0, Zero, [&](int64_t s) { return -0.5 * rate(s); });
  EXPECT_NEAR(SizeSlope(run_, 0), 0.5, 1e-5);
}

TEST_F(EmbMlpTheory, AgreementIsDrawnByKindSnapshotAndAnchor) {
  Add(0, Zero, [](int64_t s) { return s == 3 ? 2.0 : -2.0; });
  Add(
      10, [](int64_t s) { return s == 12 ? -1.0 : 1.0; }, [](int64_t) { return 2.0; });
  FigureData figure;
  AddAgreement("A/rate", run_, &figure);
  EXPECT_EQ(figure.Get("A/rate/step").values, (std::vector<double>{0, 10}));
  EXPECT_EQ(figure.Get("A/rate/memory/token").values, TokenIds(MemoryAnchors(run_.config.task)));
  const FigureArray& memory = figure.Get("A/rate/memory/gradient");
  const FigureArray& reasoning = figure.Get("A/rate/reasoning/gradient");
  const FigureArray& change = figure.Get("A/rate/reasoning/change");
  ASSERT_EQ(memory.shape, (std::vector<int64_t>{2, 10}));
  ASSERT_EQ(reasoning.shape, (std::vector<int64_t>{2, 10}));
  ASSERT_EQ(change.shape, (std::vector<int64_t>{1, 10})) << "none after the last snapshot";
  const int64_t first = run_.config.task.memory_min;
  for (size_t i = 0; i < 10; ++i) {
    EXPECT_NEAR(memory.values[i], static_cast<int64_t>(i) == 3 - first ? -1 : 1, 1e-6) << i;
    EXPECT_NEAR(memory.values[10 + i], -1, 1e-6) << i;
    EXPECT_NEAR(reasoning.values[i], 1, 1e-6) << i;
    const int64_t s = run_.config.task.reasoning_min + static_cast<int64_t>(i);
    EXPECT_NEAR(change.values[i], s == 12 ? -1 : 1, 1e-6) << i;
  }
  EXPECT_FALSE(figure.Has("A/rate/memory/ours")) << "one path for both formulas";
}

TEST_F(EmbMlpTheory, SizesAreDrawnByKind) {
  Add(0, Zero, [](int64_t s) { return -0.25 * static_cast<double>(s); });
  FigureData figure;
  AddSizes("C", run_, 0, &figure);
  for (const auto& [kind, tokens] : AnchorKinds(run_.config.task)) {
    const VelocitySizes sizes = SizesOf(run_, tokens, 0);
    EXPECT_EQ(figure.Get(std::string("C/") + kind + "/predicted").values, sizes.predicted);
    EXPECT_EQ(figure.Get(std::string("C/") + kind + "/measured").values, sizes.measured);
  }
}

TEST(OccurrencesTest, AnchorsAndKeysOfASequenceAddUp) {
  const RunConfig config = Unprobed(ModelKind::kEmbMlp, 3).config;
  const auto sum = [&config](TokenRange tokens) {
    const std::vector<double> often = Occurrences(config, tokens);
    return std::accumulate(often.begin(), often.end(), 0.0);
  };
  const AnchorTaskConfig& task = config.task;
  EXPECT_NEAR(sum({task.memory_min, task.reasoning_max}), 2, 1e-9) << "q = 2 in each";
  EXPECT_NEAR(sum({task.key_min, task.key_max}), 7, 1e-9) << "the key and the noise: L - q";
  EXPECT_EQ(sum({task.key_max + 1, task.vocabulary - 1}), 0);
}

// A Transformer of width 1, whose path is a product of numbers.
TEST(TransformerPathTest, HasItsFactors) {
  RunResult run = Unprobed(ModelKind::kTransformer, 1);
  const AnchorTaskConfig& task = run.config.task;
  const Array head = Irregular(1, task.vocabulary);
  Array table{.shape = {task.vocabulary, 1}};
  table.values.resize(static_cast<size_t>(task.vocabulary), 1.0f);
  const auto add = [&run](const std::string& name, Array array) {
    run.probes.push_back({0, name, std::move(array)});
  };
  const auto number = [](float value) { return Array{.shape = {1, 1}, .values = {value}}; };
  add("parameter.embedding.token", table);
  add("gradient.embedding.token", table);
  add("parameter.head.w", head);
  add("parameter.layer0.ffn.w1", number(2));
  add("parameter.layer0.ffn.w2", number(3));
  add("parameter.layer0.attn.wv", number(5));
  add("parameter.layer0.attn.wo", number(7));
  const double pull = std::fabs(Pull(task, 12, head).front());
  const auto norm = [&run](PathFormula formula) {
    return CompareVelocity(run, 0, {12, 12}, formula).predicted.front();
  };
  // (W_f^T + 1)(W_VO^T + 1) / L.
  EXPECT_NEAR(norm(PathFormula::kPaper), pull * (1 + 6) * (1 + 35) / 9, 1e-9);
  // (W_f^T / 2 + 1)(W_VO^T / L + 1 / ((L - q) q)).
  EXPECT_NEAR(norm(PathFormula::kOurs), pull * (1 + 3) * (35.0 / 9 + 1.0 / 14), 1e-9);
  FigureData figure;
  AddAgreement("B", run, &figure);
  EXPECT_EQ(figure.Get("B/reasoning/ours").shape,
            (std::vector<int64_t>{1, TokenCount(ReasoningAnchors(task))}));
  EXPECT_EQ(figure.Get("B/reasoning/ours").values[1],
            CompareVelocity(run, 0, {12, 12}, PathFormula::kOurs).gradient.front());
}

// Two seeds at each of two widths; WidthToSeed rises with a width's power, which is the seed.
std::vector<RunResult> RunsOfWidths() {
  std::vector<RunResult> runs;
  for (const int64_t width : {50, 200}) {
    for (const int64_t seed : {1, 2}) {
      runs.push_back(Unprobed(ModelKind::kTransformer, width));
      runs.back().config.seed = seed;
    }
  }
  return runs;
}
double WidthToSeed(const RunResult& run) {
  return std::pow(static_cast<double>(run.config.transformer.d_model),
                  static_cast<double>(run.config.seed));
}

TEST(TheoryRatiosTest, AreDrawnByWhatRunsDifferInWithTheirNoise) {
  const std::vector<RunResult> runs = RunsOfWidths();
  const RunsByValue by{.name = "width",
                       .unit = "d_m",
                       .values = {50, 200},
                       .runs = {{&runs[0], &runs[1]}, {&runs[2], &runs[3]}}};
  FigureData figure;
  AddRatios("D", by, WidthToSeed, &figure);
  EXPECT_EQ(figure.Get("D/width").values, (std::vector<double>{50, 200}));
  EXPECT_EQ(figure.Get("D/width").units, "d_m");
  EXPECT_EQ(figure.Get("D/ratio_lo").values, (std::vector<double>{50, 200}));
  EXPECT_EQ(figure.Get("D/ratio_hi").values, (std::vector<double>{2500, 40000}));
  const std::vector<std::string>& noise = figure.Texts("D/noise");
  ASSERT_EQ(noise.size(), 4u);
  EXPECT_EQ(noise[1], "d_m = 50: " + NoiseText(runs[1].config));
  EXPECT_EQ(noise[2], "d_m = 200: " + NoiseText(runs[2].config));
  const std::vector<double> slopes = RatioSlopes(by, WidthToSeed);
  ASSERT_EQ(slopes.size(), 2u);
  EXPECT_NEAR(slopes[0], 1, 1e-12);
  EXPECT_NEAR(slopes[1], 2, 1e-12);
}

TEST(TransformerPathTest, NeedsItsProbes) {
  RunResult run = Unprobed(ModelKind::kTransformer, 1);
  run.probes.push_back({0, "parameter.embedding.token", Irregular(200, 1)});
  EXPECT_THROW((void)CompareVelocity(run, 0, {12, 12}, PathFormula::kPaper), Error);
}

constexpr int64_t kLargest = 40;

TEST_F(PlantedRun, EmbeddingsOfTheoremOneHaveItsInnerProducts) {
  const TokenRange tokens{run_.config.task.reasoning_min, kLargest};
  const Matrix theory = TheoreticalEmbeddings(run_.config, tokens);
  for (int64_t s = tokens.first; s <= tokens.last; ++s) {
    for (int64_t i = 0; i < kWidth; ++i) {
      At(s, i) = 3 * static_cast<float>(theory(s - tokens.first, i));  // at another scale
    }
  }
  At(kLargest + 1, 0) = 1000;  // a key that is not looked at
  EXPECT_LT(TheoremDeviation(Run(), kLargest), 1e-5);
  EXPECT_LT(TheoremDeviationShare(Run(), kLargest), 1e-5);
  EXPECT_GT(TheoremDeviation(Run(), kLargest + 1), 0.1);
}

TEST_F(PlantedRun, WithoutEmbeddingsTheDeviationIsTheoremOnesLargestProduct) {
  const TokenRange tokens{run_.config.task.reasoning_min, kLargest};
  const Matrix theory = TheoreticalEmbeddings(run_.config, tokens);
  double largest = 0;
  for (int64_t i = 0; i < theory.rows; ++i) {
    for (int64_t j = 0; j < theory.rows; ++j) {
      const std::span<const double> a = theory.Row(i);
      largest = std::max(
          largest, std::fabs(std::inner_product(a.begin(), a.end(), theory.Row(j).begin(), 0.0)));
    }
  }
  EXPECT_NEAR(TheoremDeviation(Run(), kLargest), largest, 1e-9);
  EXPECT_NEAR(TheoremDeviationShare(Run(), kLargest), 1, 1e-12);
  const double order = std::pow(200, 0.2) / std::sqrt(2.0) + std::pow(200, -0.8);
  EXPECT_NEAR(TheoremRatio(Run(), kLargest), largest / order, 1e-9);
}

TEST_F(PlantedRun, TheBestSnapshotCountsForTheoremOne) {
  const TokenRange tokens{run_.config.task.reasoning_min, kLargest};
  RunResult run = Run();
  const Matrix theory = TheoreticalEmbeddings(run_.config, tokens);
  for (int64_t s = tokens.first; s <= tokens.last; ++s) {
    for (int64_t i = 0; i < kWidth; ++i) {
      At(s, i) = static_cast<float>(theory(s - tokens.first, i));
    }
  }
  run.probes.push_back({10, "parameter.embedding.token", table_});
  EXPECT_LT(TheoremDeviationShare(run, kLargest), 1e-5);
}

TEST_F(PlantedRun, AttentionsLargestDeviationIsThatOfAllPositions) {
  deviation_.values = {9, 9, 0.25, 0.5};  // means, then the largest
  EXPECT_EQ(AttentionDeviation(Run()), 0.5);
}

TEST_F(PlantedRun, AttentionIsBoundByTheSizesOfItsWeights) {
  At(5, 0) = 0.3f;
  At(5, 1) = 0.4f;  // norm 0.5
  At(9, 2) = 0.2f;
  wq_.values[0] = 0.5f;  // W_Q W_K^T: one entry, 0.5 * 0.25
  wk_.values[2] = 0.25f;
  RunResult run = Run();
  run.probes.push_back(
      {0, "parameter.embedding.position", Array{.shape = {2, 2}, .values = {0, 0.25f, 0, 0}}});
  run.config.transformer.d_head = 64;
  const double score = 0.75 * 0.75 * 0.125 / 8;
  EXPECT_NEAR(AttentionBound(run), std::exp(2 * score) - 1, 1e-6);
}

}  // namespace
}  // namespace initbias
