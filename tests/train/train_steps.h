// Some training steps by the engine and the kernels that a test names, where Train() would choose.
#ifndef INITBIAS_TESTS_TRAIN_TRAIN_STEPS_H_
#define INITBIAS_TESTS_TRAIN_TRAIN_STEPS_H_

#include <string>
#include <vector>

#include "lib/config/run_config.h"
#include "lib/kernels/kernels.h"

namespace initbias {

struct TrainedSteps {
  std::vector<double> losses;     // nats a label, of each step's batch
  std::vector<float> parameters;  // flat
  std::string parameters_digest;  // as a run has it, see ArraysDigest
  double test_loss = 0;           // summed over the labels of the last evaluation set
};

// Six steps of `config` on its first batches in the data's own order, without dropout: by
// LibTorch's operators and autograd, or by `kernels`, which take AdamW's step in both cases. A text
// comes from the folder data.
TrainedSteps TrainSteps(const RunConfig& config, bool autograd, const Kernels& kernels);

}  // namespace initbias

#endif  // INITBIAS_TESTS_TRAIN_TRAIN_STEPS_H_
