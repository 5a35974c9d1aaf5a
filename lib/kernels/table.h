// The table of the kernels as compiled in the file that includes this.
#ifndef INITBIAS_LIB_KERNELS_TABLE_H_
#define INITBIAS_LIB_KERNELS_TABLE_H_

#include "lib/kernels/elementwise.h"
#include "lib/kernels/kernels.h"
#include "lib/kernels/matrix_product.h"
#include "lib/kernels/short_attention.h"

namespace initbias {
namespace {  // NOLINT(google-build-namespaces): compiled several times, see tables.h

constexpr Kernels MakeTable(const char* name) {
  return {.name = name,
          .multiply = MultiplyMatrices,
          .activate = ActivateRows,
          .layer_norm = LayerNorm,
          .layer_norm_backward = LayerNormBackward,
          .add_rows = AddRows,
          .add_to = AddTo,
          .multiply_by = MultiplyBy,
          .add_column_sums = AddColumnSums,
          .cross_entropy = CrossEntropy,
          .largest = LargestOf,
          .short_attention = ShortAttention,
          .short_attention_backward = ShortAttentionBackward,
          .causal_softmax = CausalSoftmax,
          .causal_softmax_backward = CausalSoftmaxBackward,
          .sum_of_squares = SumOfSquares,
          .combine = Combine,
          .adamw = AdamWStep};
}

}  // namespace
}  // namespace initbias

#endif  // INITBIAS_LIB_KERNELS_TABLE_H_
