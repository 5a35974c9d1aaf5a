// What a run's time goes to.
#ifndef INITBIAS_LIB_TRAIN_PHASES_H_
#define INITBIAS_LIB_TRAIN_PHASES_H_

#include <chrono>

namespace initbias {

// Wall-clock seconds of one process by what they went to.
struct PhaseSeconds {
  double data = 0;  // shuffles and batches
  double forward = 0;
  double backward = 0;
  double optimizer = 0;  // the clip too
  double evaluation = 0;
  double storage = 0;  // probes and checkpoints
};

// Adds the time that it lives to a phase, which must outlive it.
class Timed {
 public:
  explicit Timed(double* phase) : phase_(phase) {}
  Timed(const Timed&) = delete;
  Timed& operator=(const Timed&) = delete;
  ~Timed() { *phase_ += std::chrono::duration<double>(Clock::now() - start_).count(); }

 private:
  using Clock = std::chrono::steady_clock;

  double* phase_;
  Clock::time_point start_ = Clock::now();
};

}  // namespace initbias

#endif  // INITBIAS_LIB_TRAIN_PHASES_H_
