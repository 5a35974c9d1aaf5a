// What a sweep measures of each run, by name.
#ifndef INITBIAS_EXPERIMENTS_SWEEP_METRICS_H_
#define INITBIAS_EXPERIMENTS_SWEEP_METRICS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/result/run_result.h"
#include "lib/store/figure_file.h"

namespace initbias {

// Names of metrics that studies choose, judge and tell.
inline constexpr char kMaskedAccuracyName[] = "masked_accuracy";
inline constexpr char kLeadName[] = "lead";
inline constexpr char kSpeedRatioName[] = "speed_ratio";
inline constexpr char kPlateauName[] = "plateau";

struct SweepMetric {
  std::string_view name;   // as one types it
  std::string_view label;  // of an axis
  std::string_view unit;   // "" for none
  bool of_text = false;    // of GPT-2's runs; else of those on the anchor task
  double (*measure)(const RunResult& run) = nullptr;  // NaN where the run does not come so far
  std::optional<double> min = {};                     // of a colour scale; none: from the data
  std::optional<double> max = {};
  bool about_zero = false;  // its sign means something: colours lie equally to both sides of 0
};

// Throws Error, which names all, for an unknown one.
const SweepMetric& FindSweepMetric(std::string_view name);

// Where a sweep or a table of variants has the names of its metrics, and the values of one.
std::string MetricsPath(const std::string& group);
std::string CellsPath(const std::string& group, const std::string& metric);

// Adds values of a metric, a seed the last dimension, at `path`.
void AddCells(const std::string& path, const SweepMetric& metric, std::vector<int64_t> shape,
              std::vector<double> values, FigureData* figure);

// "masked_accuracy, lead, ..": of one kind.
std::string SweepMetricNames(bool of_text);

}  // namespace initbias

#endif  // INITBIAS_EXPERIMENTS_SWEEP_METRICS_H_
