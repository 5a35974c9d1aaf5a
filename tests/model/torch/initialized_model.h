#ifndef INITBIAS_TESTS_MODEL_TORCH_INITIALIZED_MODEL_H_
#define INITBIAS_TESTS_MODEL_TORCH_INITIALIZED_MODEL_H_

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>

#include <memory>

#include "lib/config/run_config.h"
#include "lib/model/torch/model.h"

namespace initbias {

// On the CPU, with the initial weights of its seed.
inline std::unique_ptr<Model> InitializedModel(const RunConfig& config) {
  std::unique_ptr<Model> model = MakeModel(config, c10::kCPU);
  model->parameters().Initialize(config.seed);
  return model;
}

// The largest difference by the largest element of `b`.
inline double RelativeError(const at::Tensor& a, const at::Tensor& b) {
  return ((a - b).abs().max() / b.abs().max()).item<double>();
}

}  // namespace initbias

#endif  // INITBIAS_TESTS_MODEL_TORCH_INITIALIZED_MODEL_H_
