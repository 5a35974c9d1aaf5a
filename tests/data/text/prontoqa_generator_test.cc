// Generated examples are proved, of the authors' form, and the same bytes everywhere.
//
// The golden digests come from a second implementation; regenerate with
// `python3 tests/data/text/prontoqa_golden.py`. They rest on lib/rng's streams. Statistical tests
// have fixed seeds: they pass always or never. prontoqa_likeness_test holds the shares against the
// authors' files.
#include "lib/data/text/prontoqa_generator.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/base/sha256.h"
#include "lib/data/text/prontoqa.h"
#include "lib/data/text/prontoqa_grammar.h"
#include "lib/data/text/prontoqa_proof.h"
#include "tests/data/text/prontoqa_statistics.h"
#include "tests/error_of.h"

namespace initbias {
namespace {

// Deviations of a fixed-seed statistic beyond this many standard deviations are failures.
constexpr double kSigmas = 4.0;

std::vector<ProntoQaExample> Examples(int64_t hops, int64_t count, int64_t seed = 1,
                                      std::string_view stream = "data/prontoqa") {
  ProntoQaGenerator generator(seed, stream);
  std::vector<ProntoQaExample> examples;
  for (int64_t i = 0; i < count; ++i) {
    examples.push_back(generator.Make(hops));
  }
  return examples;
}

// Of the texts, each ended by a line break.
std::string Digest(const std::vector<ProntoQaExample>& examples) {
  Sha256 sha;
  for (const ProntoQaExample& example : examples) {
    sha.Update(ProntoQaText(example) + "\n");
  }
  return sha.HexDigest();
}

class ProntoQaGeneratorTest : public testing::TestWithParam<int64_t> {
 protected:
  static constexpr int64_t kCount = 3000;

  void SetUp() override { examples_ = Examples(GetParam(), kCount); }

  std::vector<ProntoQaExample> examples_;
};

// The prover finds the answer in the question alone, too.
TEST_P(ProntoQaGeneratorTest, EveryExampleIsProvedInSoManyHops) {
  for (const ProntoQaExample& example : examples_) {
    ASSERT_EQ(ProveProntoQa(example), GetParam()) << ProntoQaText(example);
  }
}

TEST_P(ProntoQaGeneratorTest, EveryExampleHasTheForm) {
  const ProntoQaStatistics statistics = DescribeProntoQa(examples_, GetParam());
  EXPECT_EQ(statistics.examples, kCount);
  // All 4 L + 5 for L = hops .. 5 occur.
  std::set<std::string> sentences;
  for (const auto& [number, count] : statistics.counts.at("sentences")) {
    sentences.insert(number);
  }
  const int64_t most = std::max<int64_t>(GetParam(), 5);
  EXPECT_EQ(static_cast<int64_t>(sentences.size()), most - GetParam() + 1);
  EXPECT_EQ(*sentences.rbegin(), std::to_string(4 * most + 5));
}

TEST_P(ProntoQaGeneratorTest, AnswersAndQueriesAreBalanced) {
  const ProntoQaStatistics statistics = DescribeProntoQa(examples_, GetParam());
  for (const auto& [feature, value] : {std::pair("answer", "True"), std::pair("query", "plain")}) {
    const double share =
        static_cast<double>(statistics.counts.at(feature).at(value)) / static_cast<double>(kCount);
    EXPECT_LE(std::abs(share - 0.5), kSigmas * 0.5 / std::sqrt(static_cast<double>(kCount)))
        << feature;
  }
}

TEST_P(ProntoQaGeneratorTest, AllWordsOccur) {
  const std::set<std::string> words = DescribeProntoQa(examples_, GetParam()).vocabulary;
  for (const auto list : {ProntoQaNames(), ProntoQaConcepts()}) {
    for (const std::string& word : list) {
      EXPECT_TRUE(words.contains(word)) << word;
    }
  }
  for (const std::vector<std::string>& family : ProntoQaPropertyFamilies()) {
    for (const std::string& word : family) {
      EXPECT_TRUE(words.contains(word)) << word;
    }
  }
}

TEST_P(ProntoQaGeneratorTest, HardlyTwoExamplesAreAlike) {
  std::set<std::string> questions;
  for (const ProntoQaExample& example : examples_) {
    questions.insert(example.question);
  }
  EXPECT_EQ(static_cast<int64_t>(questions.size()), kCount);
}

TEST_P(ProntoQaGeneratorTest, SeedAndStreamDecide) {
  const std::string digest = Digest(Examples(GetParam(), 50));
  EXPECT_EQ(Digest(Examples(GetParam(), 50)), digest);
  EXPECT_NE(Digest(Examples(GetParam(), 50, 2)), digest);
  EXPECT_NE(Digest(Examples(GetParam(), 50, 1, "data/prontoqa2")), digest);
}

INSTANTIATE_TEST_SUITE_P(Hops, ProntoQaGeneratorTest, testing::Range<int64_t>(1, 7));

TEST(ProntoQaGeneratorErrorTest, OtherHopsAreRefusedAndDrawNothing) {
  ProntoQaGenerator generator(1, "data/prontoqa");
  for (const int64_t hops : {int64_t{-1}, int64_t{0}, kMaxProntoQaHops + 1, INT64_MAX}) {
    EXPECT_EQ(
        ErrorOf([&generator, hops] { generator.Make(hops); }),
        "there are no PrOntoQA examples of " + std::to_string(hops) + " hops: expected 1 .. 6");
  }
  EXPECT_EQ(generator.Make(3), Examples(3, 1)[0]);
}

TEST(ProntoQaGeneratorTest, HopsMayChangeFromExampleToExample) {
  ProntoQaGenerator generator(1, "data/prontoqa");
  for (int64_t i = 0; i < 60; ++i) {
    EXPECT_EQ(ProveProntoQa(generator.Make(i % 6 + 1)), i % 6 + 1);
  }
}

TEST(ProntoQaStabilityTest, Digests) {
  EXPECT_EQ(Digest(Examples(1, 200)),
            "24ec4bd954c550870aa4ff979792c0168d56c90c5b60fd7ea96eead01480f991");
  EXPECT_EQ(Digest(Examples(3, 200)),
            "43693387122118e84d1140786ce079ddf6c1d0aa81316d45d7dc6e913215209f");
  EXPECT_EQ(Digest(Examples(5, 200)),
            "12c804b9145c4b921181dad5e2d3acbdc6531f756ca10b63a651e37318ea19b6");
  EXPECT_EQ(Digest(Examples(6, 50, 7, "data/other")),
            "f6aa3fd2c4280f0a6fcf9cb87d9a3086aec068c16adf372e941183ff0a02b838");
  EXPECT_EQ(ProntoQaText(Examples(1, 1)[0]),
            "Q: Each vumpus is a brimpus. Each vumpus is a wumpus. Jompuses are not blue. Rompuses "
            "are not kind. Each gorpus is a jompus. Each brimpus is not sweet. Each lorpus is hot. "
            "Lorpuses are shumpuses. Gorpuses are rainy. Dumpuses are nervous. Impuses are "
            "vumpuses. Impuses are rompuses. Each lempus is an impus. Each vumpus is bright. "
            "Impuses are muffled. Each zumpus is not muffled. Every gorpus is a lempus. Each "
            "lempus is wooden. Every lempus is a dumpus. Fae is an impus. Fae is a lorpus. True or "
            "false: Fae is muffled.\nA: Fae is an impus. Impuses are muffled. Fae is muffled. "
            "True");
}

}  // namespace
}  // namespace initbias
