// The matrix products that one training step cannot do without, derived from the run's config: what
// the limit of a step's speed is made of. No LibTorch here.
//
// Of a weight W with y = x W these are the forward product and the two of the gradient, dW = x^T dy
// and dx = dy W^T (the embedding below needs the last dx too). Of the Transformer those of the
// pruned model, whose last block asks only at the last position, and without the products of
// attention itself, which are tiny there; of GPT-2 attention's own as well, in blocks of queries
// that leave out the keys behind them.
#ifndef INITBIAS_TESTS_BENCH_MATRIX_PRODUCTS_H_
#define INITBIAS_TESTS_BENCH_MATRIX_PRODUCTS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "lib/config/run_config.h"

namespace initbias {

// What the model computes in a step.
struct BatchShape {
  int64_t sequences = 0;
  int64_t length = 0;   // of a sequence, the tokens up to its last label; mean of the sequences
  int64_t labels = 0;   // positions of all sequences whose logits are needed
  int64_t longest = 0;  // the longest of the sequences, to which padding would bring all
};

// c = op(a) op(b) or, accumulated, c += op(a) op(b), where op(a) is [m, k] and op(b) is [k, n], all
// row-major.
struct MatrixProduct {
  bool transpose_a = false;
  bool transpose_b = false;
  int64_t m = 0;
  int64_t n = 0;
  int64_t k = 0;
  bool accumulate = false;
  // Names of the operands' memory. Each weight and each weight's gradient has its own, as in any
  // step; what else there is shares memory by its size, so that it is in the cache where it can be.
  std::string a, b, c;

  // Floating-point operations: a multiplication and an addition count as two.
  double Flops() const;
};

// Whether weights that multiply the same input, as those of queries, keys and values do, are one
// matrix and one product.
enum class SharedInputs { kSeparate, kJoined };

// The products of a step in the order in which it needs them. Throws Error for a Transformer that
// is not pruned.
std::vector<MatrixProduct> StepProducts(const RunConfig& config, const BatchShape& batch,
                                        SharedInputs inputs);

// The sum over products.
double Flops(const std::vector<MatrixProduct>& products);

}  // namespace initbias

#endif  // INITBIAS_TESTS_BENCH_MATRIX_PRODUCTS_H_
