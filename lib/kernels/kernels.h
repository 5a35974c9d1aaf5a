// Float kernels for the CPU that training is made of: matrix products, activations, norms,
// attention, the loss and AdamW, in one thread.
//
// Each is compiled several times - on x86-64 for AVX-512, for AVX2 with FMA and in plain C++, on
// aarch64 for NEON and in plain C++ - and the best that the CPU has is taken when the program runs.
// All give the same bits (simd.h says how), so that a result depends neither on the machine nor on
// a BLAS. Nothing here allocates or throws;
// sizes and pointers are the caller's to get right. Matrices are row-major, a stride being the
// distance of two rows. Buffers need no alignment and must not overlap unless said.
#ifndef INITBIAS_LIB_KERNELS_KERNELS_H_
#define INITBIAS_LIB_KERNELS_KERNELS_H_

#include <cstdint>
#include <span>

namespace initbias {

// c [rows, columns] = op(a) [rows, inner] op(b) [inner, columns], or added to c.
struct MatrixProductArgs {
  int64_t rows = 0;
  int64_t columns = 0;
  int64_t inner = 0;
  const float* a = nullptr;
  int64_t a_stride = 0;
  bool transpose_a = false;  // a is stored [inner, rows]
  const float* b = nullptr;
  int64_t b_stride = 0;
  bool transpose_b = false;  // b is stored [columns, inner]
  float* c = nullptr;
  int64_t c_stride = 0;
  bool add = false;
};

enum class ActivationKernel { kGelu, kGeluTanh, kTanh, kRelu };

// One head of causal attention over short sequences: rows are positions, of width `width`.
struct ShortAttentionArgs {
  int64_t queries = 0;  // of the last positions; the first of them sees length - queries + 1 keys
  int64_t length = 0;   // keys and values
  int64_t width = 0;
  const float* query = nullptr;
  const float* key = nullptr;
  const float* value = nullptr;
  int64_t query_stride = 0;
  int64_t key_stride = 0;    // of the values too
  float scale = 1;           // of the scores
  float* weights = nullptr;  // [queries, length], not written beyond what a query sees
};

// What one step of AdamW takes besides its arrays, rounded once.
struct AdamWArgs {
  float gradient_scale = 1;  // the clip
  float decay = 1;           // 1 - learning rate * weight decay
  float beta2 = 0;
  float one_minus_beta1 = 1;
  float one_minus_beta2 = 1;
  float step_size = 0;     // learning rate / (1 - beta1^t)
  float second_scale = 1;  // 1 / sqrt(1 - beta2^t)
  float epsilon = 0;
};

// The kernels in one compilation.
struct Kernels {
  const char* name;  // "avx512", "avx2", "neon" or "generic"

  // `scratch` holds kProductScratch floats.
  void (*multiply)(const MatrixProductArgs& args, float* scratch);

  // y = f(x + bias) and x = f'(x + bias), all [rows, columns]; `bias` [columns] or null. kGelu is
  // x Phi(x) itself, to 4e-7 of its value where |x| < 1 and 5e-6 far down its negative tail, which
  // ends where Phi is 2^-60; kGeluTanh its approximation by tanh.
  void (*activate)(ActivationKernel kind, int64_t rows, int64_t columns, const float* bias,
                   float* x, float* y);

  // y = (x - mean) / sqrt(variance + epsilon) * gain + shift by rows of [rows, columns]; stores the
  // means and rstd, the reciprocals of the standard deviations, [rows].
  void (*layer_norm)(int64_t rows, int64_t columns, const float* x, const float* gain,
                     const float* shift, float epsilon, float* y, float* mean, float* rstd);
  // The gradient dx of layer_norm's x, or added to dx, from its y's; adds those of gain and shift.
  void (*layer_norm_backward)(int64_t rows, int64_t columns, const float* dy, const float* x,
                              const float* gain, const float* mean, const float* rstd, bool add,
                              float* dx, float* dgain, float* dshift);

  // out = a + b + bias, [rows, columns] each but bias [columns], which may be null; out may be a.
  void (*add_rows)(int64_t rows, int64_t columns, const float* a, const float* b, const float* bias,
                   float* out);
  // y += x, [n].
  void (*add_to)(int64_t n, const float* x, float* y);
  // y *= x, [n].
  void (*multiply_by)(int64_t n, const float* x, float* y);
  // sums += the sums of x [rows, columns] over its rows, from the first on.
  void (*add_column_sums)(int64_t rows, int64_t columns, const float* x, float* sums);

  // In this and in all softmaxes below an exponential is 0 that is below 2^-60 of the largest.
  // The sum over rows of -log softmax(logits)[label], in double. The logits are overwritten: with
  // `gradient` by (softmax - onehot) * scale, else by intermediate values.
  double (*cross_entropy)(int64_t rows, int64_t columns, const int64_t* labels, bool gradient,
                          float scale, float* logits);

  // The largest of n > 0 values, NaN being passed over.
  float (*largest)(int64_t n, const float* x);

  // Weights and out [queries, width] (with query_stride).
  void (*short_attention)(const ShortAttentionArgs& args, float* out);
  // From dout, like out: dquery, and dkey and dvalue, all overwritten, with the strides of what
  // they are gradients of. `scratch` holds `length` floats.
  void (*short_attention_backward)(const ShortAttentionArgs& args, const float* dout, float* dquery,
                                   float* dkey, float* dvalue, float* scratch);

  // In place, by rows of [rows, columns] with `stride`: the softmax of scale * scores (scale > 0)
  // over the first first_row + i + 1 columns of row i; zeros after them.
  void (*causal_softmax)(int64_t rows, int64_t columns, int64_t stride, int64_t first_row,
                         float scale, float* scores);
  // In place from the weights' gradient dweights to the scores': scale * w (dw - sum(w dw)).
  void (*causal_softmax_backward)(int64_t rows, int64_t columns, int64_t stride, int64_t first_row,
                                  float scale, const float* weights, float* dweights);

  // The sum of squares of x [n], in double.
  double (*sum_of_squares)(int64_t n, const float* x);
  // y = a x + b y, [n].
  void (*combine)(int64_t n, float a, const float* x, float b, float* y);
  // One step of AdamW on [n] parameters; gradients are read only. First moments below 2^-100 and
  // second ones below 2^-120 are 0.
  void (*adamw)(int64_t n, const AdamWArgs& args, const float* gradients, float* parameters,
                float* first_moment, float* second_moment);
};

// Floats that `multiply` packs into.
inline constexpr int64_t kProductScratch = int64_t{256} * (512 + 64);

// The best kernels that this CPU has, or those that the environment variable INITBIAS_KERNELS
// names. Throws Error where that names none, or some that this CPU does not have.
const Kernels& BestKernels();

// All that this CPU has, the best first: for tests that hold them against each other.
std::span<const Kernels* const> AvailableKernels();

}  // namespace initbias

#endif  // INITBIAS_LIB_KERNELS_KERNELS_H_
