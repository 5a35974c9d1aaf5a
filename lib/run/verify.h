// Training again what is known: the check that this machine gives the same bits.
#ifndef INITBIAS_LIB_RUN_VERIFY_H_
#define INITBIAS_LIB_RUN_VERIFY_H_

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "lib/config/run_config.h"
#include "lib/result/run_result.h"
#include "lib/run/experiment.h"
#include "lib/run/flags.h"
#include "lib/run/worker_pool.h"
#include "lib/store/figure_file.h"
#include "lib/store/results.h"

namespace initbias {

// Of `plan` the runs that are to be trained again: all of them, or the cheapest of each model.
std::vector<RunConfig> ChooseToVerify(const std::vector<RunConfig>& plan, bool all);

// How a run compares with what the reference says of it.
struct RunComparison {
  bool equal = false;
  // The reference is of the revision before, which computed otherwise: it cannot well be equal.
  bool former = false;
  // The reference has a run on the same data: verdicts made of both say something.
  bool comparable = false;
  // Not equal, and the tensors are not there that would tell where: a figure file has one digest a
  // run.
  bool no_tensors = false;
  std::string text;  // "equal", or what is not
};

// By the digests of the parameters and of the data that was trained on. `reference`: the entry of
// the run; null where it has none. `stored`: the run as it was stored, for its tensors; null where
// it was not.
RunComparison CompareRun(const RunResult& mine, const FigureRun* reference,
                         const RunResult* stored);

// What is said where RunComparison::no_tensors is, in lines of at most `width` letters: that the
// tensor cannot be named, and the command that would. `name`: of the study.
std::string NoTensorsText(const std::string& name, const ExperimentFlags& flags, size_t width);

// What is said of a run that was trained again: its label, in a column of `columns` letters, the
// beginning of its digest and the text of its comparison; what does not fit a line of `width`
// letters stands below.
std::string VerifyLine(const std::string& label, size_t columns, const std::string& digest,
                       const std::string& text, size_t width);

// The entry of the run in a figure file, under its name of now or of the revision before; null
// where there is none.
const FigureRun* FindReference(const std::vector<FigureRun>& runs, const RunConfig& config);

// How the runs that were trained again compare with the reference, all together.
struct VerifyOutcome {
  bool equal = true;       // each run; of all runs, the figure file, too
  bool former = true;      // each run that is not equal, or each where the figure file alone is not
  bool comparable = true;  // each run
  // All runs were trained, their claims are judged, and the verdicts are those of the reference.
  bool same_verdicts = false;
};

// 0 where all is equal; else kClaimEqual where all verdicts are the same and each run is
// comparable; kFormerRevision where the runs that are not equal cannot be; else kFailed.
int VerifyStatus(const VerifyOutcome& outcome);

// How the file of what was trained again compares with `reference`: "equal"; or "DIFFERENT: 2 of
// 350 objects, first /panels/A/loss: 3 of 9 values". Throws Error where one cannot be read.
std::string FileDifference(const std::filesystem::path& mine,
                           const std::filesystem::path& reference);

// Trains the chosen runs anew in the folder verify/ of the results and prints a line for each:
// equal or not to what `reference` (a figure file) says, and to what else is stored of the run;
// with all runs, the figure file and the verdicts, too. One that
// was stopped goes on (verify_round.h). Returns the exit status: VerifyStatus, StopStatus, or
// kFailed where a run could not be trained. Throws Error where another process verifies there.
int VerifyRuns(const Experiment& experiment, const ExperimentFlags& flags,
               const std::vector<RunConfig>& plan, const ResultsFolder& folder,
               const std::filesystem::path& reference, PoolOptions pool);

}  // namespace initbias

#endif  // INITBIAS_LIB_RUN_VERIFY_H_
