// Attention of one head over a sequence of a few tokens, where packing matrices would take longer
// than multiplying them. For what it computes see kernels.h.
#ifndef INITBIAS_LIB_KERNELS_SHORT_ATTENTION_H_
#define INITBIAS_LIB_KERNELS_SHORT_ATTENTION_H_

#include "lib/kernels/elementwise.h"

namespace initbias {
namespace {  // NOLINT(google-build-namespaces): compiled several times, see tables.h

// y += factor * x
inline void AddScaled(int64_t n, float factor, const float* x, float* y) {
  const Vec by = Set(factor);
  ForVecs(n, [&](int64_t i, int64_t count) {
    StoreUpTo(y + i, Fma(LoadUpTo(x + i, count), by, LoadUpTo(y + i, count)), count);
  });
}

inline void Clear(int64_t n, float* x) {
  ForVecs(n, [&](int64_t i, int64_t count) { StoreUpTo(x + i, Set(0.0F), count); });
}

// So many keys, from the first on, does a query see.
inline int64_t VisibleKeys(const ShortAttentionArgs& p, int64_t query) {
  return p.length - p.queries + query + 1;
}

void ShortAttention(const ShortAttentionArgs& p, float* out) {
  for (int64_t i = 0; i < p.queries; ++i) {
    const float* const q = p.query + i * p.query_stride;
    float* const w = p.weights + i * p.length;
    const int64_t visible = VisibleKeys(p, i);
    for (int64_t j = 0; j < visible; ++j) {
      w[j] = Dot(p.width, q, p.key + j * p.key_stride);
    }
    const float sum = ExpAndSum(visible, p.scale, LargestOf(visible, w), w, w);
    ScaleBy(visible, 1.0F / sum, w);
    float* const to = out + i * p.query_stride;
    Clear(p.width, to);
    for (int64_t j = 0; j < visible; ++j) {
      AddScaled(p.width, w[j], p.value + j * p.key_stride, to);
    }
  }
}

void ShortAttentionBackward(const ShortAttentionArgs& p, const float* dout, float* dquery,
                            float* dkey, float* dvalue, float* scratch) {
  for (int64_t j = 0; j < p.length; ++j) {
    Clear(p.width, dkey + j * p.key_stride);
    Clear(p.width, dvalue + j * p.key_stride);
  }
  for (int64_t i = 0; i < p.queries; ++i) {
    const float* const q = p.query + i * p.query_stride;
    const float* const w = p.weights + i * p.length;
    const float* const d = dout + i * p.query_stride;
    const int64_t visible = VisibleKeys(p, i);
    for (int64_t j = 0; j < visible; ++j) {
      scratch[j] = Dot(p.width, d, p.value + j * p.key_stride);
      AddScaled(p.width, w[j], d, dvalue + j * p.key_stride);
    }
    const float mean = Dot(visible, w, scratch);
    float* const dq = dquery + i * p.query_stride;
    Clear(p.width, dq);
    for (int64_t j = 0; j < visible; ++j) {
      const float ds = w[j] * (scratch[j] - mean) * p.scale;
      AddScaled(p.width, ds, p.key + j * p.key_stride, dq);
      AddScaled(p.width, ds, q, dkey + j * p.key_stride);
    }
  }
}

}  // namespace
}  // namespace initbias

#endif  // INITBIAS_LIB_KERNELS_SHORT_ATTENTION_H_
