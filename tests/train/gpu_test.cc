// On a machine with a GPU: the same run on CPU and GPU starts alike, and reruns on the GPU give the
// same bits. Elsewhere it skips, with the reason.
#include <gtest/gtest.h>

#include "lib/train/device.h"
#include "lib/train/train.h"
#include "tests/small_runs.h"

namespace initbias {
namespace {

TEST(GpuTest, TrainsToTheSameBitsTwiceAndNearTheCpu) {
  const CudaStatus cuda = LoadCuda();
  if (!cuda.available) {
    GTEST_SKIP() << cuda.reason;
  }
  const DataFolders data = {.shipped = "data", .downloaded = "nowhere", .user = "."};
  for (const RunConfig& config : {SmallEmbMlpRun(), SmallTransformerRun(), SmallGpt2Run()}) {
    TrainOptions gpu{.data = data};
    gpu.device = ChooseDevice("cuda", cuda);
    const RunResult first = Train(config, gpu).result;
    const RunResult second = Train(config, gpu).result;
    EXPECT_EQ(first.parameters_digest, second.parameters_digest);
    const RunResult cpu = Train(config, {.data = data}).result;
    ASSERT_EQ(first.step, cpu.step);
    for (size_t i = 0; i < cpu.step.size(); ++i) {
      EXPECT_NEAR(first.curves.front().loss[i], cpu.curves.front().loss[i], 1e-3);
    }
  }
}

}  // namespace
}  // namespace initbias
