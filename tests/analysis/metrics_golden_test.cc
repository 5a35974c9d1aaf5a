// The metrics of lib/analysis against a second implementation, metrics_golden.py, on the same
// inputs: formulas, repeated here.
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "lib/analysis/learning_events.h"
#include "lib/analysis/matrix.h"
#include "lib/analysis/permutation.h"
#include "lib/analysis/shape.h"
#include "lib/analysis/spectrum.h"
#include "lib/analysis/statistics.h"

namespace initbias {
namespace {

using Json = nlohmann::json;
using Values = std::vector<double>;

Json Golden(const std::string& name) {
  std::ifstream file("tests/analysis/metrics_golden.json");
  return Json::parse(file).at(name);
}

void ExpectNear(double value, const Json& golden) {
  EXPECT_NEAR(value, golden.get<double>(), 1e-9);
}

// A list of the same length.
void ExpectNear(const Values& values, const Json& golden) {
  ASSERT_EQ(values.size(), golden.size());
  for (size_t i = 0; i < values.size(); ++i) {
    ExpectNear(values[i], golden.at(i));
  }
}

// The probability is a count and agrees but for the last bits.
void ExpectNear(const PermutationTest& test, const Json& golden) {
  ExpectNear(test.statistic, golden.at(0));
  EXPECT_DOUBLE_EQ(test.probability, golden.at(1).get<double>());
}

Matrix Wave(int64_t rows, int64_t columns, double shift, double order = 1) {
  Matrix matrix{.rows = rows, .columns = columns};
  for (int64_t row = 0; row < rows; ++row) {
    for (int64_t column = 0; column < columns; ++column) {
      const auto i = static_cast<double>(row);
      const auto j = static_cast<double>(column);
      matrix.values.push_back(order * std::cos(0.45 * i + j) +
                              0.8 * std::sin(shift + 1.7 * i * i + 2.3 * j));
    }
  }
  return matrix;
}

Values FallingCurve(int n, double rate, double shift) {
  Values values;
  for (int i = 0; i < n; ++i) {
    values.push_back(4 * std::exp(-rate * i) + 0.04 * (1 + std::sin(shift + i)));
  }
  return values;
}

std::vector<int64_t> Evaluated(int64_t n) {
  std::vector<int64_t> steps;
  for (int64_t i = 0; i < n; ++i) {
    steps.push_back(5 * i * i);
  }
  return steps;
}

// exp(-d^2 / 12) for d = 1 .. 10.
Values Gaussian() {
  Values values;
  for (int d = 1; d <= 10; ++d) {
    values.push_back(std::exp(-d * d / 12.0));
  }
  return values;
}

TEST(MetricsGoldenTest, PermutationTestsOverAllOrders) {
  for (int64_t n = 3; n <= 6; ++n) {
    const auto i = static_cast<size_t>(n - 3);
    const Matrix cosines = CosineMatrix(Wave(n, 5, 0.3));
    ExpectNear(DistanceDecayTest(cosines), Golden("decay_exact").at(i));
    ExpectNear(MantelTest(cosines, CosineMatrix(Wave(n, 4, 1.1, -0.2))),
               Golden("mantel_exact").at(i));
    ExpectNear(PathLengthTest(Wave(n, 3, 0.7)), Golden("path_exact").at(i));
  }
}

TEST(MetricsGoldenTest, PermutationTestsOverDrawnOrders) {
  ExpectNear(DistanceDecayTest(CosineMatrix(Wave(12, 5, 0.3, 0.2)), 499), Golden("decay_sampled"));
  ExpectNear(MantelTest(CosineMatrix(Wave(11, 5, 0.3)), CosineMatrix(Wave(11, 4, 1.1, -0.2)), 499),
             Golden("mantel_sampled"));
  ExpectNear(PathLengthTest(Wave(13, 3, 0.7, 0.2), 499), Golden("path_sampled"));
}

TEST(MetricsGoldenTest, LearningEvents) {
  const Values leader = FallingCurve(24, 0.4, 0.5);
  const Values follower = FallingCurve(24, 0.25, 2.0);
  const std::vector<int64_t> steps = Evaluated(24);
  const Values levels = {5, 3, 2, 1, 0.5, 0.1};
  for (size_t i = 0; i < levels.size(); ++i) {
    ExpectNear(StepsTo(leader, steps, levels[i]), Golden("steps_to").at(i));
    EXPECT_EQ(FirstAtMost(leader, levels[i]), Golden("first_at_most").at(i).get<size_t>());
  }
  ExpectNear(MeanOver(leader, steps), Golden("mean_over"));
  ExpectNear(Values{MeanLead(leader, follower, steps), MeanLead(follower, leader, steps)},
             Golden("mean_lead"));
  const std::span<const int64_t> all_steps = steps;
  ExpectNear(MeanLead(std::span(leader).first(9), std::span(follower).first(9), all_steps.first(9)),
             Golden("mean_lead_unlearned"));
  Values interpolated;
  for (const double step : {0.0, 3.5, 45.0, 700.25, 2645.0}) {
    interpolated.push_back(Interpolated(leader, steps, step));
  }
  ExpectNear(interpolated, Golden("interpolated"));
}

TEST(MetricsGoldenTest, Spectrum) {
  ExpectNear(EnergyShare(Wave(9, 4, 0.2), Values{1, -2, 0.5, 3}), Golden("energy_share"));
  const RandomEdge tall = RandomDominance(6, 4);
  ExpectNear(Values{tall.mean, tall.quantile99}, Golden("random_dominance").at(0));
  const RandomEdge wide = RandomDominance(5, 9, 50);
  ExpectNear(Values{wide.mean, wide.quantile99}, Golden("random_dominance").at(1));
  ExpectNear(RelativeNorm(Wave(7, 4, 0.1), Wave(5, 4, 0.9), Wave(4, 6, 0.4)),
             Golden("relative_norm"));
}

TEST(MetricsGoldenTest, Shape) {
  const Values measured = Wave(1, 10, 0.6).values;
  const Values theory = Gaussian();
  const ShapeFit fit = CompareShapes(measured, theory);
  ExpectNear(Values{fit.theory, fit.line}, Golden("compare_shapes"));
  ExpectNear(Slope(theory, measured), Golden("slope"));
  const StraightLine line = LinearFit(theory, measured);
  ExpectNear(Values{line.slope, line.intercept}, Golden("linear_fit"));
}

TEST(MetricsGoldenTest, Statistics) {
  const std::vector<int64_t> degrees = {1, 2, 3, 4, 7, 30};
  const Values probabilities = {0.6, 0.9, 0.975, 0.9995};
  for (size_t i = 0; i < degrees.size(); ++i) {
    for (size_t j = 0; j < probabilities.size(); ++j) {
      ExpectNear(StudentQuantile(probabilities[j], degrees[i]),
                 Golden("student_quantile").at(i).at(j));
    }
  }
  const std::vector<int> sizes = {2, 3, 5, 8};
  for (size_t i = 0; i < sizes.size(); ++i) {
    const ConfidenceInterval interval = StudentInterval(FallingCurve(sizes[i], 0.1, 1.0));
    ExpectNear(Values{interval.lo, interval.hi}, Golden("student_interval").at(i));
  }
  ExpectNear(Mean(FallingCurve(8, 0.1, 1.0)), Golden("mean"));
}

}  // namespace
}  // namespace initbias
