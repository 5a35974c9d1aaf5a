// What differs between tensors, claims and files, where and by how much.
#include "lib/store/compare.h"

#include <gmock/gmock-more-matchers.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include "lib/result/run_result.h"
#include "lib/store/figure_file.h"
#include "lib/store/hdf5_file.h"
#include "lib/store/run_file.h"
#include "tests/non_finite.h"
#include "tests/store/sample_results.h"

namespace initbias {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

const std::vector<NamedArray> kTensors = {{"a", {{2}, {1, 2}}}, {"b", {{1, 2}, {3, 4}}}};

ValuesDifference Compare(const std::vector<double>& a, const std::vector<double>& b) {
  return CompareValues(std::span<const double>(a), std::span<const double>(b));
}

TEST(CompareValuesTest, TellsTheFirstAndTheLargestDifferences) {
  const ValuesDifference found = Compare({1, 100, 0, 0.5}, {1, 101, 0, 0.25});
  EXPECT_EQ(found.count, 2u);
  EXPECT_EQ(found.first, 1u);
  EXPECT_EQ(found.absolute, 1);
  EXPECT_EQ(found.absolute_at, 1u);
  EXPECT_EQ(found.relative, 0.5);
  EXPECT_EQ(found.relative_at, 3u);
}

TEST(CompareValuesTest, OfWhatIsNoNumber) {
  EXPECT_EQ(Compare({kNan, 1}, {kNan, 1}).count, 0u);
  EXPECT_TRUE(std::isinf(Compare({kNan}, {1}).absolute));
  const ValuesDifference zeros = Compare({0.0}, {-0.0});
  EXPECT_EQ(zeros.count, 1u);
  EXPECT_EQ(zeros.absolute, 0);
  EXPECT_EQ(zeros.relative, 0);
}

TEST(FirstDifferenceTest, IsEmptyForTheSameBits) {
  EXPECT_EQ(FirstDifference(kTensors, kTensors), "");
}

TEST(FirstDifferenceTest, NamesTheTensorAndTheLargestDifference) {
  std::vector<NamedArray> other = kTensors;
  other[1].array.values = {3.25F, 3.5F};
  EXPECT_EQ(FirstDifference(kTensors, other),
            "first in b [1, 2]: largest difference 0.5; 1 of 2 tensors differ");
}

TEST(FirstDifferenceTest, MinusZeroIsAnotherBit) {
  const std::vector<NamedArray> zero = {{"a", {{1}, {0.0F}}}};
  const std::vector<NamedArray> minus_zero = {{"a", {{1}, {-0.0F}}}};
  EXPECT_THAT(FirstDifference(zero, minus_zero), HasSubstr("largest difference 0;"));
}

TEST(FirstDifferenceTest, OtherShapesAndMissingTensorsDiffer) {
  std::vector<NamedArray> other = kTensors;
  other[0].array.shape = {1, 2};
  EXPECT_THAT(FirstDifference(kTensors, other),
              StartsWith("first in a [2]: the other's is [1, 2]"));
  other.erase(other.begin());
  EXPECT_THAT(FirstDifference(kTensors, other), StartsWith("first in a [2]: the other has none"));
  EXPECT_THAT(FirstDifference(other, kTensors), StartsWith("first in a: only the other has it"));
}

TEST(CompareVerdictsTest, NamesTheClaimsThatChanged) {
  const Claim holds{.id = "x", .verdict = Verdict::kHolds};
  const Claim differs{.id = "x", .verdict = Verdict::kDiffers};
  const Claim other{.id = "y", .verdict = Verdict::kHolds};
  EXPECT_EQ(CompareVerdicts({holds, other}, {holds, other}), "verdicts: 2 of 2 equal");
  EXPECT_THAT(CompareVerdicts({holds, other}, {differs}),
              AllOf(StartsWith("verdicts: 0 of 2 equal"),
                    HasSubstr("x: holds here, differs in the reference"),
                    HasSubstr("y: holds here, not there in the reference")));
}

TEST(CompareClaimsTest, TellsValuesFromVerdicts) {
  const Claim one{.id = "x", .values = {1, kNan}, .seeds = {4, 5}, .verdict = Verdict::kHolds};
  Claim moved = one;
  moved.values[0] = 2;
  const std::vector<Claim> ones = {one};
  const std::vector<Claim> others = {{.id = "y"}, moved};
  EXPECT_TRUE(CompareClaims(ones, ones).front().same_values);
  const std::vector<ClaimComparison> found = CompareClaims(ones, others);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_TRUE(found[0].same_verdict);
  EXPECT_FALSE(found[0].same_values);
  EXPECT_EQ(found[1].id, "y");
  EXPECT_EQ(found[1].a, nullptr);
  EXPECT_FALSE(found[1].same_verdict);
}

// The file of `run`, open.
Hdf5File FileOf(const RunResult& run, const std::string& name) {
  const fs::path path = fs::path(testing::TempDir()) / name;
  WriteRunFile(path, run);
  return Hdf5File::Open(path);
}

std::vector<std::string> Paths(const FileComparison& comparison) {
  std::vector<std::string> paths;
  for (const ObjectDifference& difference : comparison.differences) {
    paths.push_back(difference.path);
  }
  return paths;
}

TEST(CompareFilesTest, AnotherProvenanceIsNoDifference) {
  RunResult other = SampleRun();
  other.provenance.host = "another";
  const FileComparison found = CompareFiles(FileOf(SampleRun(), "a.h5"), FileOf(other, "b.h5"));
  EXPECT_TRUE(found.equal());
  EXPECT_GT(found.objects, 50u);
}

TEST(CompareFilesTest, CausesComeBeforeDigestsAndPlacesAreTold) {
  RunResult other = SampleRun();
  other.curves[0].loss[2] = 4.5;
  other.probes[0].array.values[2] = 0.75F;
  const FileComparison found = CompareFiles(FileOf(SampleRun(), "a.h5"), FileOf(other, "b.h5"));
  EXPECT_THAT(Paths(found), ElementsAre("/series/memory/loss",
                                        "/probes/0000000000/attention.layer0", "/digest@series"));
  EXPECT_EQ(found.differences[0].what, "1 of 3 values");
  EXPECT_THAT(found.differences[0].details,
              ElementsAre("first at [2]: 4 in A, 4.5 in B",
                          "largest difference 0.5 at [2], 0.111 relative at [2]"));
  EXPECT_THAT(found.differences[1].details[0], StartsWith("first at [0, 1, 0]: 0.5 in A"));
}

TEST(CompareFilesTest, TellsWhatOneLacksAndOtherShapesAndTexts) {
  RunResult other = SampleRun();
  other.config.seed = 99;
  other.parameters[0].array = {{1, 3}, {1, 2, 3}};
  other.parameters.pop_back();
  const FileComparison found = CompareFiles(FileOf(SampleRun(), "a.h5"), FileOf(other, "b.h5"));
  const auto of = [&found](const std::string& path) {
    for (const ObjectDifference& one : found.differences) {
      if (one.path == path) {
        return one;
      }
    }
    return ObjectDifference{};
  };
  EXPECT_THAT(of("/config@seed").details, ElementsAre(StartsWith("A: "), "B: 99"));
  EXPECT_EQ(of("/parameters/head.w").what, "[2, 3] in A, [1, 3] in B");
  EXPECT_EQ(of("/parameters/a.bias").what, "only in A");
  EXPECT_THAT(Paths(found), testing::Contains("/config@canonical"));
}

}  // namespace
}  // namespace initbias
