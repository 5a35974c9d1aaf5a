// The axes of a sweep: fields of the config with the values that each takes.
#ifndef INITBIAS_EXPERIMENTS_SWEEP_AXES_H_
#define INITBIAS_EXPERIMENTS_SWEEP_AXES_H_

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/config/run_config.h"

namespace initbias {

// Any field of the config but the model and the seed.
struct SweepAxis {
  std::string field;                // "init.gamma"
  std::vector<std::string> values;  // as the config has them, in the order given, each once
};

// The axis of at most 100 values of "gamma=0.3:1.0:0.05" (from, to, step; both ends included),
// "optimizer.weight_decay=0,0.01,0.1" or, where a value has commas itself,
// "task.masked=11-13;11-13,13-11". "gamma" is init.gamma. Throws Error for another form, an unknown
// field, a value that the field does not take and too many values.
SweepAxis ParseAxis(std::string_view text);

// The axis of these initialisation rates.
SweepAxis GammaAxis(std::span<const double> gammas);

// "init.gamma = 0.3, 0.5", for people.
std::string AxisText(const SweepAxis& axis);

// What is wrong with `text` as ParseAxis says it; "" for nothing.
std::string CheckAxis(const std::string& text);

// `base` with every combination of the axes' values, the last axis running fastest. Throws Error
// for axes of one field and for a field that the base's model does not use.
std::vector<RunConfig> SweepRuns(const RunConfig& base, const std::vector<SweepAxis>& axes);

// Which values `config` has: an index of each axis, or nothing where it has another one.
std::vector<size_t> PlaceOnAxes(const RunConfig& config, const std::vector<SweepAxis>& axes);

// The values as numbers; empty where one is not a number.
std::vector<double> AxisNumbers(const std::vector<std::string>& values);

}  // namespace initbias

#endif  // INITBIAS_EXPERIMENTS_SWEEP_AXES_H_
