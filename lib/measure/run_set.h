// The finished runs of a figure, as its assembly and its claims ask for them.
#ifndef INITBIAS_LIB_MEASURE_RUN_SET_H_
#define INITBIAS_LIB_MEASURE_RUN_SET_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "lib/base/error.h"
#include "lib/config/run_config.h"
#include "lib/result/run_result.h"
#include "lib/store/figure_file.h"

namespace initbias {

// Some of the runs of a set.
using Runs = std::vector<const RunResult*>;

// Thrown where runs are asked for that the set has none of.
class NoSuchRun : public Error {
  using Error::Error;
};

// Owns the results of a plan.
class RunSet {
 public:
  explicit RunSet(std::vector<RunResult> runs) : runs_(std::move(runs)) {}

  const std::vector<RunResult>& all() const { return runs_; }

  // All of them.
  Runs All() const;

  // Whether any run is of `model`.
  bool Has(ModelKind model) const;

  // The runs of `model` at `gamma`, one a seed, in the order of their seeds. Throws NoSuchRun where
  // there is none.
  Runs Where(ModelKind model, double gamma) const;

  // The runs whose config `wanted` accepts, in the order of their seeds. Throws NoSuchRun "the
  // plan has no run <what>" where there is none.
  Runs Select(const std::string& what, const std::function<bool(const RunConfig&)>& wanted) const;

 private:
  std::vector<RunResult> runs_;
};

// A value per seed, in the order of the seeds, measured on the runs of a plan.
using SeedValues = std::function<std::vector<double>(const RunSet& runs)>;

// A curve over seeds: median and the band from the smallest to the largest value, an entry an
// evaluation.
struct Band {
  std::vector<double> median;
  std::vector<double> lo;
  std::vector<double> hi;
};

// The band of equally long `curves`, one a seed.
Band MakeBand(const std::vector<std::vector<double>>& curves);

// The metric of each run, in their order.
std::vector<double> PerSeed(const Runs& runs,
                            const std::function<double(const RunResult&)>& metric);

// The metric of each of `runs` minus that of the run of `others` at the same place, i.e. of its
// seed. Aborts where these are not as many.
std::vector<double> PerSeedDifference(const Runs& runs, const Runs& others,
                                      const std::function<double(const RunResult&)>& metric);

// Adds the band of `curves` (one a seed, equally long) and the curves themselves to `figure`, at
// BandOf(path) of lib/store/figure_key.h: <path>, <path>_lo, <path>_hi and <path>_seeds, in which
// seeds are rows.
void AddBand(const std::string& path, const std::string& units,
             const std::vector<std::vector<double>>& curves, FigureData* figure);

// Over a swept parameter: of each seed the metric at all `places`, the runs at one value of the
// parameter each, of the same seeds in their order. Aborts where there is no place, and where these
// have unequal numbers of runs.
std::vector<std::vector<double>> BySeed(const std::vector<Runs>& places,
                                        const std::function<double(const RunResult&)>& metric);

// Adds the band of these (AddBand): an entry a place.
void AddBandOver(const std::string& path, const std::string& units, const std::vector<Runs>& places,
                 const std::function<double(const RunResult&)>& metric, FigureData* figure);

// Adds the losses and accuracies of all series of `runs`, which have the same evaluation steps, to
// `figure` below `group`: <group>/<series>/{epoch, loss, loss_lo, loss_hi, loss_seeds, accuracy,
// ..}. Seeds are rows.
void AddLearningCurves(const std::string& group, const Runs& runs, FigureData* figure);

}  // namespace initbias

#endif  // INITBIAS_LIB_MEASURE_RUN_SET_H_
