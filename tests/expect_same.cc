#include "tests/expect_same.h"

#include <gtest/gtest.h>

namespace initbias {

void ExpectSame(const RunResult& a, const RunResult& b) {
  EXPECT_EQ(CanonicalForm(a.config), CanonicalForm(b.config));
  EXPECT_EQ(a.profile, b.profile);
  EXPECT_EQ(a.step, b.step);
  EXPECT_EQ(a.epoch, b.epoch);
  EXPECT_EQ(a.data_digest, b.data_digest);
  EXPECT_EQ(a.parameters_digest, b.parameters_digest);
  EXPECT_EQ(ArraysDigest(a.parameters), ArraysDigest(b.parameters));
  ASSERT_EQ(a.curves.size(), b.curves.size());
  for (size_t i = 0; i < a.curves.size(); ++i) {
    EXPECT_EQ(a.curves[i].group, b.curves[i].group);
    EXPECT_EQ(a.curves[i].loss, b.curves[i].loss);
    EXPECT_EQ(a.curves[i].accuracy, b.curves[i].accuracy);
  }
  ASSERT_EQ(a.probes.size(), b.probes.size());
  for (size_t i = 0; i < a.probes.size(); ++i) {
    EXPECT_EQ(a.probes[i].step, b.probes[i].step);
    EXPECT_EQ(a.probes[i].name, b.probes[i].name);
    EXPECT_EQ(a.probes[i].array.shape, b.probes[i].array.shape);
    EXPECT_EQ(a.probes[i].array.values, b.probes[i].array.values);
  }
}

}  // namespace initbias
