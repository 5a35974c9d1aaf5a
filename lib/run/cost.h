// What a run costs, counted from its config alone: for the order of runs, the share of work done,
// and estimates.
#ifndef INITBIAS_LIB_RUN_COST_H_
#define INITBIAS_LIB_RUN_COST_H_

#include <cstdint>
#include <string>

#include "lib/config/run_config.h"

namespace initbias {

// Floating-point operations of one training step: SequenceFlops (lib/model/spec/model_cost.h) of
// its sequences.
double StepFlops(const RunConfig& config);

// The same for all training steps, evaluations and snapshots of the run.
double RunFlops(const RunConfig& config);

// The same for one evaluation: a third of a step's for each sequence.
double EvaluationFlops(const RunConfig& config);

// The same for the probes of one snapshot.
double SnapshotFlops(const RunConfig& config);

// How many evaluations the run has: every train.eval_every steps, at the end and with each
// snapshot.
int64_t Evaluations(const RunConfig& config);

// Bytes of the run file that the run will write, and of its checkpoint.
double RunFileBytes(const RunConfig& config);
double CheckpointBytes(const RunConfig& config);

// What runs have in common that cost the same: they may differ in seed and initial values alone,
// which change no shape and no step. A key for tables of costs, not stored anywhere.
std::string CostClass(RunConfig config);

}  // namespace initbias

#endif  // INITBIAS_LIB_RUN_COST_H_
