#include "tests/bench/session.h"

#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "lib/base/error.h"
#include "lib/config/run_config.h"
#include "lib/run/message.h"

namespace initbias {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

constexpr char kTimedLoop[] =
    "while read line && [ -n \"$line\" ]; do :; done\n"
    "echo ready torch=1 kernels=none\n"
    "while read word n && [ $word = go ]; do echo done seconds=1 memory=1; done\n"
    "echo shares data=0.2 forward=0.2 backward=0.2 optimizer=0.2 rest=0.2\n";
// Warms up, finds its number of steps, takes part in one round and fails in the second.
constexpr char kFailing[] =
    "echo ready torch=1 threads=1\n"
    "for i in 1 2 3; do read line; echo done seconds=1 memory=1; done\n"
    "read line; echo Traceback >&2; echo 'SomeError: in a round' >&2; exit 1\n";
constexpr char kNoJax[] = "echo Traceback >&2; echo \"ImportError: no 'jax'\" >&2; exit 1\n";

std::filesystem::path Script(const std::string& name, const std::string& text) {
  auto path = std::filesystem::path(testing::TempDir()) / name;
  std::ofstream(path) << "#!/bin/sh\n" << text;
  std::filesystem::permissions(path, std::filesystem::perms::owner_all);
  return path;
}

// Shell scripts in place of all programs.
SessionOptions Options() {
  return {.timed_loop = Script("timed_loop", kTimedLoop),
          .plain_pytorch = Script("plain_pytorch", kFailing),
          .plain_jax = Script("plain_jax", kNoJax),
          .python = "/bin/sh",
          .processes = 2,
          .round_seconds = 1e-6};
}

Workload Tiny(size_t index) { return Workloads(/*tiny=*/true, "texts")[index]; }

TEST(SessionTest, LeavesOutWhatFails) {
  Session session(Tiny(0), {kOurProgram, kPytorchBest, kJax, kLimit}, Options());
  EXPECT_TRUE(session.Seconds(kOurProgram, 0).has_value());
  EXPECT_TRUE(session.Seconds(kPytorchBest, 0).has_value());
  EXPECT_FALSE(session.Seconds(kJax, 0).has_value());
  EXPECT_EQ(session.WhyMissing(kJax), "ImportError: no 'jax'");
  EXPECT_EQ(session.WhyMissing(kPytorchBest), "");
  EXPECT_TRUE(session.Seconds(kLimit, 1).has_value());
  EXPECT_FALSE(session.Seconds(kPytorchBest, 1).has_value());
  EXPECT_EQ(session.WhyMissing(kPytorchBest), "SomeError: in a round");
  const Measurement measurement = session.Finish();
  EXPECT_EQ(measurement.contenders.size(), 2u);
  EXPECT_EQ(measurement.contenders.at(kOurProgram).steps_per_second.size(), 2u);
  EXPECT_EQ(measurement.shares.at("forward"), 0.2);
  EXPECT_EQ(measurement.missing.size(), 2u);
}

TEST(SessionTest, CannotDoWithoutOurs) {
  std::signal(SIGPIPE, SIG_IGN);  // as speed.cc does
  SessionOptions options = Options();
  options.timed_loop = Script("broken_loop", "exit 1\n");
  EXPECT_THROW(Session(Tiny(0), {kOurProgram}, options), Error);
}

TEST(SessionTest, LeavesOutWhatFindsNoMemory) {
  SessionOptions options = Options();
  options.memory = MemoryOf(kOurProgram, Tiny(0), 2) + 1.1 * MemoryOf(kPytorchDefault, Tiny(0), 2);
  Session session(Tiny(0), {kOurProgram, kPytorchBest, kPytorchDefault}, options);
  EXPECT_THAT(session.WhyMissing(kPytorchBest), HasSubstr("of memory"));
  EXPECT_EQ(session.WhyMissing(kPytorchDefault), "");
}

TEST(PlanTest, OfPythonInOneThread) {
  const BatchShape batch{.sequences = 5, .length = 150, .labels = 700, .longest = 180};
  const ContenderPlan plan = PlanOf(kTorchCompile, Tiny(2), batch, Options());
  EXPECT_THAT(plan.argv, Contains("--compile"));
  EXPECT_THAT(plan.argv, Contains("--threads=1"));
  EXPECT_THAT(plan.argv, Contains("--length=180"));
  EXPECT_THAT(plan.argv, Not(Contains("--pruned")));
  EXPECT_EQ(plan.processes, 2);
  const ContenderPlan jax = PlanOf(kJaxPruned, Tiny(0), batch, Options());
  EXPECT_THAT(jax.argv, Contains("--pruned"));
  EXPECT_THAT(jax.environment, Contains("NPROC=1"));
  EXPECT_THAT(PlanOf(kLimit, Tiny(2), batch, Options()).argv, Contains("150"));
}

TEST(PlanTest, OursIsToldWhereItsTextsLie) {
  const Workload workload = Tiny(3);
  const std::string input = PlanOf(kOurProgram, workload, {}, Options()).input;
  ASSERT_TRUE(input.ends_with("\n\n"));
  const WorkerOrder order = ParseOrder(input.substr(0, input.size() - 2));
  EXPECT_EQ(order.config.text.tinystories, workload.config.text.tinystories);
  EXPECT_EQ(CanonicalForm(order.config), CanonicalForm(workload.config));
}

TEST(PlanTest, OnlyATransformerIsPruned) {
  EXPECT_TRUE(TakesPart(kJaxPruned, Tiny(0).config));
  EXPECT_FALSE(TakesPart(kTorchCompilePruned, Tiny(1).config));
  EXPECT_FALSE(TakesPart(kPytorchPruned, Tiny(2).config));
  EXPECT_TRUE(TakesPart(kTorchCompile, Tiny(2).config));
}

}  // namespace
}  // namespace initbias
