// Names the runs of a results folder in words: their files are named by digests.
//
//   bazel run //lib/store:list
//   bazel run //lib/store:list -- results/default --model=transformer --seed=4..8
#include <string>

#include "experiments/run_list.h"
#include "lib/base/command_line.h"
#include "lib/base/program.h"
#include "lib/base/program_command.h"

int main(int argc, char** argv) {
  std::string folder;
  initbias::RunFilter filter;
  bool check = false;
  initbias::CommandLine app(
      "Names the runs of a results folder in words: model, gamma, seed, epochs done, last "
      "losses, what is otherwise than in the main run of model and profile (with ..).",
      initbias::ProgramCommand("//lib/store:list"));
  app.Footer("Example: " + initbias::ProgramCommand("//lib/store:list") +
             " results/default\n"
             "Exit status: 0, 1 where the folder or a file of it cannot be read or a file\n"
             "holds another run than its name says, 2 wrong usage.");
  app.Add("FOLDER", folder, "results/ or results/<profile> (default: results/)");
  initbias::DeclareFilter(app, &filter);
  app.AddFlag("--check", check, "read every file again, also those that are as they were");
  return initbias::RunProgram("list", app, argc, argv, [&] {
    return initbias::PrintRuns(initbias::ListedFolder(folder), filter, check) > 0 ? 1 : 0;
  });
}
