// When the losses on memory, reasoning and masked sequences of an anchor run come down, and which
// runs ahead.
//
// Losses are compared at a level that means the same at every initialisation rate: half of the
// guess level, the entropy of a set's labels, which is what a model reaches that knows their
// distribution and nothing else. (Half of the first loss would not: large weights begin far above
// the guess level.) Steps are interpolated linearly between evaluations.
#ifndef INITBIAS_LIB_MEASURE_LEARNING_H_
#define INITBIAS_LIB_MEASURE_LEARNING_H_

#include <string>

#include "lib/config/run_config.h"
#include "lib/config/set_names.h"
#include "lib/result/run_result.h"

namespace initbias {

// The entropy (nats) of the labels of `set`: of the keys for memory, of Eq. 8's sum of key and
// anchors for both sets of reasoning sequences.
double GuessLevel(const AnchorTaskConfig& task, const std::string& set);

// A loss has left its plateau where it is below this share of its first value, or of its guess
// level.
inline constexpr double kPlateauEnds = 0.9;

// What counts as on its way everywhere: a loss at this share of its guess level, or of its corpus's
// unigram entropy (lib/measure/text.h).
inline constexpr double kHalfLearned = 0.5;

// The step at which the loss on `set` comes to half of its guess level; infinite where it does not.
double StepsToHalfGuess(const RunResult& run, const std::string& set);

// The step at which the loss on `set` comes to `level` nats; infinite where it does not.
double StepsToLoss(const RunResult& run, const std::string& set, double level);

// The smallest loss on `set` over training, nats, and as a share of its guess level.
double SmallestLoss(const RunResult& run, const std::string& set);
double SmallestShareOfGuess(const RunResult& run, const std::string& set);

// The smaller of that on memory and on masked sequences: whether anything was learned that their
// lead could be measured of.
double SmallestShareOfEither(const RunResult& run);

// Accuracy on `set` at the end.
double FinalAccuracy(const RunResult& run, const std::string& set);

// The same of masked sequences: how well what was learned generalises.
double MaskedAccuracy(const RunResult& run);

// The smaller of the final accuracies on both training sets.
double FinalTrainAccuracy(const RunResult& run);

// The loss on `set` (of text too, a corpus) at the end, and its mean over training (step 0
// included, trapezoidal), nats.
double FinalLoss(const RunResult& run, const std::string& set);
double MeanLoss(const RunResult& run, const std::string& set);

// The step at which the accuracy on `set` comes to `share`; NaN where it does not.
double StepsToAccuracy(const RunResult& run, const std::string& set, double share);

// The step at which the reasoning training loss has come to kPlateauEnds of its first value; NaN
// where it does not.
double PlateauLength(const RunResult& run);

// log2 of the steps that memory takes to half of its guess level (its length where it does not get
// there) over those of the slower of reasoning training and masked sequences: 1 where they are
// twice as fast. NaN where one of these does not get there.
double ReasoningSpeed(const RunResult& run);

// log2 of memory's steps over reasoning training's; one that does not get there counts with the
// run's length, which makes the ratio a bound. NaN where neither does.
double TrainSpeedRatio(const RunResult& run);

// The mean loss of memory minus that of masked sequences: the area between the curves, divided by
// the run's length.
double AreaBetween(const RunResult& run);

// MeanLead of the masked loss over the memory loss.
double TestLead(const RunResult& run);

// MeanLead of the reasoning training loss over the memory loss.
double TrainLead(const RunResult& run);

}  // namespace initbias

#endif  // INITBIAS_LIB_MEASURE_LEARNING_H_
