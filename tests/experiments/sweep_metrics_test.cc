// Metrics of a sweep, by name.
#include "experiments/sweep_metrics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <string>

#include "lib/base/text.h"
#include "lib/measure/learning.h"
#include "tests/error_of.h"
#include "tests/measure/curves_run.h"

namespace initbias {
namespace {

// Each name is of the set that it says: the curves differ, and accuracies rise to 0.5 at different
// steps.
TEST(SweepMetricsTest, AreOfTheSetsThatTheirNamesSay) {
  RunResult run = RunOf(0.5, 4, {1, 1, 0.7}, {1, 1, 0.5}, {1, 1, 0.9});
  run.curves[0].accuracy = {0, 0, 1};
  run.curves[1].accuracy = {0, 1, 1};
  run.curves[2].accuracy = {0, 0, 0.5};
  const char* const sets[] = {"memory", "reasoning", "masked"};
  const double steps[] = {150, 50, 200};
  for (size_t i = 0; i < run.curves.size(); ++i) {
    const auto measured = [&](const char* what) {
      return FindSweepMetric(std::string(sets[i]) + "_" + what).measure(run);
    };
    EXPECT_EQ(measured("loss"), run.curves[i].loss.back()) << sets[i];
    EXPECT_EQ(measured("accuracy"), run.curves[i].accuracy.back()) << sets[i];
    EXPECT_NEAR(measured("steps_50"), steps[i], 1e-9) << sets[i];
  }
  EXPECT_NEAR(FindSweepMetric("memory_steps_90").measure(run), 190, 1e-9);
  EXPECT_TRUE(std::isnan(FindSweepMetric("masked_steps_90").measure(run)));
  EXPECT_EQ(FindSweepMetric("plateau").measure(run), PlateauLength(run));
  EXPECT_EQ(FindSweepMetric("area").measure(run), AreaBetween(run));
}

TEST(SweepMetricsTest, HaveNamesOfTheirOwnAndOneIsFoundByIt) {
  std::set<std::string> names;
  for (const bool of_text : {false, true}) {
    for (const std::string& listed : Split(SweepMetricNames(of_text), ',')) {
      const std::string name(Trim(listed));
      EXPECT_TRUE(names.insert(name).second) << name;
      EXPECT_EQ(FindSweepMetric(name).name, name);
      EXPECT_EQ(FindSweepMetric(name).of_text, of_text) << name;
    }
  }
  const std::string error = ErrorOf([] { FindSweepMetric("masked_acuracy"); });
  EXPECT_NE(error.find("did you mean masked_accuracy?"), std::string::npos);
  const std::string brief = ErrorOf([] { FindSweepMetric("memory"); });
  EXPECT_NE(brief.find("did you mean memory_accuracy?"), std::string::npos);
}

TEST(AddCellsTest, AtThePathOfItsGroupWithTheUnits) {
  FigureData figure;
  const SweepMetric& metric = FindSweepMetric("plateau");
  AddCells(CellsPath("A", "plateau"), metric, {2, 1}, {3, 4}, &figure);
  EXPECT_EQ(MetricsPath("A"), "A/metrics");
  EXPECT_EQ(figure.Get("A/cells/plateau").values, (std::vector<double>{3, 4}));
  EXPECT_EQ(figure.Get("A/cells/plateau").units, metric.unit);
}

}  // namespace
}  // namespace initbias
