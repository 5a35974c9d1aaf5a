#include "lib/base/error.h"
#include "lib/model/model.h"

namespace initbias {

at::Tensor Model::LogitsAt(const at::Tensor& /*tokens*/, const at::Tensor& /*positions*/,
                           const std::string& /*dropout*/) const {
  INITBIAS_CHECK(false && "this network predicts at the last position only");
}

}  // namespace initbias
