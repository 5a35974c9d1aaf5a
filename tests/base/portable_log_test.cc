#include "lib/base/portable_log.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace initbias {
namespace {

TEST(PortableLogTest, IsLnToTheLastBits) {
  for (double x = 1e-300; x < 1e300; x *= 1.37) {
    const double ln = std::log(x);
    EXPECT_NEAR(PortableLog<23>(x), ln, 4e-16 * std::max(1.0, std::abs(ln))) << x;
    EXPECT_NEAR(PortableLog<21>(x), ln, 1e-15 * std::max(1.0, std::abs(ln))) << x;
  }
}

TEST(PortableLogTest, IsExactAtOneAndNanOfNan) {
  EXPECT_EQ(PortableLog<21>(1.0), 0.0);
  EXPECT_EQ(PortableLog<23>(1.0), 0.0);
  EXPECT_TRUE(std::isnan(PortableLog<21>(std::numeric_limits<double>::quiet_NaN())));
}

}  // namespace
}  // namespace initbias
