// Which runs of a plan are stored, for a look that trains nothing and moves nothing.
#ifndef INITBIAS_LIB_RUN_STORED_RUNS_H_
#define INITBIAS_LIB_RUN_STORED_RUNS_H_

#include <map>
#include <string>
#include <vector>

#include "lib/config/run_config.h"
#include "lib/store/results.h"

namespace initbias {

struct StoredRun {
  // kDamaged: training moves the file aside and trains the run again. kRefused: training stops with
  // an error, for the file may be whole: the system does not let us read it, or it is of another
  // version of the layout.
  enum class State { kMissing, kWhole, kDamaged, kRefused } state = State::kMissing;
  std::string error;  // of the last two

  bool ToTrain() const { return state == State::kMissing || state == State::kDamaged; }
};

class StoredRuns {
 public:
  // Reads what the index of runs (lib/store/run_index.h) does not remember as it is now, and
  // nothing of a run file that has not changed since it was written.
  StoredRuns(const std::vector<RunConfig>& plan, const ResultsFolder& folder);

  // `config`: a run of the plan.
  const StoredRun& Of(const RunConfig& config) const { return runs_.at(RunId(config)); }

 private:
  std::map<std::string, StoredRun> runs_;  // by id
};

}  // namespace initbias

#endif  // INITBIAS_LIB_RUN_STORED_RUNS_H_
