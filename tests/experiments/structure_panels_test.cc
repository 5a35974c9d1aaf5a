// Figure 5's panels of a rate, of embeddings made up.
#include "experiments/structure_panels.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/measure/curves_run.h"

namespace initbias {
namespace {

// A run of two epochs whose embeddings are no two alike; the plateau ends with its first snapshot.
RunResult EmbeddedRun() {
  RunResult run = RunOf(0.8, 4, {1, 1}, {1, 0.4}, {1, 1});
  run.config.train.epochs = 2;
  run.config.probe.steps = {0, TotalSteps(run.config)};
  run.step = run.config.probe.steps;
  constexpr int64_t kWidth = 6;
  Array table{.shape = {run.config.task.vocabulary, kWidth}};
  for (int64_t i = 0; i < run.config.task.vocabulary * kWidth; ++i) {
    table.values.push_back(static_cast<float>(std::sin(0.7 * static_cast<double>(i * i % 101))));
  }
  for (const int64_t step : run.config.probe.steps) {
    run.probes.push_back({step, "parameter.embedding.token", table});
  }
  return run;
}

TEST(StructurePanelsTest, WritesAndReadsTheSamePlaces) {
  const RunResult run = EmbeddedRun();
  const StructureGroups groups = {.cosines = "A", .components = "B", .row = "C/row"};
  FigureData figure{.figure = "fig", .profile = "default"};
  AddStructure(groups, {&run}, &figure);
  for (const char* path : {"A/memory/cosine", "A/reasoning/by_distance", "B/keys/pc1", "B/variance",
                           "C/row/real", "C/row/theory"}) {
    EXPECT_TRUE(figure.Has(path)) << path;
  }
  EXPECT_EQ(figure.Get("A/epoch").values, (std::vector<double>{0}));
  EXPECT_EQ(figure.Get("C/row/anchor").values, (std::vector<double>{15}));
  EXPECT_EQ(StructureEpoch(groups, figure), "epoch\u00a00");
  const plot::Panel panel = StructureRowPanel(groups, figure);
  EXPECT_EQ(panel.title, "s = 15");
  EXPECT_EQ(std::get<plot::LinePlot>(panel.content).series.size(), 2);
  EXPECT_THROW(StructureEpoch({.cosines = "D"}, figure), NoSuchFigureData);
}

}  // namespace
}  // namespace initbias
