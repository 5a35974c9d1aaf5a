// What an experiment is, and the main function of all of them.
//
// An experiment declares the runs it needs, the numbers its figure draws and the claims it judges.
// Everything else (command line, training what is not stored yet, progress, files, the table of
// claims) is the same for all and lives here.
#ifndef INITBIAS_LIB_RUN_EXPERIMENT_H_
#define INITBIAS_LIB_RUN_EXPERIMENT_H_

#include <functional>
#include <string>
#include <vector>

#include "lib/claims/claim.h"
#include "lib/config/run_config.h"
#include "lib/run/run_set.h"
#include "lib/store/figure_file.h"

namespace initbias {

// How large an experiment is run.
enum class Profile {
  kSmoke,    // seconds, tiny models: does it work at all; claims are not judged
  kDefault,  // minutes on two cores
  kPaper,    // the paper's sizes
};
template <>
struct EnumNames<Profile> {
  static constexpr std::array<std::string_view, 3> kNames = {"smoke", "default", "paper"};
};

struct Experiment {
  std::string name;     // "fig3": of the target, the figure file and the picture
  std::string caption;  // one sentence
  std::string cost;     // time of each profile, for --help
  int64_t seeds = 3;    // where --seeds is not given; 1 at the smoke profile
  // Fields that the plan sets differently for its runs, beside model, seed and init.gamma: --set
  // would make these runs one.
  std::vector<std::string> varies = {};
  // False: the plan's runs are not trained; `assemble` and `claims` get their configs only.
  bool trains = true;
  // The runs for one seed.
  std::function<std::vector<RunConfig>(Profile profile, int64_t seed)> plan;
  // Throws Error where the figure cannot be made of a run with this config; may be empty. Asked for
  // every run, overrides included, before anything is trained.
  std::function<void(const RunConfig& config)> check = {};
  // Adds what the figure draws.
  std::function<void(const RunSet& runs, FigureData* figure)> assemble;
  // The claims with a value per seed; the caller judges them.
  std::function<std::vector<Claim>(const RunSet& runs)> claims;
};

// Runs the experiment as its command line says; returns the process's exit status: 0 done, 1
// failed, 2 wrong usage, 130 stopped on request.
int ExperimentMain(int argc, char** argv, const Experiment& experiment);

}  // namespace initbias

#endif  // INITBIAS_LIB_RUN_EXPERIMENT_H_
