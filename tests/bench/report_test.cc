#include "tests/bench/report.h"

#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include "lib/base/text.h"

namespace initbias {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

Measurement::Rates Rates(std::vector<double> steps_per_second) {
  return {.processes = 2,
          .steps = 10,
          .steps_per_second = std::move(steps_per_second),
          .software = "torch=2.11.0+cu130 kernels=avx512 threads=64",
          .peak_memory = 1e9};
}

// The first workload, all contenders; rounds of which every second was disturbed alike.
Measurement Measured() {
  Measurement m{.workload = Workloads(/*tiny=*/true, "texts").front(), .batch = {100, 9, 100}};
  m.contenders = {{kOurProgram, Rates({310, 155, 300})},
                  {kPytorchDefault, Rates({100, 50, 100})},
                  {kPytorchBest, Rates({155, 77.5, 150})},
                  {kJaxPruned, Rates({250, 125, 250})},
                  {kLimit, Rates({400, 200, 400})}};
  m.shares = {
      {"data", 0.01}, {"forward", 0.3}, {"backward", 0.6}, {"optimizer", 0.08}, {"rest", 0.01}};
  return m;
}

Measurement WithoutPython() {
  Measurement m = Measured();
  m.workload = Workloads(/*tiny=*/true, "texts").back();
  std::erase_if(m.contenders, [](const auto& contender) { return IsPython(contender.first); });
  m.missing = {
      {kJax, "ModuleNotFoundError: No module named 'jax', said in a line that is too long"}};
  for (auto& [name, rates] : m.contenders) {
    for (double& rate : rates.steps_per_second) {
      rate *= 1e6;
    }
  }
  return m;
}

TEST(MeasurementTest, MediansAndRatiosByRound) {
  const Measurement m = Measured();
  EXPECT_DOUBLE_EQ(m.StepsPerSecond(kOurProgram), 300);
  EXPECT_DOUBLE_EQ(m.Ratio(kOurProgram, kPytorchDefault), 3.1);
  EXPECT_DOUBLE_EQ(m.Ratio(kOurProgram, kPytorchBest), 2.0);
  EXPECT_TRUE(std::isnan(WithoutPython().Ratio(kOurProgram, kPytorchBest)));
  EXPECT_TRUE(std::isnan(WithoutPython().StepsPerSecond(kPytorchBest)));
}

TEST(SpeedTableTest, ShowsSpeedsTargetsAndShares) {
  const std::string table = SpeedTable({Measured(), WithoutPython()}, /*judged=*/true);
  EXPECT_THAT(table, HasSubstr("                        Transformer     GPT-2-124M\n"
                               "ours                     300          3e+08\n"
                               "PyTorch as it is         100  3.10x       -\n"
                               "PyTorch at its best      150  2.00x       -\n"
                               "PyTorch pruned             -              -\n"
                               "torch.compile              -              -\n"
                               "torch.compile pruned       -              -\n"
                               "JAX                        -              -\n"
                               "JAX pruned               250  1.24x       -\n"
                               "products alone           400 77.5 %   4e+08 77.5 %\n"
                               "  target                     >=90 %         >=70 %\n"
                               "                             missed          holds\n"
                               "ours is the fastest           holds              -\n"));
  EXPECT_THAT(table, HasSubstr("\n- GPT-2-124M jax: ModuleNotFoundError: No module named 'jax'"));
  EXPECT_THAT(table, HasSubstr("60.0 %"));
}

TEST(SpeedTableTest, TellsWhereAContenderIsFaster) {
  Measurement m = Measured();
  m.contenders[kTorchCompilePruned] = Rates({320, 160, 320});
  const std::string table = SpeedTable({m}, /*judged=*/true);
  EXPECT_THAT(table, HasSubstr("torch.compile pruned     320  0.97x\n"));
  EXPECT_THAT(table, HasSubstr("ours is the fastest          missed\n"));
}

TEST(SpeedTableTest, JudgesNothingOfTinyModels) {
  EXPECT_THAT(SpeedTable({Measured()}, /*judged=*/false),
              AllOf(Not(HasSubstr("target")), Not(HasSubstr("missed")), Not(HasSubstr("fastest"))));
}

TEST(SpeedTableTest, FitsATerminal) {
  const std::vector<Measurement> four(4, WithoutPython());
  for (const std::string& line : Split(SpeedTable(four, true), '\n')) {
    EXPECT_LE(line.size(), 80u) << line;
  }
}

TEST(SpeedFigureTest, IsReadAsItWasWritten) {
  const auto path = std::filesystem::path(testing::TempDir()) / "speed.h5";
  WriteFigureFile(path, SpeedFigure({Measured(), WithoutPython()}, true));
  const FigureData read = ReadFigureFile(path);
  EXPECT_EQ(read.figure, "speed");
  EXPECT_EQ(read.Get("Transformer/ours/steps_per_second").values,
            (std::vector<double>{310, 155, 300}));
  EXPECT_EQ(read.Get("Transformer/over_pytorch_default").values[0], 3.1);
  EXPECT_EQ(read.Get("Transformer/over_jax_pruned").values[0], 1.24);
  EXPECT_EQ(read.Get("Transformer/share_of_limit").values[0], 0.775);
  EXPECT_EQ(read.Get("Transformer/share_of_step/backward").values[0], 0.6);
  EXPECT_FALSE(read.Has("GPT-2-124M/pytorch_best/steps_per_second"));
  EXPECT_EQ(read.Texts("Transformer/ours/software")[0],
            "torch=2.11.0+cu130 kernels=avx512 threads=64");
}

}  // namespace
}  // namespace initbias
