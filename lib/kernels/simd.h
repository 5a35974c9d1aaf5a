// Sixteen floats at a time, on whatever vectors the file that includes this is compiled for:
// AVX-512, AVX2 with FMA, NEON, or plain C++ (INITBIAS_PLAIN_KERNELS, or none of these).
//
// A `Vec` is sixteen lanes on every machine, operations are those of IEEE 754 lane by lane, `Fma`
// rounds once everywhere, and `Sum` adds in one fixed order. So a kernel written on Vec gives the
// same bits whichever instructions it was compiled to. Everything here is internal to the file that
// includes it: the same names mean other instructions in other files.
#ifndef INITBIAS_LIB_KERNELS_SIMD_H_
#define INITBIAS_LIB_KERNELS_SIMD_H_

#include <cstdint>

#if defined(__AVX512F__) || defined(__AVX2__)
#include <immintrin.h>
#elif defined(__aarch64__) && !defined(INITBIAS_PLAIN_KERNELS)
#define INITBIAS_NEON_KERNELS
#include <arm_neon.h>
#endif

namespace initbias {
namespace {  // NOLINT(google-build-namespaces): compiled several times, see tables.h

constexpr int64_t kLanes = 16;

#if defined(__AVX512F__)

struct Vec {
  __m512 v;
};
using Native = __m512;  // what the matrix product computes with
constexpr int64_t kNativeLanes = 16;

inline Native NativeZero() { return _mm512_setzero_ps(); }
inline Native NativeLoad(const float* p) { return _mm512_loadu_ps(p); }
inline Native NativeSet(float x) { return _mm512_set1_ps(x); }
inline Native NativeAdd(Native a, Native b) { return _mm512_add_ps(a, b); }
inline Native NativeFma(Native a, Native b, Native c) { return _mm512_fmadd_ps(a, b, c); }
inline void NativeStore(float* p, Native a) { _mm512_storeu_ps(p, a); }

inline __mmask16 FirstLanes(int64_t count) {
  return static_cast<__mmask16>((1U << static_cast<unsigned>(count)) - 1U);
}
inline Vec Set(float x) { return {_mm512_set1_ps(x)}; }
inline Vec Load(const float* p) { return {_mm512_loadu_ps(p)}; }
inline void Store(float* p, Vec a) { _mm512_storeu_ps(p, a.v); }
inline Vec LoadFirst(const float* p, int64_t count) {
  return {_mm512_maskz_loadu_ps(FirstLanes(count), p)};
}
inline void StoreFirst(float* p, Vec a, int64_t count) {
  _mm512_mask_storeu_ps(p, FirstLanes(count), a.v);
}
inline Vec operator+(Vec a, Vec b) { return {_mm512_add_ps(a.v, b.v)}; }
inline Vec operator-(Vec a, Vec b) { return {_mm512_sub_ps(a.v, b.v)}; }
inline Vec operator*(Vec a, Vec b) { return {_mm512_mul_ps(a.v, b.v)}; }
inline Vec operator/(Vec a, Vec b) { return {_mm512_div_ps(a.v, b.v)}; }
inline Vec Fma(Vec a, Vec b, Vec c) { return {_mm512_fmadd_ps(a.v, b.v, c.v)}; }
inline Vec Sqrt(Vec a) { return {_mm512_sqrt_ps(a.v)}; }
inline Vec Max(Vec a, Vec b) { return {_mm512_max_ps(a.v, b.v)}; }
inline Vec Min(Vec a, Vec b) { return {_mm512_min_ps(a.v, b.v)}; }
inline Vec Abs(Vec a) { return {_mm512_abs_ps(a.v)}; }
// a < b ? x : y
inline Vec SelectLess(Vec a, Vec b, Vec x, Vec y) {
  return {_mm512_mask_blend_ps(_mm512_cmp_ps_mask(a.v, b.v, _CMP_LT_OQ), y.v, x.v)};
}
// 2^n, n being the integer that the lowest bits of `shifted` hold (see Exp).
inline Vec PowerOfTwo(Vec shifted) {
  const __m512i exponent = _mm512_slli_epi32(_mm512_castps_si512(shifted.v), 23);
  return {_mm512_castsi512_ps(_mm512_add_epi32(exponent, _mm512_set1_epi32(0x3f800000)))};
}
struct Halves {
  __m256 low, high;
};
inline Halves Split(Vec a) {
  return {_mm512_castps512_ps256(a.v),
          _mm256_castpd_ps(_mm512_extractf64x4_pd(_mm512_castps_pd(a.v), 1))};
}

#elif defined(__AVX2__)

struct Vec {
  __m256 a, b;
};
using Native = __m256;
constexpr int64_t kNativeLanes = 8;

inline Native NativeZero() { return _mm256_setzero_ps(); }
inline Native NativeLoad(const float* p) { return _mm256_loadu_ps(p); }
inline Native NativeSet(float x) { return _mm256_set1_ps(x); }
inline Native NativeAdd(Native a, Native b) { return _mm256_add_ps(a, b); }
inline Native NativeFma(Native a, Native b, Native c) { return _mm256_fmadd_ps(a, b, c); }
inline void NativeStore(float* p, Native a) { _mm256_storeu_ps(p, a); }

// All ones in the lanes before `count`; the mask's lane 0 is lane `first` of the Vec.
inline __m256i LanesBefore(int64_t count, int first) {
  const __m256i lane =
      _mm256_add_epi32(_mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7), _mm256_set1_epi32(first));
  return _mm256_cmpgt_epi32(_mm256_set1_epi32(static_cast<int>(count)), lane);
}
inline Vec Set(float x) { return {_mm256_set1_ps(x), _mm256_set1_ps(x)}; }
inline Vec Load(const float* p) { return {_mm256_loadu_ps(p), _mm256_loadu_ps(p + 8)}; }
inline void Store(float* p, Vec a) {
  _mm256_storeu_ps(p, a.a);
  _mm256_storeu_ps(p + 8, a.b);
}
inline Vec LoadFirst(const float* p, int64_t count) {
  return {_mm256_maskload_ps(p, LanesBefore(count, 0)),
          _mm256_maskload_ps(p + 8, LanesBefore(count, 8))};
}
inline void StoreFirst(float* p, Vec a, int64_t count) {
  _mm256_maskstore_ps(p, LanesBefore(count, 0), a.a);
  _mm256_maskstore_ps(p + 8, LanesBefore(count, 8), a.b);
}
inline Vec operator+(Vec x, Vec y) { return {_mm256_add_ps(x.a, y.a), _mm256_add_ps(x.b, y.b)}; }
inline Vec operator-(Vec x, Vec y) { return {_mm256_sub_ps(x.a, y.a), _mm256_sub_ps(x.b, y.b)}; }
inline Vec operator*(Vec x, Vec y) { return {_mm256_mul_ps(x.a, y.a), _mm256_mul_ps(x.b, y.b)}; }
inline Vec operator/(Vec x, Vec y) { return {_mm256_div_ps(x.a, y.a), _mm256_div_ps(x.b, y.b)}; }
inline Vec Fma(Vec x, Vec y, Vec z) {
  return {_mm256_fmadd_ps(x.a, y.a, z.a), _mm256_fmadd_ps(x.b, y.b, z.b)};
}
inline Vec Sqrt(Vec x) { return {_mm256_sqrt_ps(x.a), _mm256_sqrt_ps(x.b)}; }
inline Vec Max(Vec x, Vec y) { return {_mm256_max_ps(x.a, y.a), _mm256_max_ps(x.b, y.b)}; }
inline Vec Min(Vec x, Vec y) { return {_mm256_min_ps(x.a, y.a), _mm256_min_ps(x.b, y.b)}; }
inline Vec Abs(Vec x) {
  const __m256 sign = _mm256_set1_ps(-0.0F);
  return {_mm256_andnot_ps(sign, x.a), _mm256_andnot_ps(sign, x.b)};
}
inline Vec SelectLess(Vec a, Vec b, Vec x, Vec y) {
  return {_mm256_blendv_ps(y.a, x.a, _mm256_cmp_ps(a.a, b.a, _CMP_LT_OQ)),
          _mm256_blendv_ps(y.b, x.b, _mm256_cmp_ps(a.b, b.b, _CMP_LT_OQ))};
}
inline __m256 HalfPowerOfTwo(__m256 shifted) {
  const __m256i exponent = _mm256_slli_epi32(_mm256_castps_si256(shifted), 23);
  return _mm256_castsi256_ps(_mm256_add_epi32(exponent, _mm256_set1_epi32(0x3f800000)));
}
inline Vec PowerOfTwo(Vec shifted) {
  return {HalfPowerOfTwo(shifted.a), HalfPowerOfTwo(shifted.b)};
}
struct Halves {
  __m256 low, high;
};
inline Halves Split(Vec a) { return {a.a, a.b}; }

#elif defined(INITBIAS_NEON_KERNELS)

struct Vec {
  float32x4_t v[4];
};
struct Native {  // as many lanes as AVX2's: the same tiles, in twice the registers
  float32x4_t low, high;
};
constexpr int64_t kNativeLanes = 8;

inline Native NativeZero() { return {vdupq_n_f32(0.0F), vdupq_n_f32(0.0F)}; }
inline Native NativeLoad(const float* p) { return {vld1q_f32(p), vld1q_f32(p + 4)}; }
inline Native NativeSet(float x) { return {vdupq_n_f32(x), vdupq_n_f32(x)}; }
inline Native NativeAdd(Native a, Native b) {
  return {vaddq_f32(a.low, b.low), vaddq_f32(a.high, b.high)};
}
inline Native NativeFma(Native a, Native b, Native c) {
  return {vfmaq_f32(c.low, a.low, b.low), vfmaq_f32(c.high, a.high, b.high)};
}
inline void NativeStore(float* p, Native a) {
  vst1q_f32(p, a.low);
  vst1q_f32(p + 4, a.high);
}

// {f(0), f(1), f(2), f(3)}, the quarters of a Vec.
template <typename F>
inline Vec ForQuarters(const F& f) {
  return {f(0), f(1), f(2), f(3)};
}

// The first `count` of four lanes, any count; the tail lanes are zero.
inline float32x4_t LoadFirstOfFour(const float* p, int64_t count) {
  if (count >= 4) {
    return vld1q_f32(p);
  }
  float32x4_t out = vdupq_n_f32(0.0F);
  if (count > 0) {
    out = vld1q_lane_f32(p, out, 0);
  }
  if (count > 1) {
    out = vld1q_lane_f32(p + 1, out, 1);
  }
  if (count > 2) {
    out = vld1q_lane_f32(p + 2, out, 2);
  }
  return out;
}
inline void StoreFirstOfFour(float* p, float32x4_t a, int64_t count) {
  if (count >= 4) {
    vst1q_f32(p, a);
    return;
  }
  if (count > 0) {
    vst1q_lane_f32(p, a, 0);
  }
  if (count > 1) {
    vst1q_lane_f32(p + 1, a, 1);
  }
  if (count > 2) {
    vst1q_lane_f32(p + 2, a, 2);
  }
}
inline Vec Set(float x) {
  return ForQuarters([&](int) { return vdupq_n_f32(x); });
}
inline Vec Load(const float* p) {
  return ForQuarters([&](int i) { return vld1q_f32(p + 4 * i); });
}
inline void Store(float* p, Vec a) {
  for (int i = 0; i < 4; ++i) {
    vst1q_f32(p + 4 * i, a.v[i]);
  }
}
inline Vec LoadFirst(const float* p, int64_t count) {
  return ForQuarters([&](int i) { return LoadFirstOfFour(p + 4 * i, count - 4 * i); });
}
inline void StoreFirst(float* p, Vec a, int64_t count) {
  for (int i = 0; i < 4; ++i) {
    StoreFirstOfFour(p + 4 * i, a.v[i], count - 4 * i);
  }
}
inline Vec operator+(Vec a, Vec b) {
  return ForQuarters([&](int i) { return vaddq_f32(a.v[i], b.v[i]); });
}
inline Vec operator-(Vec a, Vec b) {
  return ForQuarters([&](int i) { return vsubq_f32(a.v[i], b.v[i]); });
}
inline Vec operator*(Vec a, Vec b) {
  return ForQuarters([&](int i) { return vmulq_f32(a.v[i], b.v[i]); });
}
inline Vec operator/(Vec a, Vec b) {
  return ForQuarters([&](int i) { return vdivq_f32(a.v[i], b.v[i]); });
}
inline Vec Fma(Vec a, Vec b, Vec c) {
  return ForQuarters([&](int i) { return vfmaq_f32(c.v[i], a.v[i], b.v[i]); });
}
inline Vec Sqrt(Vec a) {
  return ForQuarters([&](int i) { return vsqrtq_f32(a.v[i]); });
}
// Compared and selected, as x86 does: NEON's own maximum of a number and NaN is NaN.
inline Vec Max(Vec a, Vec b) {
  return ForQuarters([&](int i) { return vbslq_f32(vcgtq_f32(a.v[i], b.v[i]), a.v[i], b.v[i]); });
}
inline Vec Min(Vec a, Vec b) {
  return ForQuarters([&](int i) { return vbslq_f32(vcltq_f32(a.v[i], b.v[i]), a.v[i], b.v[i]); });
}
inline Vec Abs(Vec a) {
  return ForQuarters([&](int i) { return vabsq_f32(a.v[i]); });
}
inline Vec SelectLess(Vec a, Vec b, Vec x, Vec y) {
  return ForQuarters([&](int i) { return vbslq_f32(vcltq_f32(a.v[i], b.v[i]), x.v[i], y.v[i]); });
}
inline Vec PowerOfTwo(Vec shifted) {
  return ForQuarters([&](int i) {
    const uint32x4_t exponent = vshlq_n_u32(vreinterpretq_u32_f32(shifted.v[i]), 23);
    return vreinterpretq_f32_u32(vaddq_u32(exponent, vdupq_n_u32(0x3f800000U)));
  });
}
inline void TransposeFour(const float* from, int64_t stride, float* to, int64_t width) {
  const float32x4_t r0 = vld1q_f32(from);
  const float32x4_t r1 = vld1q_f32(from + stride);
  const float32x4_t r2 = vld1q_f32(from + 2 * stride);
  const float32x4_t r3 = vld1q_f32(from + 3 * stride);
  const float64x2_t even01 = vreinterpretq_f64_f32(vtrn1q_f32(r0, r1));
  const float64x2_t odd01 = vreinterpretq_f64_f32(vtrn2q_f32(r0, r1));
  const float64x2_t even23 = vreinterpretq_f64_f32(vtrn1q_f32(r2, r3));
  const float64x2_t odd23 = vreinterpretq_f64_f32(vtrn2q_f32(r2, r3));
  vst1q_f32(to, vreinterpretq_f32_f64(vtrn1q_f64(even01, even23)));
  vst1q_f32(to + width, vreinterpretq_f32_f64(vtrn1q_f64(odd01, odd23)));
  vst1q_f32(to + 2 * width, vreinterpretq_f32_f64(vtrn2q_f64(even01, even23)));
  vst1q_f32(to + 3 * width, vreinterpretq_f32_f64(vtrn2q_f64(odd01, odd23)));
}

#else

struct Vec {
  float v[kLanes];
};
struct Native {
  float v[8];
};
constexpr int64_t kNativeLanes = 8;

#if defined(__FP_FAST_FMAF)
inline float FmaOne(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
#else
// What fmaf gives, which takes some 100 ns where the CPU has no such instruction. The product of
// two floats is exact in double; the sum is rounded to odd, which makes the second rounding, to
// float, the right one (Boldo & Melquiond, "Emulation of FMA and correctly rounded sums", 2008).
inline float FmaOne(float a, float b, float c) {
  const double product = static_cast<double>(a) * static_cast<double>(b);
  const auto addend = static_cast<double>(c);
  double sum = product + addend;
  const double added = sum - product;
  const double error = (product - (sum - added)) + (addend - added);  // exact
  uint64_t bits = 0;
  uint64_t error_bits = 0;
  __builtin_memcpy(&bits, &sum, sizeof(bits));
  __builtin_memcpy(&error_bits, &error, sizeof(error_bits));
  // An even last bit moves towards the exact sum, by one; not where there is no error, or NaN.
  if ((error < 0.0 || error > 0.0) && bits % 2 == 0) {
    bits += 1 - 2 * ((bits ^ error_bits) >> 63);
  }
  __builtin_memcpy(&sum, &bits, sizeof(sum));
  return static_cast<float>(sum);
}
#endif

template <typename V, typename F>
inline V ForLanes(const F& f) {
  V out;
  for (int i = 0; i < static_cast<int>(sizeof(V) / sizeof(float)); ++i) {
    out.v[i] = f(i);
  }
  return out;
}

inline Native NativeZero() {
  return ForLanes<Native>([](int) { return 0.0F; });
}
inline Native NativeLoad(const float* p) {
  return ForLanes<Native>([&](int i) { return p[i]; });
}
inline Native NativeSet(float x) {
  return ForLanes<Native>([&](int) { return x; });
}
inline Native NativeAdd(const Native& a, const Native& b) {
  return ForLanes<Native>([&](int i) { return a.v[i] + b.v[i]; });
}
inline Native NativeFma(const Native& a, const Native& b, const Native& c) {
  return ForLanes<Native>([&](int i) { return FmaOne(a.v[i], b.v[i], c.v[i]); });
}
inline void NativeStore(float* p, const Native& a) {
  for (int64_t i = 0; i < kNativeLanes; ++i) {
    p[i] = a.v[i];
  }
}

inline Vec Set(float x) {
  return ForLanes<Vec>([&](int) { return x; });
}
inline Vec Load(const float* p) {
  return ForLanes<Vec>([&](int i) { return p[i]; });
}
inline void StoreFirst(float* p, const Vec& a, int64_t count) {
  for (int64_t i = 0; i < count; ++i) {
    p[i] = a.v[i];
  }
}
inline void Store(float* p, const Vec& a) { StoreFirst(p, a, kLanes); }
inline Vec LoadFirst(const float* p, int64_t count) {
  return ForLanes<Vec>([&](int i) { return i < count ? p[i] : 0.0F; });
}
inline Vec operator+(const Vec& a, const Vec& b) {
  return ForLanes<Vec>([&](int i) { return a.v[i] + b.v[i]; });
}
inline Vec operator-(const Vec& a, const Vec& b) {
  return ForLanes<Vec>([&](int i) { return a.v[i] - b.v[i]; });
}
inline Vec operator*(const Vec& a, const Vec& b) {
  return ForLanes<Vec>([&](int i) { return a.v[i] * b.v[i]; });
}
inline Vec operator/(const Vec& a, const Vec& b) {
  return ForLanes<Vec>([&](int i) { return a.v[i] / b.v[i]; });
}
inline Vec Fma(const Vec& a, const Vec& b, const Vec& c) {
  return ForLanes<Vec>([&](int i) { return FmaOne(a.v[i], b.v[i], c.v[i]); });
}
inline Vec Sqrt(const Vec& a) {
  return ForLanes<Vec>([&](int i) { return __builtin_sqrtf(a.v[i]); });
}
// As x86's instructions: the second argument where either is NaN.
inline Vec Max(const Vec& a, const Vec& b) {
  return ForLanes<Vec>([&](int i) { return a.v[i] > b.v[i] ? a.v[i] : b.v[i]; });
}
inline Vec Min(const Vec& a, const Vec& b) {
  return ForLanes<Vec>([&](int i) { return a.v[i] < b.v[i] ? a.v[i] : b.v[i]; });
}
inline Vec Abs(const Vec& a) {
  return ForLanes<Vec>([&](int i) { return __builtin_fabsf(a.v[i]); });
}
inline Vec SelectLess(const Vec& a, const Vec& b, const Vec& x, const Vec& y) {
  return ForLanes<Vec>([&](int i) { return a.v[i] < b.v[i] ? x.v[i] : y.v[i]; });
}
inline Vec PowerOfTwo(const Vec& shifted) {
  return ForLanes<Vec>([&](int i) {
    uint32_t bits = 0;
    __builtin_memcpy(&bits, &shifted.v[i], sizeof(bits));
    bits = (bits << 23) + 0x3f800000U;
    float out = 0;
    __builtin_memcpy(&out, &bits, sizeof(out));
    return out;
  });
}
inline void TransposeFour(const float* from, int64_t stride, float* to, int64_t width) {
  for (int64_t i = 0; i < 4; ++i) {
    for (int64_t j = 0; j < 4; ++j) {
      to[j * width + i] = from[i * stride + j];
    }
  }
}

#endif

#if defined(__AVX512F__) || defined(__AVX2__)
// Four rows of four, `stride` apart, to four columns, `width` apart.
inline void TransposeFour(const float* from, int64_t stride, float* to, int64_t width) {
  __m128 r0 = _mm_loadu_ps(from);
  __m128 r1 = _mm_loadu_ps(from + stride);
  __m128 r2 = _mm_loadu_ps(from + 2 * stride);
  __m128 r3 = _mm_loadu_ps(from + 3 * stride);
  _MM_TRANSPOSE4_PS(r0, r1, r2, r3);
  _mm_storeu_ps(to, r0);
  _mm_storeu_ps(to + width, r1);
  _mm_storeu_ps(to + 2 * width, r2);
  _mm_storeu_ps(to + 3 * width, r3);
}
#endif

// The sum of the lanes: i and i + 8, then i and i + 4, 2, 1.
inline float Sum(const Vec& a) {
#if defined(__AVX512F__) || defined(__AVX2__)
  const Halves halves = Split(a);
  const __m256 eight = _mm256_add_ps(halves.low, halves.high);
  const __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
  const __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_add_ss(two, _mm_shuffle_ps(two, two, 1)));
#elif defined(INITBIAS_NEON_KERNELS)
  const float32x4_t four = vaddq_f32(vaddq_f32(a.v[0], a.v[2]), vaddq_f32(a.v[1], a.v[3]));
  const float32x2_t two = vadd_f32(vget_low_f32(four), vget_high_f32(four));
  return vget_lane_f32(two, 0) + vget_lane_f32(two, 1);
#else
  Vec sums = a;
  for (int width = 8; width >= 1; width /= 2) {
    for (int i = 0; i < width; ++i) {
      sums.v[i] += sums.v[i + width];
    }
  }
  return sums.v[0];
#endif
}

// The largest lane.
inline float Largest(const Vec& a) {
  float lanes[kLanes];
  Store(lanes, a);
  float largest = lanes[0];
  for (int i = 1; i < kLanes; ++i) {
    largest = lanes[i] > largest ? lanes[i] : largest;
  }
  return largest;
}

}  // namespace
}  // namespace initbias

#endif  // INITBIAS_LIB_KERNELS_SIMD_H_
