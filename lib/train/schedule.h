// The learning rate and the weight decay over a run. No LibTorch here, so that plans and tests can
// use it.
#ifndef INITBIAS_LIB_TRAIN_SCHEDULE_H_
#define INITBIAS_LIB_TRAIN_SCHEDULE_H_

#include <cstdint>

#include "lib/config/run_config.h"

namespace initbias {

// The learning rate of the update number `step`, 0 .. TotalSteps - 1, of the run `config`, which
// must be valid. With Schedule::kConstant, learning_rate. With kWarmupCosine and W = warmup_epochs
// in steps (not rounded), it rises on a line from learning_rate at step 0 to the peak,
// learning_rate * warmup_multiplier, at W, and falls on half a cosine from there to floor at the
// last step.
double LearningRateAt(const RunConfig& config, int64_t step);

// The weight decay of that update: weight_decay where `step` is not before the share decay_from of
// TotalSteps and before the share decay_to, both rounded to whole steps; else 0.
double WeightDecayAt(const RunConfig& config, int64_t step);

}  // namespace initbias

#endif  // INITBIAS_LIB_TRAIN_SCHEDULE_H_
