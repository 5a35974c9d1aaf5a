// A table of variants: its runs, and how they are found again.
#include "experiments/variants.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <variant>

#include "figures/plot/check.h"
#include "tests/measure/curves_run.h"

namespace initbias {
namespace {

VariantTable Table() {
  return {.rows = {{.name = "as it is", .set = {}},
                   {.name = "no decay", .set = {"optimizer.weight_decay=0"}},
                   {.name = "fast", .set = {"optimizer.learning_rate=0.1"}}},
          .columns = {{.name = "large", .set = {"init.gamma=0.3"}},
                      {.name = "small", .set = {"init.gamma=0.8"}}},
          .metrics = {"masked_accuracy", "lead"}};
}

std::vector<RunResult> TableRuns() {
  std::vector<RunResult> runs;
  for (const int64_t seed : {4, 5, 6}) {
    const RunResult base = RunOf(0.5, seed, {1, 1}, {1, 1}, {1, 1});
    for (const RunConfig& config : VariantRuns(base.config, Table())) {
      runs.push_back(base);
      runs.back().config = config;
      for (LearningCurve& curve : runs.back().curves) {
        curve.accuracy.back() = 0.01 * static_cast<double>(runs.size());
      }
    }
  }
  return runs;
}

TEST(VariantsTest, RunsAreRowByRowAndFoundByTheirValues) {
  EXPECT_EQ(VariedFields(Table()),
            (std::vector<std::string>{"init.gamma", "optimizer.learning_rate",
                                      "optimizer.weight_decay"}));
  const std::vector<RunConfig> runs = VariantRuns({.seed = 9}, Table());
  ASSERT_EQ(runs.size(), 6);
  EXPECT_EQ(runs[3].init.gamma, 0.8);
  EXPECT_EQ(runs[3].optimizer.weight_decay, 0);
  EXPECT_EQ(runs[4].optimizer.learning_rate, 0.1);
  EXPECT_EQ(runs[4].seed, 9);
  const RunSet set(TableRuns());
  const Runs found = OfVariant(Table(), ModelKind::kTransformer, "no decay", "small")(set);
  ASSERT_EQ(found.size(), 3);
  for (const RunResult* run : found) {
    EXPECT_EQ(run->config.init.gamma, 0.8);
    EXPECT_EQ(run->config.optimizer.weight_decay, 0);
  }
  EXPECT_EQ(OfVariant(Table(), ModelKind::kTransformer, "as it is", "large")(set).size(), 3);
}

TEST(VariantsTest, WhatAVariantDoesNotSetIsWhatMostRunsHave) {
  std::vector<RunResult> runs;
  for (const int64_t seed : {4, 5}) {
    RunResult base = RunOf(0.5, seed, {1}, {1}, {1});
    base.config.optimizer.learning_rate = 0.02;  // not the default, which Table does not know
    for (const RunConfig& config : VariantRuns(base.config, Table())) {
      runs.push_back(base);
      runs.back().config = config;
    }
  }
  const RunSet set(std::move(runs));
  EXPECT_EQ(MostCommonText(set, ModelKind::kTransformer, "optimizer.learning_rate"), "0.02");
  EXPECT_EQ(MostCommonText(set, ModelKind::kTransformer, "gpt2.dropout"), "");
  EXPECT_EQ(MostCommonText(set, ModelKind::kEmbMlp, "optimizer.learning_rate"), "");
  const Runs found = OfVariant(Table(), ModelKind::kTransformer, "as it is", "large")(set);
  ASSERT_EQ(found.size(), 2);
  EXPECT_EQ(found[0]->config.optimizer.learning_rate, 0.02);
  EXPECT_EQ(OfVariant(Table(), ModelKind::kTransformer, "fast", "small")(set).size(), 2);
  EXPECT_THROW(OfVariant(Table(), ModelKind::kEmbMlp, "fast", "small")(set), NoSuchRun);
}

TEST(VariantsTest, AMetricIsATableWithItsMediansWrittenIn) {
  FigureData data;
  AddVariants("A", Table(), ModelKind::kTransformer, RunSet(TableRuns()), &data);
  EXPECT_EQ(data.Get("A/cells/lead").shape, (std::vector<int64_t>{3, 2, 3}));
  plot::Figure figure{.title = "t", .caption = "c", .columns = 2};
  AddVariantPanels("A", data, 0, &figure);
  plot::CheckFigure("variants", figure);
  ASSERT_EQ(figure.panels.size(), 2);
  const auto& map = std::get<plot::HeatMap>(figure.panels[0].content);
  EXPECT_EQ(map.row_labels, (std::vector<std::string>{"as it is", "no decay", "fast"}));
  // The second of three seeds has the medians: runs 7 to 12.
  EXPECT_EQ(map.cell_labels[0], ".07 (.01–.13)");
  EXPECT_EQ(map.cell_labels[5], ".12 (.06–.18)");
}

// As in sweeps and in what is said of them.
TEST(VariantsTest, ACellNeedsMostOfItsSeeds) {
  FigureData data;
  AddVariants("A", Table(), ModelKind::kTransformer, RunSet(TableRuns()), &data);
  for (FigureArray& array : data.arrays) {
    if (array.path == "A/cells/masked_accuracy") {
      array.values[0] = std::nan("");  // one of the first cell, two of the second
      array.values[3] = array.values[4] = std::nan("");
    }
  }
  plot::Figure figure{.title = "t", .caption = "c", .columns = 2};
  AddVariantPanels("A", data, 0, &figure);
  const auto& map = std::get<plot::HeatMap>(figure.panels[0].content);
  EXPECT_EQ(map.cell_labels[0], ".10 (.07–.13)");
  EXPECT_EQ(map.cell_labels[1], "–");
}

TEST(VariantsTest, NegativeValuesAreReadable) {
  FigureData data;
  AddVariants("A", Table(), ModelKind::kTransformer, RunSet(TableRuns()), &data);
  for (FigureArray& array : data.arrays) {
    if (array.path == "A/cells/masked_accuracy") {
      const double values[] = {-0.15, -0.19, -0.17, -0.004, -0.01, 0.001};
      std::ranges::copy(values, array.values.begin());
    }
  }
  plot::Figure figure{.title = "t", .caption = "c", .columns = 2};
  AddVariantPanels("A", data, 0, &figure);
  const auto& map = std::get<plot::HeatMap>(figure.panels[0].content);
  EXPECT_EQ(map.cell_labels[0], "-.17 (-.19..-.15)");
  EXPECT_EQ(map.cell_labels[1], ".00 (-.01–.00)");
}

TEST(VariantsTest, WordsStandInPlaceOfNames) {
  FigureData data;
  AddVariants("A", Table(), ModelKind::kTransformer, RunSet(TableRuns()), &data);
  plot::Figure figure{.title = "t", .caption = "c", .columns = 2};
  AddVariantPanels("A", data, 0, &figure,
                   {.before_column = "γ: ", .instead_of = {{"fast", "4 times the rate"}}});
  const auto& map = std::get<plot::HeatMap>(figure.panels[1].content);
  EXPECT_EQ(map.row_labels, (std::vector<std::string>{"as it is", "no decay", "4 times the rate"}));
  EXPECT_EQ(map.column_labels, (std::vector<std::string>{"γ: large", "γ: small"}));
}

TEST(RateColumnsTest, AColumnARate) {
  const double gammas[] = {0.3, 1};
  const std::vector<Variant> columns = RateColumns(gammas);
  ASSERT_EQ(columns.size(), 2);
  EXPECT_EQ(columns[0].name, "0.3");
  EXPECT_EQ(columns[0].set, (std::vector<std::string>{"init.gamma=0.3"}));
  EXPECT_EQ(columns[1].name, RateColumn(1));
  EXPECT_EQ(columns[1].set, (std::vector<std::string>{"init.gamma=1"}));
}

}  // namespace
}  // namespace initbias
