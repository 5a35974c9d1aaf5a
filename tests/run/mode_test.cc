#include "lib/run/mode.h"

#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/error_of.h"
#include "tests/small_runs.h"

namespace initbias {
namespace {

Provenance Made(const std::string& numerics, const std::string& capability,
                const std::string& device = "cpu") {
  return {.torch_version = "2.11.0",
          .cpu_capability = capability,
          .device = device,
          .numerics = numerics};
}

TEST(ModeTest, TheCpuCountsWhereLibTorchComputes) {
  RunConfig dropout = SmallGpt2Run();
  dropout.gpt2.dropout = 0.1;
  const auto same = [](const RunConfig& config, const std::string& numerics) {
    return ModeOf(config, Made(numerics, "AVX2")) == ModeOf(config, Made(numerics, "DEFAULT"));
  };
  EXPECT_TRUE(same(SmallTransformerRun(), "pinned"));
  EXPECT_TRUE(same(SmallGpt2Run(), "pinned"));
  EXPECT_FALSE(same(dropout, "pinned"));
  RunConfig own = SmallEmbMlpRun();
  EXPECT_TRUE(same(own, "pinned"));
  own.emb_mlp.network = "own";
  EXPECT_FALSE(same(own, "pinned"));
  EXPECT_FALSE(same(SmallTransformerRun(), "native"));
  EXPECT_EQ(ModeOf(dropout, Made("pinned", "AVX2", "cuda:0")),
            ModeOf(dropout, Made("pinned", "DEFAULT", "cuda:0")));
}

TEST(ModeTest, DeviceNumericsAndLibTorchAlwaysCount) {
  const RunConfig config = SmallTransformerRun();
  const Mode mode = ModeOf(config, Made("pinned", "AVX2"));
  EXPECT_NE(mode, ModeOf(config, Made("pinned", "AVX2", "cuda:0")));
  EXPECT_NE(mode, ModeOf(config, Made("native", "AVX2")));
  Provenance older = Made("pinned", "AVX2");
  older.torch_version = "1.0.0";
  EXPECT_NE(mode, ModeOf(config, older));
  EXPECT_FALSE(Compatible(mode, ModeOf(config, older)));
}

TEST(ModeTest, ARunThatDependsOnTheCpuGoesWithOneThatDoesNot) {
  RunConfig dropout = SmallGpt2Run();
  dropout.gpt2.dropout = 0.1;
  const Mode free = ModeOf(SmallGpt2Run(), Made("pinned", "DEFAULT"));
  const Mode bound = ModeOf(dropout, Made("pinned", "AVX2"));
  EXPECT_TRUE(Compatible(free, bound));
  EXPECT_TRUE(Compatible(bound, free));
  EXPECT_FALSE(Compatible(bound, ModeOf(dropout, Made("pinned", "DEFAULT"))));
}

TEST(ModeTest, TextNamesTheOperatorsWhereTheyCount) {
  EXPECT_EQ(ModeText(ModeOf(SmallEmbMlpRun(), Made("pinned", "AVX2"))),
            "cpu with pinned numerics and LibTorch 2.11.0");
  EXPECT_EQ(ModeText(ModeOf(SmallEmbMlpRun(), Made("native", "AVX2"))),
            "cpu with native numerics and LibTorch 2.11.0 (its operators for AVX2)");
}

TEST(ModeTest, RunsOfTwoModesAreRefusedByTheirPlaces) {
  RunConfig other = SmallEmbMlpRun();
  other.seed = 77;
  const auto place = [](const RunConfig& config) {
    return config.seed == 77 ? "the_other.h5" : "the_first.h5";
  };
  CheckOneMode({}, place);
  CheckOneMode({{SmallEmbMlpRun(), Made("pinned", "A")}, {other, Made("pinned", "B")}}, place);
  EXPECT_THAT(ErrorOf([&] {
                CheckOneMode(
                    {{SmallEmbMlpRun(), Made("pinned", "A")}, {other, Made("native", "A")}}, place);
              }),
              testing::AllOf(testing::HasSubstr("the_other.h5 was made on cpu with native"),
                             testing::HasSubstr("the_first.h5 on cpu with pinned"),
                             testing::HasSubstr("a figure is not to mix them")));
}

}  // namespace
}  // namespace initbias
