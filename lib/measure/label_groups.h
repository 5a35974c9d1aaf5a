// What a model puts out for groups of memory anchors whose ranges of labels are nested (figure 8,
// task.memory_labels = nested), while it does not know single labels yet.
#ifndef INITBIAS_LIB_MEASURE_LABEL_GROUPS_H_
#define INITBIAS_LIB_MEASURE_LABEL_GROUPS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "lib/config/run_config.h"
#include "lib/measure/run_set.h"
#include "lib/result/run_result.h"
#include "lib/store/figure_file.h"

namespace initbias {

// Returns [V]: the share of each label among the outputs for group `index`, of a snapshot of
// outputs.argmax or outputs.probability; the part of it that lies in the group's range of labels.
std::vector<double> GroupOutputs(const Snapshot& probe, int64_t index);
double ShareInOwnRange(const AnchorTaskConfig& task, const Snapshot& probe, int64_t index);

// The entropy (nats) of the labels of all groups together: what the best guess costs that knows
// their distribution and does not look at the sequence.
double GroupLabelEntropy(const AnchorTaskConfig& task);

// The stage at which accuracy is low: the snapshots of the outputs after step 0 from the first on
// whose mean loss over the groups is below GroupLabelEntropy (by then the model knows more than
// which labels there are) to the last before a group's accuracy exceeds `low`. Empty where there is
// none.
std::vector<const Snapshot*> LowStage(const RunResult& run, double low);

// Measures of such a stage; NaN where it is empty.
//
// The smallest ShareInOwnRange of all groups and snapshots.
double SmallestInRange(const AnchorTaskConfig& task, const std::vector<const Snapshot*>& stage);
// How much more of a group's outputs than of those of the group before it lie above the latter's
// range, at the last snapshot, the smallest difference over the groups.
double SmallestDistinction(const AnchorTaskConfig& task, const std::vector<const Snapshot*>& stage);
// How much more of a group's outputs lie in its range than of the other groups' outputs do (as if
// the groups' names were exchanged), mean over the groups but the last, whose range holds all; at
// the first snapshot.
double InRangeOverExchanged(const AnchorTaskConfig& task,
                            const std::vector<const Snapshot*>& stage);

// Adds what figures draw of `runs`. Below `curves`: probe_epoch, steps_per_epoch and, of each
// group, the share of its outputs inside its range at each snapshot, as bands over seeds:
// <set>/{in_range_argmax, in_range_probability}, <set> being MemoryGroupSet. Below `outputs`, of
// the first run's snapshot that `shown` chooses: epoch, groups (their number), <set>/{range,
// outputs}.
void AddLabelGroups(const std::string& curves, const std::string& outputs, const Runs& runs,
                    const Snapshot& (*shown)(const RunResult& run), FigureData* figure);

}  // namespace initbias

#endif  // INITBIAS_LIB_MEASURE_LABEL_GROUPS_H_
