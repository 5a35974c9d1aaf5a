// Shows how the runs of a plan get on: on a terminal a block of lines that is drawn over in place,
// one a worker and a total; elsewhere a line now and then.
#ifndef INITBIAS_LIB_RUN_PROGRESS_DISPLAY_H_
#define INITBIAS_LIB_RUN_PROGRESS_DISPLAY_H_

#include <chrono>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

namespace initbias {

// A worker's current run.
struct WorkerStatus {
  std::string label;  // e.g. "transformer gamma=0.3 seed=1"
  double done = 0;    // share of the run's steps, 0 .. 1
  double rate = 0;    // steps/s
  std::vector<std::pair<std::string, double>> losses;
};

struct PlanStatus {
  std::vector<WorkerStatus> workers;
  size_t finished = 0;  // runs
  size_t failed = 0;
  size_t total = 0;
  double done = 0;           // share of the plan's work, 0 .. 1
  double seconds_left = -1;  // negative: not known yet
};

// The lines to show, each at most `width` columns: one a worker, then the total. At most `height`
// lines (2 or more): where there are more workers, a line says how many are not shown.
std::vector<std::string> StatusLines(const PlanStatus& status, size_t width, size_t height);

// Draws to a stream. One thread at a time.
class ProgressDisplay {
 public:
  explicit ProgressDisplay(std::FILE* stream);
  // Leaves the last state on the screen.
  ~ProgressDisplay();
  ProgressDisplay(const ProgressDisplay&) = delete;
  ProgressDisplay& operator=(const ProgressDisplay&) = delete;

  // Shows `status`; may be called as often as one likes.
  void Update(const PlanStatus& status);

  // Prints a line above the block, to stay.
  void Print(const std::string& line);

 private:
  void Erase();

  std::FILE* stream_;
  bool terminal_;
  size_t drawn_ = 0;  // lines on the screen to draw over
  std::vector<std::string> lines_;
  std::chrono::steady_clock::time_point last_;
  bool updated_ = false;
};

}  // namespace initbias

#endif  // INITBIAS_LIB_RUN_PROGRESS_DISPLAY_H_
