// main() of the tests that use LibTorch: the numerics of a worker, then GoogleTest.
#include <gtest/gtest.h>

#include "lib/base/numerics.h"
#include "lib/train/device.h"
#include "tests/main.h"

int main(int argc, char** argv) {
  initbias::ApplyNumerics(initbias::Numerics::kPinned);
  testing::InitGoogleTest(&argc, argv);
  initbias::LoadCuda();
  initbias::ConfigureTorch();
  return initbias::RunTestsOfFile(argc, argv);
}
