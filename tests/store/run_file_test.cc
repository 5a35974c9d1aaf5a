#include "lib/store/run_file.h"

#include <fmt/format.h>
#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "lib/base/error.h"
#include "lib/config/run_config.h"
#include "lib/result/run_result.h"
#include "lib/store/content_digest.h"
#include "lib/store/hdf5_file.h"
#include "lib/store/header.h"
#include "tests/error_of.h"
#include "tests/expect_same.h"
#include "tests/small_runs.h"
#include "tests/store/sample_results.h"
#include "tests/test_files.h"

namespace initbias {
namespace {

using testing::AllOf;
using testing::HasSubstr;

void ExpectSameWithProvenance(const RunResult& a, const RunResult& b) {
  ExpectSame(a, b);
  const Provenance& p = a.provenance;
  const Provenance& q = b.provenance;
  EXPECT_EQ(std::tie(p.commit, p.dirty, p.torch_version, p.hdf5_version, p.compiler, p.blas, p.cpu,
                     p.isa, p.cpu_capability, p.kernels, p.host, p.device, p.numerics, p.threads,
                     p.resumed, p.argv, p.start, p.seconds, p.peak_memory),
            std::tie(q.commit, q.dirty, q.torch_version, q.hdf5_version, q.compiler, q.blas, q.cpu,
                     q.isa, q.cpu_capability, q.kernels, q.host, q.device, q.numerics, q.threads,
                     q.resumed, q.argv, q.start, q.seconds, q.peak_memory));
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

TEST(RunFileTest, ARunHasItsName) {
  const RunConfig config = SmallTransformerRun();
  const std::string id = RunId(config);
  const std::string other = "0123456789abcdef";
  EXPECT_EQ(WrongName("folder/" + id + ".h5", config), "");
  for (const char* const aside : {".aside", ".damaged2"}) {
    EXPECT_EQ(WrongName("checkpoints/" + id + ".h5" + aside, config), "");
    EXPECT_NO_THROW(CheckName("checkpoints/" + id + ".h5" + aside, config));
  }
  EXPECT_EQ(WrongName("folder/0123.h5", config),
            "folder/0123.h5 holds the run " + id + ", which its name does not say");
  // A copy may be called as one likes, but not as another run, nor stand among the runs.
  const std::vector<std::string> fine = {id + ".h5", "runs/" + id + ".h5", "mine.h5",
                                         "mine/mine.h5", "mine/" + other + "f.h5"};
  for (const std::string& path : fine) {
    EXPECT_NO_THROW(CheckName(path, config)) << path;
  }
  const std::vector<std::string> wrong = {other + ".h5", "mine/" + other + ".h5", "a/runs/mine.h5",
                                          "a/checkpoints/" + other + ".h5"};
  for (const std::string& path : wrong) {
    EXPECT_EQ(ErrorOf([&] { CheckName(path, config); }), WrongName(path, config)) << path;
  }
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
  file.WriteAttribute("/", "schema_version", kSchemaVersion + 1);
  file.Close();
  EXPECT_THAT(ErrorOf([] { ReadRunFile(Temporary("future.h5")); }),
              HasSubstr(fmt::format("has schema version {}, this program reads version {}",
                                    kSchemaVersion + 1, kSchemaVersion)));
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

// A bit that flipped on the disk, wherever numbers of the run lie.
TEST(RunFileTest, AFlippedBitIsDamage) {
  const auto path = Temporary("flipped.h5");
  RunResult run = SampleRun();
  run.epoch[1] = 123456.789;
  run.curves[0].loss[1] = 234567.891;
  run.curves[1].accuracy[1] = 345678.912;
  const auto bytes = [](auto value) {
    return std::string(reinterpret_cast<const char*>(&value), sizeof(value));
  };
  run.probes[1].array.values[0] = 4567.5F;
  run.parameters[0].array.values[0] = 5678.5F;
  run.parameters_digest = ArraysDigest(run.parameters);
  WriteRunFile(path, run);
  std::ifstream file(path, std::ios::binary);
  const std::string whole{std::istreambuf_iterator<char>(file), {}};
  for (const std::string& planted :
       {bytes(123456.789), bytes(234567.891), bytes(345678.912), bytes(4567.5F), bytes(5678.5F)}) {
    const size_t at = whole.find(planted);
    ASSERT_NE(at, std::string::npos);
    std::string flipped = whole;
    flipped[at] = static_cast<char>(flipped[at] ^ 1);
    std::ofstream(path, std::ios::binary) << flipped;
    EXPECT_THAT(ErrorOf([&] { ReadRunFile(path); }), HasSubstr("flipped.h5 is damaged"));
    EXPECT_THAT(ErrorOf([&] { ReadCheckedCurves(path); }), HasSubstr("flipped.h5 is damaged"));
  }
}

TEST(RunFileTest, CurvesThatAreCheckedAreThoseOfTheRun) {
  WriteRunFile(Temporary("curves.h5"), SampleRun());
  const RunResult whole = ReadRunFile(Temporary("curves.h5"));
  const CheckedCurves checked = ReadCheckedCurves(Temporary("curves.h5"));
  EXPECT_EQ(CanonicalForm(checked.run.config), CanonicalForm(whole.config));
  EXPECT_EQ(checked.run.profile, whole.profile);
  EXPECT_EQ(checked.run.Get("memory").loss, whole.Get("memory").loss);
  EXPECT_EQ(checked.run.provenance.argv, whole.provenance.argv);
  EXPECT_EQ(checked.digest, ContentDigest(Hdf5File::Open(Temporary("curves.h5"))));
  WriteCheckpoint(Temporary("curves.h5"), SampleCheckpoint());
  EXPECT_THAT(ErrorOf([] { ReadCheckedCurves(Temporary("curves.h5")); }),
              HasSubstr("is a checkpoint file, not a run file"));
}

// Texts beyond what an HDF5 attribute holds: a long list in the config, a long command.
TEST(RunFileTest, LongTextsRoundTrip) {
  RunResult run = SampleRun();
  run.config.task.masked.clear();
  for (int i = 0; i < 12'000; ++i) {
    run.config.task.masked.push_back(fmt::format("{}-{}", 1000 + i, 1000 + i));
  }
  run.provenance.argv = std::string(300'000, 'x');
  WriteRunFile(Temporary("long.h5"), run);
  const RunResult read = ReadRunFile(Temporary("long.h5"), run.config);
  EXPECT_EQ(read.config.task.masked, run.config.task.masked);
  EXPECT_EQ(read.provenance.argv, run.provenance.argv);
}

// Of a large model the digest alone is kept.
TEST(RunFileTest, ParametersMayBeLeftOut) {
  RunResult large = SampleRun();
  ASSERT_FALSE(large.parameters.empty());
  large.parameters.clear();
  WriteRunFile(Temporary("large.h5"), large);
  const RunResult read = ReadRunFile(Temporary("large.h5"));
  EXPECT_TRUE(read.parameters.empty());
  EXPECT_EQ(read.parameters_digest, large.parameters_digest);
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

// The whole digest says only that there is damage.
TEST(RunFileTest, TheDamagedPartIsNamed) {
  RunResult run = SampleRun();
  run.parameters[0].array.values[0] = 1234.5F;
  run.parameters_digest = ArraysDigest(run.parameters);
  run.curves[0].loss[0] = 77.125;
  const auto flipped = [&run](const auto& value) {
    WriteRunFile(Temporary("part.h5"), run);
    std::string bytes = Bytes(Temporary("part.h5"));
    const size_t at = bytes.find(std::string(reinterpret_cast<const char*>(&value), sizeof(value)));
    EXPECT_NE(at, std::string::npos);
    bytes[at] = static_cast<char>(bytes[at] ^ 1);
    std::ofstream(Temporary("part.h5"), std::ios::binary) << bytes;
    return ErrorOf([] { ReadRunFile(Temporary("part.h5")); });
  };
  EXPECT_THAT(flipped(run.parameters[0].array.values[0]),
              HasSubstr("part.h5 is damaged: its content does not match its digest: /parameters/" +
                        run.parameters[0].name + " was changed"));
  EXPECT_THAT(flipped(run.curves[0].loss[0]),
              HasSubstr("part.h5 is damaged: its content does not match its digest: /series/" +
                        run.curves[0].group + "/loss was changed"));
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

// A run of 36 steps with snapshots that are not in the order of their steps.
RunResult ProbedRun() {
  RunResult run = SampleRun();
  run.probes = {{20, "a", {{1}, {20}}},
                {0, "a", {{1}, {0}}},
                {7, "b", {{1}, {-7}}},
                {7, "a", {{1}, {7}}},
                {36, "a", {{1}, {36}}}};
  return run;
}

TEST(RunResultTest, ProbesAreThoseOfTheNameInTheOrderOfSteps) {
  const RunResult run = ProbedRun();
  const std::vector<const Snapshot*> found = run.Probes("a");
  ASSERT_EQ(found.size(), 4u);
  EXPECT_EQ(found[0], &run.probes[1]);
  EXPECT_EQ(found[1], &run.probes[3]);
  EXPECT_EQ(found[2], &run.probes[0]);
  EXPECT_EQ(found[3], &run.probes[4]);
  EXPECT_TRUE(run.Probes("c").empty());
  EXPECT_TRUE(run.Probes("").empty());
}

TEST(RunResultTest, ProbeNearIsTheOneOfTheNearestStep) {
  const RunResult run = ProbedRun();
  ASSERT_EQ(TotalSteps(run.config), 36);
  const struct {
    double share;
    int64_t step;
  } cases[] = {{0, 0},          {3.4 / 36, 0},   {3.6 / 36, 7},   {7.0 / 36, 7}, {13.4 / 36, 7},
               {13.6 / 36, 20}, {27.9 / 36, 20}, {28.1 / 36, 36}, {1, 36},       {2, 36}};
  for (const auto& c : cases) {
    EXPECT_EQ(run.ProbeNear("a", c.share).step, c.step) << c.share;
    EXPECT_EQ(run.ProbeNear("b", c.share).step, 7) << c.share;
  }
  EXPECT_EQ(&run.ProbeNear("a", 0.5), &run.probes[0]);
}

TEST(RunResultTest, AMissingProbeIsAnErrorThatNamesTheRun) {
  EXPECT_THAT(ErrorOf([] { (void)ProbedRun().ProbeNear("c", 0.5); }),
              AllOf(HasSubstr(RunId(ProbedRun().config)), HasSubstr("transformer gamma=0.5 seed=7"),
                    HasSubstr("has no probe 'c'")));
}

}  // namespace
}  // namespace initbias
