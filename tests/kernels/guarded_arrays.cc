#include "tests/kernels/guarded_arrays.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace initbias {
namespace {

// A quiet NaN with a payload of its own, which no arithmetic makes from ordinary numbers.
constexpr uint32_t kGuard = 0x7fc5a5a5;

}  // namespace

GuardedArrays::GuardedArrays(std::string_view name, Edge edge)
    : stream_(/*seed=*/1, name), edge_(edge) {}

GuardedArrays::~GuardedArrays() {
  for (const Array& array : arrays_) {
    munmap(array.mapping, array.mapped);
  }
}

float* GuardedArrays::Add(Role role, bool random, int64_t rows, int64_t columns, int64_t stride) {
  const auto page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  const int64_t used = rows == 0 ? 0 : (rows - 1) * stride + columns;  // no gap after the last row
  const size_t bytes = static_cast<size_t>(used) * sizeof(float);

  Array array{.rows = rows, .columns = columns, .stride = stride, .role = role};
  array.page_bytes = std::max<size_t>(1, (bytes + page - 1) / page) * page;
  array.mapped = array.page_bytes + 2 * page;
  void* const mapping =
      mmap(nullptr, array.mapped, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, /*offset=*/0);
  if (mapping == MAP_FAILED) {
    std::abort();
  }
  array.mapping = static_cast<std::byte*>(mapping);
  array.pages = array.mapping + page;
  if (mprotect(array.pages, array.page_bytes, PROT_READ | PROT_WRITE) != 0) {
    std::abort();
  }
  array.before.assign(array.page_bytes / sizeof(float), kGuard);
  std::memcpy(array.pages, array.before.data(), array.page_bytes);
  const size_t start = edge_ == Edge::kEnd ? array.page_bytes - bytes : 0;
  array.data = reinterpret_cast<float*>(array.pages + start);
  for (int64_t row = 0; random && row < rows; ++row) {
    stream_.FillNormal({array.data + row * stride, static_cast<size_t>(columns)}, /*std=*/1.0);
  }
  std::memcpy(array.before.data(), array.pages, array.page_bytes);
  arrays_.push_back(std::move(array));
  return arrays_.back().data;
}

const float* GuardedArrays::Input(int64_t rows, int64_t columns, int64_t stride) {
  return Add(Role::kInput, /*random=*/true, rows, columns, stride);
}

float* GuardedArrays::InOut(int64_t rows, int64_t columns, int64_t stride) {
  return Add(Role::kOutput, /*random=*/true, rows, columns, stride);
}

float* GuardedArrays::Output(int64_t rows, int64_t columns, int64_t stride) {
  return Add(Role::kOutput, /*random=*/false, rows, columns, stride);
}

float* GuardedArrays::Scratch(int64_t n) {
  return Add(Role::kScratch, /*random=*/false, /*rows=*/1, n, n);
}

void GuardedArrays::AddResult(double number) { numbers_.push_back(number); }

bool GuardedArrays::IsWritable(const Array& array, int64_t i) {
  const int64_t at = i - (array.data - reinterpret_cast<const float*>(array.pages));
  return array.role != Role::kInput && at >= 0 && at < array.rows * array.stride &&
         at % array.stride < array.columns;
}

void GuardedArrays::Check() const {
  for (size_t k = 0; k < arrays_.size(); ++k) {
    const Array& array = arrays_[k];
    std::vector<uint32_t> now(array.before.size());
    std::memcpy(now.data(), array.pages, array.page_bytes);
    const int64_t first = array.data - reinterpret_cast<const float*>(array.pages);
    for (size_t i = 0; i < now.size(); ++i) {
      if (now[i] != array.before[i] && !IsWritable(array, static_cast<int64_t>(i))) {
        ADD_FAILURE() << "array " << k << " of [" << array.rows << ", " << array.columns
                      << "], stride " << array.stride << ": wrote at offset "
                      << static_cast<int64_t>(i) - first;
        break;
      }
    }
  }
}

std::vector<uint32_t> GuardedArrays::Results() const {
  std::vector<uint32_t> bits;
  for (const Array& array : arrays_) {
    for (int64_t row = 0; array.role == Role::kOutput && row < array.rows; ++row) {
      const size_t start = bits.size();
      bits.resize(start + static_cast<size_t>(array.columns));
      std::memcpy(bits.data() + start, array.data + row * array.stride,
                  static_cast<size_t>(array.columns) * sizeof(float));
    }
  }
  for (const double number : numbers_) {
    uint64_t word = 0;
    std::memcpy(&word, &number, sizeof(word));
    bits.push_back(static_cast<uint32_t>(word));
    bits.push_back(static_cast<uint32_t>(word >> 32));
  }
  return bits;
}

}  // namespace initbias
