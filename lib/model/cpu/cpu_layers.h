// What the models on kernels are built from: buffers, linear layers, LayerNorm, embeddings.
#ifndef INITBIAS_LIB_MODEL_CPU_CPU_LAYERS_H_
#define INITBIAS_LIB_MODEL_CPU_CPU_LAYERS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "lib/config/enums.h"
#include "lib/kernels/kernels.h"
#include "lib/model/cpu/cpu_model.h"
#include "lib/model/parameters.h"

namespace initbias {

// Floats that begin at a cache line.
class FloatBuffer {
 public:
  // Reserves memory for `size` floats and returns it. Where it grows, its contents are lost: it is
  // uninitialised then.
  float* Reserve(int64_t size);
  float* data() const { return data_.get(); }

 private:
  struct Free {
    void operator()(float* p) const;
  };
  std::unique_ptr<float, Free> data_;
  int64_t size_ = 0;
};

// A parameter and its gradient; null where the model has none of that name.
struct ParameterPointers {
  float* value = nullptr;
  float* gradient = nullptr;
};

// y = x w (+ b), w [d_in, d_out].
struct CpuLinear {
  ParameterPointers weight;
  ParameterPointers bias;
  int64_t d_in = 0;
  int64_t d_out = 0;
};

// LayerNorm over `width`, with the statistics of the last forward pass; without parameters there is
// none.
struct CpuLayerNorm {
  ParameterPointers gain;
  ParameterPointers shift;
  int64_t width = 0;
  FloatBuffer mean;
  FloatBuffer rstd;  // the reciprocal of the standard deviation

  bool exists() const { return gain.value != nullptr; }
};

ActivationKernel ActivationKernelOf(Activation activation);

// The kernels with their scratch memory, and the layers that all models share, forward and
// backward. Shapes: x [rows, d_in], y [rows, d_out].
class CpuLayers {
 public:
  CpuLayers(Parameters& parameters, const Kernels& kernels);

  const Kernels& kernels() const { return kernels_; }

  ParameterPointers Find(const std::string& name) const;
  CpuLinear FindLinear(const std::string& weight, const std::string& bias) const;
  CpuLayerNorm FindNorm(const std::string& name) const;

  void Multiply(const MatrixProductArgs& args) { kernels_.multiply(args, scratch_); }

  // y = x w, without the bias, which the caller's next operation adds.
  void MatMul(const CpuLinear& linear, int64_t rows, const float* x, float* y);
  // y = x w + b
  void Linear(const CpuLinear& linear, int64_t rows, const float* x, float* y);
  // The gradients of weight, set or added to, and bias, added to.
  void LinearBackwardWeights(const CpuLinear& linear, int64_t rows, const float* x, const float* dy,
                             bool add);
  // dx = dy w^T, set or added to.
  void LinearBackwardInput(const CpuLinear& linear, int64_t rows, const float* dy, bool add,
                           float* dx);

  // y = LayerNorm(x), [rows, width].
  void LayerNorm(CpuLayerNorm& norm, int64_t rows, const float* x, float* y) const;
  // dx of the last LayerNorm's x, set or added to; adds the gradients of gain and shift.
  void LayerNormBackward(const CpuLayerNorm& norm, int64_t rows, const float* dy, const float* x,
                         bool add, float* dx) const;

  // x [sequences * length, d] = token embeddings + position embeddings.
  void Embed(const HostBatch& batch, const float* tokens, const float* positions, int64_t d,
             float* x) const;
  // Adds the gradients dx of both.
  void EmbedBackward(const HostBatch& batch, const float* dx, int64_t d, float* dtokens,
                     float* dpositions) const;

  // to [sequences, d]: the last row of each sequence of x [sequences * length, d].
  static void CopyLastRows(int64_t sequences, int64_t length, int64_t d, const float* x, float* to);
  // The transpose: adds `from` to the last rows of x.
  void AddToLast(int64_t sequences, int64_t length, int64_t d, const float* from, float* x) const;

  // Clears the gradients that Backward adds up rather than sets: those of vectors, and of the
  // parameters `more`.
  void ClearAddedGradients(const std::vector<std::string>& more) const;

 private:
  const Kernels& kernels_;
  Parameters& parameters_;
  FloatBuffer scratch_buffer_;
  float* scratch_;
};

}  // namespace initbias

#endif  // INITBIAS_LIB_MODEL_CPU_CPU_LAYERS_H_
