// The anchor task is what the paper says, on random configs, and the same bytes everywhere.
//
// The golden digests come from a second implementation; regenerate with
// `python3 tests/data/anchor/golden.py`. They rest on lib/rng's streams and on a little-endian
// machine. Statistical tests have fixed seeds: they pass always or never.
#include "lib/data/anchor/anchor_task.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>
#include <numeric>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "lib/config/enums.h"
#include "lib/config/run_config.h"
#include "lib/rng/stream.h"
#include "tests/config/random_task.h"
#include "tests/rng/chi_square.h"

namespace initbias {
namespace {

using Anchors = std::vector<int64_t>;

// Deviations of a fixed-seed statistic beyond this many standard deviations are failures.
constexpr double kSigmas = 4.0;

// A sequence taken apart.
struct Sequence {
  int64_t position = 0;  // of the key; the anchors follow
  int64_t key = 0;
  Anchors anchors;
  std::vector<int64_t> noise;  // all other tokens, from left to right
  int64_t label = 0;
};

AnchorTaskConfig EmbMlpTask() {
  AnchorTaskConfig task;
  task.length = 3;
  task.sampling = Sampling::kEnumerated;
  task.samples = 20'000;
  return task;
}

// Figure 8: memory sequences alone; with nested labels, of four groups of five anchors.
AnchorTaskConfig MemoryTask(MemoryLabels labels) {
  AnchorTaskConfig task;
  task.kinds = TaskKinds::kMemory;
  task.masked.clear();
  task.memory_labels = labels;
  task.samples = 10'000;
  if (labels == MemoryLabels::kNested) {
    task.memory_max = 20;
    task.memory_groups = 4;
  }
  return task;
}

// As MemoryTask, each (key, anchors) once and without noise.
AnchorTaskConfig EnumeratedMemoryTask(MemoryLabels labels) {
  AnchorTaskConfig task = MemoryTask(labels);
  task.length = 3;
  task.sampling = Sampling::kEnumerated;
  return task;
}

bool IsKey(const AnchorTaskConfig& task, int64_t token) {
  return token >= task.key_min && token <= task.key_max;
}

std::vector<int64_t> Tokens(const AnchorSequences& sequences, int64_t row) {
  const auto begin = sequences.tokens.begin() + row * sequences.length;
  return {begin, begin + sequences.length};
}

// Each of `sequences` in its parts. Keys are no anchors, so the first anchor shows where the
// combination is; fails where a sequence is not key-anchor combination and keys.
std::vector<Sequence> TakeApart(const AnchorTaskConfig& task, const AnchorSequences& sequences) {
  std::vector<Sequence> apart;
  EXPECT_EQ(sequences.length, task.length);
  EXPECT_EQ(sequences.tokens.size(),
            sequences.labels.size() * static_cast<size_t>(sequences.length));
  for (int64_t row = 0; row < sequences.size(); ++row) {
    const std::vector<int64_t> tokens = Tokens(sequences, row);
    const auto first =
        std::ranges::find_if(tokens, [&task](int64_t token) { return !IsKey(task, token); });
    const int64_t position = first - tokens.begin() - 1;
    if (position < 0 || position + task.num_anchors >= task.length) {
      ADD_FAILURE() << "sequence " << row << " has no room for key and anchors";
      return {};
    }
    Sequence& sequence = apart.emplace_back();
    sequence.position = position;
    sequence.key = first[-1];
    sequence.anchors.assign(first, first + task.num_anchors);
    sequence.noise.assign(tokens.begin(), first - 1);
    sequence.noise.insert(sequence.noise.end(), first + task.num_anchors, tokens.end());
    sequence.label = sequences.labels[static_cast<size_t>(row)];
    EXPECT_TRUE(
        std::ranges::all_of(sequence.noise, [&task](int64_t token) { return IsKey(task, token); }))
        << "sequence " << row << " has anchors apart";
  }
  return apart;
}

std::map<Anchors, int64_t> CountsOf(const std::vector<Sequence>& sequences) {
  std::map<Anchors, int64_t> counts;
  for (const Sequence& sequence : sequences) {
    ++counts[sequence.anchors];
  }
  return counts;
}

bool SameSamples(const AnchorSequences& a, const AnchorSequences& b) {
  return a.length == b.length && a.tokens == b.tokens && a.labels == b.labels;
}

bool SameData(const AnchorData& a, const AnchorData& b) {
  return SameSamples(a.memory, b.memory) && SameSamples(a.reasoning_train, b.reasoning_train) &&
         SameSamples(a.reasoning_test, b.reasoning_test);
}

// Each property is looked at on the same random tasks, generated once.
class RandomTaskTest : public testing::Test {
 protected:
  struct Case {
    AnchorTaskConfig task;
    int64_t seed = 0;
    AnchorData data;
    std::vector<Sequence> memory;
    std::vector<Sequence> train;
    std::vector<Sequence> test;
  };

  static void SetUpTestSuite() {
    Stream stream(1, "test/anchor_task");
    for (int i = 0; i < 240; ++i) {
      Case& c = cases_.emplace_back();
      c.task = RandomTask(&stream);
      Validate(RunConfig{.task = c.task});
      c.seed = stream.UniformInt(0, 1000);
      c.data = MakeAnchorData(c.task, c.seed);
      c.memory = TakeApart(c.task, c.data.memory);
      c.train = TakeApart(c.task, c.data.reasoning_train);
      c.test = TakeApart(c.task, c.data.reasoning_test);
    }
  }

  static std::string Describe(const Case& c) {
    return CanonicalForm(RunConfig{.seed = c.seed, .task = c.task});
  }

  static std::vector<Case> cases_;
};

std::vector<RandomTaskTest::Case> RandomTaskTest::cases_;

// Else the properties below would say little.
TEST_F(RandomTaskTest, TasksAreVaried) {
  std::set<int64_t> anchor_counts;
  std::set<int64_t> lengths;
  int masked = 0;
  int enumerated = 0;
  int memory_alone = 0;
  std::set<int64_t> group_counts;
  std::map<MemoryLabels, int> label_rules;
  for (const Case& c : cases_) {
    anchor_counts.insert(c.task.num_anchors);
    lengths.insert(c.task.length);
    masked += c.task.masked.empty() ? 0 : 1;
    enumerated += c.task.sampling == Sampling::kEnumerated ? 1 : 0;
    group_counts.insert(c.task.memory_groups);
    ++label_rules[c.task.memory_labels];
    memory_alone += c.task.kinds == TaskKinds::kMemory ? 1 : 0;
  }
  EXPECT_EQ(anchor_counts, (std::set<int64_t>{1, 2, 3}));
  EXPECT_EQ(lengths.size(), 11U) << "2 .. 12";
  EXPECT_GE(masked, 60);
  EXPECT_GE(enumerated, 15);
  EXPECT_GE(memory_alone, 30);
  EXPECT_EQ(group_counts, (std::set<int64_t>{1, 2, 3}));
  for (const MemoryLabels rule :
       {MemoryLabels::kKeys, MemoryLabels::kAroundKey, MemoryLabels::kNested}) {
    EXPECT_GE(label_rules[rule], 40);
  }
}

TEST_F(RandomTaskTest, KeyAndAnchorsAreFound) {
  for (const Case& c : cases_) {
    for (size_t row = 0; row < std::min<size_t>(c.memory.size(), 20); ++row) {
      const Sequence& sequence = c.memory[row];
      const auto at = static_cast<int64_t>(row);
      ASSERT_EQ(KeyPosition(c.task, c.data.memory, at), sequence.position) << Describe(c);
      const std::vector<int32_t> found = KeyAndAnchors(c.task, c.data.memory, at);
      EXPECT_EQ(found.front(), sequence.key) << Describe(c);
      EXPECT_EQ(Anchors(found.begin() + 1, found.end()), sequence.anchors) << Describe(c);
    }
  }
}

TEST_F(RandomTaskTest, SizesAddUp) {
  for (const Case& c : cases_) {
    EXPECT_EQ(c.data.memory.size() + c.data.reasoning_train.size() + c.data.reasoning_test.size(),
              c.task.samples)
        << Describe(c);
    EXPECT_EQ(c.data.memory.size() + c.data.reasoning_train.size(), TrainingSamples(c.task))
        << Describe(c);
  }
}

TEST_F(RandomTaskTest, TokensAndLabelsLieInTheVocabulary) {
  for (const Case& c : cases_) {
    for (const AnchorSequences* samples :
         {&c.data.memory, &c.data.reasoning_train, &c.data.reasoning_test}) {
      for (const std::vector<int32_t>* numbers : {&samples->tokens, &samples->labels}) {
        EXPECT_TRUE(std::ranges::all_of(*numbers, [&c](int32_t number) {
          return number >= 0 && number < c.task.vocabulary;
        })) << Describe(c);
      }
    }
  }
}

TEST_F(RandomTaskTest, AnchorsOfASequenceAreOfOneKind) {
  const auto within = [](const std::vector<Sequence>& sequences, int64_t min, int64_t max) {
    return std::ranges::all_of(sequences, [min, max](const Sequence& s) {
      return std::ranges::all_of(s.anchors, [min, max](int64_t a) { return a >= min && a <= max; });
    });
  };
  for (const Case& c : cases_) {
    EXPECT_TRUE(within(c.memory, c.task.memory_min, c.task.memory_max)) << Describe(c);
    EXPECT_TRUE(within(c.train, c.task.reasoning_min, c.task.reasoning_max)) << Describe(c);
    EXPECT_TRUE(within(c.test, c.task.reasoning_min, c.task.reasoning_max)) << Describe(c);
  }
}

TEST_F(RandomTaskTest, MemoryAnchorsOfASequenceAreOfTheGroupOfItsRow) {
  for (const Case& c : cases_) {
    const int64_t n = c.data.memory.size();
    ASSERT_EQ(n % c.task.memory_groups, 0) << Describe(c);
    for (int64_t row = 0; row < n; ++row) {
      const int64_t group = row / (n / c.task.memory_groups);
      ASSERT_TRUE(std::ranges::all_of(
          c.memory[static_cast<size_t>(row)].anchors,
          [&c, group](int64_t anchor) { return MemoryGroup(c.task, anchor) == group; }))
          << "sequence " << row << "\n"
          << Describe(c);
    }
  }
}

TEST_F(RandomTaskTest, AReasoningLabelIsTheSum) {
  for (const Case& c : cases_) {
    for (const std::vector<Sequence>* sequences : {&c.train, &c.test}) {
      for (const Sequence& s : *sequences) {
        ASSERT_EQ(s.label, std::accumulate(s.anchors.begin(), s.anchors.end(), s.key))
            << Describe(c);
      }
    }
  }
}

TEST_F(RandomTaskTest, AMemoryLabelIsOfItsRangeAndFixed) {
  size_t repeated = 0;
  for (const Case& c : cases_) {
    std::map<std::pair<int64_t, Anchors>, int64_t> labels;
    for (const Sequence& s : c.memory) {
      const int64_t sum = std::accumulate(s.anchors.begin(), s.anchors.end(), int64_t{0});
      const int64_t group = MemoryGroup(c.task, s.anchors[0]);
      switch (c.task.memory_labels) {
        case MemoryLabels::kKeys:
          ASSERT_TRUE(IsKey(c.task, s.label)) << s.label << "\n" << Describe(c);
          break;
        case MemoryLabels::kAroundKey:
          ASSERT_LE(std::abs(s.label - s.key), sum) << Describe(c);
          break;
        case MemoryLabels::kNested:
          ASSERT_GE(s.label, c.task.nested_min) << Describe(c);
          ASSERT_LT(s.label, c.task.nested_min + c.task.nested_step * (group + 1)) << Describe(c);
          break;
      }
      const TokenRange range = MemoryLabelRange(c.task, group, s.key, sum);
      ASSERT_TRUE(Holds(range, s.label)) << s.label << "\n" << Describe(c);
      const auto [at, is_new] = labels.emplace(std::pair(s.key, s.anchors), s.label);
      ASSERT_EQ(at->second, s.label) << "key " << s.key << " has two labels\n" << Describe(c);
      repeated += is_new ? 0 : 1;
    }
  }
  EXPECT_GE(repeated, 1000U) << "hardly any (key, anchors) came twice: nothing was tested";
}

TEST_F(RandomTaskTest, MaskedCombinationsAreTheTestSet) {
  for (const Case& c : cases_) {
    const auto masked = c.task.MaskedCombinations();
    const std::set<Anchors> expected(masked.begin(), masked.end());
    std::set<Anchors> tested;
    for (const Sequence& s : c.test) {
      tested.insert(s.anchors);
    }
    EXPECT_EQ(tested, expected) << Describe(c);
    for (const Sequence& s : c.train) {
      ASSERT_FALSE(expected.contains(s.anchors)) << Describe(c);
    }
  }
}

TEST_F(RandomTaskTest, EveryCombinationOccursEquallyOften) {
  for (const Case& c : cases_) {
    const auto memory = MemoryCombinations(c.task);
    const auto reasoning = ReasoningCombinations(c.task);
    const int64_t each = c.task.samples / static_cast<int64_t>(memory.size() + reasoning.size());
    std::map<Anchors, int64_t> expected;
    for (const Anchors& anchors : memory) {
      expected[anchors] = each;
    }
    EXPECT_EQ(CountsOf(c.memory), expected) << Describe(c);
    expected.clear();
    for (const Anchors& anchors : reasoning) {
      expected[anchors] = each;
    }
    std::vector<Sequence> all = c.train;
    all.insert(all.end(), c.test.begin(), c.test.end());
    EXPECT_EQ(CountsOf(all), expected) << Describe(c);
  }
}

TEST_F(RandomTaskTest, EnumeratedTasksHoldEachKeyAndAnchorsOnce) {
  for (const Case& c : cases_) {
    if (c.task.sampling != Sampling::kEnumerated) {
      continue;
    }
    std::set<std::pair<int64_t, Anchors>> seen;
    for (const std::vector<Sequence>* sequences : {&c.memory, &c.train, &c.test}) {
      for (const Sequence& s : *sequences) {
        ASSERT_TRUE(seen.emplace(s.key, s.anchors).second) << Describe(c);
        ASSERT_EQ(s.position, 0);
      }
    }
    EXPECT_EQ(static_cast<int64_t>(seen.size()), c.task.samples) << Describe(c);
  }
}

TEST_F(RandomTaskTest, SameSeedSameBytes) {
  for (const Case& c : cases_) {
    const AnchorData again = MakeAnchorData(c.task, c.seed);
    EXPECT_TRUE(SameData(again, c.data)) << Describe(c);
    EXPECT_EQ(DataDigest(again), DataDigest(c.data));
  }
}

TEST_F(RandomTaskTest, OtherSeedOtherBytes) {
  int compared = 0;
  for (const Case& c : cases_) {
    // Where nothing is left to chance, or next to nothing, seeds may agree.
    if (c.task.samples < 100 || c.task.key_max - c.task.key_min < 4 ||
        (c.task.sampling == Sampling::kEnumerated && c.task.memory_labels != MemoryLabels::kKeys)) {
      continue;
    }
    ++compared;
    const AnchorData other = MakeAnchorData(c.task, c.seed + 1);
    EXPECT_FALSE(SameSamples(other.memory, c.data.memory)) << Describe(c);
    EXPECT_NE(DataDigest(other), DataDigest(c.data)) << Describe(c);
    if (c.task.sampling == Sampling::kSampled && c.task.kinds == TaskKinds::kBoth) {
      EXPECT_FALSE(SameSamples(other.reasoning_train, c.data.reasoning_train)) << Describe(c);
    }
  }
  EXPECT_GE(compared, 40);
}

// Which sequences are for the test does not change what they are.
TEST_F(RandomTaskTest, MaskingOnlyMovesSequences) {
  for (const Case& c : cases_) {
    AnchorTaskConfig unmasked = c.task;
    unmasked.masked.clear();
    const AnchorData data = MakeAnchorData(unmasked, c.seed);
    EXPECT_TRUE(SameSamples(data.memory, c.data.memory)) << Describe(c);
    EXPECT_EQ(data.reasoning_test.size(), 0);
    std::map<Anchors, std::vector<std::vector<int64_t>>> expected;
    for (const AnchorSequences* samples : {&c.data.reasoning_train, &c.data.reasoning_test}) {
      const std::vector<Sequence>& sequences =
          samples == &c.data.reasoning_train ? c.train : c.test;
      for (int64_t row = 0; row < samples->size(); ++row) {
        expected[sequences.at(static_cast<size_t>(row)).anchors].push_back(Tokens(*samples, row));
      }
    }
    std::map<Anchors, std::vector<std::vector<int64_t>>> found;
    const std::vector<Sequence> sequences = TakeApart(unmasked, data.reasoning_train);
    for (int64_t row = 0; row < data.reasoning_train.size(); ++row) {
      found[sequences.at(static_cast<size_t>(row)).anchors].push_back(
          Tokens(data.reasoning_train, row));
    }
    EXPECT_EQ(found, expected) << Describe(c);
  }
}

// The kinds draw from streams of their own: another set of reasoning anchors, of the same size, is
// no other memory task, and the other way round.
TEST(AnchorTaskTest, KindsDoNotShiftEachOther) {
  AnchorTaskConfig task;
  task.samples = 2000;
  task.masked.clear();
  const AnchorData data = MakeAnchorData(task, 3);

  AnchorTaskConfig other_reasoning = task;
  other_reasoning.reasoning_min = 121;
  other_reasoning.reasoning_max = 130;
  other_reasoning.vocabulary = 400;
  EXPECT_TRUE(SameSamples(MakeAnchorData(other_reasoning, 3).memory, data.memory));

  AnchorTaskConfig other_memory = task;
  other_memory.memory_min = 121;
  other_memory.memory_max = 130;
  EXPECT_TRUE(SameSamples(MakeAnchorData(other_memory, 3).reasoning_train, data.reasoning_train));
}

// A memory task is the memory part of the task with both kinds.
TEST(AnchorTaskTest, MemoryTasksAreTheMemoryPart) {
  for (AnchorTaskConfig task : {AnchorTaskConfig{}, EmbMlpTask()}) {
    const AnchorSequences both = MakeAnchorData(task, 3).memory;
    task.kinds = TaskKinds::kMemory;
    task.masked.clear();
    task.samples /= 2;
    Validate(RunConfig{.task = task});
    const AnchorData data = MakeAnchorData(task, 3);
    EXPECT_TRUE(SameSamples(data.memory, both));
    EXPECT_EQ(data.reasoning_train.size(), 0);
    EXPECT_EQ(data.reasoning_test.size(), 0);
    EXPECT_EQ(data.reasoning_train.length, task.length);
  }
}

// Four groups of five anchors, by hand.
TEST(AnchorTaskTest, GroupsAreConsecutiveAnchors) {
  AnchorTaskConfig task = MemoryTask(MemoryLabels::kNested);
  task.samples = 1000;
  Validate(RunConfig{.task = task});
  const std::vector<Sequence> sequences = TakeApart(task, MakeAnchorData(task, 1).memory);
  ASSERT_EQ(sequences.size(), 1000U);
  for (size_t group = 0; group < 4; ++group) {
    std::set<int64_t> anchors;
    std::set<Anchors> combinations;
    for (size_t row = group * 250; row < (group + 1) * 250; ++row) {
      anchors.insert(sequences[row].anchors.begin(), sequences[row].anchors.end());
      combinations.insert(sequences[row].anchors);
    }
    const int64_t first = 1 + 5 * static_cast<int64_t>(group);
    EXPECT_EQ(anchors, (std::set<int64_t>{first, first + 1, first + 2, first + 3, first + 4}));
    EXPECT_EQ(combinations.size(), 25U);
  }
}

// Which label a (key, anchors) got does not depend on how many sequences there are, how long they
// are and whether they are sampled.
TEST(AnchorTaskTest, MemoryLabelsDoNotDependOnTheSequences) {
  const auto labels_of = [](const AnchorTaskConfig& task) {
    std::map<std::pair<int64_t, Anchors>, int64_t> labels;
    for (const Sequence& s : TakeApart(task, MakeAnchorData(task, 3).memory)) {
      labels.emplace(std::pair(s.key, s.anchors), s.label);
    }
    return labels;
  };
  const auto all = labels_of(EmbMlpTask());
  ASSERT_EQ(all.size(), 10'000U);
  AnchorTaskConfig task;
  task.samples = 20'000;
  const auto sampled = labels_of(task);
  EXPECT_GE(sampled.size(), 5000U);
  for (const auto& [key, label] : sampled) {
    ASSERT_EQ(all.at(key), label);
  }
}

TEST(AnchorTaskTest, ThePapersTaskHasItsSizes) {
  const AnchorData data = MakeAnchorData(AnchorTaskConfig{}, 1);
  EXPECT_EQ(data.memory.size(), 100'000);
  EXPECT_EQ(data.reasoning_train.size(), 98'000);
  EXPECT_EQ(data.reasoning_test.size(), 2000);
  EXPECT_EQ(data.memory.length, 9);
}

TEST(AnchorTaskTest, MemoryLabelsAreUniformOnTheKeys) {
  std::vector<int64_t> counts(100);
  int64_t as_reasoning = 0;
  for (const Sequence& s : TakeApart(EmbMlpTask(), MakeAnchorData(EmbMlpTask(), 1).memory)) {
    ++counts.at(static_cast<size_t>(s.label - 21));
    as_reasoning += s.label == std::accumulate(s.anchors.begin(), s.anchors.end(), s.key) ? 1 : 0;
  }
  EXPECT_LT(std::fabs(ChiSquareDeviation(counts)), kSigmas);
  // Nothing ties a label to its own key: 10,000 labels hit the sum about once in a hundred.
  EXPECT_NEAR(static_cast<double>(as_reasoning), 89.0, kSigmas * std::sqrt(89.0));
}

TEST(MemoryLabelRangeTest, IsThePapers) {
  struct Case {
    MemoryLabels labels;
    int64_t group;
    int64_t key;
    int64_t sum;
    int64_t min;
    int64_t max;
  };
  for (const Case& c : {
           Case{MemoryLabels::kKeys, 0, 21, 2, 21, 120},
           Case{MemoryLabels::kKeys, 0, 120, 20, 21, 120},
           Case{MemoryLabels::kAroundKey, 0, 50, 13, 37, 63},
           Case{MemoryLabels::kAroundKey, 0, 21, 20, 1, 41},
           Case{MemoryLabels::kAroundKey, 0, 120, 20, 100, 140},
           Case{MemoryLabels::kAroundKey, 0, 120, 0, 120, 120},
           Case{MemoryLabels::kNested, 0, 50, 2, 30, 49},
           Case{MemoryLabels::kNested, 1, 21, 12, 30, 69},
           Case{MemoryLabels::kNested, 2, 120, 30, 30, 89},
           Case{MemoryLabels::kNested, 3, 50, 40, 30, 109},
       }) {
    const TokenRange range = MemoryLabelRange(MemoryTask(c.labels), c.group, c.key, c.sum);
    EXPECT_EQ(range.first, c.min) << FormatValue(c.labels) << " group " << c.group;
    EXPECT_EQ(range.last, c.max) << FormatValue(c.labels) << " group " << c.group;
  }
}

TEST(AnchorTaskTest, LabelsAroundTheKeyAreUniform) {
  const AnchorTaskConfig task = EnumeratedMemoryTask(MemoryLabels::kAroundKey);
  Validate(RunConfig{.task = task});
  std::map<int64_t, std::vector<int64_t>> counts;  // of label - (key - sum), for each sum
  int64_t smallest = task.vocabulary;
  int64_t largest = 0;
  for (const Sequence& s : TakeApart(task, MakeAnchorData(task, 1).memory)) {
    const int64_t sum = std::accumulate(s.anchors.begin(), s.anchors.end(), int64_t{0});
    std::vector<int64_t>& of_sum = counts[sum];
    of_sum.resize(static_cast<size_t>(2 * sum + 1));
    ++of_sum.at(static_cast<size_t>(s.label - s.key + sum));
    smallest = std::min(smallest, s.label);
    largest = std::max(largest, s.label);
  }
  EXPECT_EQ(counts.size(), 19U) << "2 .. 20";
  for (const auto& [sum, of_sum] : counts) {
    EXPECT_LT(std::fabs(ChiSquareDeviation(of_sum)), kSigmas) << "sum " << sum;
  }
  EXPECT_GE(smallest, 1);
  EXPECT_LT(smallest, 21) << "labels are not kept to the keys";
  EXPECT_GT(largest, 120);
  EXPECT_LE(largest, 140);
}

TEST(AnchorTaskTest, NestedLabelsAreUniformOnTheRangeOfTheirGroup) {
  const AnchorTaskConfig task = EnumeratedMemoryTask(MemoryLabels::kNested);
  Validate(RunConfig{.task = task});
  const std::vector<Sequence> sequences = TakeApart(task, MakeAnchorData(task, 1).memory);
  ASSERT_EQ(sequences.size(), 10'000U);
  for (size_t group = 0; group < 4; ++group) {
    std::vector<int64_t> counts(20 * (group + 1));
    for (size_t row = group * 2500; row < (group + 1) * 2500; ++row) {
      ++counts.at(static_cast<size_t>(sequences[row].label - 30));
    }
    EXPECT_LT(std::fabs(ChiSquareDeviation(counts)), kSigmas) << "group " << group;
    EXPECT_GT(std::ranges::min(counts), 0);
  }
}

// The rule of the labels changes them alone.
TEST(AnchorTaskTest, LabelRulesDoNotShiftTheSequences) {
  AnchorTaskConfig task;
  task.samples = 2000;
  const AnchorData keys = MakeAnchorData(task, 3);
  for (const MemoryLabels rule : {MemoryLabels::kAroundKey, MemoryLabels::kNested}) {
    task.memory_labels = rule;
    Validate(RunConfig{.task = task});
    const AnchorData data = MakeAnchorData(task, 3);
    EXPECT_EQ(data.memory.tokens, keys.memory.tokens);
    EXPECT_NE(data.memory.labels, keys.memory.labels);
    EXPECT_TRUE(SameSamples(data.reasoning_train, keys.reasoning_train));
    EXPECT_TRUE(SameSamples(data.reasoning_test, keys.reasoning_test));
  }
}

// Keys, positions and noise on a task with many sequences of each combination.
class SampledTaskTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    task_ = {.vocabulary = 40,
             .key_min = 10,
             .key_max = 29,
             .memory_min = 0,
             .memory_max = 1,
             .reasoning_min = 4,
             .reasoning_max = 5,
             .num_anchors = 2,
             .length = 9,
             .samples = 16'000,
             .masked = {"4-5"}};
    Validate(RunConfig{.task = task_});
    const AnchorData data = MakeAnchorData(task_, 1);
    for (const AnchorSequences* samples :
         {&data.memory, &data.reasoning_train, &data.reasoning_test}) {
      sets_.push_back(TakeApart(task_, *samples));
    }
  }

  static AnchorTaskConfig task_;
  static std::vector<std::vector<Sequence>> sets_;  // memory, training, test
};

AnchorTaskConfig SampledTaskTest::task_;
std::vector<std::vector<Sequence>> SampledTaskTest::sets_;

// p = 0 .. L - 1 - q, the last of which puts the anchors at the very end.
TEST_F(SampledTaskTest, EveryCombinationStandsAtEveryPosition) {
  for (const std::vector<Sequence>& sequences : sets_) {
    std::map<Anchors, std::vector<int64_t>> counts;
    for (const Sequence& s : sequences) {
      std::vector<int64_t>& of_anchors = counts[s.anchors];
      of_anchors.resize(7);
      ++of_anchors.at(static_cast<size_t>(s.position));
    }
    for (const auto& [anchors, of_positions] : counts) {
      EXPECT_LT(std::fabs(ChiSquareDeviation(of_positions)), kSigmas);
      EXPECT_GT(std::ranges::min(of_positions), 0);
    }
  }
}

TEST_F(SampledTaskTest, KeysAreUniform) {
  for (const std::vector<Sequence>& sequences : sets_) {
    std::vector<int64_t> counts(20);
    for (const Sequence& s : sequences) {
      ++counts.at(static_cast<size_t>(s.key - 10));
    }
    EXPECT_LT(std::fabs(ChiSquareDeviation(counts)), kSigmas);
  }
}

TEST_F(SampledTaskTest, NoiseIsUniformAtEachPlace) {
  for (const std::vector<Sequence>& sequences : sets_) {
    std::vector<std::vector<int64_t>> counts(6, std::vector<int64_t>(20));
    for (const Sequence& s : sequences) {
      ASSERT_EQ(s.noise.size(), 6U);
      for (size_t i = 0; i < s.noise.size(); ++i) {
        ++counts[i].at(static_cast<size_t>(s.noise[i] - 10));
      }
    }
    for (const std::vector<int64_t>& at_place : counts) {
      EXPECT_LT(std::fabs(ChiSquareDeviation(at_place)), kSigmas);
    }
  }
}

// Differences modulo the number of keys show any tie between two draws.
TEST_F(SampledTaskTest, KeyNoiseAndPositionAreIndependent) {
  for (const std::vector<Sequence>& sequences : sets_) {
    std::vector<int64_t> key_and_noise(20);
    std::vector<int64_t> noise_and_noise(20);
    std::vector<int64_t> key_and_position(size_t{7} * 20);
    for (const Sequence& s : sequences) {
      ++key_and_noise.at(static_cast<size_t>((s.key - s.noise[0] + 20) % 20));
      ++noise_and_noise.at(static_cast<size_t>((s.noise[4] - s.noise[5] + 20) % 20));
      ++key_and_position.at(static_cast<size_t>((s.key - 10) * 7 + s.position));
    }
    EXPECT_LT(std::fabs(ChiSquareDeviation(key_and_noise)), kSigmas);
    EXPECT_LT(std::fabs(ChiSquareDeviation(noise_and_noise)), kSigmas);
    EXPECT_LT(std::fabs(ChiSquareDeviation(key_and_position)), kSigmas);
  }
}

// Both kinds of sampling.
std::vector<AnchorTaskConfig> TasksForRandomLabels() {
  AnchorTaskConfig sampled;
  sampled.samples = 20'000;
  return {sampled, EmbMlpTask()};
}

// The nearest number of sequences, whose other labels and all tokens stay; a larger share has the
// labels of a smaller one.
TEST(RandomLabelsTest, ReplacesAShareOfTheTrainingLabelsAlone) {
  for (AnchorTaskConfig task : TasksForRandomLabels()) {
    const AnchorData plain = MakeAnchorData(task, 3);
    std::vector<int32_t> before = plain.reasoning_train.labels;
    const auto size = static_cast<double>(before.size());
    std::vector<bool> replaced(before.size());
    for (const double share : {0.0, 0.25, 0.5, 1.0}) {
      task.random_labels = share;
      const AnchorData data = MakeAnchorData(task, 3);
      EXPECT_EQ(data.memory.labels, plain.memory.labels);
      EXPECT_EQ(data.reasoning_test.labels, plain.reasoning_test.labels);
      EXPECT_EQ(data.reasoning_test.tokens, plain.reasoning_test.tokens);
      EXPECT_EQ(data.reasoning_train.tokens, plain.reasoning_train.tokens);
      double changed = 0;
      for (size_t i = 0; i < before.size(); ++i) {
        const int32_t label = data.reasoning_train.labels[i];
        if (replaced[i]) {
          ASSERT_EQ(label, before[i]) << "replaced once more";
        }
        replaced[i] = label != plain.reasoning_train.labels[i];
        changed += replaced[i] ? 1 : 0;
        ASSERT_GE(label, 43);   // 21 + 2 * 11
        ASSERT_LE(label, 160);  // 120 + 2 * 20
      }
      // One of 118 is what it was.
      EXPECT_NEAR(changed, share * size * 117 / 118, 6 * std::sqrt(share * size / 118));
      before = data.reasoning_train.labels;
    }
  }
}

TEST(RandomLabelsTest, AreUniformOnTheReasoningLabels) {
  for (AnchorTaskConfig task : TasksForRandomLabels()) {
    task.random_labels = 1;
    std::vector<int64_t> counts(118);
    for (int64_t seed = 1; seed <= 5; ++seed) {
      for (const int32_t label : MakeAnchorData(task, seed).reasoning_train.labels) {
        ++counts.at(static_cast<size_t>(label - 43));
      }
    }
    EXPECT_LT(std::fabs(ChiSquareDeviation(counts)), kSigmas);
  }
}

TEST(RandomLabelsTest, AMemoryTaskHasNone) {
  AnchorTaskConfig task = MemoryTask(MemoryLabels::kNested);
  const std::string plain = DataDigest(MakeAnchorData(task, 1));
  task.random_labels = 0.5;
  EXPECT_EQ(DataDigest(MakeAnchorData(task, 1)), plain);
}

TEST(AnchorTaskStabilityTest, FirstAndLastSequences) {
  const AnchorData data = MakeAnchorData(AnchorTaskConfig{}, 1);
  const struct {
    const AnchorSequences* samples;
    bool last;
    std::vector<int64_t> tokens;
    int32_t label;
  } goldens[] = {
      {&data.memory, false, {23, 31, 1, 1, 53, 68, 73, 114, 26}, 105},
      {&data.memory, true, {85, 64, 24, 64, 107, 25, 10, 10, 67}, 96},
      {&data.reasoning_train, false, {34, 60, 82, 94, 107, 89, 11, 11, 38}, 111},
      {&data.reasoning_train, true, {102, 93, 47, 20, 20, 69, 116, 56, 23}, 87},
      {&data.reasoning_test, false, {103, 57, 89, 26, 26, 39, 111, 11, 13}, 135},
      {&data.reasoning_test, true, {63, 105, 66, 71, 115, 59, 55, 13, 11}, 79},
  };
  for (const auto& golden : goldens) {
    const int64_t row = golden.last ? golden.samples->size() - 1 : 0;
    EXPECT_EQ(Tokens(*golden.samples, row), golden.tokens);
    EXPECT_EQ(golden.samples->labels[static_cast<size_t>(row)], golden.label);
  }
}

TEST(AnchorTaskStabilityTest, Digests) {
  EXPECT_EQ(DataDigest(MakeAnchorData(AnchorTaskConfig{}, 1)),
            "2b848044bb1b14006c0f22d99e8bbcb4adba824d8f23f376375d408dc6b84436");
  EXPECT_EQ(DataDigest(MakeAnchorData(EmbMlpTask(), 1)),
            "1078c407d77f56501eb09fa40fb6988bb66dd717302a94df565db0f280324cac");
  AnchorTaskConfig one_anchor;
  one_anchor.num_anchors = 1;
  one_anchor.length = 4;
  one_anchor.samples = 2000;
  one_anchor.masked = {"12"};
  EXPECT_EQ(DataDigest(MakeAnchorData(one_anchor, 5)),
            "b5d21385739b35c8cbf2a8ec71242779d75536133bb7b4f5a4ff63c2aba49d9d");
  EXPECT_EQ(DataDigest(MakeAnchorData(MemoryTask(MemoryLabels::kAroundKey), 1)),
            "fd902848d08dbc380d8aad6d31bd3a7c5fe82140b16f72d1467ddd17aad1c01c");
  EXPECT_EQ(DataDigest(MakeAnchorData(MemoryTask(MemoryLabels::kNested), 1)),
            "11739ce6e36f94836c506bf3f4cbd1c4d6f4765fe9414a018770d60ba87a6261");
  std::vector<std::string> noisy;
  for (AnchorTaskConfig task : TasksForRandomLabels()) {
    task.random_labels = 0.3;
    noisy.push_back(DataDigest(MakeAnchorData(task, 1)));
  }
  EXPECT_EQ(noisy, (std::vector<std::string>{
                       "0fc725b29074bf68a53ac5e355b35b347c680c39bf6f04ae1de2d4a5ffb1fd28",
                       "0355e3e0aeefe4087d2ba9689fc6161a6cd32f0fd76acf17dbc3dc1a5514bdbf"}));
}

TEST(DataDigestTest, ChangesWithEveryTokenAndLabel) {
  AnchorTaskConfig task;
  task.samples = 400;
  task.length = 4;
  AnchorData data = MakeAnchorData(task, 1);
  std::set<std::string> digests = {DataDigest(data)};
  for (AnchorSequences* samples : {&data.memory, &data.reasoning_train, &data.reasoning_test}) {
    for (std::vector<int32_t>* numbers : {&samples->tokens, &samples->labels}) {
      for (const size_t at : {size_t{0}, numbers->size() - 1}) {
        ++(*numbers)[at];
        EXPECT_TRUE(digests.insert(DataDigest(data)).second);
        --(*numbers)[at];
      }
    }
  }
  EXPECT_EQ(digests.size(), 13U);
}

}  // namespace
}  // namespace initbias
