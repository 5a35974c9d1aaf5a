// What figures draw of Section 5 beside training (theory.h), as arrays of a figure file.
#ifndef INITBIAS_LIB_MEASURE_THEORY_ARRAYS_H_
#define INITBIAS_LIB_MEASURE_THEORY_ARRAYS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "lib/measure/run_set.h"
#include "lib/measure/seed_values.h"
#include "lib/result/run_result.h"
#include "lib/store/figure_file.h"

namespace initbias {

// Adds the agreement of `run` with Propositions 1 to 3 over training (CompareVelocity):
// <group>/step and, of memory and reasoning anchors, <group>/<kind>/{token, gradient, change}; of a
// Transformer also <group>/<kind>/ours. A row a snapshot, a column an anchor; `change` has no last
// row.
void AddAgreement(const std::string& group, const RunResult& run, FigureData* figure);

// Adds the norms of the gradients of memory and reasoning anchors and what Proposition 1 says of
// them (SizesOf): <group>/<kind>/{predicted, measured}.
void AddSizes(const std::string& group, const RunResult& run, int64_t last_step,
              FigureData* figure);

// Runs by the value of what they differ in, of the same seeds at each.
struct RunsByValue {
  std::string name;  // of the values in a figure file: "width"
  std::string unit;  // "d_m"
  std::vector<double> values;
  std::vector<Runs> runs;  // as many
};

// Adds <group>/<name>, the values, <group>/ratio, `ratio` of the runs as a band over seeds, and
// <group>/noise, the noise that Theorem 1's inner products were taken with: a text a run.
void AddRatios(const std::string& group, const RunsByValue& by, const RunMeasure& ratio,
               FigureData* figure);

// Of each seed, the slope of the ratio's logarithm over that of the values.
std::vector<double> RatioSlopes(const RunsByValue& by, const RunMeasure& ratio);

}  // namespace initbias

#endif  // INITBIAS_LIB_MEASURE_THEORY_ARRAYS_H_
