// Random numbers as addressed streams: every number is a pure function of (seed, name, position).
//
// A stream is Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC'11;
// the code is Random123's) under a key made of the run's seed and the stream's name, so that a new
// consumer of randomness never shifts an old one. All derived quantities use integer or IEEE basic
// arithmetic only: no std:: distribution, no libm function that may differ between C libraries.
//
//   Stream stream(/*seed=*/7, "init/layer0.attn.wq");
//   stream.FillNormal(weights, /*std=*/0.1);
//
// Not for cryptography.
#ifndef INITBIAS_LIB_RNG_STREAM_H_
#define INITBIAS_LIB_RNG_STREAM_H_

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace initbias {

// One stream of random numbers. Copyable: a copy goes on from where the original stands, on its
// own. One thread at a time.
class Stream {
 public:
  // The stream `name` under `seed`. The key and the upper half of the counter are the first 128
  // bits of SHA-256("initbias/stream/1\n<seed>\n<name>").
  Stream(uint64_t seed, std::string_view name);

  // The next 32 or 64 uniform random bits. The latter are two draws of the former, low word first.
  uint32_t NextU32();
  uint64_t NextU64();

  // Uniform on {0, .., n - 1}, without modulo bias: Lemire's multiplication with rejection ("Fast
  // random integer generation in an interval", 2019) on 64-bit draws. n >= 1.
  uint64_t UniformInt(uint64_t n);

  // Uniform on {lo, .., hi}. lo <= hi.
  int64_t UniformInt(int64_t lo, int64_t hi);

  // Uniform on the open interval (0, 1): (k + 1/2) / 2^52 for a 52-bit k. One 64-bit draw.
  double Uniform();

  // A standard normal variate: NormalQuantile(Uniform()). One 64-bit draw each.
  double Normal();

  // Fills `out` with std * Normal(), computed in double and rounded once to float.
  void FillNormal(std::span<float> out, double std);

  // Fills `out` with values uniform on (-bound, bound), rounded once to float.
  void FillUniform(std::span<float> out, double bound);

  // Fisher-Yates: every order of `items` is equally likely.
  template <typename T>
  void Shuffle(std::span<T> items) {
    for (size_t i = items.size(); i > 1; --i) {
      std::swap(items[i - 1], items[static_cast<size_t>(UniformInt(uint64_t{i}))]);
    }
  }

  // The numbers 0 .. n - 1 in random order.
  std::vector<int32_t> Permutation(int32_t n);

  // The part `number` of the whole stream, wherever this one stands: its words from the
  // (number * 2^34)-th on. Part 0 begins as the stream does.
  Stream Part(uint32_t number) const;

  // Philox's key, and the counter, low word first, of the next block of 4 words that is not begun:
  // for who draws many words of a stream by other means.
  const std::array<uint32_t, 2>& key() const { return key_; }
  const std::array<uint32_t, 4>& next_counter() const { return counter_; }

 private:
  std::array<uint32_t, 2> key_{};
  std::array<uint32_t, 4> counter_{};
  std::array<uint32_t, 4> block_{};
  size_t used_ = 4;  // words of block_ already given out
};

// The quantile function of the standard normal distribution for p in (0, 1): Wichura's PPND16
// (algorithm AS 241, Applied Statistics 37, 1988; relative error below 1e-15), with the logarithm
// of its tails computed by our own series so that all C libraries agree on every bit.
double NormalQuantile(double p);

}  // namespace initbias

#endif  // INITBIAS_LIB_RNG_STREAM_H_
