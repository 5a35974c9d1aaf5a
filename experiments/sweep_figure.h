// The figure of a sweep: what was measured at each place of its axes, and how it is drawn.
#ifndef INITBIAS_EXPERIMENTS_SWEEP_FIGURE_H_
#define INITBIAS_EXPERIMENTS_SWEEP_FIGURE_H_

#include <cstddef>
#include <string>
#include <vector>

#include "experiments/findings.h"
#include "experiments/sweep_axes.h"
#include "experiments/sweep_metrics.h"
#include "figures/plot/figure.h"
#include "lib/measure/run_set.h"
#include "lib/store/figure_file.h"

namespace initbias {

struct Sweep {
  std::vector<SweepAxis> axes;       // one, two or three
  std::vector<std::string> metrics;  // names of SweepMetrics
  bool lines = false;                // of two axes and more: curves in place of a heat map
  // A metric, or "": of two axes and more, lines of its equal values lie over the first metric's
  // heat map.
  std::string contours = {};
};

// Adds the axes and, for each metric, the value of the run at every place of the axes and of every
// seed, below `group`: <group>/axes, <group>/axis1 .., <group>/metrics, <group>/lines and
// <group>/cells/<metric> [axis 1, axis 2, .., seed], <group>/contours/<metric> likewise. NaN where
// a run is not there (it failed) or does not come so far.
void AddSweep(const std::string& group, const Sweep& sweep, const Runs& runs, FigureData* figure);

// Appends panels from row `row` on, under the letter `group`. One axis of numbers: the median over
// seeds with the range as a band. Two axes: a heat map of the median, the first axis to the right,
// with contours of the median at round values, or a curve a value of the second. Three: a panel a
// value of the third. Returns the next free row.
int AddSweepPanels(const std::string& group, const FigureData& data, int row, plot::Figure* figure);

// The values of a metric along the first axis, under "γ = 0.3" and so on; of two axes, where the
// second has the value `second`. Throws NoSuchFigureData where it has no such value.
std::vector<SeedList> SweepLine(const std::string& group, const std::string& metric,
                                const FigureData& data, const std::string& second = "");

// The same at one place, the values of both axes.
std::vector<double> SweepCell(const std::string& group, const std::string& metric,
                              const std::string& first, const std::string& second,
                              const FigureData& data);

// The values of an axis, counted from 0. Throws NoSuchFigureData where there is no such axis.
const std::vector<std::string>& SweepValues(const std::string& group, size_t axis,
                                            const FigureData& data);

// How many panels stand in a row of AddSweepPanels.
int SweepColumns(const std::string& group, const FigureData& data);

}  // namespace initbias

#endif  // INITBIAS_EXPERIMENTS_SWEEP_FIGURE_H_
