// A model's parameters and their gradients, each as views of one flat buffer.
//
// With one buffer the gradient's norm, the clip and the optimiser's step are one operation each,
// and a checkpoint is three arrays. Offsets are multiples of 16 floats, so that every view is
// aligned alike; the padding stays zero.
#ifndef INITBIAS_LIB_MODEL_PARAMETERS_H_
#define INITBIAS_LIB_MODEL_PARAMETERS_H_

#include <ATen/core/Tensor.h>
#include <c10/core/Device.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "lib/model/spec/parameter_spec.h"

namespace initbias {

// Not copyable: autograd's leaves refer to the buffers. One thread at a time.
class Parameters {
 public:
  // Zeroed parameters on `device`.
  Parameters(std::vector<ParameterSpec> specs, c10::Device device);
  Parameters(const Parameters&) = delete;
  Parameters& operator=(const Parameters&) = delete;

  // Sets all parameters to the initial values of `seed`.
  void Initialize(int64_t seed);

  // The parameter `name`, a leaf that requires gradients, of its spec's shape. Aborts where the
  // model has none of that name.
  const at::Tensor& operator[](std::string_view name) const;

  // The gradient of `name`: a view of flat_gradient().
  at::Tensor Gradient(std::string_view name) const;

  // Sets `name` from row-major values. Aborts when their number is not the parameter's.
  void Set(std::string_view name, const std::vector<float>& values);

  // The values of `name` on the host, row-major.
  std::vector<float> Values(std::string_view name) const;

  bool Has(std::string_view name) const { return leaves_.contains(name); }
  const std::vector<ParameterSpec>& specs() const { return specs_; }

  // All parameters, all gradients: float [padded count]. Writing to them changes the parameters.
  const at::Tensor& flat() const { return flat_; }
  const at::Tensor& flat_gradient() const { return flat_gradient_; }

 private:
  std::vector<ParameterSpec> specs_;
  at::Tensor flat_;
  at::Tensor flat_gradient_;
  std::map<std::string, at::Tensor, std::less<>> leaves_;
};

}  // namespace initbias

#endif  // INITBIAS_LIB_MODEL_PARAMETERS_H_
