// The names of the numerics modes, and what pinning sets.
#include "lib/base/numerics.h"

#include <gtest/gtest.h>
#include <malloc.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "lib/base/error.h"

namespace initbias {
namespace {

constexpr std::array<const char*, 3> kVariables = {"ATEN_CPU_CAPABILITY", "MKL_CBWR",
                                                   "ONEDNN_MAX_CPU_ISA"};

std::string ProcCpuInfo() {
  std::ifstream file("/proc/cpuinfo");
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(NumericsTest, Names) {
  EXPECT_EQ(ParseNumerics("pinned"), Numerics::kPinned);
  EXPECT_EQ(ParseNumerics("native"), Numerics::kNative);
  EXPECT_EQ(ParseNumerics("flush"), Numerics::kFlush);
  EXPECT_EQ(kNumericsNames.size(), 3U);
}

TEST(NumericsTest, OtherNamesAreErrorsThatSayWhichThereAre) {
  for (const char* name : {"", "Pinned", "fast", "pinned ", "nativ"}) {
    try {
      ParseNumerics(name);
      ADD_FAILURE() << "took '" << name << "'";
    } catch (const Error& error) {
      const std::string message = error.what();
      EXPECT_NE(message.find("'" + std::string(name) + "'"), std::string::npos) << message;
      EXPECT_NE(message.find("pinned, native, flush"), std::string::npos) << message;
    }
  }
}

// Whatever the user had set: results must not depend on it.
TEST(ApplyNumericsTest, PinsAllThreeLibraries) {
  for (const char* name : kVariables) {
    setenv(name, "something else", 1);
  }
  ApplyNumerics(Numerics::kPinned);
  const bool avx2 = CpuIsa().starts_with("avx");
  EXPECT_STREQ(std::getenv("ATEN_CPU_CAPABILITY"), avx2 ? "avx2" : "default");
  EXPECT_STREQ(std::getenv("MKL_CBWR"), avx2 ? "AVX2,STRICT" : "COMPATIBLE");
  EXPECT_STREQ(std::getenv("ONEDNN_MAX_CPU_ISA"), avx2 ? "AVX2" : "SSE41");

  for (const char* name : kVariables) {
    unsetenv(name);
  }
  ApplyNumerics(Numerics::kPinned);
  for (const char* name : kVariables) {
    EXPECT_NE(std::getenv(name), nullptr) << name;
  }
}

TEST(ApplyNumericsTest, NativeLeavesTheEnvironmentAlone) {
  setenv("ATEN_CPU_CAPABILITY", "default", 1);
  unsetenv("MKL_CBWR");
  unsetenv("ONEDNN_MAX_CPU_ISA");
  ApplyNumerics(Numerics::kNative);
  EXPECT_STREQ(std::getenv("ATEN_CPU_CAPABILITY"), "default");
  EXPECT_EQ(std::getenv("MKL_CBWR"), nullptr);
  EXPECT_EQ(std::getenv("ONEDNN_MAX_CPU_ISA"), nullptr);
}

#if defined(__x86_64__)
// In a thread of its own, whose control register ends with it; one that it starts takes it over.
TEST(ApplyNumericsTest, FlushMakesZeroOfWhatIsBelowTheNormalNumbers) {
  const auto halved = [] {
    volatile float smallest = 0x1p-126F;
    volatile float denormal = 0x1p-130F;
    return std::pair(smallest * 0.5F, denormal * 4.0F);
  };
  EXPECT_EQ(halved(), std::pair(0x1p-127F, 0x1p-128F));
  std::thread([&halved] {
    ApplyNumerics(Numerics::kFlush);
    EXPECT_EQ(halved(), std::pair(0.0F, 0.0F));
    std::thread([&halved] { EXPECT_EQ(halved(), std::pair(0.0F, 0.0F)); }).join();
  }).join();
  EXPECT_EQ(halved(), std::pair(0x1p-127F, 0x1p-128F));
}
#endif

// By default glibc maps a block of this size on its own and unmaps it when it is freed.
TEST(KeepFreedMemoryTest, BlocksComeFromTheHeapAndStayThere) {
  constexpr size_t kSize = 64 << 20;
  const size_t mapped = mallinfo2().hblks;
  {
    const std::unique_ptr<char[]> block(new char[kSize]);
    std::memset(block.get(), 1, kSize);
    if (mallinfo2().hblks != mapped + 1) {
      GTEST_SKIP() << "this allocator is not glibc's";
    }
  }
  KeepFreedMemory();
  {
    const std::unique_ptr<char[]> block(new char[kSize]);
    std::memset(block.get(), 1, kSize);
    EXPECT_EQ(mallinfo2().hblks, mapped) << "the block was mapped by itself";
  }
  EXPECT_GE(mallinfo2().arena, kSize) << "the heap was given back";
}

TEST(PeakMemoryBytesTest, GrowsWithWhatIsUsedAndIsInBytes) {
  constexpr size_t kSize = 256 << 20;
  EXPECT_GT(PeakMemoryBytes(), 1e5);
  EXPECT_LT(PeakMemoryBytes(), 1e12);
  {
    const std::unique_ptr<char[]> block(new char[kSize]);
    std::memset(block.get(), 1, kSize);
    EXPECT_EQ(block[kSize / 2], 1);
  }
  EXPECT_GE(PeakMemoryBytes(), static_cast<double>(kSize)) << "a peak does not fall";
}

TEST(CpuModelNameTest, IsALineOfCpuinfo) {
  const std::string model = CpuModelName();
  ASSERT_FALSE(model.empty());
  if (model == "unknown") {
    EXPECT_EQ(ProcCpuInfo().find("model name"), std::string::npos);
  } else {
    EXPECT_NE(ProcCpuInfo().find(": " + model + "\n"), std::string::npos) << model;
  }
}

TEST(CpuIsaTest, IsTheWidestThatCpuinfoLists) {
  const std::string flags = ProcCpuInfo();
  const auto has = [&flags](const std::string& flag) {
    return flags.find(" " + flag + " ") != std::string::npos;
  };
#if defined(__x86_64__)
  EXPECT_EQ(CpuIsa(), has("avx512f") ? "avx512" : has("avx2") ? "avx2" : "sse");
#elif defined(__aarch64__)
  EXPECT_EQ(CpuIsa(), "neon");
  if (flags.find("CPU implementer") == std::string::npos) {
    GTEST_SKIP() << "QEMU shows what the machine that it runs on has";
  }
  EXPECT_TRUE(has("asimd"));
#endif
}

}  // namespace
}  // namespace initbias
