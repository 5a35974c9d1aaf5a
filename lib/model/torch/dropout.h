// Dropout's masks, from streams of random numbers (lib/rng): a run drops the same on every device.
//
// LibTorch's own dropout has a generator of its own for each kind of device.
#ifndef INITBIAS_LIB_MODEL_TORCH_DROPOUT_H_
#define INITBIAS_LIB_MODEL_TORCH_DROPOUT_H_

#include <ATen/core/Tensor.h>
#include <c10/core/Device.h>

#include <cstdint>

#include "lib/rng/stream.h"

namespace initbias {

// Where a mask's random numbers come from. Each sequence has a part of the stream to itself, named
// by its row in the batch: computed alone, in a part of the batch or in all of it, it is dropped
// from alike.
struct MaskSource {
  Stream stream;
  int64_t first_row = 0;  // of the mask's first sequence in the batch; the others follow
  double rate = 0;        // share of the elements that are dropped
};

// What to multiply a tensor of `sizes` = [sequences, ..] on `device` by: with probability `rate` 0,
// else 1 / (1 - rate), which keeps the mean; float. Element i of sequence b is 0 where the i-th
// number that FillUniform(.., 1) draws from stream.Part(first_row + b) is below 2 rate - 1: with
// sizes [B, L, d] a sequence that is padded to another L keeps what it had.
at::Tensor DropoutMask(const MaskSource& source, at::IntArrayRef sizes, c10::Device device);

// The same for causal attention's weights, [B, H, L, L]. Drawn is what position i may see, j <= i,
// in the order of i, head, j, so that here, too, padding moves nothing; above the diagonal are 0.
at::Tensor CausalDropoutMask(const MaskSource& source, int64_t sequences, int64_t heads,
                             int64_t length, c10::Device device);

// The same masks, drawn as the functions above do off the CPU: on the device, by LibTorch's
// operators on integers. Drawn by the host, the masks would be most of what a step copies to the
// device.
at::Tensor DropoutMaskByOperators(const MaskSource& source, at::IntArrayRef sizes,
                                  c10::Device device);
at::Tensor CausalDropoutMaskByOperators(const MaskSource& source, int64_t sequences, int64_t heads,
                                        int64_t length, c10::Device device);

}  // namespace initbias

#endif  // INITBIAS_LIB_MODEL_TORCH_DROPOUT_H_
