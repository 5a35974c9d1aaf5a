// How a batch's loss and its gradient are computed: by the hand-written model of lib/model/cpu
// where there is one and the parameters are on the CPU, else by LibTorch's operators and autograd.
#ifndef INITBIAS_LIB_TRAIN_ENGINE_H_
#define INITBIAS_LIB_TRAIN_ENGINE_H_

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>

#include "lib/kernels/kernels.h"
#include "lib/model/torch/model.h"
#include "lib/train/phases.h"
#include "lib/train/training_data.h"

namespace initbias {

// A model's loss and hits on some sequences.
struct Score {
  double loss = 0;     // cross entropy, summed over labels
  double correct = 0;  // labels predicted
};

// One thread at a time.
class Engine {
 public:
  virtual ~Engine() = default;

  // Sets the model's gradients to that of the batch's summed loss divided by `labels`, or adds it
  // to them where `add`. `dropout` as for Model::LogitsAt. The time is added to forward and
  // backward of `phases`.
  virtual void ComputeGradient(const Batch& batch, int64_t labels, bool add,
                               const DropoutRows& dropout, PhaseSeconds* phases) = 0;

  // The sum of the losses, each a mean over labels, of all calls of ComputeGradient since the last
  // FlushLoss. Waits for the device.
  virtual double FlushLoss() = 0;

  // The batch's score; `choices` [K]: the labels that a prediction may choose from, undefined: all.
  virtual Score Evaluate(const Batch& batch, const at::Tensor& choices) = 0;
};

// The engine for `model`, which must outlive it; with `autograd` LibTorch's, whatever the device.
std::unique_ptr<Engine> MakeEngine(const RunConfig& config, Model& model, bool autograd = false,
                                   const Kernels& kernels = BestKernels());

}  // namespace initbias

#endif  // INITBIAS_LIB_TRAIN_ENGINE_H_
