// Dropout's masks, from streams of random numbers (lib/rng): a run drops the same on every device.
//
// LibTorch's own dropout has a generator of its own for each kind of device.
#ifndef INITBIAS_LIB_MODEL_TORCH_DROPOUT_H_
#define INITBIAS_LIB_MODEL_TORCH_DROPOUT_H_

#include <ATen/core/Tensor.h>
#include <c10/core/Device.h>

#include "lib/rng/stream.h"

namespace initbias {

// What to multiply a tensor of `sizes` on `device` by: with probability `rate` 0, else
// 1 / (1 - rate), which keeps the mean; float. Element i is 0 where the i-th number that
// FillUniform(.., 1) draws from `stream` is below 2 rate - 1. The stream must be a new one.
at::Tensor DropoutMask(Stream stream, double rate, at::IntArrayRef sizes, c10::Device device);

// The same mask, drawn as DropoutMask does off the CPU: on the device, by LibTorch's operators on
// integers. Drawn by the host, the masks would be most of what a step copies to the device.
at::Tensor DropoutMaskByOperators(const Stream& stream, double rate, at::IntArrayRef sizes,
                                  c10::Device device);

}  // namespace initbias

#endif  // INITBIAS_LIB_MODEL_TORCH_DROPOUT_H_
