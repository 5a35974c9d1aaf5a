// Numbers that sum up learning curves, for claims about what is learned first.
#ifndef INITBIAS_LIB_ANALYSIS_LEARNING_CURVES_H_
#define INITBIAS_LIB_ANALYSIS_LEARNING_CURVES_H_

#include <span>

namespace initbias {

// A loss below this many nats counts as learned (the right label has a probability above 0.9).
inline constexpr double kLearnedLoss = 0.1;

// How far `leader` runs ahead of `follower`, both losses (nats, positive) at the same evaluations:
// the mean over the evaluations of (follower - leader) / max(follower, leader), up to and with the
// first at which both are learned, after which the ratio is noise. In [-1, 1]: 0 where both fall
// alike, 0.5 where the leader's loss is half the follower's on average, negative where it is
// behind. NaN for empty curves and where a loss is NaN. The curves must be of equal length.
double RelativeLead(std::span<const double> leader, std::span<const double> follower);

}  // namespace initbias

#endif  // INITBIAS_LIB_ANALYSIS_LEARNING_CURVES_H_
