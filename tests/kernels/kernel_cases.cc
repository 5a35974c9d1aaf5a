#include "tests/kernels/kernel_cases.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <utility>

namespace initbias {
namespace {

// Around the lengths of vectors: 8 and 16 lanes, and twice as many.
constexpr int64_t kSizes[] = {1, 2, 3, 5, 7, 8, 9, 15, 16, 17, 24, 31, 32, 33, 47, 48, 49, 100};
constexpr int64_t kRowCounts[] = {1, 2, 5};

struct ProductSize {
  int64_t rows;
  int64_t columns;
  int64_t inner;
};

// Tiles have 6 or 12 rows and 16 or 32 columns; blocks 480 rows, 512 columns and 256 inner indices.
constexpr ProductSize kProductSizes[] = {
    {1, 1, 1},    {1, 7, 1},    {2, 8, 3},    {3, 9, 4},    {4, 15, 5},   {5, 16, 6},
    {6, 17, 7},   {7, 23, 8},   {11, 24, 9},  {12, 25, 1},  {13, 31, 11}, {18, 32, 12},
    {23, 33, 2},  {24, 40, 16}, {25, 47, 17}, {9, 48, 3},   {8, 49, 10},  {10, 64, 13},
    {1, 65, 31},  {2, 20, 255}, {3, 5, 256},  {5, 24, 257}, {4, 40, 511}, {3, 16, 513},
    {2, 20, 770}, {479, 3, 5},  {480, 9, 2},  {481, 17, 3}, {961, 1, 2},  {3, 511, 4},
    {2, 512, 3},  {5, 513, 6},  {1, 1030, 2},
};

KernelCase ProductCase(const ProductSize& size, bool transpose_a, bool transpose_b, bool add,
                       int64_t gap) {
  std::string name =
      fmt::format("[{}, {}, {}]{}{}{}, gaps {}", size.rows, size.columns, size.inner,
                  transpose_a ? " a^T" : "", transpose_b ? " b^T" : "", add ? " added" : "", gap);
  return {std::move(name), [=](const Kernels& kernels, GuardedArrays& arrays) {
            const auto [rows, columns, inner] = size;
            MatrixProductArgs args{.rows = rows,
                                   .columns = columns,
                                   .inner = inner,
                                   .transpose_a = transpose_a,
                                   .transpose_b = transpose_b,
                                   .add = add};
            const int64_t a_width = transpose_a ? rows : inner;
            const int64_t b_width = transpose_b ? inner : columns;
            args.a_stride = a_width + gap;
            args.b_stride = b_width + 2 * gap;
            args.c_stride = columns + 3 * gap;
            args.a = arrays.Input(transpose_a ? inner : rows, a_width, args.a_stride);
            args.b = arrays.Input(transpose_b ? columns : inner, b_width, args.b_stride);
            args.c = add ? arrays.InOut(rows, columns, args.c_stride)
                         : arrays.Output(rows, columns, args.c_stride);
            kernels.multiply(args, arrays.Scratch(kProductScratch));
          }};
}

std::vector<KernelCase> ProductCases() {
  std::vector<KernelCase> cases;
  for (const ProductSize& size : kProductSizes) {
    for (const bool transpose_a : {false, true}) {
      for (const bool transpose_b : {false, true}) {
        for (const bool add : {false, true}) {
          const int64_t gap = add ? 0 : 1;
          cases.push_back(ProductCase(size, transpose_a, transpose_b, add, gap));
        }
      }
    }
  }
  cases.push_back(ProductCase({3, 515, 258}, /*transpose_a=*/true, /*transpose_b=*/true,
                              /*add=*/false, /*gap=*/3));
  cases.push_back(ProductCase({485, 520, 20}, /*transpose_a=*/false, /*transpose_b=*/false,
                              /*add=*/true, /*gap=*/3));
  return cases;
}

// All of kRowCounts by kSizes.
std::vector<KernelCase> ForShapes(
    const std::function<void(const Kernels&, GuardedArrays&, int64_t rows, int64_t columns)>& run) {
  std::vector<KernelCase> cases;
  for (const int64_t rows : kRowCounts) {
    for (const int64_t columns : kSizes) {
      cases.push_back({fmt::format("[{}, {}]", rows, columns),
                       [=](const Kernels& kernels, GuardedArrays& arrays) {
                         run(kernels, arrays, rows, columns);
                       }});
    }
  }
  return cases;
}

// kSizes and, for the sums in blocks, some around 4096.
std::vector<KernelCase> ForLengths(
    const std::function<void(const Kernels&, GuardedArrays&, int64_t n)>& run) {
  std::vector<int64_t> lengths(std::begin(kSizes), std::end(kSizes));
  lengths.insert(lengths.end(), {4095, 4096, 4097, 9000});
  std::vector<KernelCase> cases;
  for (const int64_t n : lengths) {
    cases.push_back({fmt::format("[{}]", n), [=](const Kernels& kernels, GuardedArrays& arrays) {
                       run(kernels, arrays, n);
                     }});
  }
  return cases;
}

// Arrays are made one a statement: the order of their making is that of the random numbers.
void Activate(const Kernels& kernels, GuardedArrays& arrays, int64_t rows, int64_t columns) {
  const float* const bias = arrays.Input(columns);
  for (const ActivationKernel kind : {ActivationKernel::kGelu, ActivationKernel::kGeluTanh,
                                      ActivationKernel::kTanh, ActivationKernel::kRelu}) {
    for (const float* const added : {static_cast<const float*>(nullptr), bias}) {
      float* const x = arrays.InOut(rows * columns);
      float* const y = arrays.Output(rows * columns);
      kernels.activate(kind, rows, columns, added, x, y);
    }
  }
}

void LayerNorm(const Kernels& kernels, GuardedArrays& arrays, int64_t rows, int64_t columns) {
  const float* const x = arrays.Input(rows * columns);
  const float* const gain = arrays.Input(columns);
  const float* const shift = arrays.Input(columns);
  float* const y = arrays.Output(rows * columns);
  float* const mean = arrays.Output(rows);
  float* const rstd = arrays.Output(rows);
  kernels.layer_norm(rows, columns, x, gain, shift, /*epsilon=*/1e-5F, y, mean, rstd);
}

// Any numbers do for mean and rstd.
void LayerNormBackward(const Kernels& kernels, GuardedArrays& arrays, int64_t rows,
                       int64_t columns) {
  const float* const dy = arrays.Input(rows * columns);
  const float* const x = arrays.Input(rows * columns);
  const float* const gain = arrays.Input(columns);
  const float* const mean = arrays.Input(rows);
  const float* const rstd = arrays.Input(rows);
  for (const bool add : {false, true}) {
    float* const dx = add ? arrays.InOut(rows * columns) : arrays.Output(rows * columns);
    float* const dgain = arrays.InOut(columns);
    float* const dshift = arrays.InOut(columns);
    kernels.layer_norm_backward(rows, columns, dy, x, gain, mean, rstd, add, dx, dgain, dshift);
  }
}

void AddRows(const Kernels& kernels, GuardedArrays& arrays, int64_t rows, int64_t columns) {
  const float* const a = arrays.Input(rows * columns);
  const float* const b = arrays.Input(rows * columns);
  const float* const bias = arrays.Input(columns);
  float* const out = arrays.Output(rows * columns);
  float* const in_place = arrays.InOut(rows * columns);
  kernels.add_rows(rows, columns, a, b, /*bias=*/nullptr, out);
  kernels.add_rows(rows, columns, in_place, b, bias, in_place);
}

void AddColumnSums(const Kernels& kernels, GuardedArrays& arrays, int64_t rows, int64_t columns) {
  const float* const x = arrays.Input(rows * columns);
  kernels.add_column_sums(rows, columns, x, arrays.InOut(columns));
}

void AddTo(const Kernels& kernels, GuardedArrays& arrays, int64_t n) {
  const float* const x = arrays.Input(n);
  kernels.add_to(n, x, arrays.InOut(n));
}

void MultiplyBy(const Kernels& kernels, GuardedArrays& arrays, int64_t n) {
  const float* const x = arrays.Input(n);
  kernels.multiply_by(n, x, arrays.InOut(n));
}

void Largest(const Kernels& kernels, GuardedArrays& arrays, int64_t n) {
  arrays.AddResult(kernels.largest(n, arrays.Input(n)));
}

void SumOfSquares(const Kernels& kernels, GuardedArrays& arrays, int64_t n) {
  arrays.AddResult(kernels.sum_of_squares(n, arrays.Input(n)));
}

void CrossEntropy(const Kernels& kernels, GuardedArrays& arrays, int64_t rows, int64_t columns) {
  std::vector<int64_t> labels(static_cast<size_t>(rows));
  for (int64_t row = 0; row < rows; ++row) {
    labels[static_cast<size_t>(row)] = (columns / 2 + row) % columns;
  }
  arrays.AddResult(kernels.cross_entropy(rows, columns, labels.data(), /*gradient=*/true,
                                         /*scale=*/0.3F, arrays.InOut(rows * columns)));
  // Without the gradient it is not said what becomes of the logits.
  const float* const values = arrays.Input(rows * columns);
  float* const logits = arrays.Scratch(rows * columns);
  std::copy(values, values + rows * columns, logits);
  arrays.AddResult(kernels.cross_entropy(rows, columns, labels.data(), /*gradient=*/false,
                                         /*scale=*/0.3F, logits));
}

struct AttentionSize {
  int64_t queries;
  int64_t length;
  int64_t width;
};

std::vector<KernelCase> ForAttention(
    const std::function<void(const Kernels&, GuardedArrays&, const AttentionSize&)>& run) {
  std::vector<KernelCase> cases;
  for (const int64_t length : {1, 2, 7, 16, 18, 33}) {
    for (const int64_t width : {1, 5, 8, 16, 23, 64}) {
      for (const int64_t queries : std::vector<int64_t>{1, (length + 1) / 2, length}) {
        const AttentionSize size{.queries = queries, .length = length, .width = width};
        cases.push_back(
            {fmt::format("{} of {}, width {}", queries, length, width),
             [=](const Kernels& kernels, GuardedArrays& arrays) { run(kernels, arrays, size); }});
      }
    }
  }
  return cases;
}

// All but the weights. The strides have gaps, of another size each.
ShortAttentionArgs AttentionInputs(const AttentionSize& size, GuardedArrays& arrays) {
  const auto [queries, length, width] = size;
  ShortAttentionArgs args{.queries = queries, .length = length, .width = width, .scale = 0.25F};
  args.query_stride = width + 2;
  args.key_stride = width + 3;
  args.query = arrays.Input(queries, width, args.query_stride);
  args.key = arrays.Input(length, width, args.key_stride);
  args.value = arrays.Input(length, width, args.key_stride);
  return args;
}

void Attention(const Kernels& kernels, GuardedArrays& arrays, const AttentionSize& size) {
  ShortAttentionArgs args = AttentionInputs(size, arrays);
  args.weights = arrays.Output(size.queries * size.length);
  kernels.short_attention(args, arrays.Output(size.queries, size.width, args.query_stride));
}

// Any numbers do for the weights.
void AttentionBackward(const Kernels& kernels, GuardedArrays& arrays, const AttentionSize& size) {
  const auto [queries, length, width] = size;
  ShortAttentionArgs args = AttentionInputs(size, arrays);
  args.weights = arrays.InOut(queries * length);
  const float* const dout = arrays.Input(queries, width, args.query_stride);
  float* const dquery = arrays.Output(queries, width, args.query_stride);
  float* const dkey = arrays.Output(length, width, args.key_stride);
  float* const dvalue = arrays.Output(length, width, args.key_stride);
  kernels.short_attention_backward(args, dout, dquery, dkey, dvalue, arrays.Scratch(length));
}

// Blocks of rows of a larger causal matrix. The first row may see from one column to all of them.
std::vector<KernelCase> ForCausalBlocks(
    const std::function<void(const Kernels&, GuardedArrays&, int64_t rows, int64_t columns,
                             int64_t first_row)>& run) {
  std::vector<KernelCase> cases;
  for (const int64_t columns : kSizes) {
    for (const int64_t first_row : std::vector<int64_t>{0, columns / 2, columns - 1}) {
      const int64_t rows = std::min<int64_t>(columns - first_row, 20);
      cases.push_back({fmt::format("[{}, {}] from row {}", rows, columns, first_row),
                       [=](const Kernels& kernels, GuardedArrays& arrays) {
                         run(kernels, arrays, rows, columns, first_row);
                       }});
    }
  }
  return cases;
}

void CausalSoftmax(const Kernels& kernels, GuardedArrays& arrays, int64_t rows, int64_t columns,
                   int64_t first_row) {
  const int64_t stride = columns + 3;
  kernels.causal_softmax(rows, columns, stride, first_row, /*scale=*/0.7F,
                         arrays.InOut(rows, columns, stride));
}

void CausalSoftmaxBackward(const Kernels& kernels, GuardedArrays& arrays, int64_t rows,
                           int64_t columns, int64_t first_row) {
  const int64_t stride = columns + 3;
  const float* const weights = arrays.Input(rows, columns, stride);
  kernels.causal_softmax_backward(rows, columns, stride, first_row, /*scale=*/0.7F, weights,
                                  arrays.InOut(rows, columns, stride));
}

void Combine(const Kernels& kernels, GuardedArrays& arrays, int64_t n) {
  const float* const x = arrays.Input(n);
  kernels.combine(n, /*a=*/-0.3F, x, /*b=*/0.7F, arrays.InOut(n));
}

void AdamW(const Kernels& kernels, GuardedArrays& arrays, int64_t n) {
  const AdamWArgs args{.gradient_scale = 0.7F,
                       .decay = 0.999F,
                       .beta2 = 0.99F,
                       .one_minus_beta1 = 0.1F,
                       .one_minus_beta2 = 0.01F,
                       .step_size = 0.005F,
                       .second_scale = 3.0F,
                       .epsilon = 1e-8F};
  const float* const gradients = arrays.Input(n);
  float* const parameters = arrays.InOut(n);
  float* const first_moment = arrays.InOut(n);
  float* const second_moment = arrays.InOut(n);
  for (int64_t i = 0; i < n; ++i) {
    second_moment[i] *= second_moment[i];
  }
  kernels.adamw(n, args, gradients, parameters, first_moment, second_moment);
}

}  // namespace

std::vector<KernelCases> AllKernelCases() {
  return {
      {"multiply", ProductCases()},
      {"activate", ForShapes(Activate)},
      {"layer_norm", ForShapes(LayerNorm)},
      {"layer_norm_backward", ForShapes(LayerNormBackward)},
      {"add_rows", ForShapes(AddRows)},
      {"add_to", ForLengths(AddTo)},
      {"multiply_by", ForLengths(MultiplyBy)},
      {"add_column_sums", ForShapes(AddColumnSums)},
      {"cross_entropy", ForShapes(CrossEntropy)},
      {"largest", ForLengths(Largest)},
      {"short_attention", ForAttention(Attention)},
      {"short_attention_backward", ForAttention(AttentionBackward)},
      {"causal_softmax", ForCausalBlocks(CausalSoftmax)},
      {"causal_softmax_backward", ForCausalBlocks(CausalSoftmaxBackward)},
      {"sum_of_squares", ForLengths(SumOfSquares)},
      {"combine", ForLengths(Combine)},
      {"adamw", ForLengths(AdamW)},
  };
}

std::vector<uint32_t> RunCase(const KernelCase& kernel_case, const Kernels& kernels, Edge edge) {
  const testing::ScopedTrace trace(__FILE__, __LINE__,
                                   fmt::format("{} {}", kernels.name, kernel_case.name));
  GuardedArrays arrays("test/kernels/" + kernel_case.name, edge);
  kernel_case.run(kernels, arrays);
  arrays.Check();
  return arrays.Results();
}

}  // namespace initbias
