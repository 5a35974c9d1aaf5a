#include "lib/train/schedule.h"

#include <cmath>
#include <numbers>

#include "lib/base/error.h"

namespace initbias {

double LearningRateAt(const RunConfig& config, int64_t step) {
  const OptimizerConfig& c = config.optimizer;
  if (c.schedule == Schedule::kConstant) {
    return c.learning_rate;
  }
  const double warmup = c.warmup_epochs * static_cast<double>(StepsPerEpoch(config));
  const auto last = static_cast<double>(TotalSteps(config) - 1);
  const auto now = static_cast<double>(step);
  INITBIAS_CHECK(now >= 0 && now <= last);
  if (now < warmup) {
    return c.learning_rate * (1 + (c.warmup_multiplier - 1) * (now / warmup));
  }
  // (1 + cos 2x) / 2 = cos^2 x. The cosine rounded to float: C libraries that differ in the last
  // bit of a double agree then.
  const double angle = std::numbers::pi / 2 * ((now - warmup) / (last - warmup));
  const auto cosine = static_cast<double>(static_cast<float>(std::cos(angle)));
  return c.floor + (c.learning_rate * c.warmup_multiplier - c.floor) * (cosine * cosine);
}

double WeightDecayAt(const RunConfig& config, int64_t step) {
  const OptimizerConfig& c = config.optimizer;
  const auto total = static_cast<double>(TotalSteps(config));
  const bool decays =
      step >= std::llround(c.decay_from * total) && step < std::llround(c.decay_to * total);
  return decays ? c.weight_decay : 0;
}

}  // namespace initbias
