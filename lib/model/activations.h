// Activations of a forward pass, for probes.
#ifndef INITBIAS_LIB_MODEL_ACTIVATIONS_H_
#define INITBIAS_LIB_MODEL_ACTIVATIONS_H_

#include <ATen/core/Tensor.h>

#include <vector>

namespace initbias {

// Per block. Shape letters: README.md here.
struct Activations {
  std::vector<at::Tensor> attention;  // [B, H, L, L]: row i holds position i's weights
  std::vector<at::Tensor> query;      // [B, H, L, dk], divided by sqrt(dk)
  std::vector<at::Tensor> key;        // [B, H, L, dk]
};

}  // namespace initbias

#endif  // INITBIAS_LIB_MODEL_ACTIVATIONS_H_
