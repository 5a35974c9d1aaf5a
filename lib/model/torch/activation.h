// The activation functions that configs name.
#ifndef INITBIAS_LIB_MODEL_TORCH_ACTIVATION_H_
#define INITBIAS_LIB_MODEL_TORCH_ACTIVATION_H_

#include <ATen/core/Tensor.h>

#include "lib/config/enums.h"

namespace initbias {

// Applies `activation` element by element.
at::Tensor Activate(Activation activation, const at::Tensor& x);

}  // namespace initbias

#endif  // INITBIAS_LIB_MODEL_TORCH_ACTIVATION_H_
