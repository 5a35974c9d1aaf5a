#include "tests/kernels/guarded_arrays.h"

#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include <cmath>

namespace initbias {
namespace {

TEST(GuardedArraysTest, FindsWritesBeyondTheArray) {
  GuardedArrays at_end("test/guarded_arrays", Edge::kEnd);
  at_end.InOut(5)[-1] = 1.0F;
  EXPECT_NONFATAL_FAILURE(at_end.Check(), "wrote at offset -1");
  GuardedArrays at_start("test/guarded_arrays", Edge::kStart);
  at_start.Scratch(5)[5] = 1.0F;
  EXPECT_NONFATAL_FAILURE(at_start.Check(), "wrote at offset 5");
}

TEST(GuardedArraysTest, FindsWritesBetweenRowsAndToInputs) {
  GuardedArrays gaps("test/guarded_arrays", Edge::kEnd);
  float* const matrix = gaps.Output(/*rows=*/2, /*columns=*/3, /*stride=*/5);
  matrix[2] = 1.0F;
  matrix[5] = 1.0F;
  gaps.Check();
  matrix[3] = 1.0F;
  EXPECT_NONFATAL_FAILURE(gaps.Check(), "wrote at offset 3");
  GuardedArrays inputs("test/guarded_arrays", Edge::kEnd);
  const_cast<float*>(inputs.Input(4))[2] = 1.0F;
  EXPECT_NONFATAL_FAILURE(inputs.Check(), "wrote at offset 2");
}

TEST(GuardedArraysTest, WhatIsNoInputIsNaN) {
  GuardedArrays arrays("test/guarded_arrays", Edge::kStart);
  EXPECT_TRUE(std::isnan(arrays.Output(3)[2]));
  EXPECT_TRUE(std::isnan(arrays.Scratch(3)[2]));
  const float* const input = arrays.Input(/*rows=*/2, /*columns=*/3, /*stride=*/4);
  EXPECT_FALSE(std::isnan(input[2]));
  EXPECT_TRUE(std::isnan(input[3]));
  EXPECT_FALSE(std::isnan(input[6]));
  EXPECT_TRUE(std::isnan(input[7]));
}

TEST(GuardedArraysDeathTest, TouchingTheNextPageEndsTheTest) {
  GuardedArrays at_end("test/guarded_arrays", Edge::kEnd);
  const volatile float* const last = at_end.Input(5);
  EXPECT_DEATH(static_cast<void>(last[5]), "");
  GuardedArrays at_start("test/guarded_arrays", Edge::kStart);
  const volatile float* const first = at_start.Input(5);
  EXPECT_DEATH(static_cast<void>(first[-1]), "");
}

}  // namespace
}  // namespace initbias
