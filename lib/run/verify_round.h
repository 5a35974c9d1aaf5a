// One round of --verify: which of its runs are yet to be trained, in a folder where rounds before
// left theirs.
//
// A run that is there was trained in this round, or it was trained for another one and says nothing
// of this machine now. So the folder holds a file, from the beginning of a round until all of its
// runs are trained, that says which round it is: one that was stopped goes on from its runs and
// checkpoints, any other begins with none.
#ifndef INITBIAS_LIB_RUN_VERIFY_ROUND_H_
#define INITBIAS_LIB_RUN_VERIFY_ROUND_H_

#include <atomic>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "lib/config/run_config.h"
#include "lib/run/run_lock.h"
#include "lib/store/results.h"

namespace initbias {

class VerifyRound {
 public:
  // Begins a round that trains `chosen` in `scratch`, or goes on with the one that ended there
  // before all of them were trained, where it was of the same runs and the same `how`: all else
  // that two trainings must share to be one. Removes what is of another round. Throws Error where
  // another process verifies in the folder, FileRefused where a file cannot be removed or written.
  VerifyRound(const ResultsFolder& scratch, const std::vector<RunConfig>& chosen,
              const std::string& how);

  // Whether it goes on with a round that had begun, and what is left of it to train.
  bool goes_on() const { return goes_on_; }
  const std::vector<RunConfig>& missing() const { return missing_; }

  // To be called when all are trained, before anything is said of them: no later round takes these
  // for its own.
  void End();

 private:
  std::filesystem::path mark_;
  // That another process has the lock; written by the lock, also from its own thread.
  std::shared_ptr<std::atomic<bool>> taken_;
  RunLock lock_;  // one round at a time
  bool goes_on_ = false;
  std::vector<RunConfig> missing_;
};

}  // namespace initbias

#endif  // INITBIAS_LIB_RUN_VERIFY_ROUND_H_
