// A run of the anchor task with losses that a test gives.
#ifndef INITBIAS_TESTS_MEASURE_CURVES_RUN_H_
#define INITBIAS_TESTS_MEASURE_CURVES_RUN_H_

#include <cstdint>
#include <vector>

#include "lib/config/run_config.h"
#include "lib/measure/learning.h"
#include "lib/result/run_result.h"

namespace initbias {

// A run evaluated every 100 steps; losses in guess levels of each set.
inline RunResult RunOf(double gamma, int64_t seed, const std::vector<double>& memory,
                       const std::vector<double>& train, const std::vector<double>& test,
                       double accuracy = 1) {
  RunResult run;
  run.config = {.model = ModelKind::kTransformer, .seed = seed};
  run.config.task.key_max = 60;
  run.config.init.gamma = gamma;
  const auto add = [&](const char* set, const std::vector<double>& loss) {
    run.curves.push_back({set, {}, std::vector<double>(loss.size(), accuracy)});
    for (const double share : loss) {
      run.curves.back().loss.push_back(share * GuessLevel(run.config.task, set));
    }
  };
  for (size_t i = 0; i < memory.size(); ++i) {
    run.step.push_back(static_cast<int64_t>(100 * i));
  }
  add(kMemorySet, memory);
  add(kReasoningTrainSet, train);
  add(kReasoningTestSet, test);
  return run;
}

}  // namespace initbias

#endif  // INITBIAS_TESTS_MEASURE_CURVES_RUN_H_
