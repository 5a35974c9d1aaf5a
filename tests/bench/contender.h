// A contender: one or more child processes that all take the same number of steps at a time, and
// wait without using the processor in between.
#ifndef INITBIAS_TESTS_BENCH_CONTENDER_H_
#define INITBIAS_TESTS_BENCH_CONTENDER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "lib/process/subprocess.h"

namespace initbias {

// How a contender is started.
struct ContenderPlan {
  std::string name;                      // one of session.h's kContenders
  std::vector<std::string> argv;         // of each of its processes, which speak as timed_loop.cc
  std::vector<std::string> environment;  // "NAME=value"
  std::string input;                     // said to each at first
  int64_t processes = 1;
};

// One thread at a time. All throw Error where a process fails, with what it wrote.
class Contender {
 public:
  // Starts the processes; they set themselves up side by side.
  explicit Contender(ContenderPlan plan);

  // Waits until all can begin.
  void WaitUntilReady();

  // Has each process take `steps` steps; returns the wall-clock seconds until all had.
  double Run(int64_t steps);

  // Warms up, then returns how many steps take about `seconds`; at least 1.
  int64_t StepsThatTake(double seconds);

  // Ends the processes, one after the other. Of ours, Share() is known then.
  void Stop();

  const ContenderPlan& plan() const { return plan_; }
  // What a process says of itself: "torch=2.11.0 threads=2".
  const std::string& software() const { return software_; }
  // The most memory that a process held, in bytes; 0 where it does not say.
  double peak_memory() const { return peak_memory_; }
  // A part of a step's time, 0 .. 1, mean over processes: "data", "forward", "backward",
  // "optimizer" or "rest".
  double Share(const std::string& part) const;

 private:
  ContenderPlan plan_;
  std::vector<std::unique_ptr<Subprocess>> processes_;
  std::string software_;
  double peak_memory_ = 0;
  std::vector<std::string> shares_;  // of each process, as it says them
};

}  // namespace initbias

#endif  // INITBIAS_TESTS_BENCH_CONTENDER_H_
