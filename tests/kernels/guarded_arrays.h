// Arrays for tests of kernels, in which a touch beyond the ends is noticed.
//
// Each array lies in memory pages of its own, at their very end or their very start, next to a page
// that may be neither read nor written: an access beyond that end ends the test by a signal. The
// rest of the pages and the gaps between strided rows hold known bits, NaN as floats, so that what
// is read there shows in the results and what is written there is found by Check().
#ifndef INITBIAS_TESTS_KERNELS_GUARDED_ARRAYS_H_
#define INITBIAS_TESTS_KERNELS_GUARDED_ARRAYS_H_

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "lib/rng/stream.h"

namespace initbias {

// Which end of the arrays borders on the page that may not be touched.
enum class Edge { kEnd, kStart };

// Owns the arrays that it hands out. Aborts where the system has no memory left.
class GuardedArrays {
 public:
  // Random contents come from the stream `name`.
  GuardedArrays(std::string_view name, Edge edge);
  ~GuardedArrays();
  GuardedArrays(const GuardedArrays&) = delete;
  GuardedArrays& operator=(const GuardedArrays&) = delete;

  // Standard normal variates that no kernel may change; [rows, columns], rows `stride` apart.
  const float* Input(int64_t n) { return Input(1, n, n); }
  const float* Input(int64_t rows, int64_t columns, int64_t stride);

  // Like Input, but to be changed and part of Results().
  float* InOut(int64_t n) { return InOut(1, n, n); }
  float* InOut(int64_t rows, int64_t columns, int64_t stride);

  // Part of Results() too, but holds NaN: all of it must be written before it is read.
  float* Output(int64_t n) { return Output(1, n, n); }
  float* Output(int64_t rows, int64_t columns, int64_t stride);

  // Holds NaN and may be left with anything.
  float* Scratch(int64_t n);

  // Adds the bits of a returned number to Results().
  void AddResult(double number);

  // Fails the current test where a guard, a gap or an input has changed.
  void Check() const;

  // The bits of all outputs in the order of their making, then of the returned numbers.
  std::vector<uint32_t> Results() const;

 private:
  enum class Role { kInput, kOutput, kScratch };
  struct Array {
    std::byte* mapping = nullptr;
    size_t mapped = 0;
    std::byte* pages = nullptr;  // those that may be touched
    size_t page_bytes = 0;
    float* data = nullptr;
    int64_t rows = 0;
    int64_t columns = 0;
    int64_t stride = 0;
    Role role = Role::kInput;
    std::vector<uint32_t> before;  // the pages as they were handed out
  };

  float* Add(Role role, bool random, int64_t rows, int64_t columns, int64_t stride);
  // Whether word `i` of the pages is one that a kernel may write.
  static bool IsWritable(const Array& array, int64_t i);

  Stream stream_;
  Edge edge_;
  std::vector<Array> arrays_;
  std::vector<double> numbers_;
};

}  // namespace initbias

#endif  // INITBIAS_TESTS_KERNELS_GUARDED_ARRAYS_H_
