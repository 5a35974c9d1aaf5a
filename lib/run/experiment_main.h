// The main function of all experiments.
#ifndef INITBIAS_LIB_RUN_EXPERIMENT_MAIN_H_
#define INITBIAS_LIB_RUN_EXPERIMENT_MAIN_H_

#include <filesystem>
#include <functional>

#include "lib/run/experiment.h"

namespace initbias {

// Draws the figure file `file` as the pictures <stem>.svg and so on. Throws Error where it cannot.
using Draw =
    std::function<void(const std::filesystem::path& file, const std::filesystem::path& stem)>;

// Runs the experiment as its command line says, and draws its figure at the end unless --no-draw;
// returns the process's exit status: 0 done, 1 failed, 2 wrong usage, 130 stopped on request.
int ExperimentMain(int argc, char** argv, const Experiment& experiment, const Draw& draw);

}  // namespace initbias

#endif  // INITBIAS_LIB_RUN_EXPERIMENT_MAIN_H_
