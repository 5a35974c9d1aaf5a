// Kernels that pass over their arrays once: activations, norms, softmax and the loss, sums, AdamW.
// For what they compute see kernels.h.
#ifndef INITBIAS_LIB_KERNELS_ELEMENTWISE_H_
#define INITBIAS_LIB_KERNELS_ELEMENTWISE_H_

#include "lib/base/portable_log.h"
#include "lib/kernels/kernels.h"
#include "lib/kernels/simd.h"

namespace initbias {
namespace {  // NOLINT(google-build-namespaces): compiled several times, see tables.h

// Calls f(offset, number of valid lanes) for each sixteen of n: all lanes are valid but in a last,
// partial vector, whose others are its tail lanes.
template <typename F>
inline void ForVecs(int64_t n, const F& f) {
  int64_t i = 0;
  for (; i + kLanes <= n; i += kLanes) {
    f(i, kLanes);
  }
  if (i < n) {
    f(i, n - i);
  }
}

inline Vec LoadUpTo(const float* p, int64_t count) {
  return count == kLanes ? Load(p) : LoadFirst(p, count);
}

inline void StoreUpTo(float* p, const Vec& x, int64_t count) {
  if (count == kLanes) {
    Store(p, x);
  } else {
    StoreFirst(p, x, count);
  }
}

// Intel's processors take a hundred times as long for subnormal numbers, those below 2^-126, as for
// others, and large weights make many: exponentials of large differences, GELU's tail, products of
// both with gradients, AdamW's means of gradients long gone. So such numbers are made 0 early
// enough, by comparison and not by a mode of the processor: the same bits everywhere. None of it
// can be seen, in float, in a sum with the largest exponential, 1, or beside AdamW's epsilon.
constexpr float kTiny = 0x1p-60F;         // of exponentials and GELU's factors
constexpr float kTinyMoment = 0x1p-100F;  // of the first moment
constexpr float kTinySquare = 0x1p-120F;  // kTiny squared: of the second moment

inline Vec ZeroBelow(float limit, const Vec& x) {
  return SelectLess(Abs(x), Set(limit), Set(0.0F), x);
}

// x clamped to low .. high. NaN stays NaN: Max and Min give their second argument then.
inline Vec Clamp(const Vec& x, float low, float high) { return Min(Set(high), Max(Set(low), x)); }

// e^x to about 1 ULP, x clamped to -87 .. 88: 2^n times e^r, |r| <= ln 2 / 2, by a polynomial.
inline Vec Exp(const Vec& x) {
  const Vec clamped = Clamp(x, -87.0F, 88.0F);
  const Vec magic = Set(12582912.0F);  // 1.5 * 2^23: adding it rounds to an integer
  const Vec shifted = Fma(clamped, Set(1.44269504F), magic);
  const Vec n = shifted - magic;
  // ln 2 in two parts, the first with trailing zeros, so that n times it is exact.
  const Vec r = Fma(n, Set(-1.42860677e-6F), Fma(n, Set(-0.693145752F), clamped));
  Vec p = Set(0.00139412181F);
  p = Fma(p, r, Set(0.00836323507F));
  p = Fma(p, r, Set(0.0416663741F));
  p = Fma(p, r, Set(0.166665766F));
  p = Fma(p, r, Set(0.5F));
  return Fma(r * r, p, r + Set(1.0F)) * PowerOfTwo(shifted);
}

// tanh(x): near 0 an odd polynomial, which keeps small values' digits, else by e^(2 |x|).
inline Vec Tanh(const Vec& x) {
  const Vec square = x * x;
  Vec p = Set(-0.00611313152F);
  p = Fma(p, square, Set(0.0210100289F));
  p = Fma(p, square, Set(-0.0538540545F));
  p = Fma(p, square, Set(0.133327944F));
  p = Fma(p, square, Set(-0.333333292F));
  const Vec small = Fma(x * square, p, x);
  const Vec size = Abs(x);
  const Vec large = Set(1.0F) - Set(2.0F) / (Exp(size + size) + Set(1.0F));
  const Vec zero = Set(0.0F);
  return SelectLess(size, Set(0.625F), small, SelectLess(x, zero, zero - large, large));
}

struct ValueAndSlope {
  Vec value;
  Vec slope;
};

// x Phi(x) and Phi(x) + x phi(x). Phi(-|x|) = e^(-x^2/2) R(t), t = 1 / (1 + 0.35 |x| / sqrt 2). For
// R stands the polynomial of degree 9 that differs least from it on |x| <= 10, by 4.1e-9 of its
// value, and by 7.1e-8 with the coefficients as floats (tests/kernels/gelu_fit_test.py makes it
// anew); 0 from -8.8 on, where it is kTiny. Beyond 13 all is as at 13, since infinity times 0 would
// be NaN.
inline ValueAndSlope Gelu(const Vec& in) {
  const Vec x = Clamp(in, -13.0F, 13.0F);
  const Vec size = Abs(x);
  const Vec one = Set(1.0F);
  const Vec u = one / Fma(size, Set(0.247487373F), one) - Set(0.625F);
  const Vec bell = ZeroBelow(kTiny, Exp(x * x * Set(-0.5F)));
  Vec p = Set(0.0382231011F);
  p = Fma(p, u, Set(-0.0126065573F));
  p = Fma(p, u, Set(-0.114382797F));
  p = Fma(p, u, Set(-0.0397914169F));
  p = Fma(p, u, Set(0.296575129F));
  p = Fma(p, u, Set(0.694955338F));
  p = Fma(p, u, Set(0.879168324F));
  p = Fma(p, u, Set(0.76698495F));
  p = Fma(p, u, Set(0.493883218F));
  p = Fma(p, u, Set(0.144861058F));
  const Vec tail = ZeroBelow(kTiny, bell * p);
  const Vec phi = SelectLess(x, Set(0.0F), tail, one - tail);
  return {Max(x, in) * phi, Fma(x * bell, Set(0.398942280F), phi)};
}

// x s and s + x s', s = (1 + tanh(z)) / 2 = 1 / (1 + e^(-2 z)), z = sqrt(2/pi) (x + 0.044715 x^3).
// 0 from -7.8 on, where s is kTiny; beyond 10 all is as at 10, as with Gelu.
inline ValueAndSlope GeluTanh(const Vec& in) {
  constexpr float kScale = -1.59576912F;  // -2 sqrt(2/pi)
  const Vec x = Clamp(in, -10.0F, 10.0F);
  const Vec one = Set(1.0F);
  const Vec square = x * x;
  const Vec exponent = x * Fma(square, Set(0.044715F * kScale), Set(kScale));  // -2 z
  const Vec s = ZeroBelow(kTiny, one / (one + Exp(exponent)));
  const Vec slope = Fma(square, Set(-3.0F * 0.044715F * kScale), Set(-kScale));  // 2 z'
  return {Max(x, in) * s, Fma(x * slope, s * (one - s), s)};
}

inline ValueAndSlope TanhWithSlope(const Vec& x) {
  const Vec y = Tanh(x);
  return {y, Set(1.0F) - y * y};
}

// NaN stays NaN, as in Clamp.
inline ValueAndSlope Relu(const Vec& x) {
  const Vec zero = Set(0.0F);
  return {Max(zero, x), SelectLess(zero, x, Set(1.0F), zero)};
}

template <typename F>
inline void ActivateWith(const F& f, int64_t rows, int64_t columns, const float* bias, float* x,
                         float* y) {
  if (bias == nullptr) {  // nothing depends on rows: one long one
    columns *= rows;
    rows = 1;
  }
  for (int64_t row = 0; row < rows; ++row) {
    float* const x_row = x + row * columns;
    float* const y_row = y + row * columns;
    ForVecs(columns, [&](int64_t i, int64_t count) {
      Vec in = LoadUpTo(x_row + i, count);
      if (bias != nullptr) {
        in = in + LoadUpTo(bias + i, count);
      }
      const ValueAndSlope out = f(in);
      StoreUpTo(y_row + i, out.value, count);
      StoreUpTo(x_row + i, out.slope, count);
    });
  }
}

void ActivateRows(ActivationKernel kind, int64_t rows, int64_t columns, const float* bias, float* x,
                  float* y) {
  switch (kind) {
    case ActivationKernel::kGelu:
      return ActivateWith([](const Vec& v) { return Gelu(v); }, rows, columns, bias, x, y);
    case ActivationKernel::kGeluTanh:
      return ActivateWith([](const Vec& v) { return GeluTanh(v); }, rows, columns, bias, x, y);
    case ActivationKernel::kTanh:
      return ActivateWith([](const Vec& v) { return TanhWithSlope(v); }, rows, columns, bias, x, y);
    case ActivationKernel::kRelu:
      return ActivateWith([](const Vec& v) { return Relu(v); }, rows, columns, bias, x, y);
  }
}

// x - mean in the valid lanes, 0 in the tail lanes.
inline Vec Centered(const float* x, int64_t i, int64_t count, const Vec& mean) {
  if (count == kLanes) {
    return Load(x + i) - mean;
  }
  float means[kLanes];
  Store(means, mean);
  return LoadFirst(x + i, count) - LoadFirst(means, count);
}

void LayerNorm(int64_t rows, int64_t columns, const float* x, const float* gain, const float* shift,
               float epsilon, float* y, float* mean, float* rstd) {
  const auto width = static_cast<float>(columns);
  for (int64_t row = 0; row < rows; ++row) {
    const float* const x_row = x + row * columns;
    float* const y_row = y + row * columns;
    Vec sum = Set(0.0F);
    ForVecs(columns, [&](int64_t i, int64_t count) { sum = sum + LoadUpTo(x_row + i, count); });
    mean[row] = Sum(sum) / width;
    const Vec m = Set(mean[row]);
    Vec squares = Set(0.0F);
    ForVecs(columns, [&](int64_t i, int64_t count) {
      const Vec centered = Centered(x_row, i, count, m);
      squares = Fma(centered, centered, squares);
    });
    const Vec deviation = Sqrt(Set(Sum(squares) / width + epsilon));
    float lanes[kLanes];
    Store(lanes, Set(1.0F) / deviation);
    rstd[row] = lanes[0];
    const Vec r = Set(lanes[0]);
    ForVecs(columns, [&](int64_t i, int64_t count) {
      const Vec x_hat = (LoadUpTo(x_row + i, count) - m) * r;
      StoreUpTo(y_row + i, Fma(x_hat, LoadUpTo(gain + i, count), LoadUpTo(shift + i, count)),
                count);
    });
  }
}

void LayerNormBackward(int64_t rows, int64_t columns, const float* dy, const float* x,
                       const float* gain, const float* mean, const float* rstd, bool add, float* dx,
                       float* dgain, float* dshift) {
  const auto width = static_cast<float>(columns);
  for (int64_t row = 0; row < rows; ++row) {
    const float* const dy_row = dy + row * columns;
    const float* const x_row = x + row * columns;
    float* const dx_row = dx + row * columns;
    const Vec m = Set(mean[row]);
    const Vec r = Set(rstd[row]);
    Vec sum = Set(0.0F);
    Vec sum_product = Set(0.0F);
    ForVecs(columns, [&](int64_t i, int64_t count) {
      const Vec x_hat = (LoadUpTo(x_row + i, count) - m) * r;
      const Vec dy_here = LoadUpTo(dy_row + i, count);
      StoreUpTo(dgain + i, Fma(dy_here, x_hat, LoadUpTo(dgain + i, count)), count);
      StoreUpTo(dshift + i, LoadUpTo(dshift + i, count) + dy_here, count);
      const Vec scaled = dy_here * LoadUpTo(gain + i, count);  // 0 in the tail lanes
      sum = sum + scaled;
      sum_product = Fma(scaled, x_hat, sum_product);
    });
    const Vec mean_scaled = Set(Sum(sum) / width);
    const Vec mean_product = Set(Sum(sum_product) / width);
    ForVecs(columns, [&](int64_t i, int64_t count) {
      const Vec x_hat = (LoadUpTo(x_row + i, count) - m) * r;
      const Vec scaled = LoadUpTo(dy_row + i, count) * LoadUpTo(gain + i, count);
      Vec out = (scaled - mean_scaled - x_hat * mean_product) * r;
      if (add) {
        out = out + LoadUpTo(dx_row + i, count);
      }
      StoreUpTo(dx_row + i, out, count);
    });
  }
}

void AddRows(int64_t rows, int64_t columns, const float* a, const float* b, const float* bias,
             float* out) {
  if (bias == nullptr) {
    columns *= rows;
    rows = 1;
  }
  for (int64_t row = 0; row < rows; ++row) {
    const int64_t start = row * columns;
    ForVecs(columns, [&](int64_t i, int64_t count) {
      Vec sum = LoadUpTo(a + start + i, count) + LoadUpTo(b + start + i, count);
      if (bias != nullptr) {
        sum = sum + LoadUpTo(bias + i, count);
      }
      StoreUpTo(out + start + i, sum, count);
    });
  }
}

void AddTo(int64_t n, const float* x, float* y) {
  ForVecs(n, [&](int64_t i, int64_t count) {
    StoreUpTo(y + i, LoadUpTo(y + i, count) + LoadUpTo(x + i, count), count);
  });
}

void MultiplyBy(int64_t n, const float* x, float* y) {
  ForVecs(n, [&](int64_t i, int64_t count) {
    StoreUpTo(y + i, LoadUpTo(y + i, count) * LoadUpTo(x + i, count), count);
  });
}

void AddColumnSums(int64_t rows, int64_t columns, const float* x, float* sums) {
  ForVecs(columns, [&](int64_t i, int64_t count) {
    Vec sum = LoadUpTo(sums + i, count);
    for (int64_t row = 0; row < rows; ++row) {
      sum = sum + LoadUpTo(x + row * columns + i, count);
    }
    StoreUpTo(sums + i, sum, count);
  });
}

float LargestOf(int64_t n, const float* x) {
  Vec largest = Set(-__builtin_inff());
  ForVecs(n, [&](int64_t i, int64_t count) {
    if (count == kLanes) {
      largest = Max(Load(x + i), largest);
    } else {
      for (int64_t j = i; j < i + count; ++j) {
        largest = Max(Set(x[j]), largest);
      }
    }
  });
  return Largest(largest);
}

// y = e^(scale * (x - shift)); the sum of these.
inline float ExpAndSum(int64_t n, float scale, float shift, const float* x, float* y) {
  const Vec by = Set(scale);
  const Vec minus = Set(shift);
  Vec sum = Set(0.0F);
  ForVecs(n, [&](int64_t i, int64_t count) {
    StoreUpTo(y + i, ZeroBelow(kTiny, Exp((LoadUpTo(x + i, count) - minus) * by)), count);
    sum = sum + LoadUpTo(y + i, count);  // without the tail lanes
  });
  return Sum(sum);
}

inline void ScaleBy(int64_t n, float factor, float* x) {
  const Vec by = Set(factor);
  ForVecs(n,
          [&](int64_t i, int64_t count) { StoreUpTo(x + i, LoadUpTo(x + i, count) * by, count); });
}

double CrossEntropy(int64_t rows, int64_t columns, const int64_t* labels, bool gradient,
                    float scale, float* logits) {
  double loss = 0;
  for (int64_t row = 0; row < rows; ++row) {
    float* const x = logits + row * columns;
    const float largest = LargestOf(columns, x);
    const float label_logit = x[labels[row]];
    const float sum = ExpAndSum(columns, 1.0F, largest, x, x);
    loss += static_cast<double>(largest) - static_cast<double>(label_logit) +
            PortableLog<21>(static_cast<double>(sum));
    if (gradient) {
      ScaleBy(columns, scale / sum, x);
      x[labels[row]] -= scale;
    }
  }
  return loss;
}

void CausalSoftmax(int64_t rows, int64_t columns, int64_t stride, int64_t first_row, float scale,
                   float* scores) {
  for (int64_t row = 0; row < rows; ++row) {
    float* const x = scores + row * stride;
    const int64_t visible = first_row + row + 1;
    const float sum = ExpAndSum(visible, scale, LargestOf(visible, x), x, x);
    ScaleBy(visible, 1.0F / sum, x);
    for (int64_t i = visible; i < columns; ++i) {
      x[i] = 0.0F;
    }
  }
}

inline float Dot(int64_t n, const float* x, const float* y) {
  Vec sum = Set(0.0F);
  ForVecs(n, [&](int64_t i, int64_t count) {
    sum = Fma(LoadUpTo(x + i, count), LoadUpTo(y + i, count), sum);
  });
  return Sum(sum);
}

void CausalSoftmaxBackward(int64_t rows, int64_t columns, int64_t stride, int64_t first_row,
                           float scale, const float* weights, float* dweights) {
  for (int64_t row = 0; row < rows; ++row) {
    const float* const w = weights + row * stride;
    float* const d = dweights + row * stride;
    const int64_t visible = first_row + row + 1;
    const Vec mean = Set(Dot(visible, w, d));
    const Vec by = Set(scale);
    ForVecs(visible, [&](int64_t i, int64_t count) {
      StoreUpTo(d + i, LoadUpTo(w + i, count) * (LoadUpTo(d + i, count) - mean) * by, count);
    });
    for (int64_t i = visible; i < columns; ++i) {
      d[i] = 0.0F;
    }
  }
}

double SumOfSquares(int64_t n, const float* x) {
  constexpr int64_t kBlock = 4096;  // few enough for float sums of 256 lanes each
  double total = 0;
  for (int64_t start = 0; start < n; start += kBlock) {
    const int64_t size = n - start < kBlock ? n - start : kBlock;
    total += static_cast<double>(Dot(size, x + start, x + start));
  }
  return total;
}

void Combine(int64_t n, float a, const float* x, float b, float* y) {
  const Vec of_x = Set(a);
  const Vec of_y = Set(b);
  ForVecs(n, [&](int64_t i, int64_t count) {
    const Vec scaled = LoadUpTo(y + i, count) * of_y;
    StoreUpTo(y + i, Fma(LoadUpTo(x + i, count), of_x, scaled), count);
  });
}

void AdamWStep(int64_t n, const AdamWArgs& args, const float* gradients, float* parameters,
               float* first_moment, float* second_moment) {
  const Vec clip = Set(args.gradient_scale);
  const Vec decay = Set(args.decay);
  const Vec beta2 = Set(args.beta2);
  const Vec share1 = Set(args.one_minus_beta1);
  const Vec share2 = Set(args.one_minus_beta2);
  const Vec step_size = Set(args.step_size);
  const Vec second_scale = Set(args.second_scale);
  const Vec epsilon = Set(args.epsilon);
  ForVecs(n, [&](int64_t i, int64_t count) {
    const Vec g = LoadUpTo(gradients + i, count) * clip;
    Vec m = LoadUpTo(first_moment + i, count);
    m = ZeroBelow(kTinyMoment, Fma(g - m, share1, m));
    StoreUpTo(first_moment + i, m, count);
    Vec v = LoadUpTo(second_moment + i, count);
    const Vec root = ZeroBelow(kTiny, g);
    v = ZeroBelow(kTinySquare, Fma(v, beta2, root * root * share2));
    StoreUpTo(second_moment + i, v, count);
    const Vec p = LoadUpTo(parameters + i, count) * decay;
    StoreUpTo(parameters + i, p - step_size * m / Fma(Sqrt(v), second_scale, epsilon), count);
  });
}

}  // namespace
}  // namespace initbias

#endif  // INITBIAS_LIB_KERNELS_ELEMENTWISE_H_
