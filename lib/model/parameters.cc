#include "lib/model/parameters.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/zeros.h>

#include <algorithm>

#include "lib/base/error.h"

namespace initbias {
namespace {

constexpr int64_t kAlignment = 16;  // floats: one cache line

int64_t PaddedSize(const ParameterSpec& spec) {
  return (spec.size() + kAlignment - 1) / kAlignment * kAlignment;
}

}  // namespace

Parameters::Parameters(std::vector<ParameterSpec> specs, c10::Device device)
    : specs_(std::move(specs)) {
  int64_t total = 0;
  for (const ParameterSpec& spec : specs_) {
    total += PaddedSize(spec);
  }
  const auto options = at::TensorOptions().dtype(at::kFloat).device(device);
  flat_ = at::zeros({total}, options);
  flat_gradient_ = at::zeros({total}, options);
  int64_t offset = 0;
  for (const ParameterSpec& spec : specs_) {
    const auto view = [&](const at::Tensor& flat) {
      return flat.narrow(0, offset, spec.size()).view(spec.shape).detach();
    };
    at::Tensor leaf = view(flat_);
    leaf.requires_grad_(true);
    leaf.mutable_grad() = view(flat_gradient_);
    INITBIAS_CHECK(leaves_.emplace(spec.name, leaf).second);
    offset += PaddedSize(spec);
  }
}

void Parameters::Initialize(int64_t seed) {
  for (const ParameterSpec& spec : specs_) {
    Set(spec.name, InitialValues(spec, seed));
  }
}

const at::Tensor& Parameters::operator[](std::string_view name) const {
  const auto found = leaves_.find(name);
  INITBIAS_CHECK(found != leaves_.end());
  return found->second;
}

at::Tensor Parameters::Gradient(std::string_view name) const { return (*this)[name].grad(); }

void Parameters::Set(std::string_view name, const std::vector<float>& values) {
  const at::NoGradGuard no_grad;
  const at::Tensor& leaf = (*this)[name];
  INITBIAS_CHECK(static_cast<int64_t>(values.size()) == leaf.numel());
  // from_blob takes a mutable pointer; copy_ only reads from it.
  leaf.copy_(at::from_blob(const_cast<float*>(values.data()), leaf.sizes(), at::kFloat));
}

std::vector<float> Parameters::Values(std::string_view name) const {
  const at::Tensor host = (*this)[name].detach().cpu().contiguous();
  const float* data = host.const_data_ptr<float>();
  return {data, data + host.numel()};
}

}  // namespace initbias
