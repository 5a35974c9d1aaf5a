// The contenders of one workload, timed in turns: in each round every one of them takes its steps,
// so that a disturbance of the machine meets all of them alike.
#ifndef INITBIAS_TESTS_BENCH_SESSION_H_
#define INITBIAS_TESTS_BENCH_SESSION_H_

#include <cstdint>
#include <filesystem>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/bench/contender.h"
#include "tests/bench/workloads.h"

namespace initbias {

// The contenders' names, in the order of the table. But for the first form of PyTorch each is a
// process a core, one thread each.
inline constexpr char kOurProgram[] = "ours";
inline constexpr char kPytorchDefault[] = "pytorch_default";  // one process, its own threads
inline constexpr char kPytorchBest[] = "pytorch_best";
inline constexpr char kPytorchPruned[] = "pytorch_pruned";
inline constexpr char kTorchCompile[] = "torch_compile";
inline constexpr char kTorchCompilePruned[] = "torch_compile_pruned";
inline constexpr char kJax[] = "jax";
inline constexpr char kJaxPruned[] = "jax_pruned";
inline constexpr char kLimit[] = "limit";
inline constexpr const char* kContenders[] = {kOurProgram,    kPytorchDefault, kPytorchBest,
                                              kPytorchPruned, kTorchCompile,   kTorchCompilePruned,
                                              kJax,           kJaxPruned,      kLimit};

// Whether the contender is a program in Python: what we are compared with.
bool IsPython(const std::string& name);

// Whether the contender has a form for the model: only a Transformer can be pruned.
bool TakesPart(const std::string& name, const RunConfig& config);

// The parts of a step's time, as ours tells them.
inline constexpr const char* kStepParts[] = {"data", "forward", "backward", "optimizer", "rest"};

// What all sessions share.
struct SessionOptions {
  std::filesystem::path timed_loop;  // the programs
  std::filesystem::path plain_pytorch;
  std::filesystem::path plain_jax;
  std::filesystem::path data_folder;  // the project's data/
  std::string python;                 // empty: without contenders in Python
  int64_t processes = 1;              // of all but PyTorch's default form
  double round_seconds = 1;           // how long a contender computes in a round
  // Bytes that the contenders may hold together. Ours and the limit come first; of those in Python,
  // each that finds no room is left out.
  double memory = std::numeric_limits<double>::infinity();
};

// How the contender `name` of `workload` is started.
ContenderPlan PlanOf(const std::string& name, const Workload& workload, const BatchShape& batch,
                     const SessionOptions& options);

// Bytes that the contender holds, all its processes together, about.
double MemoryOf(const std::string& name, const Workload& workload, int64_t processes);

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
  std::map<std::string, std::string> missing;  // why a contender was not measured, a line
  std::map<std::string, double> shares;        // of ours, by kStepParts

  bool Has(const std::string& contender) const { return contenders.contains(contender); }
  // Medians over the rounds: run-steps a second, and `above`'s in units of `below`'s, round by
  // round. NaN where there is none.
  double StepsPerSecond(const std::string& contender) const;
  double Ratio(const std::string& above, const std::string& below) const;
};

// One thread at a time; throws Error where ours or the limit fails. A contender in Python that
// fails is left out from then on, and nothing of it is kept.
class Session {
 public:
  // Starts the contenders `names`, finds how many steps make a round, and says so on stderr.
  Session(const Workload& workload, const std::vector<std::string>& names,
          const SessionOptions& options);

  // The seconds that the contender took in the round, which are all played up to that one; nothing
  // where it is missing.
  std::optional<double> Seconds(const std::string& name, size_t round);

  // Why the contender is missing; "" where it is not.
  std::string WhyMissing(const std::string& name) const;

  // The steps that all processes of the contender take together in a round.
  int64_t RunSteps(const std::string& name) const;

  // Ends the contenders; nothing can be measured after that.
  Measurement Finish();

 private:
  void PlayRound();
  // Calls f(), which lets `contender` do something; whether that went well. It did not where a
  // contender in Python failed, which is to be taken from contenders_.
  template <typename F>
  bool Try(const std::string& contender, const F& f);
  void Remove(const std::vector<std::string>& names);

  Measurement measurement_;
  std::vector<std::unique_ptr<Contender>> contenders_;
  size_t rounds_ = 0;
};

}  // namespace initbias

#endif  // INITBIAS_TESTS_BENCH_SESSION_H_
