// Streams give the promised bits and the promised distributions.
//
// The stability tests pin exact outputs and the number of words drawn: data, initial weights and
// all digests of results stand on them. They rest on SHA-256, on Philox4x32-10 and on IEEE
// arithmetic, not on a compiler or a C library. Their values come from a second implementation;
// regenerate with `python3 tests/rng/golden.py`. Statistical tests have fixed seeds: they pass
// always or never.
#include "lib/rng/stream.h"

#include <Random123/philox.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/rng/chi_square.h"

namespace initbias {
namespace {

constexpr uint64_t kTwo63 = uint64_t{1} << 63;

// Deviations of a fixed-seed statistic beyond this many standard deviations are failures.
constexpr double kSigmas = 4.0;

Stream TestStream() { return Stream(7, "init/layer0.attn.wq"); }

template <typename Draw>
auto Drawn(size_t n, Draw draw) {
  std::vector<decltype(draw())> values;
  for (size_t i = 0; i < n; ++i) {
    values.push_back(draw());
  }
  return values;
}

std::vector<uint32_t> Words(Stream stream, size_t n) {
  return Drawn(n, [&stream] { return stream.NextU32(); });
}

// How many words `after` has drawn since it was `before`; -1 if above `most`.
int WordsDrawn(Stream before, const Stream& after, int most = 1000) {
  const std::vector<uint32_t> next = Words(after, 8);
  for (int drawn = 0; drawn <= most; ++drawn) {
    if (Words(before, 8) == next) {
      return drawn;
    }
    before.NextU32();
  }
  return -1;
}

// Philox4x32-10 itself: the known answers that Random123 publishes in its tests/kat_vectors.
TEST(PhiloxTest, GivesTheKnownAnswers) {
  const auto philox = [](std::array<uint32_t, 4> counter, std::array<uint32_t, 2> key) {
    const r123::Philox4x32::ctr_type block =
        r123::Philox4x32()({{counter[0], counter[1], counter[2], counter[3]}}, {{key[0], key[1]}});
    return std::vector<uint32_t>(block.begin(), block.end());
  };
  EXPECT_EQ(philox({0, 0, 0, 0}, {0, 0}),
            (std::vector<uint32_t>{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(philox({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff}),
            (std::vector<uint32_t>{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
            (std::vector<uint32_t>{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(StreamStabilityTest, NextU32) {
  EXPECT_EQ(Words(TestStream(), 10),
            (std::vector<uint32_t>{0x4d43786e, 0xe76a5c29, 0xd6dc1eaa, 0x23f3be41, 0xda809b1b,
                                   0x437ba707, 0x770dd31d, 0x4cf038e7, 0x1e5f90f9, 0xccbd0cb7}));
  EXPECT_EQ(Words(Stream(8, "init/layer0.attn.wq"), 4),
            (std::vector<uint32_t>{0x8be2417f, 0xe239bd69, 0x6a095692, 0x18f00caa}));
  EXPECT_EQ(Words(Stream(7, "init/layer0.attn.wk"), 4),
            (std::vector<uint32_t>{0x83058077, 0x0b897525, 0x981dc250, 0x0af4f2ab}));
  EXPECT_EQ(Words(Stream(0, ""), 4),
            (std::vector<uint32_t>{0x2446c85a, 0xdaf835b5, 0xe5d8ab8c, 0x9c667ee2}));
  EXPECT_EQ(Words(Stream(std::numeric_limits<uint64_t>::max(), "data/memory"), 4),
            (std::vector<uint32_t>{0xf6f5c903, 0xe48f6df5, 0xb5b123de, 0x706eebf6}));
}

TEST(StreamStabilityTest, NextU64) {
  Stream stream = TestStream();
  EXPECT_EQ(Drawn(4, [&] { return stream.NextU64(); }),
            (std::vector<uint64_t>{0xe76a5c294d43786e, 0x23f3be41d6dc1eaa, 0x437ba707da809b1b,
                                   0x4cf038e7770dd31d}));
  EXPECT_EQ(WordsDrawn(TestStream(), stream), 8);
}

TEST(StreamStabilityTest, UniformInt) {
  Stream stream = TestStream();
  EXPECT_EQ(Drawn(16, [&] { return stream.UniformInt(100); }),
            (std::vector<uint64_t>{90, 14, 26, 30, 79, 50, 58, 8, 42, 18, 6, 27, 76, 52, 80, 4}));
  EXPECT_EQ(WordsDrawn(TestStream(), stream), 32);
}

TEST(StreamStabilityTest, UniformIntOfARange) {
  Stream stream = TestStream();
  EXPECT_EQ(Drawn(16, [&] { return stream.UniformInt(-5, 5); }),
            (std::vector<int64_t>{4, -4, -3, -2, 3, 0, 1, -5, -1, -3, -5, -3, 3, 0, 3, -5}));
  EXPECT_EQ(WordsDrawn(TestStream(), stream), 32);
}

// A quarter of all draws is rejected, here 6 of 14; the rest of 2^64 by n is not 2^64 - n.
TEST(StreamStabilityTest, UniformIntRejectsAQuarter) {
  Stream stream = TestStream();
  EXPECT_EQ(Drawn(8, [&] { return stream.UniformInt((uint64_t{1} << 62) + 1); }),
            (std::vector<uint64_t>{4168810475688091164, 647655850163767210, 1385998427019769031,
                                   2719504193932741940, 314314202913443614, 1248492780774908479,
                                   3537126278617117441, 2443525039472921227}));
  EXPECT_EQ(WordsDrawn(TestStream(), stream), 28);
}

// Nearly every second draw is rejected: 8 values took 13 draws.
TEST(StreamStabilityTest, UniformIntRejectsHalf) {
  Stream stream = TestStream();
  EXPECT_EQ(Drawn(8, [&] { return stream.UniformInt(kTwo63 + 1); }),
            (std::vector<uint64_t>{8337620951376182327, 2431331937424526733, 2771996854039538062,
                                   4635870797053957023, 3904561776490607939, 628628405826887228,
                                   2496985561549816958, 7074252557234234882}));
  EXPECT_EQ(WordsDrawn(TestStream(), stream), 26);
}

TEST(StreamStabilityTest, UniformIntOfNearlyAllWords) {
  Stream stream = TestStream();
  EXPECT_EQ(
      Drawn(3, [&] { return stream.UniformInt(std::numeric_limits<uint64_t>::max()); }),
      (std::vector<uint64_t>{16675241902752364653U, 2590623400655068841U, 4862663874849053466U}));
  EXPECT_EQ(WordsDrawn(TestStream(), stream), 6);
}

TEST(StreamStabilityTest, UniformIntOfAllNumbers) {
  Stream stream = TestStream();
  const auto draw = [&stream] {
    return stream.UniformInt(std::numeric_limits<int64_t>::min(),
                             std::numeric_limits<int64_t>::max());
  };
  EXPECT_EQ(Drawn(3, draw), (std::vector<int64_t>{7451869865897588846, -6632748636199706966,
                                                  -4360708162005722341}));
  EXPECT_EQ(WordsDrawn(TestStream(), stream), 6);
}

TEST(StreamStabilityTest, Uniform) {
  Stream stream = TestStream();
  EXPECT_EQ(
      Drawn(6, [&] { return stream.Uniform(); }),
      (std::vector<double>{0x1.ced4b8529a86fp-1, 0x1.1f9df20eb6e0cp-3, 0x1.0dee9c1f6a026p-2,
                           0x1.33c0e39ddc376p-2, 0x1.997a196e3cbf3p-1, 0x1.0157afb64c085p-1}));
  EXPECT_EQ(WordsDrawn(TestStream(), stream), 12);
}

TEST(StreamStabilityTest, Normal) {
  Stream stream = TestStream();
  EXPECT_EQ(
      Drawn(12, [&] { return stream.Normal(); }),
      (std::vector<double>{0x1.4df30a656b0f9p+0, -0x1.140efc88d1fbap+0, -0x1.43b8c55e47daap-1,
                           -0x1.0bb28cf536732p-1, 0x1.ae78805381ce7p-1, 0x1.aec006317289dp-8,
                           0x1.d06c79d9ee16cp-3, -0x1.5e6fd4a2ba22bp+0, -0x1.8c0722810f10ap-3,
                           -0x1.ca6844fc5cd66p-1, -0x1.7d5ac1a7d6432p+0, -0x1.38a3ed08ecf79p-1}));
  EXPECT_EQ(WordsDrawn(TestStream(), stream), 24);
}

TEST(StreamStabilityTest, FillNormal) {
  Stream stream = TestStream();
  std::vector<float> values(8);
  stream.FillNormal(values, 0.1);
  EXPECT_EQ(values,
            (std::vector<float>{0x1.0b28d6p-3F, -0x1.b9b194p-4F, -0x1.02fa38p-4F, -0x1.ac50e2p-5F,
                                0x1.586066p-4F, 0x1.58999ep-11F, 0x1.7389fcp-6F, -0x1.185976p-3F}));
  EXPECT_EQ(WordsDrawn(TestStream(), stream), 16);
}

TEST(StreamStabilityTest, FillUniform) {
  Stream stream = TestStream();
  std::vector<float> values(8);
  stream.FillUniform(values, 0.1);
  EXPECT_EQ(values,
            (std::vector<float>{0x1.4aedf4p-4F, -0x1.268da0p-4F, -0x1.834f06p-5F, -0x1.46cb60p-5F,
                                0x1.eb2052p-5F, 0x1.12f2f8p-11F, 0x1.25ec88p-6F, -0x1.538b8cp-4F}));
  EXPECT_EQ(WordsDrawn(TestStream(), stream), 16);
}

TEST(StreamStabilityTest, Permutation) {
  Stream stream = TestStream();
  EXPECT_EQ(stream.Permutation(10), (std::vector<int32_t>{8, 3, 0, 5, 6, 4, 7, 2, 1, 9}));
  EXPECT_EQ(WordsDrawn(TestStream(), stream), 18);
}

// A permutation is a shuffle of 0 .. n - 1, whatever the items are.
TEST(StreamStabilityTest, ShuffleMovesAsPermutationDoes) {
  std::vector<std::string> items = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"};
  Stream stream = TestStream();
  stream.Shuffle(std::span<std::string>(items));
  EXPECT_EQ(items, (std::vector<std::string>{"i", "d", "a", "f", "g", "e", "h", "c", "b", "j"}));
}

TEST(StreamStabilityTest, NormalQuantile) {
  struct Golden {
    double p;
    double x;
  };
  constexpr Golden kGoldens[] = {
      {0x1.0000000000000p-53, -0x1.06b48528cea51p+3},
      {0x1.0000000000000p-40, -0x1.c30d8560989abp+2},
      {0x1.12e0be826d695p-30, -0x1.7fdc11f44b5a7p+2},
      {0x1.47ae147ae147bp-7, -0x1.29c5c4630ff0ep+1},
      {0x1.2f1a9fbe76c8bp-4, -0x1.72567aa9caedap+0},
      {0x1.339c0ebedfa44p-4, -0x1.7056dc6686c9ap+0},
      {0x1.3333333333333p-2, -0x1.0c7e39582c5fap-1},
      {0x1.0000000000000p-1, 0x0.0p+0},
      {0x1.ccccccccccccdp-1, 0x1.4813c36e26d34p+0},
      {0x1.d99999999999ap-1, 0x1.7085226d3e524p+0},
      {0x1.fae147ae147aep-1, 0x1.29c5c4630ff0cp+1},
      {0x1.fffffff800000p-1, 0x1.80993fb2838ddp+2},
      {0x1.fffffffffffffp-1, 0x1.06b48528cea51p+3},
  };
  for (const Golden& golden : kGoldens) {
    EXPECT_EQ(NormalQuantile(golden.p), golden.x) << golden.p;
  }
}

TEST(StreamTest, OneItemOrNoneTakesNoDraw) {
  Stream stream = TestStream();
  EXPECT_TRUE(stream.Permutation(0).empty());
  EXPECT_EQ(stream.Permutation(1), std::vector<int32_t>{0});
  stream.FillNormal({}, 1.0);
  stream.FillUniform({}, 1.0);
  EXPECT_EQ(WordsDrawn(TestStream(), stream), 0);
}

TEST(StreamTest, CopyGoesOnByItself) {
  Stream stream = TestStream();
  stream.NextU32();  // in the middle of a block
  Stream copy = stream;
  const std::vector<uint32_t> expected = Words(stream, 20);
  EXPECT_EQ(Drawn(20, [&] { return copy.NextU32(); }), expected);
  EXPECT_EQ(Drawn(20, [&] { return stream.NextU32(); }), expected)
      << "drawing shifted the original";
}

TEST(StreamTest, PartsAreFarPlacesOfTheStream) {
  Stream stream = TestStream();
  const std::vector<uint32_t> expected = Words(TestStream().Part(3), 20);
  stream.NextU32();  // in the middle of a block
  EXPECT_EQ(Words(stream.Part(3), 20), expected);
  EXPECT_EQ(Words(stream.Part(0), 20), Words(TestStream(), 20));
  EXPECT_NE(Words(stream.Part(2), 20), expected);
  const std::array<uint32_t, 4> counter = stream.Part(3).next_counter();
  EXPECT_EQ(counter[0], 0U);
  EXPECT_EQ(counter[1], 3U);
}

TEST(StreamTest, SameSeedAndNameGiveTheSameStream) {
  EXPECT_EQ(Words(Stream(3, "data/memory"), 1000), Words(Stream(3, "data/memory"), 1000));
}

// Seeds and names that are nearly alike share no word where they stand, and half of their bits:
// 128,000 bits, standard deviation 0.14 %.
TEST(StreamTest, OtherSeedsAndNamesAreIndependent) {
  const std::vector<Stream> streams = {
      Stream(1, "init/a"),
      Stream(2, "init/a"),
      Stream(11, "init/a"),
      Stream(1, "init/b"),
      Stream(1, "init/a "),
      Stream(1, "init/a1"),
      Stream(1, "\ninit/a"),
      Stream(0, "init/a"),
      Stream(1, ""),
      Stream(1, "1"),
      Stream(11, ""),
      Stream(1ULL << 32, "init/a"),
      Stream(1, std::string_view("init/a\0", 7)),
  };
  for (size_t i = 0; i < streams.size(); ++i) {
    const std::vector<uint32_t> a = Words(streams[i], 4000);
    for (size_t j = 0; j < i; ++j) {
      const std::vector<uint32_t> b = Words(streams[j], 4000);
      int equal_words = 0;
      int equal_bits = 0;
      for (size_t k = 0; k < a.size(); ++k) {
        equal_words += a[k] == b[k] ? 1 : 0;
        equal_bits += 32 - __builtin_popcount(a[k] ^ b[k]);
      }
      EXPECT_EQ(equal_words, 0) << i << " and " << j;
      EXPECT_NEAR(equal_bits / 128'000.0, 0.5, kSigmas * 0.0014) << i << " and " << j;
    }
  }
}

// A stream must not be another one further on: no word pair of one occurs in the other.
TEST(StreamTest, StreamsDoNotOverlap) {
  std::map<uint64_t, size_t> seen;
  for (uint64_t seed = 0; seed < 8; ++seed) {
    Stream stream(seed, "init/a");
    for (int i = 0; i < 2000; ++i) {
      const auto [at, is_new] = seen.emplace(stream.NextU64(), seed);
      EXPECT_TRUE(is_new) << "of seed " << seed << ", seen under seed " << at->second;
    }
  }
}

TEST(StreamTest, EachBitIsEven) {
  Stream stream(1, "test/bits");
  constexpr int kDraws = 100'000;
  std::array<int, 64> ones{};
  for (int i = 0; i < kDraws; ++i) {
    const uint64_t word = stream.NextU64();
    for (size_t bit = 0; bit < 64; ++bit) {
      ones[bit] += static_cast<int>(word >> bit & 1);
    }
  }
  for (size_t bit = 0; bit < 64; ++bit) {
    EXPECT_NEAR(ones[bit], kDraws / 2.0, kSigmas * std::sqrt(kDraws) / 2) << "bit " << bit;
  }
}

class UniformIntTest : public testing::TestWithParam<uint64_t> {};

TEST_P(UniformIntTest, IsEvenOnItsValues) {
  const uint64_t n = GetParam();
  Stream stream(1, "test/uniform_int");
  std::vector<int64_t> counts(n);
  for (uint64_t i = 0; i < 1000 * n; ++i) {
    const uint64_t value = stream.UniformInt(n);
    ASSERT_LT(value, n);
    ++counts[value];
  }
  EXPECT_LT(std::fabs(ChiSquareDeviation(counts)), kSigmas);
}

TEST_P(UniformIntTest, IsEvenOnARangeAroundZero) {
  const int64_t n = static_cast<int64_t>(GetParam());
  const int64_t lo = -(n / 2);
  Stream stream(2, "test/uniform_int");
  std::vector<int64_t> counts(GetParam());
  for (int64_t i = 0; i < 1000 * n; ++i) {
    const int64_t value = stream.UniformInt(lo, lo + n - 1);
    ASSERT_GE(value, lo);
    ASSERT_LT(value, lo + n);
    ++counts[static_cast<size_t>(value - lo)];
  }
  EXPECT_LT(std::fabs(ChiSquareDeviation(counts)), kSigmas);
}

INSTANTIATE_TEST_SUITE_P(Sizes, UniformIntTest, testing::Values(2, 3, 6, 7, 64, 100),
                         testing::PrintToStringParamName());

TEST(UniformIntTest, OneValue) {
  Stream stream = TestStream();
  for (int i = 0; i < 100; ++i) {
    ASSERT_EQ(stream.UniformInt(1), 0U);
    ASSERT_EQ(stream.UniformInt(-3, -3), -3);
  }
}

// For n = 3/4 of 2^64, taking the remainder would double the first third of the values, and
// multiplying without rejection would double every third value.
TEST(UniformIntTest, HasNoBiasNear2To64) {
  constexpr uint64_t kThird = uint64_t{1} << 62;
  Stream stream(1, "test/huge");
  std::vector<int64_t> thirds(3);
  std::vector<int64_t> residues(3);
  for (int i = 0; i < 30'000; ++i) {
    const uint64_t value = stream.UniformInt(3 * kThird);
    ASSERT_LT(value, 3 * kThird);
    ++thirds[value / kThird];
    ++residues[value % 3];
  }
  EXPECT_LT(std::fabs(ChiSquareDeviation(thirds)), kSigmas);
  EXPECT_LT(std::fabs(ChiSquareDeviation(residues)), kSigmas);
}

TEST(UniformIntTest, ReachesBothEndsOfTheInt64Range) {
  constexpr int64_t kMin = std::numeric_limits<int64_t>::min();
  constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
  Stream stream(1, "test/ends");
  std::set<int64_t> low;
  std::set<int64_t> high;
  for (int i = 0; i < 100; ++i) {
    low.insert(stream.UniformInt(kMin, kMin + 1));
    high.insert(stream.UniformInt(kMax - 1, kMax));
  }
  EXPECT_EQ(low, (std::set<int64_t>{kMin, kMin + 1}));
  EXPECT_EQ(high, (std::set<int64_t>{kMax - 1, kMax}));
}

TEST(UniformIntDeathTest, RefusesEmptyRanges) {
  Stream stream = TestStream();
  EXPECT_DEATH(stream.UniformInt(0), "internal error");
  EXPECT_DEATH(stream.UniformInt(3, 2), "internal error");
}

TEST(UniformTest, IsEven) {
  Stream stream(1, "test/uniform");
  std::vector<int64_t> counts(100);
  for (int i = 0; i < 200'000; ++i) {
    const double u = stream.Uniform();
    ASSERT_GT(u, 0.0);
    ASSERT_LT(u, 1.0);
    ++counts[static_cast<size_t>(100 * u)];
  }
  EXPECT_LT(std::fabs(ChiSquareDeviation(counts)), kSigmas);
}

// (k + 1/2) / 2^52: an odd multiple of 2^-53, exactly.
TEST(UniformTest, LiesOnItsGrid) {
  Stream stream(2, "test/uniform");
  for (int i = 0; i < 1000; ++i) {
    const double scaled = std::ldexp(stream.Uniform(), 53);
    ASSERT_EQ(scaled, std::floor(scaled));
    ASSERT_EQ(std::fmod(scaled, 2.0), 1.0);
  }
}

TEST(FillUniformTest, FillsItsBounds) {
  Stream stream(1, "test/fill_uniform");
  std::vector<float> values(200'000);
  stream.FillUniform(values, 0.25);
  std::vector<int64_t> counts(50);
  for (const float value : values) {
    ASSERT_LE(std::fabs(value), 0.25F);
    ++counts[std::min<size_t>(49, static_cast<size_t>((value + 0.25) * 100))];
  }
  EXPECT_LT(std::fabs(ChiSquareDeviation(counts)), kSigmas);
}

class NormalTest : public testing::Test {
 protected:
  static std::vector<double> Sample(size_t n) {
    Stream stream(1, "test/normal");
    return Drawn(n, [&stream] { return stream.Normal(); });
  }
};

// E x^k, with the standard deviation of x^k for the tolerance.
TEST_F(NormalTest, HasTheMoments) {
  const std::vector<double> sample = Sample(1'000'000);
  double sums[4] = {0, 0, 0, 0};
  for (const double x : sample) {
    sums[0] += x;
    sums[1] += x * x;
    sums[2] += x * x * x;
    sums[3] += x * x * x * x;
  }
  const double n = static_cast<double>(sample.size());
  const double tolerance = kSigmas / std::sqrt(n);
  EXPECT_NEAR(sums[0] / n, 0.0, tolerance);
  EXPECT_NEAR(sums[1] / n, 1.0, tolerance * std::sqrt(2.0));
  EXPECT_NEAR(sums[2] / n, 0.0, tolerance * std::sqrt(15.0));
  EXPECT_NEAR(sums[3] / n, 3.0, tolerance * std::sqrt(96.0));
}

TEST_F(NormalTest, HasTheTails) {
  const std::vector<double> sample = Sample(1'000'000);
  const double n = static_cast<double>(sample.size());
  for (const double bound : {1.0, 2.0, 3.0, 4.0}) {
    const double p = 0.5 * std::erfc(bound / std::sqrt(2.0));
    const double tolerance = kSigmas * std::sqrt(n * p * (1 - p));
    const auto above = std::ranges::count_if(sample, [bound](double x) { return x > bound; });
    const auto below = std::ranges::count_if(sample, [bound](double x) { return x < -bound; });
    EXPECT_NEAR(static_cast<double>(above), n * p, tolerance) << "above " << bound;
    EXPECT_NEAR(static_cast<double>(below), n * p, tolerance) << "below " << -bound;
  }
}

// The Kolmogorov-Smirnov distance; sqrt(n) D lies within 0.4 .. 1.95 in 99.6 of 100 samples.
TEST_F(NormalTest, HasTheDistribution) {
  std::vector<double> sample = Sample(100'000);
  std::ranges::sort(sample);
  const double n = static_cast<double>(sample.size());
  double distance = 0;
  for (size_t i = 0; i < sample.size(); ++i) {
    const double cdf = 0.5 * std::erfc(-sample[i] / std::sqrt(2.0));
    distance = std::max(
        {distance, cdf - static_cast<double>(i) / n, static_cast<double>(i + 1) / n - cdf});
  }
  EXPECT_LT(std::sqrt(n) * distance, 1.95);
  EXPECT_GT(std::sqrt(n) * distance, 0.4);
}

TEST_F(NormalTest, NeighboursAreUncorrelated) {
  const std::vector<double> sample = Sample(1'000'000);
  const double n = static_cast<double>(sample.size());
  for (const size_t lag : {1u, 2u, 3u, 4u, 5u}) {
    double sum = 0;
    for (size_t i = lag; i < sample.size(); ++i) {
      sum += sample[i] * sample[i - lag];
    }
    EXPECT_NEAR(sum / n, 0.0, kSigmas / std::sqrt(n)) << "lag " << lag;
  }
}

TEST_F(NormalTest, FillNormalScalesInDouble) {
  std::vector<float> values(1000);
  Stream stream(1, "test/normal");
  stream.FillNormal(values, 200.0);
  const std::vector<double> sample = Sample(values.size());
  for (size_t i = 0; i < values.size(); ++i) {
    ASSERT_EQ(values[i], static_cast<float>(200.0 * sample[i])) << i;
  }
}

// Correct to 20 digits, by mpmath; see tests/rng/golden.py. AS 241 keeps within 7e-16 of them on
// 26,000 points tried.
TEST(NormalQuantileTest, AgreesWithHighPrecision) {
  struct Reference {
    double p;
    double x;
  };
  constexpr Reference kReferences[] = {
      {0x1.0000000000000p-53, -8.2095361516013868556},
      {0x1.0000000000000p-52, -8.1258906647019068585},
      {0x1.0000000000000p-50, -7.9560381254815309622},
      {0x1.0000000000000p-45, -7.5151552941589075804},
      {0x1.0000000000000p-40, -7.0477002566644087254},
      {0x1.0000000000000p-37, -6.7523004314070149646},
      {0x1.0000000000000p-36, -6.6510353798930105467},
      {0x1.0000000000000p-35, -6.5482693678317307554},
      {0x1.0000000000000p-30, -6.0093535655307438932},
      {0x1.0000000000000p-25, -5.4199831749168679884},
      {0x1.0000000000000p-20, -4.763001034267813957},
      {0x1.0000000000000p-15, -4.0087725941685849623},
      {0x1.0000000000000p-10, -3.0972690781987844624},
      {0x1.0000000000000p-7, -2.4175590162365050618},
      {0x1.47ae147ae147bp-7, -2.3263478740408410931},
      {0x1.0000000000000p-5, -1.8627318674216514555},
      {0x1.999999999999ap-5, -1.644853626951472688},
      {0x1.0000000000000p-4, -1.5341205443525463117},
      {0x1.2f1a9fbe76c8bp-4, -1.4466320671589785099},
      {0x1.3333333333333p-4, -1.4395314709384559349},
      {0x1.374bc6a7ef9dbp-4, -1.4325027208258116188},
      {0x1.999999999999ap-4, -1.2815515655446004353},
      {0x1.0000000000000p-3, -1.1503493803760081783},
      {0x1.999999999999ap-3, -0.84162123357291416552},
      {0x1.0000000000000p-2, -0.6744897501960817432},
      {0x1.3333333333333p-2, -0.52440051270804081597},
      {0x1.999999999999ap-2, -0.25334710313579974132},
      {0x1.ccccccccccccdp-2, -0.12566134685507400616},
      {0x1.f5c28f5c28f5cp-2, -0.025068908258711058033},
      {0x1.fef9db22d0e56p-2, -0.0025066308995717662317},
      {0x1.ffffc00000000p-2, -2.3905070062955740613e-6},
      {0x1.ffffffffffffep-2, -2.7829164246717669222e-16},
  };
  for (const Reference& reference : kReferences) {
    EXPECT_NEAR(NormalQuantile(reference.p) / reference.x, 1.0, 1e-15) << reference.p;
  }
}

// 1 - p is exact for the p that Uniform() gives, and so is the sign's change.
TEST(NormalQuantileTest, IsOdd) {
  EXPECT_EQ(NormalQuantile(0.5), 0.0);
  Stream stream(1, "test/odd");
  for (int i = 0; i < 10'000; ++i) {
    const double p = stream.Uniform();
    ASSERT_EQ(NormalQuantile(1.0 - p), -NormalQuantile(p)) << p;
  }
  for (int exponent = 1; exponent <= 53; ++exponent) {
    const double p = std::ldexp(1.0, -exponent);
    EXPECT_EQ(NormalQuantile(1.0 - p), -NormalQuantile(p)) << p;
  }
}

// Also across the seams between the three branches, at 0.075, 0.925 and exp(-25).
TEST(NormalQuantileTest, Rises) {
  for (const double around : {0.075, 0.5, 0.925, 1.3887943864964021e-11}) {
    double before = NormalQuantile(around * 0.999);
    for (int i = 1; i <= 2000; ++i) {
      const double x = NormalQuantile(around * (0.999 + 1e-6 * i));
      ASSERT_GT(x, before) << "step " << i << " around " << around;
      before = x;
    }
  }
}

TEST(NormalQuantileTest, InvertsTheDistributionFunction) {
  for (int i = 1; i < 1000; ++i) {
    const double p = i / 1000.0;
    EXPECT_NEAR(0.5 * std::erfc(-NormalQuantile(p) / std::sqrt(2.0)), p, 1e-15) << p;
  }
}

TEST(NormalQuantileDeathTest, RefusesWhatIsNoProbability) {
  EXPECT_DEATH(NormalQuantile(0.0), "internal error");
  EXPECT_DEATH(NormalQuantile(1.0), "internal error");
  EXPECT_DEATH(NormalQuantile(std::numeric_limits<double>::quiet_NaN()), "internal error");
}

TEST(ShuffleTest, EachOfThe24OrdersOfFourIsEquallyLikely) {
  std::map<std::vector<int32_t>, size_t> index;
  std::vector<int32_t> order = {0, 1, 2, 3};
  do {
    index.emplace(order, index.size());
  } while (std::ranges::next_permutation(order).found);
  ASSERT_EQ(index.size(), 24U);
  Stream stream(1, "test/shuffle");
  std::vector<int64_t> counts(24);
  for (int i = 0; i < 48'000; ++i) {
    ++counts[index.at(stream.Permutation(4))];
  }
  EXPECT_LT(std::fabs(ChiSquareDeviation(counts)), kSigmas);
}

TEST(ShuffleTest, KeepsAllItems) {
  Stream stream(1, "test/shuffle");
  std::vector<int32_t> items = stream.Permutation(1000);
  ASSERT_EQ(items.size(), 1000U);
  EXPECT_FALSE(std::ranges::is_sorted(items));
  std::ranges::sort(items);
  for (int32_t i = 0; i < 1000; ++i) {
    ASSERT_EQ(items[static_cast<size_t>(i)], i);
  }
}

}  // namespace
}  // namespace initbias
