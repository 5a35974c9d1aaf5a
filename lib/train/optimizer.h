// AdamW (Loshchilov & Hutter, "Decoupled weight decay regularization", ICLR 2019), Adam and SGD on
// flat buffers, with the gradient's global norm clipped before. Adam and SGD are torch.optim's: to
// the clipped gradient they add weight_decay times the parameters, and SGD has no momentum.
#ifndef INITBIAS_LIB_TRAIN_OPTIMIZER_H_
#define INITBIAS_LIB_TRAIN_OPTIMIZER_H_

#include <ATen/core/Tensor.h>

#include "lib/config/run_config.h"
#include "lib/kernels/kernels.h"

namespace initbias {

// The optimiser of one flat parameter buffer. One thread at a time.
class Optimizer {
 public:
  // `parameters` and `gradients` are flat and of equal size; both are kept, not copied.
  Optimizer(const OptimizerConfig& config, at::Tensor parameters, at::Tensor gradients,
            const Kernels& kernels = BestKernels());

  // Moves the parameters one step, by the gradients clipped to clip_norm, that is by
  // min(1, clip_norm / (norm + 1e-6)) times their values, or unclipped where clip_norm is 0. The
  // buffer of gradients may be overwritten. On a GPU no value is read back from it.
  void Step();

  // Of the steps from here on; at first they are the config's, without its schedule.
  void SetLearningRate(double learning_rate) { config_.learning_rate = learning_rate; }
  void SetWeightDecay(double weight_decay) { config_.weight_decay = weight_decay; }

  // The moments, flat (SGD's stay 0), and the number of steps done: with the parameters, all there
  // is to save.
  const at::Tensor& first_moment() const { return first_moment_; }
  const at::Tensor& second_moment() const { return second_moment_; }
  void SetSteps(int64_t steps);

 private:
  void StepOnCpu();

  OptimizerConfig config_;
  const Kernels& kernels_;
  at::Tensor parameters_;
  at::Tensor gradients_;
  at::Tensor first_moment_;
  at::Tensor second_moment_;
  int64_t steps_done_ = 0;  // on the CPU
  at::Tensor steps_;        // elsewhere: float scalar, as the fused kernel takes it
};

}  // namespace initbias

#endif  // INITBIAS_LIB_TRAIN_OPTIMIZER_H_
