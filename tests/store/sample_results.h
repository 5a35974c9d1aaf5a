// Results made up for tests of the store: every part of each kind of file is there.
#ifndef INITBIAS_TESTS_STORE_SAMPLE_RESULTS_H_
#define INITBIAS_TESTS_STORE_SAMPLE_RESULTS_H_

#include "lib/result/run_result.h"
#include "lib/store/figure_file.h"

namespace initbias {

RunResult SampleRun();
Checkpoint SampleCheckpoint();
FigureData SampleFigure();

}  // namespace initbias

#endif  // INITBIAS_TESTS_STORE_SAMPLE_RESULTS_H_
