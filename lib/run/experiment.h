// What an experiment is: the runs it needs, the numbers its figure draws and the claims it judges.
// Everything else (command line, training what is not stored yet, progress, files, the table of
// claims, drawing) is the same for all: lib/run/experiment_main.h.
#ifndef INITBIAS_LIB_RUN_EXPERIMENT_H_
#define INITBIAS_LIB_RUN_EXPERIMENT_H_

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "lib/base/command_line.h"
#include "lib/claims/claim.h"
#include "lib/config/profile.h"
#include "lib/config/run_config.h"
#include "lib/measure/run_set.h"
#include "lib/store/figure_file.h"

namespace initbias {

// What a verdict at this profile is evidence of: "smoke" (nothing), "reduced", "extended" (the
// paper's data, model and batch, a twentieth of the Transformer's epochs) or "paper" scale.
std::string_view ScaleName(Profile profile);

// A precondition of a claim as it is registered, and how its values come out of the runs. The
// fields of the same name are Precondition's.
struct PreconditionSpec {
  std::string text;
  Interval expected;
  SeedValues measure;
  bool for_holds_only = false;
};

// A claim as it is registered, and how its values come out of the runs. The fields of the same name
// are Claim's.
struct ClaimSpec {
  std::string id;
  std::string statement;
  std::string place = {};
  ClaimKind kind = ClaimKind::kText;
  std::string metric;
  Interval expected;
  ClaimRule rule = ClaimRule::kMean;
  std::string threshold_reason = {};
  std::string amended = {};
  int64_t registration = 1;
  std::vector<PreconditionSpec> preconditions = {};
  SeedValues measure;
  // Why it may differ, made of what these runs measured; may be empty.
  std::function<std::string(const RunSet& runs)> reason = {};
};

// The claim measured on `runs`, not judged yet.
Claim Measure(const ClaimSpec& spec, const RunSet& runs);

// The claims as the files of registrations, experiments/claims.json and so on, have them, with the
// seeds that judge them: a JSON array of objects.
std::string RegistryText(const std::string& study, const std::vector<ClaimSpec>& claims,
                         const std::vector<int64_t>& seeds);

struct Experiment {
  std::string name;     // "fig3": of the target, the figure file and the picture
  std::string caption;  // one sentence
  std::string example = "--profile=smoke";  // arguments, for the help: the example that one types
  // Where --seeds is not given: those that are registered to judge; seed 1 at the smoke profile.
  std::vector<int64_t> seeds = {4, 5, 6, 7, 8};
  // Fields that the plan sets differently for its runs, beside model, seed and init.gamma: --set
  // would make these runs one.
  std::vector<std::string> varies = {};
  // Adds options of its own to the command line; may be empty. Its figures may take a name (--name)
  // then, for what one asks for is no other's.
  std::function<void(CommandLine& app)> declare = {};
  // The fields that these options make the plan vary, beside `varies`; may be empty.
  std::function<std::vector<std::string>()> varied = {};
  // What these options choose, or stands where none is given, as names and texts: {"axis",
  // "init.gamma = 0.3, 0.5"}. It is told before anything is measured or trained. May be empty.
  std::function<std::vector<std::pair<std::string, std::string>>()> chosen = {};
  // Whether the figure is made of the other runs where some failed, which is told, and the program
  // ends with 1 all the same: for sweeps, some of whose runs may well diverge.
  bool draws_without_failed = false;
  // Whether a figure can be made of the runs of some models alone, see --model: `assemble` asks
  // RunSet::Has first.
  bool by_model = false;
  // Whether it needs answers to PrOntoQA questions, which a file of proofs does not have.
  bool asks = false;
  // False: the plan's runs are not trained; `assemble` and `claims` get their configs only.
  bool trains = true;
  // The runs for one seed.
  std::function<std::vector<RunConfig>(Profile profile, int64_t seed)> plan;
  // Throws Error where the figure cannot be made of a run with this config; may be empty. Asked for
  // every run, overrides included, before anything is trained.
  std::function<void(const RunConfig& config)> check = {};
  // Adds what the figure draws.
  std::function<void(const RunSet& runs, FigureData* figure)> assemble;
  // The claims as they are registered; empty for a study without any.
  std::function<std::vector<ClaimSpec>()> claims = {};
};

}  // namespace initbias

#endif  // INITBIAS_LIB_RUN_EXPERIMENT_H_
