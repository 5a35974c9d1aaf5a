#include <gtest/gtest.h>

#include "tests/main.h"

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  return initbias::RunTestsOfFile(argc, argv);
}
