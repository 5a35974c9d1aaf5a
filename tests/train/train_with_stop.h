// A training that is stopped and gone on with.
#ifndef INITBIAS_TESTS_TRAIN_TRAIN_WITH_STOP_H_
#define INITBIAS_TESTS_TRAIN_TRAIN_WITH_STOP_H_

#include <cstdint>

#include "lib/config/run_config.h"
#include "lib/result/run_result.h"
#include "lib/train/train.h"

namespace initbias {

// Trains up to `stop_step`, saves, and goes on from what was saved, which went through a file.
// Fails the test where the stop or the resumption is not what it should be.
RunResult TrainWithStop(const RunConfig& config, int64_t stop_step, const DataFolders& data = {});

// Trains in a process of its own, which saves before each of the last steps and is killed by
// SIGKILL before `step`, and goes on from what it saved, in this one. Fails the test where it was
// not killed so.
RunResult TrainWithKill(const RunConfig& config, int64_t step, const DataFolders& data = {});

// Fails the test where the run files of both, given the same provenance, are not the same bytes.
void ExpectSameRunFiles(RunResult a, const RunResult& b);

}  // namespace initbias

#endif  // INITBIAS_TESTS_TRAIN_TRAIN_WITH_STOP_H_
