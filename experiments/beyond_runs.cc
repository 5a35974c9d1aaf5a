#include "experiments/beyond_runs.h"

#include "experiments/base_runs.h"

namespace initbias {

RunConfig BeyondRun(Profile profile, double gamma, int64_t seed) {
  RunConfig run =
      TransformerRun(profile == Profile::kExtended ? Profile::kDefault : profile, gamma, seed);
  run.probe = {};
  if (profile == Profile::kDefault) {
    run.task.length = kShortLength;
    SetSize(kBeyondSize, &run);
  }
  return run;
}

}  // namespace initbias
