// The contenders of one workload, timed in turns: in each round every one of them takes its steps,
// so that a disturbance of the machine meets all of them alike.
#ifndef INITBIAS_TESTS_BENCH_SESSION_H_
#define INITBIAS_TESTS_BENCH_SESSION_H_

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/bench/contender.h"
#include "tests/bench/workloads.h"

namespace initbias {

// The contenders' names, in the order of the table.
inline constexpr char kOurProgram[] = "ours";
inline constexpr char kPytorchDefault[] = "pytorch_default";  // one process, its own threads
inline constexpr char kPytorchBest[] = "pytorch_best";        // a process a core, one thread each
inline constexpr char kLimit[] = "limit";
inline constexpr const char* kContenders[] = {kOurProgram, kPytorchDefault, kPytorchBest, kLimit};

// The parts of a step's time, as ours tells them.
inline constexpr const char* kStepParts[] = {"data", "forward", "backward", "optimizer", "rest"};

// What all sessions share.
struct SessionOptions {
  std::filesystem::path timed_loop;  // the programs
  std::filesystem::path plain_pytorch;
  std::filesystem::path data_folder;  // the project's data/
  std::string python;                 // empty: without PyTorch
  int64_t processes = 1;              // of ours, PyTorch's best form and the limit
  double round_seconds = 1;           // how long a contender computes in a round
};

// How the contender `name` of `workload` is started.
ContenderPlan PlanOf(const std::string& name, const Workload& workload, const BatchShape& batch,
                     const SessionOptions& options);

// Bytes that these contenders of `workload` hold together, about.
double MemoryOf(const std::vector<std::string>& names, const Workload& workload, int64_t processes);

// What was measured of a workload.
struct Measurement {
  struct Rates {
    int64_t processes = 0;
    int64_t steps = 0;                     // of each process in a round
    std::vector<double> steps_per_second;  // of all processes together, in each round
    std::string software;
    double peak_memory = 0;  // bytes of a process
  };
  Workload workload;
  BatchShape batch;
  std::map<std::string, Rates> contenders;
  std::map<std::string, double> shares;  // of ours, by kStepParts

  bool Has(const std::string& contender) const { return contenders.contains(contender); }
  // Medians over the rounds: run-steps a second, and `above`'s in units of `below`'s, round by
  // round. NaN where there is none.
  double StepsPerSecond(const std::string& contender) const;
  double Ratio(const std::string& above, const std::string& below) const;
};

// One thread at a time; throws Error where a contender fails.
class Session {
 public:
  // Starts the contenders `names`, finds how many steps make a round, and says so on stderr.
  Session(const Workload& workload, const std::vector<std::string>& names,
          const SessionOptions& options);

  // The seconds that the contender took in the round, which are all played up to that one.
  double Seconds(const std::string& name, size_t round);

  // The steps that all processes of the contender take together in a round.
  int64_t RunSteps(const std::string& name) const;

  // Ends the contenders; nothing can be measured after that.
  Measurement Finish();

 private:
  void PlayRound();

  Measurement measurement_;
  std::vector<std::unique_ptr<Contender>> contenders_;
  size_t rounds_ = 0;
};

}  // namespace initbias

#endif  // INITBIAS_TESTS_BENCH_SESSION_H_
