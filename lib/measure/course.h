// How a quantity of a run moves over its snapshots, and when it has come half of its way: what is
// told apart here is which of several moves first.
#ifndef INITBIAS_LIB_MEASURE_COURSE_H_
#define INITBIAS_LIB_MEASURE_COURSE_H_

#include <cstdint>
#include <functional>
#include <vector>

#include "lib/result/run_result.h"

namespace initbias {

// A measure of a run at a share of its training (0 .. 1).
using ShareMeasure = std::function<double(const RunResult& run, double share)>;

// The values of a measure at the probed steps, which rise.
struct Course {
  std::vector<int64_t> steps;
  std::vector<double> values;  // as many
};
Course CourseOf(const RunResult& run, const ShareMeasure& measure);

// A change below this share of the first value dates nothing: it is noise, or the drift of weights
// that do something else.
inline constexpr double kLeastChange = 0.1;

// The value that is farthest from the first one, minus the first one, in the unit of the values; 0
// where there is one value or all are equal. NaN for no values and where one is NaN.
double LargestChange(const Course& course);

// The step at which the values have first come half of their largest change, interpolated linearly
// between snapshots. NaN where the largest change is below kLeastChange of the first value, or NaN.
double StepsToHalfChange(const Course& course);
double StepsToHalfChange(const RunResult& run, const ShareMeasure& measure);

// LargestChange as a share of the first value; NaN for no values.
double RelativeChange(const Course& course);

// The largest value of `measure` over the run's snapshots, of which there is one at least.
double PeakOf(const RunResult& run, const ShareMeasure& measure);

// How much sooner the reasoning anchors lie in order than reasoning is learned: log2 of the step at
// which the reasoning training loss leaves its guess level (kPlateauEnds of it) over that of the
// first snapshot after step 0 at which DecayProbability is at most `level`. NaN where one does not
// come, -infinity where the loss is that low at step 0.
double OrderBeforeLoss(const RunResult& run, double level);

}  // namespace initbias

#endif  // INITBIAS_LIB_MEASURE_COURSE_H_
