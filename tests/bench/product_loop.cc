#include "tests/bench/product_loop.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <limits>
#include <tuple>

#include "lib/base/error.h"
#include "lib/kernels/kernels.h"
#include "lib/rng/stream.h"

// BLAS's matrix product, in Fortran's form, as libtorch_cpu.so exports it and calls it itself.
extern "C" void sgemm_(const char* transpose_a, const char* transpose_b, const int* m, const int* n,
                       const int* k, const float* alpha, const float* a, const int* lda,
                       const float* b, const int* ldb, const float* beta, float* c, const int* ldc);

namespace initbias {
namespace {

// Random numbers within (-1, 1), again and again the same ones where there are many.
std::vector<float> Numbers(const std::string& name, int64_t size) {
  constexpr int64_t kDistinct = 1 << 16;
  std::vector<float> values(static_cast<size_t>(std::min(size, kDistinct)));
  Stream(1, "bench/" + name).FillUniform(values, 1.0);
  values.reserve(static_cast<size_t>(size));
  while (static_cast<int64_t>(values.size()) < size) {
    values.push_back(values[values.size() - kDistinct]);
  }
  return values;
}

double SecondsOf(const std::function<void()>& work) {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point start = Clock::now();
  work();
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// The least of several times, for that one was disturbed least: two, and more of what is short.
double LeastSeconds(const std::function<void()>& work, double enough) {
  double least = SecondsOf(work);
  double spent = least;
  do {
    const double seconds = SecondsOf(work);
    spent += seconds;
    least = std::min(least, seconds);
  } while (spent < enough);
  return least;
}

}  // namespace

// BLAS counts columns first: what it sees are the transposed matrices, c^T = op(b)^T op(a)^T.
void MultiplyByBlas(const MatrixProduct& product, const float* a, const float* b, float* c) {
  const auto m = static_cast<int>(product.m);
  const auto n = static_cast<int>(product.n);
  const auto k = static_cast<int>(product.k);
  const int lda = product.transpose_a ? m : k;
  const int ldb = product.transpose_b ? k : n;
  const float one = 1;
  const float beta = product.accumulate ? 1.0F : 0.0F;
  sgemm_(product.transpose_b ? "T" : "N", product.transpose_a ? "T" : "N", &n, &m, &k, &one, b,
         &ldb, a, &lda, &beta, c, &n);
}

void MultiplyByKernels(const MatrixProduct& product, const float* a, const float* b, float* c) {
  static std::vector<float> scratch(kProductScratch);
  BestKernels().multiply({.rows = product.m,
                          .columns = product.n,
                          .inner = product.k,
                          .a = a,
                          .a_stride = product.transpose_a ? product.m : product.k,
                          .transpose_a = product.transpose_a,
                          .b = b,
                          .b_stride = product.transpose_b ? product.k : product.n,
                          .transpose_b = product.transpose_b,
                          .c = c,
                          .c_stride = product.n,
                          .add = product.accumulate},
                         scratch.data());
}

ProductLoop::ProductLoop(const std::vector<MatrixProduct>& products, Multiplier multiplier) {
  std::map<std::string, int64_t> sizes;
  for (const MatrixProduct& product : products) {
    INITBIAS_CHECK(std::max({product.m, product.n, product.k}) <= std::numeric_limits<int>::max());
    const auto need = [&sizes](const std::string& name, int64_t size) {
      sizes[name] = std::max(sizes[name], size);
    };
    need(product.a, product.m * product.k);
    need(product.b, product.k * product.n);
    need(product.c, product.m * product.n);
  }
  for (const auto& [name, size] : sizes) {
    memory_[name] = Numbers(name, size);
  }
  for (const MatrixProduct& product : products) {
    calls_.push_back({product, multiplier, memory_[product.a].data(), memory_[product.b].data(),
                      memory_[product.c].data()});
  }
}

void ProductLoop::ChooseMultipliers() {
  constexpr double kEnough = 5e-3;  // seconds
  std::map<std::tuple<bool, bool, bool, int64_t, int64_t, int64_t>, Multiplier> chosen;
  for (Call& call : calls_) {
    const MatrixProduct& p = call.product;
    const auto [found, is_new] = chosen.try_emplace(
        {p.transpose_a, p.transpose_b, p.accumulate, p.m, p.n, p.k}, MultiplyByKernels);
    if (is_new) {
      const auto seconds = [&call](Multiplier multiplier) {
        return LeastSeconds([&] { multiplier(call.product, call.a, call.b, call.c); }, kEnough);
      };
      if (seconds(MultiplyByBlas) < seconds(MultiplyByKernels)) {
        found->second = MultiplyByBlas;
      }
    }
    call.multiply = found->second;
  }
}

void ProductLoop::Step() {
  for (const Call& call : calls_) {
    call.multiply(call.product, call.a, call.b, call.c);
  }
}

double ProductLoop::KernelShare() const {
  double all = 0;
  double kernels = 0;
  for (const Call& call : calls_) {
    all += call.product.Flops();
    kernels += call.multiply == MultiplyByKernels ? call.product.Flops() : 0;
  }
  return all > 0 ? kernels / all : 0;
}

ProductLoop FastestProductLoop(const RunConfig& config, const BatchShape& batch) {
  constexpr double kEnough = 0.2;  // seconds
  double best = std::numeric_limits<double>::infinity();
  SharedInputs best_inputs = SharedInputs::kJoined;
  for (const SharedInputs inputs : {SharedInputs::kJoined, SharedInputs::kSeparate}) {
    ProductLoop loop(StepProducts(config, batch, inputs), MultiplyByBlas);
    loop.ChooseMultipliers();
    const double seconds = LeastSeconds([&loop] { loop.Step(); }, kEnough);
    if (seconds < best) {
      best = seconds;
      best_inputs = inputs;
    }
  }
  ProductLoop loop(StepProducts(config, batch, best_inputs), MultiplyByBlas);
  loop.ChooseMultipliers();
  return loop;
}

}  // namespace initbias
