// What figure 3 measures: when the losses on memory, reasoning and masked sequences come down, and
// which runs ahead.
//
// Losses are compared at a level that means the same at every initialisation rate: half of the
// guess level, the entropy of a set's labels, which is what a model reaches that knows their
// distribution and nothing else. (Half of the first loss would not: large weights begin far above
// the guess level.)
#ifndef INITBIAS_EXPERIMENTS_LEARNING_CONTRAST_H_
#define INITBIAS_EXPERIMENTS_LEARNING_CONTRAST_H_

#include <string>
#include <vector>

#include "lib/config/run_config.h"
#include "lib/run/experiment.h"
#include "lib/run/run_set.h"
#include "lib/store/run_file.h"

namespace initbias {

// Why claims whose words alone changed have a second entry.
inline constexpr char kReworded[] =
    "the statement can be read alone now; what is asked is unchanged";

inline constexpr char kMemorySet[] = "memory";
inline constexpr char kReasoningTrainSet[] = "reasoning_train";
inline constexpr char kReasoningTestSet[] = "reasoning_test";

// The entropy (nats) of the labels of `set`: of the keys for memory, of Eq. 8's sum of key and
// anchors for both sets of reasoning sequences.
double GuessLevel(const AnchorTaskConfig& task, const std::string& set);

// The step at which the loss on `set` comes to half of its guess level; infinite where it does not.
double StepsToHalfGuess(const RunResult& run, const std::string& set);

// The same, the run's length where it does not: a lower bound.
double StepsToHalfGuessOrLength(const RunResult& run, const std::string& set);

// The smallest loss on `set` over training as a share of its guess level.
double SmallestShareOfGuess(const RunResult& run, const std::string& set);

// The smaller of that on memory and on masked sequences: whether anything was learned that their
// lead could be measured of.
double SmallestShareOfEither(const RunResult& run);

// Accuracy on `set` at the end.
double FinalAccuracy(const RunResult& run, const std::string& set);

// The smaller of the final accuracies on both training sets.
double FinalTrainAccuracy(const RunResult& run);

// log2 of the steps that memory takes to half of its guess level (its length where it does not get
// there) over those of the slower of reasoning training and masked sequences: 1 where they are
// twice as fast. NaN where one of these does not get there.
double ReasoningSpeed(const RunResult& run);

// The same of reasoning training sequences alone.
double ReasoningTrainSpeed(const RunResult& run);

// log2 of memory's steps over reasoning training's; one that does not get there counts with the
// run's length, which makes the ratio a bound. NaN where neither does.
double TrainSpeedRatio(const RunResult& run);

// MeanLead of the masked loss over the memory loss.
double TestLead(const RunResult& run);

// MeanLead of the reasoning training loss over the memory loss.
double TrainLead(const RunResult& run);

// Throws Error where a config has no masked sequences, of which figure 3 speaks.
void CheckMasked(const RunConfig& config);

// Some runs out of those of a figure.
using ChooseRuns = std::function<Runs(const RunSet&)>;

// Of each seed, the smaller of the steps of `metric` from `large` to `usual` and from there to
// `small`: positive where it rises throughout.
SeedValues SmallerStep(const ChooseRuns& large, const ChooseRuns& usual, const ChooseRuns& small,
                       double (*metric)(const RunResult&));

// `metric` of each of the runs chosen.
SeedValues OfRuns(const ChooseRuns& runs, const std::function<double(const RunResult&)>& metric);

// That large weights, the ones of `runs`, have learned something: without it a bias beside them
// would mean nothing. `kReferenceAmended`: why claims got this precondition.
ClaimSpec::Gate ReferenceLearns(const ChooseRuns& runs);
inline constexpr char kReferenceAmended[] =
    "the bias at gamma = 0.8 beside that at 0.3 was judged even where nothing was learned at 0.3; a "
    "precondition asks for it now";

// The metric at `a` minus that at `b`, seed by seed.
SeedValues DifferenceOfRuns(const ChooseRuns& a, const ChooseRuns& b,
                            const std::function<double(const RunResult&)>& metric);

// Figure 3A's claims on Transformers at three rates, with ids "<prefix>large_same_rate" and so on;
// `place` is their place and `kind` whose statement they are.
struct Contrast {
  std::string prefix;
  std::string place;
  ClaimKind kind = ClaimKind::kText;
  ChooseRuns large;
  ChooseRuns usual;
  ChooseRuns small;
};
std::vector<ClaimSpec> ContrastClaims(const Contrast& contrast);

// What was reached at the end on each set: "at the end memory 2.36 nats (accuracy 0.31), ..", means
// over seeds, beside the guess levels. For the reasons of claims.
std::string ReachedText(const Runs& runs);

}  // namespace initbias

#endif  // INITBIAS_EXPERIMENTS_LEARNING_CONTRAST_H_
