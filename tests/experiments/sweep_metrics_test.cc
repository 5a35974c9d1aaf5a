// Metrics of a sweep, on curves whose answers are known.
#include "experiments/sweep_metrics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <string>

#include "lib/base/text.h"
#include "tests/error_of.h"
#include "tests/measure/curves_run.h"

namespace initbias {
namespace {

double Measured(const char* name, const RunResult& run) {
  return FindSweepMetric(name).measure(run);
}

// Losses of memory, reasoning and masked sequences in units of their guess levels, at five
// evaluations; accuracies of the masked ones rise evenly to 0.8.
RunResult SomeRun() {
  RunResult run = RunOf(0.5, 4, {1, 1, 1, 1, 0.5}, {1, 1, 0.5, 0.1, 0.1}, {1, 1, 1, 0.5, 0.25});
  for (LearningCurve& curve : run.curves) {
    curve.accuracy = {0, 0.2, 0.4, 0.6, 0.8};
  }
  return run;
}

TEST(SweepMetricsTest, ComputesEachFromTheCurves) {
  const RunResult run = SomeRun();
  const auto step = [&run](double evaluation) {
    return evaluation * static_cast<double>(run.step[1] - run.step[0]);
  };
  EXPECT_NEAR(Measured("masked_accuracy", run), 0.8, 1e-12);
  EXPECT_NEAR(Measured("masked_steps_50", run), step(2.5), 1e-9);
  EXPECT_TRUE(std::isnan(Measured("masked_steps_90", run)));
  EXPECT_NEAR(Measured("masked_loss", run), run.Get("reasoning_test").loss.back(), 1e-12);
  // 0.9 of the first value is a fifth of the way from 1 to 0.5.
  EXPECT_NEAR(Measured("plateau", run), step(1.2), 1e-9);
  const std::vector<double>& memory = run.Get("memory").loss;
  const std::vector<double>& masked = run.Get("reasoning_test").loss;
  double area = 0;
  for (size_t i = 0; i + 1 < memory.size(); ++i) {
    area += (memory[i] + memory[i + 1] - masked[i] - masked[i + 1]) / 2 / 4;
  }
  EXPECT_NEAR(Measured("area", run), area, 1e-9);
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

}  // namespace
}  // namespace initbias
