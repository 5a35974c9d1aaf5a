#include "lib/model/torch/dropout.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/full.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/zeros.h>
#include <c10/util/accumulate.h>

#include <array>
#include <cstdint>
#include <span>

#include "lib/base/error.h"

namespace initbias {
namespace {

constexpr int64_t kWord = int64_t{1} << 32;
constexpr int kRounds = 10;

float Kept(double rate) { return static_cast<float>(1.0 / (1.0 - rate)); }

// Whether a number uniform on (-1, 1) drops its element.
bool Drops(float uniform, double rate) { return uniform < static_cast<float>(2.0 * rate - 1.0); }

// Of the 52-bit integers from which Stream::Uniform makes its numbers, the smallest whose element
// is kept.
int64_t FirstKept(double rate) {
  int64_t first = 0;
  int64_t last = int64_t{1} << 52;
  while (first < last) {
    const int64_t middle = (first + last) / 2;
    const double uniform = (static_cast<double>(middle) + 0.5) * 0x1p-52;
    if (Drops(static_cast<float>(2.0 * uniform - 1.0), rate)) {
      first = middle + 1;
    } else {
      last = middle;
    }
  }
  return first;
}

// The upper and the lower 32 bits of a 64-bit product.
struct Product {
  at::Tensor high;
  at::Tensor low;
};

// `multiplier` has its highest bit set; `x` holds 32-bit words in int64. With 2^32 less than the
// multiplier no product leaves int64.
Product Multiply(uint32_t multiplier, const at::Tensor& x) {
  const at::Tensor product = x * (int64_t{multiplier} - kWord);
  return {.high = product.bitwise_right_shift(32) + x, .low = product.bitwise_and(kWord - 1)};
}

// Philox4x32-10 (Salmon et al. 2011, section 4.3) of many counters, word by word, in int64.
std::array<at::Tensor, 4> Philox(std::array<at::Tensor, 4> words, std::array<uint32_t, 2> key) {
  for (int round = 0; round < kRounds; ++round) {
    const Product first = Multiply(0xD2511F53, words[0]);
    const Product second = Multiply(0xCD9E8D57, words[2]);
    words = {second.high.bitwise_xor(words[1]).bitwise_xor(int64_t{key[0]}), second.low,
             first.high.bitwise_xor(words[3]).bitwise_xor(int64_t{key[1]}), first.low};
    key[0] += 0x9E3779B9;
    key[1] += 0xBB67AE85;
  }
  return words;
}

Stream PartOf(const MaskSource& source, int64_t sequence) {
  const int64_t row = source.first_row + sequence;
  INITBIAS_CHECK(row < kWord);
  return source.stream.Part(static_cast<uint32_t>(row));
}

void DrawMask(std::span<float> mask, double rate, Stream* stream) {
  stream->FillUniform(mask, 1.0);
  for (float& value : mask) {
    value = Drops(value, rate) ? 0.0F : Kept(rate);
  }
}

// The mask's elements in the order in which they are drawn, [sequences, count].
at::Tensor DrawByOperators(const MaskSource& source, int64_t sequences, int64_t count,
                           c10::Device device) {
  const int64_t blocks = (count + 1) / 2;  // of 4 words; a number takes two
  INITBIAS_CHECK(blocks <= kWord && source.first_row + sequences <= kWord);
  const auto options = at::TensorOptions().dtype(at::kLong).device(device);
  const std::array<uint32_t, 4> counter = source.stream.Part(0).next_counter();
  const auto constant = [&](uint32_t word) { return at::full({1, 1}, int64_t{word}, options); };
  const std::array<at::Tensor, 4> words =
      Philox({at::arange(blocks, options).unsqueeze(0),
              at::arange(source.first_row, source.first_row + sequences, options).unsqueeze(1),
              constant(counter[2]), constant(counter[3])},
             source.stream.key());
  // Of the 64 bits, low word first, the upper 52.
  const auto integers = [&](size_t low) {
    return words[low + 1] * (kWord >> 12) + words[low].bitwise_right_shift(12);
  };
  return at::stack({integers(0), integers(2)}, 2)
      .flatten(1)
      .narrow(1, 0, count)
      .ge(FirstKept(source.rate))
      .to(at::kFloat)
      .mul_(Kept(source.rate));
}

}  // namespace

at::Tensor DropoutMask(const MaskSource& source, at::IntArrayRef sizes, c10::Device device) {
  if (!device.is_cpu()) {
    return DropoutMaskByOperators(source, sizes, device);
  }
  at::Tensor mask = at::empty(sizes, at::kFloat);
  const auto count = static_cast<size_t>(mask.numel() / sizes[0]);
  for (int64_t b = 0; b < sizes[0]; ++b) {
    Stream stream = PartOf(source, b);
    DrawMask({mask.mutable_data_ptr<float>() + static_cast<size_t>(b) * count, count}, source.rate,
             &stream);
  }
  return mask;
}

at::Tensor CausalDropoutMask(const MaskSource& source, int64_t sequences, int64_t heads,
                             int64_t length, c10::Device device) {
  if (!device.is_cpu()) {
    return CausalDropoutMaskByOperators(source, sequences, heads, length, device);
  }
  at::Tensor mask = at::zeros({sequences, heads, length, length}, at::kFloat);
  auto* values = mask.mutable_data_ptr<float>();
  for (int64_t b = 0; b < sequences; ++b) {
    Stream stream = PartOf(source, b);
    for (int64_t i = 0; i < length; ++i) {
      for (int64_t h = 0; h < heads; ++h) {
        DrawMask({values + ((b * heads + h) * length + i) * length, static_cast<size_t>(i) + 1},
                 source.rate, &stream);
      }
    }
  }
  return mask;
}

at::Tensor DropoutMaskByOperators(const MaskSource& source, at::IntArrayRef sizes,
                                  c10::Device device) {
  return DrawByOperators(source, sizes[0], c10::multiply_integers(sizes.slice(1)), device)
      .view(sizes);
}

at::Tensor CausalDropoutMaskByOperators(const MaskSource& source, int64_t sequences, int64_t heads,
                                        int64_t length, c10::Device device) {
  const at::Tensor drawn =
      DrawByOperators(source, sequences, heads * length * (length + 1) / 2, device);
  const at::Tensor line = at::arange(length, drawn.options().dtype(at::kLong));
  const at::Tensor head = at::arange(heads, line.options()).view({heads, 1, 1});
  const at::Tensor i = line.view({length, 1});
  // Positions before i have heads * (1 + .. + i) numbers.
  const at::Tensor before = (i * (i + 1)).bitwise_right_shift(1) * heads;
  const at::Tensor places = before + head * (i + 1) + line.minimum(i);
  return drawn.index_select(1, places.flatten()).view({sequences, heads, length, length}).tril();
}

}  // namespace initbias
