#include "lib/model/cpu/cpu_layers.h"

#include <ATen/core/Tensor.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>

#include "lib/base/error.h"
#include "lib/model/spec/norm.h"

namespace initbias {
namespace {

constexpr size_t kCacheLine = 64;

}  // namespace

float* FloatBuffer::Reserve(int64_t size) {
  if (size > size_) {
    const size_t bytes = static_cast<size_t>(size) * sizeof(float);
    data_.reset();
    data_.reset(static_cast<float*>(
        std::aligned_alloc(kCacheLine, (bytes + kCacheLine - 1) / kCacheLine * kCacheLine)));
    if (data_ == nullptr) {
      throw std::bad_alloc();
    }
    size_ = size;
  }
  return data_.get();
}

void FloatBuffer::Free::operator()(float* p) const { std::free(p); }

ActivationKernel ActivationKernelOf(Activation activation) {
  switch (activation) {
    case Activation::kTanh:
      return ActivationKernel::kTanh;
    case Activation::kGelu:
      return ActivationKernel::kGelu;
    case Activation::kRelu:
      return ActivationKernel::kRelu;
  }
  INITBIAS_CHECK(false && "unknown activation");
}

CpuLayers::CpuLayers(Parameters& parameters, const Kernels& kernels)
    : kernels_(kernels),
      parameters_(parameters),
      scratch_(scratch_buffer_.Reserve(kProductScratch)) {
  INITBIAS_CHECK(parameters.flat().is_cpu());
}

ParameterPointers CpuLayers::Find(const std::string& name) const {
  if (!parameters_.Has(name)) {
    return {};
  }
  return {.value = parameters_[name].data_ptr<float>(),
          .gradient = parameters_.Gradient(name).data_ptr<float>()};
}

CpuLinear CpuLayers::FindLinear(const std::string& weight, const std::string& bias) const {
  return {.weight = Find(weight),
          .bias = Find(bias),
          .d_in = parameters_[weight].size(0),
          .d_out = parameters_[weight].size(1)};
}

CpuLayerNorm CpuLayers::FindNorm(const std::string& name) const {
  CpuLayerNorm norm;
  norm.gain = Find(name + ".gain");
  norm.shift = Find(name + ".shift");
  norm.width = norm.exists() ? parameters_[name + ".gain"].size(0) : 0;
  return norm;
}

void CpuLayers::MatMul(const CpuLinear& linear, int64_t rows, const float* x, float* y) {
  Multiply({.rows = rows,
            .columns = linear.d_out,
            .inner = linear.d_in,
            .a = x,
            .a_stride = linear.d_in,
            .b = linear.weight.value,
            .b_stride = linear.d_out,
            .c = y,
            .c_stride = linear.d_out});
}

void CpuLayers::Linear(const CpuLinear& linear, int64_t rows, const float* x, float* y) {
  MatMul(linear, rows, x, y);
  if (linear.bias.value != nullptr) {
    for (int64_t row = 0; row < rows; ++row) {
      kernels_.add_to(linear.d_out, linear.bias.value, y + row * linear.d_out);
    }
  }
}

void CpuLayers::LinearBackwardWeights(const CpuLinear& linear, int64_t rows, const float* x,
                                      const float* dy, bool add) {
  Multiply({.rows = linear.d_in,
            .columns = linear.d_out,
            .inner = rows,
            .a = x,
            .a_stride = linear.d_in,
            .transpose_a = true,
            .b = dy,
            .b_stride = linear.d_out,
            .c = linear.weight.gradient,
            .c_stride = linear.d_out,
            .add = add});
  if (linear.bias.value != nullptr) {
    kernels_.add_column_sums(rows, linear.d_out, dy, linear.bias.gradient);
  }
}

void CpuLayers::LinearBackwardInput(const CpuLinear& linear, int64_t rows, const float* dy,
                                    bool add, float* dx) {
  Multiply({.rows = rows,
            .columns = linear.d_in,
            .inner = linear.d_out,
            .a = dy,
            .a_stride = linear.d_out,
            .b = linear.weight.value,
            .b_stride = linear.d_out,
            .transpose_b = true,
            .c = dx,
            .c_stride = linear.d_in,
            .add = add});
}

void CpuLayers::LayerNorm(CpuLayerNorm& norm, int64_t rows, const float* x, float* y) const {
  kernels_.layer_norm(rows, norm.width, x, norm.gain.value, norm.shift.value,
                      static_cast<float>(kLayerNormEpsilon), y, norm.mean.Reserve(rows),
                      norm.rstd.Reserve(rows));
}

void CpuLayers::LayerNormBackward(const CpuLayerNorm& norm, int64_t rows, const float* dy,
                                  const float* x, bool add, float* dx) const {
  kernels_.layer_norm_backward(rows, norm.width, dy, x, norm.gain.value, norm.mean.data(),
                               norm.rstd.data(), add, dx, norm.gain.gradient, norm.shift.gradient);
}

void CpuLayers::Embed(const HostBatch& batch, const float* tokens, const float* positions,
                      int64_t d, float* x) const {
  for (int64_t b = 0; b < batch.sequences; ++b) {
    for (int64_t i = 0; i < batch.length; ++i) {
      const float* const token = tokens + batch.tokens[b * batch.token_stride + i] * d;
      kernels_.add_rows(1, d, token, positions + i * d, nullptr, x + (b * batch.length + i) * d);
    }
  }
}

void CpuLayers::EmbedBackward(const HostBatch& batch, const float* dx, int64_t d, float* dtokens,
                              float* dpositions) const {
  for (int64_t b = 0; b < batch.sequences; ++b) {
    for (int64_t i = 0; i < batch.length; ++i) {
      const float* const row = dx + (b * batch.length + i) * d;
      kernels_.add_to(d, row, dtokens + batch.tokens[b * batch.token_stride + i] * d);
      kernels_.add_to(d, row, dpositions + i * d);
    }
  }
}

void CpuLayers::CopyLastRows(int64_t sequences, int64_t length, int64_t d, const float* x,
                             float* to) {
  for (int64_t b = 0; b < sequences; ++b) {
    std::memcpy(to + b * d, x + ((b + 1) * length - 1) * d, static_cast<size_t>(d) * sizeof(float));
  }
}

void CpuLayers::AddToLast(int64_t sequences, int64_t length, int64_t d, const float* from,
                          float* x) const {
  for (int64_t b = 0; b < sequences; ++b) {
    kernels_.add_to(d, from + b * d, x + ((b + 1) * length - 1) * d);
  }
}

void CpuLayers::ClearAddedGradients(const std::vector<std::string>& more) const {
  for (const ParameterSpec& spec : parameters_.specs()) {
    if (spec.shape.size() == 1 || std::ranges::find(more, spec.name) != more.end()) {
      std::fill_n(Find(spec.name).gradient, spec.size(), 0.0F);
    }
  }
}

}  // namespace initbias
