#include "lib/train/device.h"

#include <ATen/Version.h>
#include <gmock/gmock-matchers.h>
#include <gtest/gtest.h>

#include "lib/base/error.h"
#include "lib/base/numerics.h"

namespace initbias {
namespace {

const CudaStatus kThere{.available = true};
const CudaStatus kAbsent{.available = false, .reason = "there is no NVIDIA driver here"};

TEST(DeviceTest, AutoTakesCudaWhereItIs) {
  EXPECT_TRUE(ChooseDevice("auto", kThere).is_cuda());
  EXPECT_TRUE(ChooseDevice("auto", kAbsent).is_cpu());
}

TEST(DeviceTest, CpuIsCpuAnywhere) {
  EXPECT_TRUE(ChooseDevice("cpu", kThere).is_cpu());
  EXPECT_TRUE(ChooseDevice("cpu", kAbsent).is_cpu());
}

TEST(DeviceTest, CudaAskedForAndAbsentIsAnErrorWithTheReason) {
  EXPECT_TRUE(ChooseDevice("cuda", kThere).is_cuda());
  try {
    ChooseDevice("cuda", kAbsent);
    FAIL() << "cuda was chosen where there is none";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("--device=cuda"));
    EXPECT_THAT(error.what(), testing::HasSubstr(kAbsent.reason));
  }
}

TEST(DeviceTest, UnknownNameIsAnError) {
  EXPECT_THROW(ChooseDevice("gpu", kThere), Error);
  EXPECT_THROW(ChooseDevice("", kAbsent), Error);
}

TEST(DeviceTest, StatusHasAReasonExactlyWhereCudaIsAbsent) {
  const CudaStatus status = LoadCuda();
  EXPECT_EQ(status.reason.empty(), status.available);
}

// torch_main pins the kernels as a worker does: LibTorch obeys.
TEST(DeviceTest, PinnedNumericsTakeEffect) {
  EXPECT_EQ(at::get_cpu_capability(), CpuIsa().starts_with("avx") ? "AVX2" : "DEFAULT");
}

TEST(DeviceTest, Description) { EXPECT_EQ(DescribeDevice(c10::kCPU), "cpu"); }

}  // namespace
}  // namespace initbias
