#include "lib/rng/stream.h"

#include <Random123/philox.h>
#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <numeric>

#include "lib/base/error.h"
#include "lib/base/portable_log.h"
#include "lib/base/sha256.h"

namespace initbias {
namespace {

uint32_t HexWord(std::string_view digest, size_t word) {
  uint32_t value = 0;
  const char* first = digest.data() + 8 * word;
  std::from_chars(first, first + 8, value, 16);
  return value;
}

// Horner's rule, highest power first.
template <size_t N>
double Polynomial(const std::array<double, N>& coefficients, double x) {
  double value = 0.0;
  for (const double c : coefficients) {
    value = value * x + c;
  }
  return value;
}

}  // namespace

Stream::Stream(uint64_t seed, std::string_view name) {
  const std::string digest = Sha256Hex(fmt::format("initbias/stream/1\n{}\n{}", seed, name));
  key_ = {HexWord(digest, 0), HexWord(digest, 1)};
  counter_ = {0, 0, HexWord(digest, 2), HexWord(digest, 3)};
}

Stream Stream::Part(uint32_t number) const {
  Stream part = *this;
  part.counter_[0] = 0;
  part.counter_[1] = number;
  part.used_ = block_.size();
  return part;
}

uint32_t Stream::NextU32() {
  if (used_ == block_.size()) {
    const r123::Philox4x32::ctr_type counter = {
        {counter_[0], counter_[1], counter_[2], counter_[3]}};
    const r123::Philox4x32::key_type key = {{key_[0], key_[1]}};
    const r123::Philox4x32::ctr_type block = r123::Philox4x32()(counter, key);
    for (size_t i = 0; i < block_.size(); ++i) {
      block_[i] = block[i];
    }
    used_ = 0;
    if (++counter_[0] == 0) {
      ++counter_[1];
    }
  }
  return block_[used_++];
}

uint64_t Stream::NextU64() {
  const uint64_t low = NextU32();
  const uint64_t high = NextU32();
  return high << 32 | low;
}

uint64_t Stream::UniformInt(uint64_t n) {
  INITBIAS_CHECK(n >= 1);
  __extension__ using U128 = unsigned __int128;
  U128 product = U128{NextU64()} * n;
  if (static_cast<uint64_t>(product) < n) {
    const uint64_t threshold = (0 - n) % n;  // 2^64 mod n
    while (static_cast<uint64_t>(product) < threshold) {
      product = U128{NextU64()} * n;
    }
  }
  return static_cast<uint64_t>(product >> 64);
}

int64_t Stream::UniformInt(int64_t lo, int64_t hi) {
  INITBIAS_CHECK(lo <= hi);
  const uint64_t count = static_cast<uint64_t>(hi) - static_cast<uint64_t>(lo) + 1;
  const uint64_t offset = count == 0 ? NextU64() : UniformInt(count);  // 0: all 2^64 values
  return static_cast<int64_t>(static_cast<uint64_t>(lo) + offset);
}

double Stream::Uniform() {
  const uint64_t bits = NextU64() >> 12;
  return (static_cast<double>(bits) + 0.5) * 0x1p-52;
}

double Stream::Normal() { return NormalQuantile(Uniform()); }

void Stream::FillNormal(std::span<float> out, double std) {
  for (float& value : out) {
    value = static_cast<float>(std * Normal());
  }
}

void Stream::FillUniform(std::span<float> out, double bound) {
  for (float& value : out) {
    value = static_cast<float>(bound * (2.0 * Uniform() - 1.0));
  }
}

std::vector<int32_t> Stream::Permutation(int32_t n) {
  std::vector<int32_t> items(static_cast<size_t>(n));
  std::iota(items.begin(), items.end(), 0);
  Shuffle(std::span<int32_t>(items));
  return items;
}

double NormalQuantile(double p) {
  INITBIAS_CHECK(p > 0.0 && p < 1.0);
  constexpr std::array<double, 8> kA = {2.5090809287301226727e+3, 3.3430575583588128105e+4,
                                        6.7265770927008700853e+4, 4.5921953931549871457e+4,
                                        1.3731693765509461125e+4, 1.9715909503065514427e+3,
                                        1.3314166789178437745e+2, 3.3871328727963666080e+0};
  constexpr std::array<double, 8> kB = {5.2264952788528545610e+3, 2.8729085735721942674e+4,
                                        3.9307895800092710610e+4, 2.1213794301586595867e+4,
                                        5.3941960214247511077e+3, 6.8718700749205790830e+2,
                                        4.2313330701600911252e+1, 1.0};
  constexpr std::array<double, 8> kC = {7.74545014278341407640e-4, 2.27238449892691845833e-2,
                                        2.41780725177450611770e-1, 1.27045825245236838258e+0,
                                        3.64784832476320460504e+0, 5.76949722146069140550e+0,
                                        4.63033784615654529590e+0, 1.42343711074968357734e+0};
  constexpr std::array<double, 8> kD = {1.05075007164441684324e-9, 5.47593808499534494600e-4,
                                        1.51986665636164571966e-2, 1.48103976427480074590e-1,
                                        6.89767334985100004550e-1, 1.67638483018380384940e+0,
                                        2.05319162663775882187e+0, 1.0};
  constexpr std::array<double, 8> kE = {2.01033439929228813265e-7, 2.71155556874348757815e-5,
                                        1.24266094738807843860e-3, 2.65321895265761230930e-2,
                                        2.96560571828504891230e-1, 1.78482653991729133580e+0,
                                        5.46378491116411436990e+0, 6.65790464350110377720e+0};
  constexpr std::array<double, 8> kF = {2.04426310338993978564e-15, 1.42151175831644588870e-7,
                                        1.84631831751005468180e-5,  7.86869131145613259100e-4,
                                        1.48753612908506148525e-2,  1.36929880922735805310e-1,
                                        5.99832206555887937690e-1,  1.0};
  const double q = p - 0.5;
  if (std::fabs(q) <= 0.425) {
    const double r = 0.180625 - q * q;
    return q * Polynomial(kA, r) / Polynomial(kB, r);
  }
  const double r = std::sqrt(-PortableLog<23>(q < 0.0 ? p : 1.0 - p));
  const double tail = r <= 5.0 ? Polynomial(kC, r - 1.6) / Polynomial(kD, r - 1.6)
                               : Polynomial(kE, r - 5.0) / Polynomial(kF, r - 5.0);
  return q < 0.0 ? -tail : tail;
}

}  // namespace initbias
