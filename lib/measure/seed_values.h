// A value per seed: of some runs of a figure, of the difference of two of them, at a stage.
#ifndef INITBIAS_LIB_MEASURE_SEED_VALUES_H_
#define INITBIAS_LIB_MEASURE_SEED_VALUES_H_

#include <functional>
#include <span>
#include <vector>

#include "lib/config/run_config.h"
#include "lib/measure/run_set.h"
#include "lib/measure/stages.h"
#include "lib/result/run_result.h"

namespace initbias {

// A measure of a run.
using RunMeasure = std::function<double(const RunResult&)>;

// Some runs out of those of a figure.
using ChooseRuns = std::function<Runs(const RunSet&)>;

// The runs of `model` at the initialisation rate `gamma`.
ChooseRuns RunsAt(ModelKind model, double gamma);

// Of each seed, the smaller of the steps of `metric` from `large` to `usual` and from there to
// `small`: positive where it rises throughout.
SeedValues SmallerStep(const ChooseRuns& large, const ChooseRuns& usual, const ChooseRuns& small,
                       const RunMeasure& metric);

// `metric` of each of the runs chosen.
SeedValues OfRuns(const ChooseRuns& runs, const RunMeasure& metric);

// The metric at `a` minus that at `b`, seed by seed.
SeedValues DifferenceOfRuns(const ChooseRuns& a, const ChooseRuns& b, const RunMeasure& metric);

// Of each seed, the smallest difference of `metric` between a run at the initialisation rate
// `gamma` and the run at `other` that is configured like it but for this. A seed without such a
// pair has no value.
SeedValues SmallestDifference(const ChooseRuns& runs, double gamma, double other,
                              const RunMeasure& metric);

// `metric` of a run at the share that `share` gives; NaN where that is NaN.
RunMeasure MeasureAt(const ShareOf& share, std::function<double(const RunResult&, double)> metric);

// Of each seed, the largest of the metric over these groups of runs; NaN where one is NaN. Aborts
// for no groups and where they have unequal numbers of runs.
SeedValues LargestOf(const std::vector<ChooseRuns>& groups, const RunMeasure& metric);

// Of each of `curves` over `x` (BySeed), the slope of the least-squares line. NaN where x has fewer
// than two different values.
std::vector<double> SlopesBySeed(std::span<const double> x,
                                 const std::vector<std::vector<double>>& curves);

// `metric` of each run at the share that `share` gives; NaN where that is NaN.
SeedValues AtShares(const ChooseRuns& runs, const ShareOf& share,
                    std::function<double(const RunResult&, double)> metric);

// StageShare of `stage`: NaN where a run does not come so far.
ShareOf JudgedAt(Stage stage);

// `metric` at `stage` of the runs of `a` minus that of the runs of `b`, seed by seed, each run at
// its own date; NaN where one does not come so far.
SeedValues DifferenceAtStage(const ChooseRuns& a, const ChooseRuns& b, Stage stage,
                             double (*metric)(const RunResult&, double));

}  // namespace initbias

#endif  // INITBIAS_LIB_MEASURE_SEED_VALUES_H_
