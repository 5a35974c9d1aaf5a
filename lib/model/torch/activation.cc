#include "lib/model/torch/activation.h"

#include <ATen/ops/gelu.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/tanh.h>

#include "lib/base/error.h"

namespace initbias {

at::Tensor Activate(Activation activation, const at::Tensor& x) {
  switch (activation) {
    case Activation::kTanh:
      return at::tanh(x);
    case Activation::kGelu:
      return at::gelu(x, "none");  // exact, not the tanh approximation
    case Activation::kRelu:
      return at::relu(x);
  }
  INITBIAS_CHECK(false && "unknown activation");
}

}  // namespace initbias
