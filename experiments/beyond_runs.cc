#include "experiments/beyond_runs.h"

#include <algorithm>

#include "experiments/base_runs.h"
#include "experiments/learning_contrast.h"

namespace initbias {

RunConfig BeyondRun(Profile profile, double gamma, int64_t seed) {
  RunConfig run =
      TransformerRun(profile == Profile::kExtended ? Profile::kDefault : profile, gamma, seed);
  run.probe = {};
  if (profile == Profile::kDefault) {
    run.task.length = 5;
    run.task.samples = 16'000;
    run.train.batch_size = 50;
    run.train.epochs = 8;
    run.train.eval_every = 40;
  }
  return run;
}

ClaimSpec::Gate ReasoningIsLearned(const ChooseRuns& runs) {
  return {.text =
              "smallest loss on reasoning training and masked sequences as a share of the guess "
              "level, the larger one",
          .expected = AtMost(0.5),
          .measure = OfRuns(runs, [](const RunResult& run) {
            return std::max(SmallestShareOfGuess(run, kReasoningTrainSet),
                            SmallestShareOfGuess(run, kReasoningTestSet));
          })};
}

}  // namespace initbias
