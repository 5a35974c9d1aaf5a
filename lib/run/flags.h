// What the command line of an experiment says: which seeds, whose names, what may be judged.
#ifndef INITBIAS_LIB_RUN_FLAGS_H_
#define INITBIAS_LIB_RUN_FLAGS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/command_line.h"
#include "lib/base/machine.h"
#include "lib/config/enums.h"
#include "lib/config/profile.h"
#include "lib/run/experiment.h"
#include "lib/run/slurm_script.h"

namespace initbias {

// The command line of an experiment.
struct ExperimentFlags {
  std::string profile{EnumName(Profile::kDefault)};
  std::string seeds;  // "": the experiment's own
  int64_t jobs = 1;   // DeclareFlags: a worker a core that may be used
  std::string device = "auto";
  std::string numerics = "pinned";
  std::string results;
  std::vector<std::string> overrides;
  double checkpoint_seconds = 60;
  double silence_minutes = 10;
  bool dry_run = false;
  bool no_measure = false;
  bool print_config = false;
  bool print_claims = false;
  bool list_runs = false;
  bool list_configs = false;
  std::string ahead;  // a file of --list-configs; "": none
  bool print_summary = false;
  bool measure_speed = false;
  bool unfinished = false;
  bool no_draw = false;
  std::string log;                 // "": none; "jsonl"
  std::string verify;              // "": not; "sample" or "all"
  std::string only;                // "": all models
  std::string executor = "local";  // or "slurm" or "none"
  SlurmOptions slurm;
  std::vector<std::string> runs;  // ids of the plan's runs to keep to; empty: all
  bool status = false;
  std::string name;   // of the figure, beside the experiment's; "": none
  std::string model;  // of which the plan has runs; "": of all models
};

// Adds all options to `app`; what is parsed goes into `flags`, which must live as long.
void DeclareFlags(CommandLine& app, const Experiment& experiment, ExperimentFlags& flags);

// Throws UsageError where one of `arguments`, a whole command line, is an option of Slurm's and
// none is --executor=slurm. That a later --executor takes its place is fine: a Slurm task's own
// command, and that of its figure, are the user's with another executor behind it.
void CheckSlurmFlags(const std::vector<std::string>& arguments);

// A --set: "field=value" for all runs of the plan, "model:field=value" for those of a model.
struct Assignment {
  std::string_view model;  // "emb_mlp", "transformer", "gpt2", or "": all
  std::string_view field;
  std::string_view text;  // "field=value"
};

// The parts of a --set; what is not of its form is left to ApplyOverride to refuse.
Assignment ParseAssignment(std::string_view text);

// Whether the assignment is for runs of `model`. `only`: --only, the model of all assignments that
// name none; or "".
bool IsFor(const Assignment& assignment, const std::string& only, std::string_view model);

// A --set as figure files tell it: the path of a text is no part of what a run is, and stands as
// "file".
std::string WithoutPath(std::string_view assignment);

// Throws Error where two of the assignments set one field of the same run.
void CheckConflicts(const std::vector<std::string>& overrides, const std::string& only);

// Whether a --set is of this field.
bool Overrides(const ExperimentFlags& flags, std::string_view field);

// The seeds that `text` names: "5" (as many from kFirstJudgingSeed on), "4..8" or "1,7", in order,
// each once. Throws Error for any other text.
std::vector<int64_t> ParseSeeds(std::string_view text);

// The seeds of the plan.
std::vector<int64_t> Seeds(const Experiment& experiment, const ExperimentFlags& flags,
                           Profile profile);

// The figure file's name, ".<name>" where it has one of its own, ".<model>" where it is made
// of that model's runs alone, ".custom" where its runs are not the profile's own and ".unfinished"
// where they are not done: such a file never takes the place of the profile's.
std::string FigureName(const Experiment& experiment, const ExperimentFlags& flags, Profile profile);

// Why runs of these seeds and overrides cannot be judged at `profile`, where `registered` are the
// seeds that must be among them; "" where they can. Overrides of the reading (what the paper leaves
// open) can.
std::string WhyNotJudged(Profile profile, const std::vector<std::string>& overrides,
                         const std::vector<int64_t>& seeds, const std::vector<int64_t>& registered);

}  // namespace initbias

#endif  // INITBIAS_LIB_RUN_FLAGS_H_
