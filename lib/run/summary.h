// A study in numbers, without training or measuring: its caption and what its runs cost.
#ifndef INITBIAS_LIB_RUN_SUMMARY_H_
#define INITBIAS_LIB_RUN_SUMMARY_H_

#include <string>

#include "lib/run/experiment.h"

namespace initbias {

// What times are stated for where nothing is measured: "2 AVX-512 cores at 170 GFLOP/s each".
std::string TypicalMachine();

// Seconds that `gflop` take there, with evaluations, snapshots and cores that idle at the end.
double TypicalSeconds(double gflop);

// For --help: GFLOP and time of the profiles' runs, none of them stored.
std::string CostText(const Experiment& experiment);

// JSON: name, caption, machine, seconds_per_gflop, and runs, an object that has for each profile an
// array of [id, GFLOP]: the runs of the study's own seeds, each once. (The ids of runs on text lack
// the digests of its files, by which stored runs are named.)
std::string SummaryText(const Experiment& experiment);

}  // namespace initbias

#endif  // INITBIAS_LIB_RUN_SUMMARY_H_
