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
  for (const RunConfig& config : {SmallEmbMlpRun(), SmallTransformerRun()}) {
    TrainOptions gpu;
    gpu.device = ChooseDevice("cuda", cuda);
    const RunResult first = Train(config, gpu).result;
    const RunResult second = Train(config, gpu).result;
    EXPECT_EQ(first.parameters_digest, second.parameters_digest);
    const RunResult cpu = Train(config, {}).result;
    ASSERT_EQ(first.step, cpu.step);
    for (size_t i = 0; i < cpu.step.size(); ++i) {
      EXPECT_NEAR(first.Get("memory").loss[i], cpu.Get("memory").loss[i], 1e-3);
    }
  }
}

}  // namespace
}  // namespace initbias
