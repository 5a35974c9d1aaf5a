// When a learning curve reaches a level, what it is between evaluations and on average: the events
// and means that claims about what is learned first are made of. Pure functions.
//
// A curve is `values`, one for each evaluation, at `steps` (of training), which increase.
// Functions with both abort where their lengths differ or the steps do not increase.
#ifndef INITBIAS_LIB_ANALYSIS_LEARNING_EVENTS_H_
#define INITBIAS_LIB_ANALYSIS_LEARNING_EVENTS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace initbias {

// A loss below this many nats counts as learned (the right label has a probability above 0.9).
inline constexpr double kLearnedLoss = 0.1;

// The step at which the curve first is <= level, interpolated linearly between the two evaluations.
// The first step where the first value is already <= level; +infinity where no value is and for an
// empty curve. NaN where level is NaN, or a value before that.
double StepsTo(std::span<const double> values, std::span<const int64_t> steps, double level);

// The index of the first value <= level, which NaN is not; nothing where there is none.
std::optional<size_t> FirstAtMost(std::span<const double> values, double level);

// The mean over training: the trapezoidal rule over the steps evaluated, from the first (step 0,
// where it is evaluated) to the last, divided by their distance. The value itself where there is
// but one; NaN for none and where one is NaN.
double MeanOver(std::span<const double> values, std::span<const int64_t> steps);

// How far `leader` leads `follower`, both losses (nats): MeanOver of (follower - leader) /
// max(follower, leader), up to and with the first evaluation at which both are learned (below
// kLearnedLoss), after which the ratio is noise. In [-1, 1]; negative where
// `follower` leads; 0 where both are 0. NaN for empty curves and where a loss up to there is NaN.
double MeanLead(std::span<const double> leader, std::span<const double> follower,
                std::span<const int64_t> steps);

// The value at `step`, interpolated linearly between evaluations. NaN before the first and after
// the last, and where step or a value needed is NaN.
double Interpolated(std::span<const double> values, std::span<const int64_t> steps, double step);

}  // namespace initbias

#endif  // INITBIAS_LIB_ANALYSIS_LEARNING_EVENTS_H_
