// The matrix product, on packed panels and register tiles (Goto & van de Geijn, "Anatomy of
// high-performance matrix multiplication", ACM TOMS 2008).
//
// Every element of the product is a chain of fused multiply-adds over its inner index, cut into
// blocks whose length follows from the inner dimension alone. The vectors' width and the tiles'
// size change which elements are computed together, not how: the bits are the same on every
// machine.
#ifndef INITBIAS_LIB_KERNELS_MATRIX_PRODUCT_H_
#define INITBIAS_LIB_KERNELS_MATRIX_PRODUCT_H_

#include "lib/kernels/kernels.h"
#include "lib/kernels/simd.h"

namespace initbias {
namespace {  // NOLINT(google-build-namespaces): compiled several times, see tables.h

constexpr int64_t kInnerBlock = 256;
constexpr int64_t kRowBlock = 480;     // of A: with kInnerBlock half of a 1 MiB cache
constexpr int64_t kColumnBlock = 512;  // of B: as much again

constexpr int kTileVectors = 2;
#if defined(__AVX512F__)
constexpr int kTileRows = 12;  // 24 of 32 registers hold sums
#else
constexpr int kTileRows = 6;  // 12 of 16, with NEON 24 of 32
#endif
constexpr int64_t kTileColumns = kTileVectors * kNativeLanes;

// c [kRows, kVectors * lanes] (+)= a [kRows, inner] b [inner, kVectors * lanes]. Element (i, k) of
// a is a[i * stride + k], or a[k * stride + i] where `kByColumn`; b is packed.
template <int kRows, int kVectors, bool kByColumn>
inline void Tile(int64_t inner, const float* a, int64_t stride, const float* b, bool add, float* c,
                 int64_t c_stride) {
  Native sums[kRows][kVectors];
#pragma GCC unroll 16
  for (int i = 0; i < kRows; ++i) {
#pragma GCC unroll 4
    for (int j = 0; j < kVectors; ++j) {
      sums[i][j] = NativeZero();
    }
  }
  for (int64_t k = 0; k < inner; ++k) {
    Native row[kVectors];
#pragma GCC unroll 4
    for (int j = 0; j < kVectors; ++j) {
      row[j] = NativeLoad(b + j * kNativeLanes);
    }
    b += kVectors * kNativeLanes;
#pragma GCC unroll 16
    for (int i = 0; i < kRows; ++i) {
      const Native x = NativeSet(kByColumn ? a[i] : a[i * stride]);
#pragma GCC unroll 4
      for (int j = 0; j < kVectors; ++j) {
        sums[i][j] = NativeFma(x, row[j], sums[i][j]);
      }
    }
    a += kByColumn ? stride : 1;
  }
#pragma GCC unroll 16
  for (int i = 0; i < kRows; ++i) {
#pragma GCC unroll 4
    for (int j = 0; j < kVectors; ++j) {
      float* const to = c + i * c_stride + j * kNativeLanes;
      NativeStore(to, add ? NativeAdd(NativeLoad(to), sums[i][j]) : sums[i][j]);
    }
  }
}

using TileFunction = void (*)(int64_t, const float*, int64_t, const float*, bool, float*, int64_t);

template <int kVectors, bool kByColumn, int... kRows>
struct TileList {
  static constexpr TileFunction kFunctions[] = {Tile<kRows, kVectors, kByColumn>...};
};
#if defined(__AVX512F__)
template <int kVectors, bool kByColumn>
using Tiles = TileList<kVectors, kByColumn, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12>;
#else
template <int kVectors, bool kByColumn>
using Tiles = TileList<kVectors, kByColumn, 1, 2, 3, 4, 5, 6>;
#endif

// The tile of so many rows and vectors.
inline TileFunction FindTile(int64_t rows, int64_t vectors, bool by_column) {
  const int64_t i = rows - 1;
  if (vectors == 1) {
    return by_column ? Tiles<1, true>::kFunctions[i] : Tiles<1, false>::kFunctions[i];
  }
  return by_column ? Tiles<2, true>::kFunctions[i] : Tiles<2, false>::kFunctions[i];
}

// As b, [inner, columns] with row stride, packed: `width` columns a row, zeros beyond `columns`.
inline void PackRows(const float* b, int64_t stride, int64_t inner, int64_t columns, int64_t width,
                     float* to) {
  if (columns == width) {
    for (int64_t k = 0; k < inner; ++k) {
      for (int64_t j = 0; j < width; j += kNativeLanes) {
        NativeStore(to + j, NativeLoad(b + j));
      }
      b += stride;
      to += width;
    }
    return;
  }
  for (int64_t k = 0; k < inner; ++k) {
    for (int64_t j = 0; j < width; ++j) {
      to[j] = j < columns ? b[j] : 0.0F;
    }
    b += stride;
    to += width;
  }
}

// The same for b [columns, inner], to be transposed.
inline void PackColumns(const float* b, int64_t stride, int64_t inner, int64_t columns,
                        int64_t width, float* to) {
  int64_t j = 0;
  for (; j + 4 <= columns; j += 4) {
    const float* from = b + j * stride;
    int64_t k = 0;
    for (; k + 4 <= inner; k += 4) {
      TransposeFour(from + k, stride, to + k * width + j, width);
    }
    for (; k < inner; ++k) {
      for (int64_t i = 0; i < 4; ++i) {
        to[k * width + j + i] = from[i * stride + k];
      }
    }
  }
  for (; j < columns; ++j) {
    for (int64_t k = 0; k < inner; ++k) {
      to[k * width + j] = b[j * stride + k];
    }
  }
  for (; j < width; ++j) {
    for (int64_t k = 0; k < inner; ++k) {
      to[k * width + j] = 0.0F;
    }
  }
}

inline int64_t Smaller(int64_t a, int64_t b) { return a < b ? a : b; }

// One block of the product: `panels` holds B's block, packed.
inline void MultiplyBlock(const MatrixProductArgs& p, int64_t rows, int64_t columns, int64_t inner,
                          const float* a, const float* panels, bool add, float* c) {
  alignas(64) float tile[kTileRows * kTileColumns];
  const int64_t row_step = p.transpose_a ? 1 : p.a_stride;
  for (int64_t j = 0; j < columns; j += kTileColumns) {
    const int64_t width = Smaller(kTileColumns, columns - j);
    const int64_t vectors = (width + kNativeLanes - 1) / kNativeLanes;
    const float* const panel = panels + j * inner;
    const bool whole = width == vectors * kNativeLanes;
    for (int64_t i = 0; i < rows; i += kTileRows) {
      const int64_t height = Smaller(kTileRows, rows - i);
      const TileFunction function = FindTile(height, vectors, p.transpose_a);
      float* const to = c + i * p.c_stride + j;
      if (whole) {
        function(inner, a + i * row_step, p.a_stride, panel, add, to, p.c_stride);
        continue;
      }
      function(inner, a + i * row_step, p.a_stride, panel, /*add=*/false, tile, kTileColumns);
      for (int64_t r = 0; r < height; ++r) {
        for (int64_t s = 0; s < width; ++s) {
          float* const at = to + r * p.c_stride + s;
          const float sum = tile[r * kTileColumns + s];
          *at = add ? *at + sum : sum;
        }
      }
    }
  }
}

// See kernels.h. `scratch` holds kInnerBlock * (kColumnBlock + kTileColumns) floats.
inline void MultiplyMatrices(const MatrixProductArgs& p, float* scratch) {
  if (p.inner == 0) {  // a sum of nothing
    for (int64_t i = 0; i < (p.add ? 0 : p.rows); ++i) {
      for (int64_t j = 0; j < p.columns; ++j) {
        p.c[i * p.c_stride + j] = 0.0F;
      }
    }
    return;
  }
  const int64_t blocks = (p.inner + kInnerBlock - 1) / kInnerBlock;
  const int64_t block = (p.inner + blocks - 1) / blocks;
  for (int64_t j = 0; j < p.columns; j += kColumnBlock) {
    const int64_t columns = Smaller(kColumnBlock, p.columns - j);
    for (int64_t k = 0; k < p.inner; k += block) {
      const int64_t inner = Smaller(block, p.inner - k);
      for (int64_t s = 0; s < columns; s += kTileColumns) {
        const int64_t width = Smaller(kTileColumns, columns - s);
        const int64_t padded = (width + kNativeLanes - 1) / kNativeLanes * kNativeLanes;
        float* const to = scratch + s * inner;
        if (p.transpose_b) {
          PackColumns(p.b + (j + s) * p.b_stride + k, p.b_stride, inner, width, padded, to);
        } else {
          PackRows(p.b + k * p.b_stride + j + s, p.b_stride, inner, width, padded, to);
        }
      }
      for (int64_t i = 0; i < p.rows; i += kRowBlock) {
        const float* const a = p.a + (p.transpose_a ? k * p.a_stride + i : i * p.a_stride + k);
        MultiplyBlock(p, Smaller(kRowBlock, p.rows - i), columns, inner, a, scratch, p.add || k > 0,
                      p.c + i * p.c_stride + j);
      }
    }
  }
}

}  // namespace
}  // namespace initbias

#endif  // INITBIAS_LIB_KERNELS_MATRIX_PRODUCT_H_
