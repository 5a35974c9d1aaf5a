// Computes the matrix products of a step into memory of its own and nothing else: no activations,
// norms or softmax, no optimiser, no allocation. How fast that goes is how fast a step could go at
// best.
//
// Each product is computed by whichever is faster here, LibTorch's BLAS or our own kernels.
#ifndef INITBIAS_TESTS_BENCH_PRODUCT_LOOP_H_
#define INITBIAS_TESTS_BENCH_PRODUCT_LOOP_H_

#include <map>
#include <string>
#include <vector>

#include "lib/config/run_config.h"
#include "tests/bench/matrix_products.h"

namespace initbias {

// c (+)= op(a) op(b).
using Multiplier = void (*)(const MatrixProduct& product, const float* a, const float* b, float* c);

// The multipliers there are.
void MultiplyByBlas(const MatrixProduct& product, const float* a, const float* b, float* c);
void MultiplyByKernels(const MatrixProduct& product, const float* a, const float* b, float* c);

// The products and their operands: random numbers, which stay finite. One thread at a
// time; BLAS takes as many threads as it is set to.
class ProductLoop {
 public:
  // All products by `multiplier`.
  ProductLoop(const std::vector<MatrixProduct>& products, Multiplier multiplier);
  ProductLoop(const ProductLoop&) = delete;  // the calls point into the memory
  ProductLoop& operator=(const ProductLoop&) = delete;
  ProductLoop(ProductLoop&&) = default;

  // Has each size of product computed by what is faster.
  void ChooseMultipliers();

  // Computes each product once.
  void Step();

  // The share of the products, by their operations, that our kernels compute.
  double KernelShare() const;

  // What memory holds. For tests.
  const std::vector<float>& Memory(const std::string& name) const { return memory_.at(name); }

 private:
  // A product with its operands found.
  struct Call {
    MatrixProduct product;
    Multiplier multiply;
    const float* a;
    const float* b;
    float* c;
  };

  std::map<std::string, std::vector<float>> memory_;
  std::vector<Call> calls_;
};

// The products of a step in the form, separate or joined, and by the multipliers that take the
// least time here.
ProductLoop FastestProductLoop(const RunConfig& config, const BatchShape& batch);

}  // namespace initbias

#endif  // INITBIAS_TESTS_BENCH_PRODUCT_LOOP_H_
