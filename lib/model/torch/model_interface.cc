#include "lib/base/error.h"
#include "lib/model/torch/model.h"

namespace initbias {

at::Tensor Model::LogitsAt(const at::Tensor& /*tokens*/, const at::Tensor& /*positions*/,
                           const DropoutRows& /*dropout*/) const {
  INITBIAS_CHECK(false && "this network predicts at the last position only");
}

at::Tensor Model::PatchedLogits(const at::Tensor& /*tokens*/, size_t /*layer*/,
                                const at::Tensor& /*from*/) const {
  INITBIAS_CHECK(false && "only a Transformer's attention can be patched");
}

}  // namespace initbias
