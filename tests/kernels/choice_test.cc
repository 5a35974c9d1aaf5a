// Which compilation of the kernels is taken. The choice is made once a process, so that each test
// makes it in a child.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "lib/base/error.h"
#include "lib/kernels/kernels.h"

namespace initbias {
namespace {

// Ends the process: 0 where `name` is what BestKernels() gives, 2 where it throws.
[[noreturn]] void ExitAsChosen(const std::string& name) {
  try {
    std::exit(name == BestKernels().name ? 0 : 1);
  } catch (const Error& error) {
    std::fputs(error.what(), stderr);
    std::exit(2);
  }
}

TEST(ChoiceDeathTest, TheBestFirstTheGenericLast) {
  ASSERT_FALSE(AvailableKernels().empty());
  EXPECT_STREQ(AvailableKernels().back()->name, "generic");
  unsetenv("INITBIAS_KERNELS");
  EXPECT_EXIT(ExitAsChosen(AvailableKernels().front()->name), testing::ExitedWithCode(0), "");
}

TEST(ChoiceDeathTest, TheEnvironmentChooses) {
  for (const Kernels* kernels : AvailableKernels()) {
    setenv("INITBIAS_KERNELS", kernels->name, /*replace=*/1);
    EXPECT_EXIT(ExitAsChosen(kernels->name), testing::ExitedWithCode(0), "");
  }
  for (const char* name : {"sse9", ""}) {
    setenv("INITBIAS_KERNELS", name, /*replace=*/1);
    EXPECT_EXIT(ExitAsChosen(name), testing::ExitedWithCode(2), "this CPU has .*generic");
  }
}

}  // namespace
}  // namespace initbias
