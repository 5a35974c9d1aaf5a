// The stages of an anchor run's training, dated by what it has learned, not by steps: the paper
// dates figure 4 only, and a learning rate, a schedule or a size of ours moves every date.
#ifndef INITBIAS_LIB_MEASURE_STAGES_H_
#define INITBIAS_LIB_MEASURE_STAGES_H_

#include <functional>
#include <string>
#include <vector>

#include "lib/measure/run_set.h"
#include "lib/result/run_result.h"
#include "lib/store/figure_file.h"

namespace initbias {

enum class Stage {
  kStart,    // initialisation, step 0
  kEarly,    // the last snapshot before the reasoning training loss is below 0.9 of its first value
  kPlateau,  // the last snapshot before it is below 0.9 of its guess level
  kHalf,     // the first snapshot with that loss at half of its guess level or below
  kEnd,      // the last snapshot
};

// As the comments above say it, for the metrics of claims: "early in training (the last snapshot
// before ..)".
std::string StageText(Stage stage);

// The share of the run (0 .. 1) at which the snapshot of `stage` was taken, as RunResult::ProbeNear
// takes it; NaN where the run does not come so far. Runs without reasoning sequences are dated by
// their memory loss. Aborts for a run without snapshots.
double StageShare(const RunResult& run, Stage stage);

// The same, the last snapshot where the run does not come so far: for what is drawn, not judged.
double DrawnShare(const RunResult& run, Stage stage);

// Where in a run something is drawn: at a share of each run, or at each run's own stage.
using ShareOf = std::function<double(const RunResult& run)>;
ShareOf AtShare(double share);
ShareOf AtStage(Stage stage);

// A measure of a run at a share of its training.
struct NamedMeasure {
  const char* name;
  double (*metric)(const RunResult& run, double share);
};

// Adds to `figure` below `group`: stage (their names: "start", "early", "plateau", "half", "end"),
// <name> [seeds, 5] of `metric` at the five stages, and epoch [seeds, 5], their dates, NaN where a
// run does not come so far. Aborts where there are no runs.
void AddStages(const std::string& group, const std::string& name, const Runs& runs,
               double (*metric)(const RunResult& run, double share), FigureData* figure);

// The epoch at a share of the run.
double EpochAt(const RunResult& run, double share);

}  // namespace initbias

#endif  // INITBIAS_LIB_MEASURE_STAGES_H_
