// What the passes on kernels are put together from: buffers, linear maps, norms, embeddings.
#ifndef INITBIAS_LIB_MODEL_CPU_KERNEL_LAYERS_H_
#define INITBIAS_LIB_MODEL_CPU_KERNEL_LAYERS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "lib/config/enums.h"
#include "lib/kernels/kernels.h"
#include "lib/model/cpu/kernel_pass.h"
#include "lib/model/parameters.h"

namespace initbias {

// Floats that begin at a cache line. Grows; what it held is lost then.
class FloatBuffer {
 public:
  // Room for `size` floats, of any value.
  float* Room(int64_t size);
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
struct KernelLinear {
  ParameterPointers weight;
  ParameterPointers bias;
  int64_t d_in = 0;
  int64_t d_out = 0;
};

// Layer norm over `width`; without parameters there is none.
struct KernelNorm {
  ParameterPointers gain;
  ParameterPointers shift;
  int64_t width = 0;
  FloatBuffer mean;
  FloatBuffer reciprocal;

  bool exists() const { return gain.value != nullptr; }
};

ActivationKernel KernelOf(Activation activation);

// The kernels with the room that they need, and the steps that all passes share. Shapes: x
// [rows, d_in], y [rows, d_out].
class KernelWorkspace {
 public:
  KernelWorkspace(Parameters& parameters, const Kernels& kernels);

  const Kernels& kernels() const { return kernels_; }

  ParameterPointers Find(const std::string& name) const;
  KernelLinear FindLinear(const std::string& weight, const std::string& bias) const;
  KernelNorm FindNorm(const std::string& name) const;

  void Multiply(const MatrixProductArgs& args) { kernels_.multiply(args, scratch_); }

  // y = x w, without the bias, which the caller's next step adds.
  void Map(const KernelLinear& linear, int64_t rows, const float* x, float* y);
  // y = x w + b
  void MapWithBias(const KernelLinear& linear, int64_t rows, const float* x, float* y);
  // The gradients of weight and bias, set or added to.
  void MapGradients(const KernelLinear& linear, int64_t rows, const float* x, const float* dy,
                    bool add);
  // dx = dy w^T, or added to dx.
  void MapBackward(const KernelLinear& linear, int64_t rows, const float* dy, bool add, float* dx);

  // y = norm(x), [rows, width].
  void Normalize(KernelNorm& norm, int64_t rows, const float* x, float* y) const;
  // dx of what Normalize was given last, or added to dx; adds the gradients of gain and shift.
  void NormalizeBackward(const KernelNorm& norm, int64_t rows, const float* dy, const float* x,
                         bool add, float* dx) const;

  // x [sequences * length, d] = token embeddings + position embeddings (where there are any).
  void Embed(const HostBatch& batch, const float* tokens, const float* positions, int64_t d,
             float* x) const;
  // Adds the gradients dx of both.
  void EmbedBackward(const HostBatch& batch, const float* dx, int64_t d, float* dtokens,
                     float* dpositions) const;

  // to [sequences, d]: the last row of each sequence of x [sequences * length, d].
  static void CopyLastRows(int64_t sequences, int64_t length, int64_t d, const float* x, float* to);
  // The inverse: adds to the last rows of x.
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

#endif  // INITBIAS_LIB_MODEL_CPU_KERNEL_LAYERS_H_
