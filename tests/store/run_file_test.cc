#include "lib/store/run_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "lib/base/error.h"
#include "lib/store/hdf5_file.h"
#include "tests/error_of.h"
#include "tests/expect_same.h"
#include "tests/small_runs.h"
#include "tests/store/sample_results.h"

namespace initbias {
namespace {

using testing::HasSubstr;

std::filesystem::path Temporary(const std::string& name) {
  return std::filesystem::path(testing::TempDir()) / name;
}

std::string Bytes(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void ExpectSameWithProvenance(const RunResult& a, const RunResult& b) {
  ExpectSame(a, b);
  const Provenance& p = a.provenance;
  const Provenance& q = b.provenance;
  EXPECT_EQ(std::tie(p.commit, p.dirty, p.torch_version, p.hdf5_version, p.compiler, p.blas, p.cpu,
                     p.isa, p.cpu_capability, p.host, p.device, p.numerics, p.threads, p.resumed,
                     p.argv, p.start, p.seconds, p.peak_memory),
            std::tie(q.commit, q.dirty, q.torch_version, q.hdf5_version, q.compiler, q.blas, q.cpu,
                     q.isa, q.cpu_capability, q.host, q.device, q.numerics, q.threads, q.resumed,
                     q.argv, q.start, q.seconds, q.peak_memory));
}

TEST(RunFileTest, RoundTrip) {
  WriteRunFile(Temporary("run.h5"), SampleRun());
  ExpectSameWithProvenance(ReadRunFile(Temporary("run.h5")), SampleRun());
  ExpectSameWithProvenance(ReadRunFile(Temporary("run.h5"), SmallTransformerRun()), SampleRun());
}

TEST(RunFileTest, CheckpointRoundTrip) {
  WriteCheckpoint(Temporary("checkpoint.h5"), SampleCheckpoint());
  const Checkpoint read = ReadCheckpoint(Temporary("checkpoint.h5"));
  ExpectSameWithProvenance(read.partial, SampleCheckpoint().partial);
  EXPECT_EQ(read.step, 10);
  EXPECT_EQ(ArraysDigest(read.state), ArraysDigest(SampleCheckpoint().state));
}

TEST(RunFileTest, SameRunSameBytes) {
  WriteRunFile(Temporary("one.h5"), SampleRun());
  WriteRunFile(Temporary("two.h5"), SampleRun());
  EXPECT_EQ(Bytes(Temporary("one.h5")), Bytes(Temporary("two.h5")));
}

TEST(RunFileTest, RefusesOtherKindsRunsAndVersions) {
  WriteRunFile(Temporary("run.h5"), SampleRun());
  EXPECT_THAT(ErrorOf([] { ReadCheckpoint(Temporary("run.h5")); }),
              HasSubstr("is a run file, not a checkpoint file"));
  RunConfig other = SmallTransformerRun();
  other.seed = 8;
  EXPECT_THAT(ErrorOf([&] { ReadRunFile(Temporary("run.h5"), other); }),
              HasSubstr("holds another run"));
  Hdf5File file = Hdf5File::Create(Temporary("future.h5"));
  file.WriteAttribute("/", "schema", "initbias");
  file.WriteAttribute("/", "schema_version", int64_t{2});
  file.Close();
  EXPECT_THAT(ErrorOf([] { ReadRunFile(Temporary("future.h5")); }),
              HasSubstr("has schema version 2, this program reads version 1"));
  Hdf5File foreign = Hdf5File::Create(Temporary("foreign.h5"));
  foreign.Close();
  EXPECT_THAT(ErrorOf([] { ReadRunFile(Temporary("foreign.h5")); }),
              HasSubstr("not a file of initbias"));
}

// Any cut leaves a file that is refused, never one that is read as something else.
TEST(RunFileTest, RefusesTruncatedFiles) {
  WriteRunFile(Temporary("whole.h5"), SampleRun());
  const std::string bytes = Bytes(Temporary("whole.h5"));
  for (size_t size = 0; size < bytes.size(); size += 997) {
    std::ofstream(Temporary("cut.h5"), std::ios::binary) << bytes.substr(0, size);
    EXPECT_THAT(ErrorOf([] { ReadRunFile(Temporary("cut.h5")); }), HasSubstr("cut.h5")) << size;
  }
}

TEST(RunFileTest, AChangedCheckpointStateIsRefused) {
  WriteCheckpoint(Temporary("state.h5"), SampleCheckpoint());
  std::string bytes = Bytes(Temporary("state.h5"));
  const std::string values("\x00\x00\x80\x3f\x00\x00\x00\x40\x00\x00\x40\x40", 12);  // 1, 2, 3
  const size_t at = bytes.find(values);
  ASSERT_NE(at, std::string::npos);
  bytes[at + 2] = 0x01;
  std::ofstream(Temporary("state.h5"), std::ios::binary) << bytes;
  EXPECT_THAT(ErrorOf([] { ReadCheckpoint(Temporary("state.h5")); }),
              HasSubstr("state.h5 is damaged: its state does not match its digest"));
}

TEST(RunFileTest, AFailedWriteLeavesTheOldFile) {
  WriteRunFile(Temporary("kept.h5"), SampleRun());
  const std::string before = Bytes(Temporary("kept.h5"));
  RunResult bad = SampleRun();
  bad.probes.push_back(bad.probes[0]);  // the same data set twice
  EXPECT_THROW(WriteRunFile(Temporary("kept.h5"), bad), Error);
  EXPECT_EQ(Bytes(Temporary("kept.h5")), before);
  for (const auto& entry : std::filesystem::directory_iterator(testing::TempDir())) {
    EXPECT_NE(entry.path().extension(), ".tmp") << entry.path();
  }
}

TEST(ArraysDigestTest, DependsOnNamesShapesAndValuesNotOnOrder) {
  const NamedArray a{"a", {{2, 1}, {1, 2}}};
  const NamedArray b{"b", {{2}, {1, 2}}};
  EXPECT_EQ(ArraysDigest({a, b}), ArraysDigest({b, a}));
  EXPECT_NE(ArraysDigest({a}), ArraysDigest({b}));
  EXPECT_NE(ArraysDigest({a}), ArraysDigest({{"a", {{1, 2}, {1, 2}}}}));
  EXPECT_NE(ArraysDigest({a}), ArraysDigest({{"a", {{2, 1}, {1, 2.5}}}}));
}

TEST(RunResultTest, AMissingSeriesIsAnErrorThatNamesTheRun) {
  EXPECT_THAT(ErrorOf([] { (void)SampleRun().Get("reasoning_train"); }),
              HasSubstr("transformer gamma=0.5 seed=7"));
}

}  // namespace
}  // namespace initbias
