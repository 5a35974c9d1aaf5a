// What happens to the runs of a plan, as lines of JSON for other tools. One object a line:
//
//   time    UTC, ISO 8601, milliseconds
//   event   started, progress, finished, failed or stopped
//   run     the run's id; label, model, gamma, seed: what it is
//   step, total, epoch, rate (steps a second), loss (an object: the last evaluation's loss of each
//           set, nats)                                                           of progress
//   device                                                                       of started
//   seconds, memory (bytes)                                                      of finished
//   error                                                                        of failed
//   step    of the checkpoint                                                    of stopped
#ifndef INITBIAS_LIB_RUN_RUN_LOG_H_
#define INITBIAS_LIB_RUN_RUN_LOG_H_

#include <filesystem>
#include <string>

#include "lib/config/run_config.h"
#include "lib/run/message.h"

namespace initbias {

// The line of a worker's message of one of these events, without its end. A run that another
// process has trained meanwhile (FoundMessage) is a finished one that took 0 seconds.
std::string LogLine(const std::string& time, const RunConfig& config, const Message& message);

// Appends to a file, each line at once: several processes may write to the same file. One thread at
// a time.
class RunLog {
 public:
  // Makes the file, and its folder, where they are missing. Throws Error where it cannot be
  // written.
  explicit RunLog(const std::filesystem::path& path);
  RunLog(const RunLog&) = delete;
  RunLog& operator=(const RunLog&) = delete;
  ~RunLog();

  // Writes the line. False where the disk refuses: training is to go on without a log.
  bool Write(const RunConfig& config, const Message& message);

 private:
  int descriptor_;
};

}  // namespace initbias

#endif  // INITBIAS_LIB_RUN_RUN_LOG_H_
